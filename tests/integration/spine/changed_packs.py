"""The deployed packs in a folder of a test's own, changed in one place each."""

import pathlib
import shutil

from pipeline import PACK

FOOD = '<text>"food", "drug"'


def copied(folder):
    """All packs; the folder that holds the jurisdictions."""
    policies = pathlib.Path(folder) / "policies"
    if not policies.exists():
        shutil.copytree(PACK.parents[1], policies)
    return policies


def changed(path, before, after):
    text = path.read_text()
    assert before in text, (path, before)
    path.write_text(text.replace(before, after, 1))


def stricter(folder):
    """Shijiazhuang's pack, with every food penalty grave enough for the market's black list."""
    policies = copied(folder)
    pack = shutil.copytree(policies / "shijiazhuang" / "2026-01", policies / "shijiazhuang" / "2026-09")
    changed(pack / "policy.properties", "version=2026-01", "version=2026-09")
    rules = (policies / "national" / "2026-01" / "classification.dmn").read_text()
    before, food, rest = rules.partition(FOOD)
    assert food and rest.count('"SERIOUS"') > 1
    (pack / "classification.dmn").write_text(before + food + rest.replace('<text>"SERIOUS"</text>', "<text>-</text>", 1))
    return pack


def production(folder):
    """Chengde's pack for production: no assumed holidays, and no subject of the test region."""
    policies = copied(folder)
    calendar = policies / "national" / "2026-01" / "calendar.csv"
    rows = calendar.read_text().splitlines(keepends=True)
    calendar.write_text("".join(row for row in rows if ",assumed," not in row))
    pack = policies / "chengde" / "2026-01"
    changed(pack / "policy.properties", "kind=test", "kind=production")
    return pack


def endless(folder):
    """Yancheng's pack, with a measure that ends by an event and is never reviewed."""
    policies = copied(folder)
    measures = policies / "national" / "2026-01" / "measures.csv"
    lines = measures.read_text().splitlines(keepends=True)
    found = next(i for i, line in enumerate(lines) if ",event," in line)
    head, event, tail = lines[found].partition(",event,")
    assert tail.split(",")[0].isdigit()
    lines[found] = head + event + "," + tail.split(",", 1)[1]
    measures.write_text("".join(lines))
    return policies / "yancheng" / "2026-01"
