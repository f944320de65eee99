#!/usr/bin/python3
"""check.py FOLDER DUMP SUBJECTS: whether the dumps of a run tell of effects exactly once, in order, and the same everywhere.

Reads FOLDER/DUMP (topics and stores) and FOLDER/*.ledger (what the clients were acknowledged), and nothing else. Prints the
figures, then each finding; exit 1 if there is one.
"""

import collections
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import case  # noqa: E402
import rules_log  # noqa: E402
import rules_stores  # noqa: E402

RULES = (*rules_log.RULES, *rules_stores.RULES)
SHOWN = 3


def findings(dumps, rules=len(RULES)):
    """rule's name -> what it found; the rules that found nothing are not in it. Looks until so many have."""
    view, found = case.View(dumps), {}
    for rule in RULES:
        told = list(rule(view)) if len(found) < rules else []
        if told:
            found[rule.__name__] = told
    return found


def figures(dumps):
    """What was consumed, and what became of it."""
    view = case.View(dumps)
    verdicts = collections.Counter(d.verdict for d in view.decided
                                   if d.index == 0 and view.by_place[d.origin].header is not None)
    consumed = sum(len(department.inbound) for department in view.model.values())
    at_intake = sum(fate.verdict is None for department in view.model.values() for fate in department.fates.values())
    accepted, doubled = verdicts.pop("OK", 0), verdicts.pop("DUPLICATE", 0)
    return {"acknowledged": sum(map(len, dumps.ledgers.values())), "consumed": consumed, "accepted": accepted,
            "duplicate": doubled, "refused": sum(verdicts.values()) + at_intake, "refused at intake": at_intake,
            "walked": sum(d.index is not None and d.index > 0 for d in view.decided),
            "notices": sum(d.notice is not None for d in view.dispatched)}


def main(folder, dump, subjects):
    dumps = case.Dumps(folder, dump, int(subjects))
    for name, figure in figures(dumps).items():
        print(f"{name}: {figure}")
    found = findings(dumps)
    for rule, told in found.items():
        print(f"{rule}: {len(told)} findings")
        for text in told[:SHOWN]:
            print(f"    {text}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
