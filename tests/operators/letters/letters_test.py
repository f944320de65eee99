#!/usr/bin/python3
"""chengxin letters, breaker and subject erase on a running pipeline: what was refused is read again, in its order, once."""

import contextlib
import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
import unittest

import avro.io
from confluent_kafka import Consumer, Producer, TopicPartition

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

sys.path.insert(0, str(servers.ROOT / "tests" / "integration" / "spine"))
from events import document, event, organisation, person, record  # noqa: E402
from pipeline import Pipeline  # noqa: E402

ZB44 = document(basis="ZB-44", number="样列〔2026〕1号")
GRAVE = (("penalty", "REVOKE_LICENCE"), ("sector_grade", "SERIOUS"))
COURT = document("court", "FS-2017", "样法执〔2026〕1号")
WHO = ("--who", "OP-7", "--why", "a test of redriving")
MANY = 10_000
DAY_MS = 24 * 3600 * 1000


class Letters(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline()
        cls.addClassCleanup(cls.p.stop)
        cls.p.start()
        cls.market, cls.court = cls.p.department("market"), cls.p.department("court")

    # --- helpers
    def chengxin(self, *arguments, code=0, stdin=None):
        done = services.chengxin(self.p.servers, *arguments, check=False, stdin=stdin)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        return done

    def letters(self, *arguments):
        return json.loads(self.chengxin("letters", "list", "--json", *arguments).stdout)

    def redrive(self, *arguments, code=0):
        done = self.chengxin("letters", "redrive", *arguments, *WHO, "--json", code=code)
        self.p.settle()
        return json.loads(done.stdout) if done.stdout else done.stderr

    def acts(self):
        return [value for _, value in self.p.dump("credit.operations", "Act")]

    def verdicts(self):
        return self.p.verdicts()

    def order(self):
        """(department, event id) of what was accepted, in the order in which credit.records has it."""
        found = []
        for message, decided in self.p.dump("credit.decided", "Decided"):
            header = decided["classified"]["event"]["header"]
            if header is not None and decided["index"] == 0 and decided["verdict"] == "OK":
                found.append((decided["classified"]["origin"]["offset"], header["department"], header["event_id"]))
        return [(department, name) for _, department, name in sorted(found)]

    def clock(self, to):
        self.chengxin("clock", "--to", to)
        self.p.settle()

    def committed(self, topic):
        return len(topics.dump(self.p.servers.bootstrap, topic))

    def ask(self, department, place, of=None):
        """Somebody asks intake directly, past the command's own checks."""
        schema, out = self.p.schemas.get("Redrive"), io.BytesIO()
        avro.io.DatumWriter(schema).write({"department": of or department, "partition": place[0], "offset": place[1],
                                           "act": "act-test"}, avro.io.BinaryEncoder(out))
        producer = Producer({"bootstrap.servers": self.p.servers.bootstrap})
        producer.produce(f"credit.redrive.{department}", b"\xc3\x01" + self.p.schemas.fingerprint("Redrive") + out.getvalue())
        self.assertEqual(producer.flush(10), 0)
        self.p.settle()


class Chain(Letters):
    """A record refused for its time; a notice, a decision and a court's event that were refused because of it."""

    def test_1_a_chain_is_redriven_in_its_old_order(self):
        subject = organisation(99000101)
        grave = event("ch-record", subject, record(facts=GRAVE), document(effective_on="2026-03-10"), happened_on="2026-01-14")
        notice = event("ch-notice", subject, {"ListingNotice": {
            "list": "B-MARKET", "rests_on": ["ch-record"], "served_on": "2026-02-02", "reason": "FOOD-REVOKED", "rights_told": True}}, ZB44)
        decision = event("ch-decision", subject, {"ListingDecision": {
            "list": "B-MARKET", "notice": "ch-notice", "rests_on": [], "grade": "SERIOUS", "months": 36,
            "measures": ["M-KEY-SUPERVISION"], "exit": "TERM-OR-REPAIR", "remedy": "REVIEW-60D-SUIT-6M", "answers": []}}, ZB44, ("HEAD", "N-009"))
        self.market.send(grave, notice, decision)
        self.p.settle()
        self.court.send(event("ch-review", subject, {"ReviewFiled": {"target": {"department": "market", "event_id": "ch-decision"}}},
                              COURT, ("JUDGE", "J-1")))
        self.p.settle()
        found = {letter["event"]: letter for letter in self.letters()}
        self.assertEqual({name: (found[name]["reason"], found[name]["because"], found[name]["state"]) for name in found},
                         {"ch-record": ("DOCUMENT_NOT_IN_EFFECT", "", "OPEN"), "ch-notice": ("NO_RECORD", "ch-record", "OPEN"),
                          "ch-decision": ("NO_NOTICE", "ch-notice", "OPEN"), "ch-review": ("NO_SUCH_EVENT", "market/ch-decision", "OPEN")})
        self.assertEqual(found["ch-record"]["behind"], ["market:0:1"])
        self.assertEqual(found["ch-decision"]["behind"], ["court:0:0"])
        self.clock("2026-03-12")
        dry = self.chengxin("letters", "redrive", "--department", "market", "--position", "0:0", "--dry-run", *WHO)
        self.assertIn("would be: 4 letters", dry.stdout)
        self.assertEqual(self.acts(), [])
        done = self.redrive("--department", "market", "--position", "0:0")
        self.assertEqual(done["redriven"], ["market:0:0", "market:0:1", "market:0:2", "court:0:0"])
        verdicts = self.verdicts()
        self.assertEqual(verdicts["market", "ch-record"], ["DOCUMENT_NOT_IN_EFFECT", "OK"])
        self.assertEqual(verdicts["market", "ch-notice"], ["NO_RECORD", "OK"])
        self.assertEqual(verdicts["market", "ch-decision"], ["NO_NOTICE", "OK"])
        self.assertEqual(verdicts["court", "ch-review"], ["NO_SUCH_EVENT", "OK"])
        self.assertEqual([name for _, name in self.order()], ["ch-record", "ch-notice", "ch-decision", "ch-review"])
        self.assertEqual(self.letters(), [])
        acts = self.acts()
        self.assertEqual({(a["kind"], a["who"], a["why"], a["id"]) for a in acts},
                         {("REDRIVE", "OP-7", "a test of redriving", done["act"])})
        self.assertEqual([(a["department"], a["partition"], a["offset"], a["reason"]) for a in acts],
                         [("market", 0, 0, "DOCUMENT_NOT_IN_EFFECT"), ("market", 0, 1, "NO_RECORD"), ("market", 0, 2, "NO_NOTICE"),
                          ("court", 0, 0, "NO_SUCH_EVENT")])

    def test_2_redriving_twice_does_nothing_twice(self):
        refused = self.redrive("--department", "market", "--position", "0:0", code=3)
        self.assertIn("redriven at", refused)
        entries, notices = self.p.sql("SELECT count(*) FROM history.entries"), self.p.sql("SELECT count(*) FROM history.notices")
        self.redrive("--department", "market", "--position", "0:0", "--again", "--alone")
        self.assertEqual(self.verdicts()["market", "ch-record"], ["DOCUMENT_NOT_IN_EFFECT", "OK", "DUPLICATE"])
        self.assertEqual(self.p.sql("SELECT count(*) FROM history.entries"), entries)
        self.assertEqual(self.p.sql("SELECT count(*) FROM history.notices"), notices)
        self.assertEqual(self.letters(), [])


if __name__ == "__main__":
    unittest.main()
