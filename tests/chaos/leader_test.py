#!/usr/bin/python3
"""A topic's leader gone: three brokers, of which the one is killed that leads the log's first partition, while events come.

In ./ops/test --long alone. What the other two acknowledged must be there, once; then the broker comes back and follows.
"""

import os
import sys
import unittest

from cxtest import servers
from cxtest.waiting import wait_until

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case  # noqa: E402
import check  # noqa: E402
import cluster  # noqa: E402
import run  # noqa: E402
import stories  # noqa: E402
from clients import Clients  # noqa: E402

SUBJECTS, PARTS = 200, 4
LOG = "credit.records"


def say(text):
    print(text, file=sys.stderr, flush=True)


class Leader(unittest.TestCase):
    def test_a_leader_is_killed(self):
        folder = servers.ROOT / "var" / "test" / "leader"
        brokers = cluster.Cluster("leader-servers")
        self.addCleanup(brokers.stop)
        r = run.Run(folder, SUBJECTS, "leader", say, slots=1, instance=brokers, kafka__bootstrap__servers=brokers.bootstrap,
                    topics__replication=3)
        self.addCleanup(r.stop)
        r.start()
        r.leap()
        r.clients = clients = Clients(r.servers, folder, SUBJECTS, PARTS)
        clients.burst()
        wait_until(lambda: min(map(clients.acknowledged, stories.DEPARTMENTS)) > 0, 60, "events come")
        self.assertEqual(brokers.in_sync(LOG), 3)
        leader = brokers.leader(LOG, 0)
        brokers.kill_broker(leader)
        say(f"broker {leader}, which led {LOG} partition 0, is killed")
        clients.burst()
        wait_until(lambda: brokers.leader(LOG, 0) not in (-1, leader), 60, "another leads")
        say(f"broker {brokers.leader(LOG, 0)} leads")
        clients.burst()
        self.through(r, clients, "two brokers take everything")
        self.assertLess(brokers.in_sync(LOG), 3)
        brokers.run_broker(leader)
        wait_until(lambda: brokers.in_sync(LOG) == 3, 120, "the killed broker follows again")
        clients.finish()
        r.settle("all is through")
        r.halt()
        r.dump("first")
        found = check.findings(case.Dumps(folder, "first", SUBJECTS))
        self.assertEqual({rule: told[:3] for rule, told in found.items()}, {})

    def through(self, r, clients, what):
        wanted = clients.total * clients.sent_parts // clients.parts
        wait_until(lambda: min(map(clients.acknowledged, stories.DEPARTMENTS)) >= wanted, 120, "what may be sent is acknowledged")
        r.settle(what)


if __name__ == "__main__":
    if not os.environ.get("CX_LONG"):
        sys.exit(77)
    unittest.main(warnings="ignore")
