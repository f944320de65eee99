#!/usr/bin/python3
"""Two installations on two brokers and a bridge between them: what crosses, exactly once though the bridge is killed; that it is
undone there when it is undone here; that the law of the other side decides; and that its refusals come home (R15)."""

import concurrent.futures
import os
import pathlib
import sys
import tempfile
import unittest

from confluent_kafka import Consumer, TopicPartition

FOLDER = pathlib.Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "spine")]

from cxtest import servers, services, topics  # noqa: E402
from cxtest.waiting import wait_until  # noqa: E402
from department import Schemas  # noqa: E402
from events import document, event, organisation, person, record  # noqa: E402
from pipeline import PACK  # noqa: E402
from region import PEER, Region, province  # noqa: E402

COURT, REVIEW = document("court", "FS-2017", "样法执〔2026〕7号"), document("review", "XZFY-44", "样复决〔2026〕1号")
EMERGENCY = document("emergency", "AQ-78", "样安罚〔2026〕3号")
JUDGE, REVIEWER = ("JUDGE", "J-009"), ("REVIEWER", "R-1")
MANY = 60
SPINE = ("intake", "clock", "classifier", "registrar")


def listing(n, rests_on):
    return event(n, rests_on[1], {"ListingDecision": {
        "list": "B-COURT", "notice": "", "rests_on": [rests_on[0]], "grade": "SERIOUS", "case": "2", "measures": ["M-CONSUMPTION"],
        "exit": "PERFORMANCE", "remedy": "CORRECTION-OR-REVIEW"}}, COURT, JUDGE)


class Bridge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        schemas = Schemas(pathlib.Path(os.environ["CX_BUILD"]) / "schemas")
        other = servers.Servers(servers.ROOT / "var" / "test" / f"bridge-{pathlib.Path(os.environ['CX_BUILD']).name}")
        if other.folder.exists():
            services.stop_all(other)
            other.wipe()
        cls.addClassCleanup(other.wipe)
        ours = servers.Servers(servers.shared_folder())
        for instance in (ours, other):  # also where it does not begin
            cls.addClassCleanup(lambda i=instance: services.stop_all(i) if (i.folder / "etc").exists() else None)
        target = pathlib.Path(scratch.name) / "hebei.properties"

        def begin_there():
            other.start("kafka")
            target.write_text(f"kafka.bootstrap.servers={other.bootstrap}\n")
            return Region(other, schemas, province(scratch.name), (*SPINE, "sanctioner", "courier"),
                          ("sjz-market", "sjz-court", "court"))  # the court responds to M-CONSUMPTION there

        def begin_here():
            services.stop_all(ours)
            return Region(servers.shared(), schemas, PACK, SPINE, ("market", "court", "emergency", "review"),
                          clock__stages="classifier,registrar", clock__interval__ms=1000, bridge__peer=PEER, bridge__from=130100,
                          bridge__target=target)

        with concurrent.futures.ThreadPoolExecutor() as pool:
            there, here = pool.submit(begin_there), pool.submit(begin_here)
        cls.there, cls.here = there.result(), here.result()
        cls.addClassCleanup(services.write_config, cls.here.servers)  # the next test has no bridge
        cls.bridge = services.Service(cls.here.servers, "bridge", CHENGXIN_BATCH_MAX_EVENTS="5")

    def crossed(self, department):
        """Those of its events that came over, in their order."""
        return self.there.dump(f"credit.in.{department}", "CreditEvent")

    def came(self, department):
        """How many messages have come, markers and all."""
        consumer = Consumer({"bootstrap.servers": self.there.servers.bootstrap, "group.id": "count"})
        end = consumer.get_watermark_offsets(TopicPartition(f"credit.in.{department}", 0), timeout=10)[1]
        consumer.close()
        return end

    def await_there(self, expected):
        def stands():
            found = self.there.states()
            return all(found.get(key, ("none",))[0] == state for key, state in expected.items())
        try:
            wait_until(stands, 60, f"over there {expected}")
        except AssertionError:
            print({k: v for k, v in self.there.verdicts().items() if v != ["OK"]}, self.bridge.log_tail(), file=sys.stderr)
            raise

    def decided_here(self, *names):
        wait_until(lambda: {n for _, n in self.here.verdicts()} >= set(names), 60, f"{names} are decided here")
        self.assertEqual({k: v for k, v in self.here.verdicts().items() if v != ["OK"]}, {})

    def test_all_of_it(self):
        self.crosses_once_though_killed()
        self.is_undone_there()
        self.comes_home()

    def crosses_once_though_killed(self):
        self.companies = [organisation(100 + n) for n in range(MANY)]
        self.person = person(order=701)
        self.here.send("market", *(event(f"f-{n}", c, record(), text="不过桥的说明") for n, c in enumerate(self.companies)),
                       event("p-1", self.person, record()), event("q-1", self.companies[0], record("MK-QUALITY-PENALTY"), document(basis="CPZL-49")))
        self.here.send("emergency", event("e-1", self.companies[0], record("YJ-PENALTY"), EMERGENCY))
        self.here.send("court", event("ct-1", self.companies[1], {"Record": {"item": "CT-DEFAULTER", "amount": 52000000}}, COURT, JUDGE),
                       listing("ld-1", ("ct-1", self.companies[1])))
        self.decided_here("ld-1", "p-1", "q-1", "e-1")
        self.bridge.start(ready=False)
        wait_until(lambda: self.came("sjz-market") > 5, 60, "the first ones came over", pause=0)
        self.bridge.kill()
        before = len(self.crossed("sjz-market"))
        self.assertLess(before, MANY, "it was not killed in the middle")
        self.bridge.start()
        self.await_there({**{("sjz-market", f"f-{n}"): "IN_FORCE" for n in range(MANY)}, ("sjz-court", "ld-1"): "IN_FORCE"})
        events = self.crossed("sjz-market")
        ids = [e["event_id"] for e in events]
        self.assertEqual(sorted(ids), sorted([f"f-{n}" for n in range(MANY)] + ["q-1"]), "each once, and nothing else")
        self.assertEqual({(e["jurisdiction"], e["text"], e["document"]["issuing_body"]) for e in events}, {(PEER, None, "market")})
        self.assertEqual([e["event_id"] for e in self.crossed("sjz-court")], ["ct-1", "ld-1"])
        self.assertEqual(self.there.states()["sjz-court", "ld-1"], ("IN_FORCE", COURT["number"]))
        inbound = self.there.raw("credit.in.sjz-market") + self.there.raw("credit.in.sjz-court")
        self.assertIn(self.companies[0]["id"].encode(), inbound)
        for secret in (self.person["id"], "不过桥的说明"):
            self.assertNotIn(secret.encode(), inbound)
        ours = {d["subject"] for d in self.here.dump("credit.decided", "Decided")}
        theirs = {d["subject"] for d in self.there.dump("credit.decided", "Decided")} - {bytes(16)}
        self.assertTrue(theirs and not theirs & ours, "no pseudonym is known on both sides")

    def is_undone_there(self):
        self.here.send("market", event("w-1", self.companies[3], {"Withdrawal": {"target": "f-3", "reason": "ERROR"}}))
        self.here.send("court", event("w-2", self.companies[1], {"Withdrawal": {"target": "ld-1", "reason": "ERROR"}}, COURT, JUDGE))
        outcome = {"target": {"department": "market", "event_id": "f-4"}, "outcome": "ANNULLED", "record": None, "decision": None}
        self.here.send("review", event("ro-1", self.companies[4], {"ReviewOutcome": outcome}, REVIEW, REVIEWER))
        self.decided_here("w-1", "w-2", "ro-1")
        self.await_there({("sjz-market", "f-3"): "RECALLED", ("sjz-court", "ld-1"): "RECALLED", ("sjz-market", "f-4"): "RECALLED",
                          ("sjz-market", "f-5"): "IN_FORCE"})
        (added,) = [e for e in self.crossed("sjz-market") if e["event_id"].startswith("x1.")]
        self.assertEqual((added["body"]["target"], added["document"]["number"]), ("f-4", REVIEW["number"]))

    def comes_home(self):
        def refusals():
            return {m.key.decode(): self.here.schemas.decode("Rejection", m.value)
                    for m in topics.dump(self.here.servers.bootstrap, "credit.exchange.refused")}
        wait_until(refusals, 60, "the refusal came home")
        self.assertEqual([s.name for s in self.there.services.values() if s.pid() is None], [], "all run on over there")
        self.assertEqual({k: (r["reason"], r["body"]) for k, r in refusals().items()}, {f"{PEER}/sjz-market/q-1": ("ITEM_NOT_YOURS", None)})
        said = self.bridge.log.read_text()
        self.assertIn("ITEM_NOT_YOURS", said)
        for company in self.companies:
            self.assertNotIn(company["id"], said)
        self.bridge.stop()


if __name__ == "__main__":
    unittest.main()
