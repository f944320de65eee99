#!/usr/bin/python3
"""Writes a city's sample: files, manifest.csv (what ./ops/up does, in order) and expected.json.

    generate.py [--check] [CITY]    with --check nothing is written; exit 1 where the files differ

Seeded: the same files each time. expected.json is counted from what is written, never from the pipeline.
"""
import csv
import datetime
import io
import json
import pathlib
import random
import sys

from cities import CITIES
from identities import Register
from ledger import Ledger
from packs import Pack
from publication import Publication, csv_bytes
from story import Story

HERE = pathlib.Path(__file__).resolve().parent
START = "2026-03-02T08:00:00+08:00"
D = datetime.date


def broken_files(publication):
    """What publish must refuse as a whole, or from the broken row on."""
    row = publication.penalty("market", "食品安全", kind="警告")
    good = csv_bytes("penalty", [row], "utf-8").decode()
    header, rest = good.split("\r\n", 1)
    yield "broken-column.csv", (header.replace("CF_WSH", "CF_WENHAO") + "\r\n" + rest).encode()
    yield "broken-encoding.csv", good.encode("utf-8").replace("样例事由".encode(), b"\xff\xfe\x80\xff")
    yield "broken-quoting.csv", (header + "\r\n" + rest.replace('"样例事由', '样例"事由')).encode()


def tell(city):
    rng = random.Random(city.seed)
    pack = Pack(city.pack)
    register = Register(rng, city.region)
    ledger = Ledger(pack, START)
    publication = Publication(rng, pack, register, not city.henan)
    publication.fill(city.penalties, city.permits, city.each)
    publication.plant_mistakes(city.both_kinds, city.organisations_only)
    story = Story(ledger, publication, register, city.henan)
    story.plant_bases()
    ledger.clock(D(2026, 3, 2), 9)
    for name, department, data, rows in publication.files():
        ledger.csv(name, department, data, rows)
    for name, data in broken_files(publication):
        ledger.broken_file(name, "market", data)
    for day, act in ((None, story.records), (D(2026, 3, 3), story.nominations), (D(2026, 3, 5), story.court_decisions),
                     (D(2026, 3, 10), story.notices), (D(2026, 3, 13), story.inside_the_window),
                     (D(2026, 3, 20), story.decisions), (D(2026, 4, 1), story.objections),
                     (D(2026, 4, 20), story.rulings), (D(2026, 4, 22), story.enumerated),
                     (D(2026, 5, 12), story.outcomes), (D(2026, 6, 15), story.summer),
                     (D(2026, 10, 12), story.autumn), (D(2026, 11, 16), story.revocation),
                     (D(2027, 4, 1), story.next_spring)):
        if day is not None:
            ledger.clock(day)
        act()
        ledger.checkpoint(act.__name__)
    return ledger


def contents(ledger):
    """name -> bytes of everything that the sample's folder holds."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["order", "kind", "file", "department", "value"])
    for order, (kind, name, department, value) in enumerate(ledger.steps, 1):
        writer.writerow([order, kind, name, department, value])
    files = {name: data for name, data in ledger.files.items()}
    files["manifest.csv"] = text.getvalue().encode()
    files["expected.json"] = (json.dumps(ledger.expected(), ensure_ascii=False, indent=1) + "\n").encode()
    return files


def main(arguments):
    check = "--check" in arguments
    names = [a for a in arguments if not a.startswith("-")] or list(CITIES)
    differ = 0
    for name in names:
        folder = HERE / name
        files = contents(tell(CITIES[name]))
        found = {path.name: path.read_bytes() for path in folder.glob("*")} if folder.exists() else {}
        if check:
            wrong = sorted(n for n in files.keys() | found.keys() if files.get(n) != found.get(n))
            differ += len(wrong)
            print(f"{name}: " + (", ".join(wrong) + " differ" if wrong else "as generated"))
            continue
        folder.mkdir(exist_ok=True)
        for old in found.keys() - files.keys():
            (folder / old).unlink()
        for file, data in files.items():
            (folder / file).write_bytes(data)
        expected = json.loads(files["expected.json"])
        print(f"{name}: {expected['sent']} sent, {expected['accepted_total']} accepted, {expected['refused_total']} refused, "
              f"{expected['duplicates']} doubled, {len(files)} files")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
