#!/usr/bin/python3
"""The number of partitions is doubled twice while a sample is sent: the same outcome as if it had not been.

The short form of what stores_test.py does with more events: the checker compares everything with a model that knows of no
partitions, and the log, decided again, is what was decided.
"""

import json
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

SUBJECTS, PARTS = 40, 3
BORN = 2  # partitions: twice doubled, each is still far from the number of listings that trips a breaker


def say(text):
    print(text, file=sys.stderr, flush=True)


def came_nowhere(d):
    """A row left its partition, and the copy is missing."""
    rows = d.topics["credit.status"]
    left = {m.key for m in rows if m.value is None}
    d.topics["credit.status"] = [m for m in rows if m.key not in left or m.partition < BORN]


def came_too_early(d):
    """Something stands in a new partition from before the old one was read to its end."""
    rows = d.topics["credit.records"]
    i = next(i for i, m in enumerate(rows) if m.key is not None and m.partition >= BORN)
    rows[i] = rows[i]._replace(timestamp=0)


class Split(unittest.TestCase):
    def setUp(self):
        self.folder = servers.ROOT / "var" / "test" / "split"
        self.r = run.Run(self.folder, SUBJECTS, "split", say, slots=1, partitions=BORN)
        self.addCleanup(self.r.stop)
        self.r.start()
        self.r.leap()
        self.r.clients = Clients(self.r.servers, self.folder, SUBJECTS, PARTS)

    def part(self):
        clients = self.r.clients
        clients.burst()
        wanted = clients.total * clients.sent_parts // PARTS
        wait_until(lambda: min(map(clients.acknowledged, stories.DEPARTMENTS)) >= wanted, 60, "a part is sent")
        self.r.settle(f"part {clients.sent_parts} is through")

    def double(self):
        said = doubling.double(self.r, 2 * self.r.partitions)
        self.assertGreater(int(re.search(r"credit\.state: (\d+) rows moved", said)[1]), 0, said)
        self.r.begin_again()

    def decided_again(self):
        """As it was decided, by all at once, and by one after the other under the same law."""
        self.assertEqual(services.chengxin(self.r.servers, "verify").returncode, 0)
        self.r.say("verify finds nothing")
        since = services.chengxin(self.r.servers, "replay", "--from", "2026-03-12")
        self.assertIn("from the first event", since.stdout, "a snapshot from before a split was taken for one of now")
        tale = json.loads(services.chengxin(self.r.servers, "replay", "--policy", run.PACK, "--json").stdout)
        self.assertEqual((tale["affected"], tale["settled"]), ([], True))
        self.assertGreater(tale["records"], 0)
        self.r.say("nor would the same law, put in its own place, change anything")

    def test_the_partitions_are_doubled_twice(self):
        self.part()
        self.double()
        self.part()
        self.double()
        self.part()
        self.r.clients.finish()
        self.decided_again()
        self.r.halt()
        self.r.dump("first")
        dumps = case.Dumps(self.folder, "first", SUBJECTS)
        found = check.findings(dumps)
        self.assertEqual({rule: told[:3] for rule, told in found.items()}, {})
        self.assertGreater(max(m.partition for m in dumps.topics["credit.decided"] if m.key), 2 * BORN)
        for mistake, rule in ((came_nowhere, "status_in_order"), (came_too_early, "pseudonyms")):
            spoiled = case.Dumps(self.folder, "first", SUBJECTS)
            mistake(spoiled)
            self.assertIn(rule, check.findings(spoiled), mistake.__doc__)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
