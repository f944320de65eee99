#!/usr/bin/python3
"""The number of partitions is doubled between two halves of a sample: the same outcome as if it had not been.

The short form of what stores_test.py does with more events: the checker compares everything with a model that knows of no
partitions, and the log, decided again, is what was decided.
"""

import os
import re
import sys
import unittest

from cxtest import servers, services
from cxtest.waiting import wait_until

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case  # noqa: E402
import check  # noqa: E402
import doubling  # noqa: E402
import run  # noqa: E402
import stories  # noqa: E402
from clients import Clients  # noqa: E402

SUBJECTS, PARTS = 40, 2


def say(text):
    print(text, file=sys.stderr, flush=True)


class Split(unittest.TestCase):
    def test_the_partitions_are_doubled(self):
        folder = servers.ROOT / "var" / "test" / "split"
        r = run.Run(folder, SUBJECTS, "split", say, slots=1)
        self.addCleanup(r.stop)
        r.start()
        r.leap()
        r.clients = Clients(r.servers, folder, SUBJECTS, PARTS)
        r.clients.burst()
        wait_until(lambda: min(map(r.clients.acknowledged, stories.DEPARTMENTS)) >= r.clients.total // PARTS, 60, "half is sent")
        r.settle("the first half is through")
        said = doubling.double(r, 2 * run.PARTITIONS)
        self.assertGreater(int(re.search(r"credit\.state: (\d+) rows moved", said)[1]), 0, said)
        r.begin_again()
        r.clients.finish()
        r.settle("the second half is through")
        self.assertEqual(services.chengxin(r.servers, "verify").returncode, 0)
        r.say("verify finds nothing")
        r.halt()
        r.dump("first")
        dumps = case.Dumps(folder, "first", SUBJECTS)
        found = check.findings(dumps)
        self.assertEqual({rule: told[:3] for rule, told in found.items()}, {})
        self.assertGreater(len({m.partition for m in dumps.topics["credit.decided"]}), run.PARTITIONS)


if __name__ == "__main__":
    if not os.environ.get("CX_LONG"):
        sys.exit(77)
    unittest.main(warnings="ignore")
