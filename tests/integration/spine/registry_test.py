#!/usr/bin/python3
"""Confluent framing, where a schema registry is configured: read from departments, and written to them."""

import io
import json
import os
import pathlib
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import avro.io  # noqa: E402
import avro.schema  # noqa: E402

from cxtest import services, topics  # noqa: E402

from events import document, event, organisation, record, zigzag  # noqa: E402
from pipeline import Pipeline  # noqa: E402
from registry import Registry  # noqa: E402

SCHEMA = pathlib.Path(os.environ["CX_BUILD"]) / "schemas" / "CreditEvent.avsc"


def framed(number, data):
    return b"\0" + struct.pack(">I", number) + data


class Framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.registry = Registry()
        cls.addClassCleanup(lambda: cls.registry.stop())
        cls.p = Pipeline(schema__registry__url=cls.registry.url)
        cls.addClassCleanup(cls.p.stop)
        cls.p.start()
        cls.market = cls.p.department("market")
        cls.text = SCHEMA.read_text(encoding="utf-8")

    def datum(self, name, serial, **more):
        return self.p.schemas.encode(event(name, organisation(serial), record(), **more))[10:]  # without its own framing

    def read(self, topic, name):
        """Messages in the registry's framing, decoded by the registry's schema alone."""
        for message in topics.dump(self.p.servers.bootstrap, topic):
            head, number = struct.unpack(">BI", message.value[:5])
            self.assertEqual(head, 0)
            schema = avro.schema.parse(json.loads(self.registry.schemas[number])["schema"])
            self.assertEqual(schema.fullname, f"chengxin.{name}")
            yield avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(io.BytesIO(message.value[5:])))

    def rejected(self):
        """event id or offset -> the reasons of its rejections."""
        found = {}
        for rejection in self.read("credit.rejected.market", "Rejection"):
            found.setdefault(rejection["event_id"] or rejection["offset"], []).append(rejection["reason"])
        return found

    def verdict(self, name):
        return self.p.verdicts().get(("market", name))

    def test_both_framings_newer_writers_and_what_is_refused(self):
        first = len(topics.dump(self.p.servers.bootstrap, "credit.in.market"))
        newer = json.loads(self.text)
        newer["fields"].append({"name": "remark", "type": "string", "default": ""})
        ours, later = self.registry.add(self.text), self.registry.add(json.dumps(newer))
        other, foreign = self.registry.add('"string"'), self.registry.add('syntax = "proto3";', schemaType="PROTOBUF")
        referring = self.registry.add(self.text, references=[{"name": "x", "subject": "x", "version": 1}])
        for _ in range(3):
            self.market.send_bytes(framed(999999, self.datum("f-none", 99003000)))
        self.market.send_bytes(
            framed(ours, self.datum("f-1", 99003001)), framed(ours, self.datum("f-2", 99003002)),
            framed(later, self.datum("f-3", 99003003) + zigzag(3) + b"new"),
            framed(other, self.datum("f-4", 99003004)), framed(foreign, self.datum("f-5", 99003005)),
            framed(referring, self.datum("f-6", 99003006)), b"\0\0\0", framed(ours, self.datum("f-7", 99003007)[:-1]))
        self.market.send(event("f-8", organisation(99003008), record("MORAL-SCORE")))
        self.p.settle()
        for name in ("f-1", "f-2", "f-3"):
            self.assertEqual(self.verdict(name), ["OK"])
        home = self.rejected()
        self.assertEqual([home.get(first + i) for i in range(3)], [["UNKNOWN_SCHEMA"]] * 3)
        self.assertEqual([home.get(first + i) for i in range(3, 11)],
                         [None, None, None, ["UNKNOWN_SCHEMA"], ["UNKNOWN_SCHEMA"], ["UNKNOWN_SCHEMA"], ["TRUNCATED"], ["TRUNCATED"]])
        self.assertEqual(home["f-8"], ["ITEM_NOT_IN_CATALOG"])
        for number in (ours, later, other, foreign, referring, 999999):
            self.assertEqual(self.registry.asked[f"/schemas/ids/{number}"], 1, "each is asked for once")
        rows = self.p.sql("SELECT inbound_offset FROM history.dead_letters WHERE department = 'market' AND inbound_offset BETWEEN %s AND %s",
                          first, first + 10)
        self.assertEqual(sorted(r[0] for r in rows), [first + i for i in (0, 1, 2, 6, 7, 8, 9, 10)])

    def test_while_the_registry_is_away_nothing_is_refused(self):
        """First it breaks down, then it is gone; a schema that is known goes on being read; then it comes back."""
        known = self.registry.add(self.text)
        self.market.send_bytes(framed(known, self.datum("away-0", 99003100)))
        self.p.settle()
        waits = self.registry.add(json.dumps({**json.loads(self.text), "doc": "waits"}))
        before = self.registry.asked[f"/schemas/ids/{waits}"]
        self.registry.broken = True
        self.market.send_bytes(framed(known, self.datum("away-1", 99003101)), framed(waits, self.datum("away-2", 99003102)))
        self.p.wait(lambda: self.registry.asked[f"/schemas/ids/{waits}"] > before + 1, "it was asked again")
        self.registry.stop()
        tried = self.tries()
        self.assertGreater(tried, 0)
        self.p.wait(lambda: self.tries() > tried + 1, "tried again with nobody there")
        self.p.wait(lambda: self.verdict("away-1") == ["OK"], "what is known is read meanwhile")
        self.assertIsNone(self.verdict("away-2"))
        self.registry.broken = False
        self.registry.start()
        self.p.settle()
        self.assertEqual(self.verdict("away-2"), ["OK"])
        self.assertFalse([name for name in self.rejected() if str(name).startswith("away")])

    def test_notices_letters_and_what_checks_them(self):
        """A court's listing is told in the registry's framing; a letter is listed and read again; everything still agrees."""
        judge, papers = ("JUDGE", "J-1"), document("court", "FS-2017", "样法执〔2026〕3号")
        self.p.department("court").send(
            event("n-1", organisation(99003201), record("CT-DEFAULTER", (), 52000000), papers, judge),
            event("n-2", organisation(99003201), {"ListingDecision": {
                "list": "B-COURT", "notice": "", "rests_on": ["n-1"], "grade": "SERIOUS", "case": "2", "measures": ["M-PROCUREMENT"],
                "exit": "PERFORMANCE", "remedy": "CORRECTION-OR-REVIEW"}}, papers, judge))
        ours = self.registry.add(self.text)
        self.market.send_bytes(framed(ours, self.datum("n-3", 99003202, papers=document(effective_on="2026-03-10"))))
        self.p.settle()
        self.assertEqual(self.p.verdicts()["court", "n-2"], ["OK"])
        homes = [n.removeprefix("credit.notices.") for n in topics.names(self.p.servers.bootstrap) if n.startswith("credit.notices.")]
        told = [n for home in homes for n in self.read(f"credit.notices.{home}", "Notice") if n["measure"] == "M-PROCUREMENT"]
        self.assertTrue(told and all(n["kind"] == "IMPOSE" and n["reference"] and n["identity"] for n in told), told)
        run = lambda *arguments: services.chengxin(self.p.servers, *arguments).stdout
        letter, = json.loads(run("letters", "list", "--event", "n-3", "--json"))
        self.assertEqual(letter["reason"], "DOCUMENT_NOT_IN_EFFECT")
        run("clock", "--to", "2026-03-12")
        self.p.settle()
        run("letters", "redrive", "--department", "market", "--position", letter["position"], "--who", "OP-7", "--why", "a test")
        self.p.settle()
        self.assertEqual(self.verdict("n-3"), ["DOCUMENT_NOT_IN_EFFECT", "OK"])
        self.assertEqual(json.loads(run("letters", "list", "--event", "n-3", "--json")), [])
        run("verify")

    def tries(self):
        """How often intake tried again because the registry was away."""
        return sum(value for key, value in self.p.metrics("intake").items()
                   if key.startswith("chengxin_retries_total{") and '"REGISTRY_AWAY"' in key)


if __name__ == "__main__":
    unittest.main()
