#!/usr/bin/python3
"""./ops/bench [NAME...] --json | tests/bench/refresh.py: what was measured goes into docs/performance.md and its charts.

docs/performance.json keeps the newest row of each figure, so that one benchmark run again renews its own rows alone. The table
and the machine stand between marks in the text; the rest of the text is written by hand. With --only-draw nothing is read.
"""

import json
import pathlib
import re
import subprocess
import sys

import chart

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
KEPT, TEXT = DOCS / "performance.json", DOCS / "performance.md"
ORDER = ("wire", "rules", "stage", "intake", "courier", "history", "cache", "restore", "replay", "latency", "memory", "lag", "metrics")
BUSY = 0.5  # processors that other work had before the benchmark began, above which its row says so
SIZES = (None, 1000, 10000)  # of transactions; others are for the chart alone


def machine():
    """The processor, its cores, the memory and the system; no names."""
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    cores = len(re.findall(r"^processor", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE))
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 2**20
    system = re.search(r'PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text())[1]
    kernel = subprocess.run(["uname", "-r"], stdout=subprocess.PIPE, text=True, check=True).stdout.split("-")[0]
    return f"{cores} cores ({model[1] if model else 'unknown'}, virtual), {memory:.0f} GiB, {system}, Linux {kernel.strip()}"


def number(value, unit):
    if value is None:
        return ""
    if unit.endswith("/s"):
        return f"{value:,.0f}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def line(row):
    figure, baseline = number(row["figure"], row["unit"]), number(row["baseline"], row["unit"])
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    budget = "" if row["budget"] is None else f"{row.get('sense', '')} {row['budget']}".strip()
    kept = "" if row["budget"] is None else "kept" if row["kept"] else "**missed**"
    if row.get("load", 0) > BUSY:
        kept = f"{kept} at load {row['load']:.1f}".strip()
    spent = " / ".join(f"{row[key]:.1f}" for key in ("cpu_us", "cpu_us_bare") if row.get(key) is not None)
    return f"| {row['bench']} | {row['name']} | {figure} {row['unit']} | {baseline} | {ratio} | {budget} | {kept} | {spent} |"


def whole(row):
    """The two programs in C say neither their name nor which way a budget goes."""
    row.setdefault("bench", "wire" if "code: plan" in row["name"] else "rules")
    for key in ("baseline", "ratio", "budget"):
        row.setdefault(key, None)
    if "sense" not in row:
        row["sense"] = "at least" if "times faster" in row["name"] else "at most"
        if row["bench"] == "wire" and row["budget"] == 0:
            row["budget"] = None
    return row


def between(text, mark, inside):
    begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    before, _, rest = text.partition(begin)
    return before + begin + "\n" + inside + "\n" + end + rest.partition(end)[2]


def main():
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {"machine": machine(), "rows": []}
    if sys.argv[1:] != ["--only-draw"]:
        fresh = [whole(json.loads(text)) for text in sys.stdin if text.startswith("{")]
        names = {(row["bench"], row["name"]) for row in fresh}
        kept["rows"] = [r for r in kept["rows"] if (r["bench"], r["name"]) not in names] + fresh
        kept["machine"] = machine()
        print(f"{len(fresh)} rows renewed", file=sys.stderr)
    kept["rows"].sort(key=lambda r: ORDER.index(r["bench"]) if r["bench"] in ORDER else len(ORDER))
    KEPT.write_text(json.dumps({"machine": kept["machine"], "rows": kept["rows"]}, indent=1, ensure_ascii=False) + "\n")
    rows = [r for r in kept["rows"] if r["bench"] in ORDER and r.get("batch") in SIZES]
    head = "| benchmark | what | figure | baseline | ratio | budget | | us / bare |\n| --- | --- | ---: | ---: | ---: | --- | --- | --- |"
    text = between(TEXT.read_text(), "machine", kept["machine"] + ".")
    TEXT.write_text(between(text, "table", "\n".join([head, *map(line, rows)])))
    chart.batch(kept["rows"], DOCS / "performance-batch.svg")
    chart.latency(kept["rows"], DOCS / "performance-latency.svg")


if __name__ == "__main__":
    main()
