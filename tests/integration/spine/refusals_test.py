#!/usr/bin/python3
"""Every kind of bad input, sent by a department's own Python client, comes home with its reason; the pipeline goes on.

Reads the department's topics with python3-confluent-kafka and python3-avro alone.
"""

import collections
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cxtest import services  # noqa: E402

import changed_packs as packs  # noqa: E402
import refusals  # noqa: E402
from pipeline import Pipeline  # noqa: E402

WITHOUT_BYTES = {"FORBIDDEN_FIELD", "CONSENT_MISSING", "REPORTER_NAMED", "UNDER_18"}  # what must not be kept is not sent round


class Refusals(unittest.TestCase):
    """Every message first, in one log; then each test looks at what became of its own."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline()
        cls.addClassCleanup(cls.p.stop)
        services.shell(cls.p.servers, "cx_quietly department add stranger")
        cls.p.start()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        services.chengxin(cls.p.servers, "policy", "publish", packs.production(cls.folder.name))
        services.chengxin(cls.p.servers, "policy", "activate", packs.copied(cls.folder.name) / "chengde" / "2026-01",
                          "--jurisdiction", "130800", "--who", "test", "--why", "test", "--wait", "60")
        cls.market = cls.p.department("market")
        groups = {"bytes": refusals.of_bytes(cls.p.schemas), "form": refusals.of_form(), "law": refusals.of_law(),
                  "listing": refusals.of_listing(), "identity": refusals.of_identity()}
        cls.sent = []  # (group, name, reason, bytes), in the order of their offsets
        for group, cases in groups.items():
            for case in [*cases, refusals.good(f"good-{group}")]:
                name, reason, message = case
                cls.sent.append((group, name, reason, message if isinstance(message, bytes) else cls.p.schemas.encode(message)))
        cls.market.send_bytes(*(s[3] for s in cls.sent))
        cls.p.settle()
        cls.others = list(refusals.of_others())
        for department, _, _, message in cls.others:
            cls.p.department(department).send(message)
        cls.p.settle()
        cls.came = collections.defaultdict(list)
        for rejection in cls.market.rejections():
            cls.came[rejection["partition"], rejection["offset"]].append(rejection)

    def check(self, group):
        for offset, (its_group, name, reason, message) in enumerate(self.sent):
            if its_group != group:
                continue
            with self.subTest(name):
                came = self.came.get((0, offset), [])
                self.assertEqual([r["reason"] for r in came], [reason] if reason else [])
                for rejection in came:
                    self.check_bytes(rejection, message)

    def check_bytes(self, rejection, message):
        self.assertTrue(rejection["text"])
        at_intake = rejection["stage"] == "intake"
        self.assertEqual(rejection["body"], message if at_intake and rejection["reason"] not in WITHOUT_BYTES else None)

    def test_bytes(self):
        self.check("bytes")

    def test_form(self):
        self.check("form")

    def test_law(self):
        self.check("law")

    def test_listing(self):
        self.check("listing")

    def test_identity(self):
        self.check("identity")

    def test_others(self):
        for department, name, reason, message in self.others:
            with self.subTest(name):
                came = self.p.department(department).rejections()
                self.assertEqual([(r["event_id"], r["reason"], r["body"]) for r in came], [(message["event_id"], reason, None)])

    def test_a_measure_without_end_is_in_no_pack(self):
        """What no department can send, for no law has it: the pack is refused, by file, row and column."""
        with tempfile.TemporaryDirectory() as folder:
            done = services.chengxin(self.p.servers, "policy", "publish", packs.endless(folder), check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stderr, r"measures\.csv.*row \d+.*a measure that ends by an event needs a review date")
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_what_was_good_among_them_is_accepted(self):
        verdicts = self.p.verdicts()
        for group in ("bytes", "form", "law", "listing", "identity"):
            self.assertEqual(verdicts["market", f"good-{group}"], ["OK"])

    def test_each_is_counted_by_its_reason(self):
        counted = collections.Counter()
        for service in ("intake", "courier"):
            for key, value in self.p.metrics(service).items():
                if key.startswith("chengxin_rejects_total{") and value:
                    counted[key.split('reason="')[1].split('"')[0]] += int(value)
        reasons = [s[2] for s in self.sent if s[2]] + [o[2] for o in self.others]
        self.assertEqual(dict(counted), dict(collections.Counter(reasons)))

    def test_history_keeps_position_and_reason(self):
        rows = self.p.sql("SELECT inbound_partition, inbound_offset, reason FROM history.dead_letters WHERE department = 'market'")
        self.assertEqual(sorted(rows), [(0, offset, s[2]) for offset, s in enumerate(self.sent) if s[2]])

    def test_with_a_department_added_while_services_were_down(self):
        """Back within their session, the broker hands members what they had: without the new department's topics. (The
        last test, by its name: it ends the counters of intake.)"""
        down = [self.p.services[name] for name in ("intake", "history")]
        for service in down:
            service.kill()
        services.chengxin(self.p.servers, "department", "add", "newcomer")
        for service in down:
            service.start()
        newcomer = self.p.department("newcomer")
        newcomer.send(refusals.good("newcomer-1")[2])
        self.p.settle()
        self.assertEqual([r["reason"] for r in newcomer.rejections()], ["UNKNOWN_DEPARTMENT"])
        self.assertEqual(self.p.sql("SELECT reason FROM history.dead_letters WHERE department = 'newcomer'"),
                         [("UNKNOWN_DEPARTMENT",)])


if __name__ == "__main__":
    unittest.main()
