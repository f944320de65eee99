#!/usr/bin/python3
"""Seeded mistakes in the code, over 20,000 events: services that commit their output before their offsets, and die between.

The courier's refusals come home twice and the history's rows are there twice; the checker must find both, and nothing else.
"""

import os
import pathlib
import signal
import sys
import unittest

from cxtest import servers
from cxtest.waiting import wait_until

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case  # noqa: E402
import check  # noqa: E402
import run  # noqa: E402

SUBJECTS = 500  # 20,000 events
MISTAKEN = {"courier": {"refusals", "letters_and_notices_are_kept"}, "history": {"postgres_is_decided", "changes_are_kept"}}


def say(text):
    print(text, file=sys.stderr, flush=True)


class Mistakes(unittest.TestCase):
    def test_mistakes_in_the_code_are_found(self):
        folder = servers.ROOT / "var" / "test" / "mistakes"
        mark = pathlib.Path(os.environ["CX_BUILD"]) / "tests" / "chaos" / "mistakes"
        r = run.Run(folder, SUBJECTS, "mistakes", say, builds=dict.fromkeys(MISTAKEN, mark), slots=1)
        self.addCleanup(r.stop)
        r.start()
        r.leap()
        os.environ["CX_MISTAKE"] = str(folder / "died")
        self.addCleanup(os.environ.pop, "CX_MISTAKE")
        for name in MISTAKEN:  # anew, now that they may die of it
            r.fleet.slots[name][0].kill()
            r.fleet.slots[name][0].start()
        r.disturb((), 0)
        for name in MISTAKEN:
            wait_until((folder / f"died.{name}").exists, 60, f"{name} died between its output and its offsets")
        r.settle("all is through")
        self.assertEqual({life.name for life in r.fleet.ends if life.ended() == -signal.SIGKILL}, set(MISTAKEN))
        r.halt()
        r.dump("first")
        found = check.findings(case.Dumps(folder, "first", SUBJECTS))
        for rule, told in found.items():
            say(f"{rule}: {len(told)} findings, first {told[0]}")
        for name, rules in MISTAKEN.items():
            self.assertTrue(rules & set(found), f"the checker did not find what the {name} did")
        self.assertEqual(set(found) - set.union(*MISTAKEN.values()), set(), "found what was not seeded")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
