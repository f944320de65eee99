#!/usr/bin/python3
"""A pack that would make abnormally many subjects listable is held in whole, and released by a second official's message."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cxtest import services  # noqa: E402
from events import document, event, organisation, record  # noqa: E402
from changed_packs import stricter  # noqa: E402
from pipeline import Pipeline  # noqa: E402

LIMIT = 50  # breaker.limit of the national base


def notice(name, subject, rests_on):
    return event(name, subject, {"ListingNotice": {"list": "B-MARKET", "rests_on": [rests_on], "served_on": "2026-03-01",
                                                   "reason": "FOOD", "rights_told": True}}, document(basis="ZB-44"))


def release(name, breaker, official):
    return event(name, None, {"BreakerRelease": {"breaker": breaker}}, official=("HEAD", official))


class Activation(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pack = stricter(folder.name)
        self.p = Pipeline()
        self.addCleanup(self.p.stop)
        self.p.start()
        self.market = self.p.department("market")

    def activate(self, who, code):
        done = services.chengxin(self.p.servers, "policy", "activate", self.pack, "--jurisdiction", "130100", "--who", who,
                                 "--why", "test", "--wait", "60", check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def activations(self):
        """(partition, state, listed, limit) of what the log says of packs, behind the first."""
        found = []
        for message, decided in self.p.dump("credit.decided", "Decided"):
            body = decided["classified"]["event"]["body"]
            if "state" in body and "pack" in body and "who" in body and body["who"] != "ops/up":
                found.append((message.partition, body["state"], body["listed"], body["limit"]))
        return found

    def test_it_is_held_until_a_second_official_releases_it(self):
        self.market.send(*(event(f"r-{i}", organisation(99001000 + i), record()) for i in range(LIMIT + 1)))
        self.market.send(event("twice", organisation(99001000), record()))
        self.p.settle()
        services.chengxin(self.p.servers, "policy", "publish", self.pack)
        text = self.activate("N-007", 3)
        self.assertIn(f"{LIMIT + 1} more subjects listable, where {LIMIT} may be", text)
        breaker = text.split("BreakerRelease of ")[1].split(",")[0]
        subject = organisation(99002000)
        self.market.send(release("l-1", breaker, "N-007"), release("l-2", "a.130100.00", "N-009"),
                         event("before", subject, record()), notice("n-before", subject, "before"))
        self.p.settle()
        self.activate("N-008", 3)
        self.market.send(release("l-3", breaker, "N-008"), release("l-4", breaker, "N-009"))
        self.p.settle()
        self.assertIn("activated", self.activate("N-007", 0))
        self.market.send(event("after", subject, record()), notice("n-after", subject, "after"))
        self.p.settle()
        home = [(r["event_id"], r["reason"]) for r in self.market.rejections()]
        self.assertEqual(sorted(home), [("l-1", "SAME_OFFICIAL"), ("l-2", "NO_SUCH_EVENT"), ("l-3", "SAME_OFFICIAL"),
                                        ("n-before", "NOT_LISTABLE")])
        verdicts = self.p.verdicts()
        self.assertEqual(verdicts["market", "l-4"], ["OK"] * 4)  # and the other three partitions hear of it
        for name in ("after", "n-after"):
            self.assertEqual(verdicts["market", name], ["OK"])
        told = self.activations()
        for partition in {t[0] for t in told}:
            self.assertEqual([t[1:] for t in told if t[0] == partition],
                             [("PROPOSED", 0, 0), ("HELD", LIMIT + 1, LIMIT), ("PROPOSED", 0, 0), ("HELD", LIMIT + 2, LIMIT),
                              ("PROPOSED", 0, 0), ("ACTIVATED", LIMIT + 2, 2**63 - 1)])


if __name__ == "__main__":
    unittest.main()
