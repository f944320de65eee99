#!/usr/bin/python3
"""That every history decided by hand (tests/unit/services/registrar/histories, run through the chain by the test
registrar_history) is in cases.csv with the invariant and the article that it is decided by, and that there are enough:
sixty at least, each with a day, a message and an expectation, and one at least for each invariant of the procedures."""

import csv
import pathlib
import sys

FOLDER = pathlib.Path("tests/unit/services/registrar/histories")
LEAST = 60
WORDS = ("entry ", "record ", "status ", "sent ", "told ", "home ", "rows ", "public ")
PROCEDURES = {"I-NOTICE", "I-HUMAN", "I-CATALOG", "I-PERSONAL", "I-CAPACITY", "I-OBJECTION", "I-EXPIRY", "I-REPAIR", "I-RECALL",
              "I-CORRECT", "I-LENIENT"}


def histories():
    """(file, name) -> lines."""
    found = {}
    for path in sorted(FOLDER.glob("*.txt")):
        name = None
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.partition("#")[0].strip()
            if line.startswith("history "):
                name = line[8:].strip()
                found[path.name, name] = []
            elif name and line:
                found[path.name, name].append(line)
    return found


def main():
    with open("tests/property/cases.csv", encoding="utf-8", newline="") as file:
        cases = {(row["file"], row["history"]): row for row in csv.DictReader(file)}
    found, wrong = histories(), []
    wrong += [f"no article: {key}" for key in found if key not in cases]
    wrong += [f"no such history: {key}" for key in cases if key not in found]
    for key, row in cases.items():
        lines = found.get(key, [])
        decided = any(line.startswith(WORDS) or "=>" in line for line in lines)
        if not row["article"] or not row["invariant"].startswith("I-"):
            wrong.append(f"no article or invariant: {key}")
        if lines and not (any(line.startswith("day ") for line in lines) and decided):
            wrong.append(f"it expects nothing on a day: {key}")
    missing = PROCEDURES - {row["invariant"] for row in cases.values()}
    wrong += [f"no case for {name}" for name in sorted(missing)]
    print("\n".join(wrong + [f"{len(cases)} cases decided by hand, {len(wrong)} findings"]))
    return 1 if wrong or len(cases) < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
