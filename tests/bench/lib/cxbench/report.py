"""A benchmark's flags and its rows.

A row: bench, name, unit, figure, baseline, ratio, budget ("at least" or "at most", of the ratio or, where there is no
baseline, of the figure), kept, and whatever else the benchmark adds.
"""

import argparse
import json
import os
import pathlib
import statistics
import threading


def arguments(text, rounds=3, events=50_000):
    """The flags all have. `text`: the script's own words."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    parser.add_argument("--rounds", type=int, default=rounds, help="alternating runs, of which the median counts (%(default)s)")
    parser.add_argument("--events", type=int, default=events, help="events in a run (%(default)s)")
    return parser


def others(seconds=1):
    """How many processors other work has, over that time: before ours begins."""
    def look():
        spent = list(map(int, pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
        return sum(spent) - spent[3] - spent[4], sum(spent)  # idle, and waiting for a disk
    before = look()
    threading.Event().wait(seconds)
    after = look()
    return (after[0] - before[0]) / max(1, after[1] - before[1]) * os.cpu_count()


class Report:
    def __init__(self, bench, as_json):
        self.bench, self.as_json, self.kept = bench, as_json, True
        self.load = round(others(), 1)

    def rounds(self, name, unit, ours, theirs, at_least, **more):
        """ours, theirs: (rate, microseconds of the processor) of each round. The processor's part is told, too: it says the
        same on a machine that others use."""
        self.ratio(name, unit, [r for r, _ in ours], [r for r, _ in theirs], at_least,
                   cpu_us=round(statistics.median(c for _, c in ours), 2), cpu_us_bare=round(statistics.median(c for _, c in theirs), 2),
                   **more)

    def ratio(self, name, unit, figures, baselines, at_least, **more):
        """Figures and baselines of the same rounds: medians of each, and of the rounds' ratios."""
        ratio = statistics.median(f / b for f, b in zip(figures, baselines))
        self.row(name=name, unit=unit, figure=statistics.median(figures), baseline=statistics.median(baselines), ratio=ratio,
                 budget=at_least, sense="at least", kept=ratio >= at_least, ratios=[round(f / b, 3) for f, b in zip(figures, baselines)],
                 **more)

    def most(self, name, unit, figure, at_most, **more):
        """A figure that has a limit and no baseline."""
        self.row(name=name, unit=unit, figure=figure, baseline=None, ratio=None, budget=at_most, sense="at most",
                 kept=figure <= at_most, **more)

    def note(self, name, unit, figure, **more):
        """A figure that is only told."""
        self.row(name=name, unit=unit, figure=figure, baseline=None, ratio=None, budget=None, sense=None, kept=True, **more)

    def row(self, **row):
        self.kept = self.kept and row["kept"]
        for key in ("figure", "baseline", "ratio"):
            if row[key] is not None:
                row[key] = round(row[key], 3) if abs(row[key]) < 100 else round(row[key])
        row = {"bench": self.bench, **row, "load": self.load}
        if self.as_json:
            print(json.dumps(row), flush=True)
            return
        text = f"{row['name']:46} {row['figure']:>10} {row['unit']}"
        if row["baseline"] is not None:
            text += f"   baseline {row['baseline']:>8}   ratio {row['ratio']:5.2f}"
        if row["budget"] is not None:
            text += f"   {row['sense']} {row['budget']}{'' if row['kept'] else '   MISSED'}"
        print(text, flush=True)

    def code(self):
        return 0 if self.kept else 1
