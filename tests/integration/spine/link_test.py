#!/usr/bin/python3
"""A subject whose identifier changed: one status, and one explanation of what happened under both pseudonyms. And, on the same log,
what is public: one decision at a time, by command."""

import json
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cxtest import services, topics  # noqa: E402
from events import document, event, organisation, person, record  # noqa: E402
from pipeline import Pipeline  # noqa: E402

PAPERS = document("court", "FS-2017", "样法执〔2026〕7号")
JUDGE = ("JUDGE", "J-009")


class Link(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline()
        cls.addClassCleanup(cls.p.stop)
        cls.p.start()
        cls.old, cls.new = person(order=101), person(order=102)
        court, market = cls.p.department("court"), cls.p.department("market")
        court.send(event("ct-1", cls.old, {"Record": {"item": "CT-DEFAULTER", "amount": 52000000}}, PAPERS, JUDGE),
                   event("ld-1", cls.old, {"ListingDecision": {
                       "list": "B-COURT", "notice": "", "rests_on": ["ct-1"], "grade": "SERIOUS", "case": "2", "measures": ["M-FLIGHT"],
                       "exit": "PERFORMANCE", "remedy": "CORRECTION-OR-REVIEW"}}, PAPERS, JUDGE))
        market.send(event("mk-1", cls.old, record()))
        cls.p.settle()
        cls.before = cls.status_of_all()
        services.chengxin(cls.p.servers, "clock", "--to", "2026-03-10")
        cls.p.settle()
        market.send(event("link", cls.old, {"SubjectEvent": {"kind": "IDENTIFIER_CHANGED", "other": 0}}, others=[cls.new]))
        cls.p.settle()
        cls.linked = cls.status_of_all()
        cls.shown = [cls.in_redis(subject) for subject in cls.linked]
        services.chengxin(cls.p.servers, "clock", "--to", "2026-03-20")
        cls.p.settle()
        court.send(event("pf-1", cls.new, {"Performance": {"target": "ld-1", "kind": "PERFORMED", "performed_on": "2026-03-01"}},
                         PAPERS, JUDGE))
        cls.p.settle()

    @classmethod
    def status_of_all(cls, *moment):
        """pseudonym -> what history says is in force: (kind, id)."""
        places = ", ".join(["%s"] * len(moment))
        found = {}
        for (subject,) in cls.p.sql("SELECT DISTINCT subject FROM history.events WHERE event_id IN ('ct-1', 'pf-1', 'link')"):
            rows = cls.p.sql(f"SELECT kind, id FROM history.status_as_of(%s{', ' + places if moment else ''})", subject, *moment)
            found[bytes(subject)] = sorted(rows)
        return found

    @classmethod
    def in_redis(cls, subject):
        """What `chengxin status` says of a pseudonym now."""
        return json.loads(services.chengxin(cls.p.servers, "status", subject.hex(), "--purpose", "AUDIT", "--json").stdout)

    def test_redis_answers_under_either(self):
        self.assertEqual([([e["id"] for e in s["entries"]], [r["event_id"] for r in s["records"]]) for s in self.shown],
                         [([self.entry()], ["ct-1"])] * 2)
        old, = [s for s in self.shown if "found_under" in s]
        new, = [s for s in self.shown if "found_under" not in s]
        self.assertEqual(old["found_under"], new["subject"])
        self.assertEqual({s["subject"] for s in self.shown}, {k.hex() for k in self.linked})
        services.chengxin(self.p.servers, "verify", "redis")

    def entry(self):
        (name,), = self.p.sql("SELECT DISTINCT entry FROM history.entries WHERE decision = 'ld-1'")
        return name

    def explain(self, name):
        done = services.chengxin(self.p.servers, "explain", name, "--purpose", "AUDIT", "--json")
        return json.loads(done.stdout)

    def test_the_explanation_of_the_entry_goes_on_under_the_new_pseudonym(self):
        chain = self.explain(self.entry())
        self.assertEqual([(t["cause"], t["from"], t["to"]) for t in chain["transitions"]],
                         [("LISTING_DECISION", "NONE", "IN_FORCE"), ("LINKED", "IN_FORCE", "REMOVED"), ("LINKED", "NONE", "IN_FORCE"),
                          ("PERFORMANCE", "IN_FORCE", "REMOVED")])
        self.assertEqual(chain["state"], "REMOVED")
        self.assertEqual({v["event_id"] for v in chain["events"]}, {"ct-1", "ld-1", "link", "pf-1"})
        self.assertTrue({"ct-1"} <= {r["event_id"] for r in chain["records"]})
        self.assertEqual([n["kind"] for n in chain["told"]][0], "IMPOSE")
        stop, *_ = (n["notice"] for n in chain["told"] if n["kind"] == "STOP")
        self.assertEqual(len(chain["subjects"]), 2)
        self.assertIn(chain["subject"], chain["subjects"])
        self.assertEqual(self.explain(stop)["entry"]["transitions"], chain["transitions"])
        self.assertEqual(self.explain("court/pf-1")["events"][-1]["verdict"], "OK")

    def disclose(self, verb, what, *more, subject="", code=0):
        """Every verb but show takes the subject's number, show its name."""
        papers = ("--document", f"P-{more[1] if more else ''}", "--basis", "SPAQ-122", "--official", "HEAD:7", "--jurisdiction", "130100")
        extra = papers if verb != "show" else ("--purpose", "AUDIT", "--json")
        done = services.chengxin(self.p.servers, "disclose", verb, what, *more, *extra, stdin=subject + "\n", check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout) if verb == "show" and code == 0 else done.stderr

    def clock(self, code):
        """What the publication clock says of the market's decisions."""
        done = services.chengxin(self.p.servers, "report", "publication", "--json", check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return next(({k: row[k] for k in ("due", "in_time", "late", "overdue")} for row in json.loads(done.stdout)
                     if row["department"] == "market"), None)

    def test_what_is_public(self):
        company, number = organisation(7), self.new["id"]
        grave = record(facts=(("penalty", "REVOKE_LICENCE"),))
        self.p.department("market").send(event("pub-1", company, grave), event("pub-2", self.new, grave))
        self.p.settle()
        self.assertEqual(self.clock(3), {"due": 0, "in_time": 0, "late": 0, "overdue": 2}, "decided on the 1st, and it is the 20th")
        self.disclose("show", "market/pub-1", subject=company["name"], code=3)
        self.disclose("publish", "market/pub-1", "--id", "u-1", subject=company["id"])
        self.disclose("publish", "market/pub-2", "--id", "u-2", subject=number)
        shown = self.disclose("show", "market/pub-1", subject=company["name"])
        self.assertEqual((shown["name"], shown["item"], shown["document"], shown["published_on"]),
                         (company["name"], "MK-FOOD-PENALTY", "样罚〔2026〕1号", "2026-03-20"))
        self.assertEqual(set(shown) & {"subject", "naming"}, set())
        self.assertEqual(self.disclose("show", "market/pub-2", subject="张三")["name"], "张*")
        self.assertEqual(self.clock(0), {"due": 0, "in_time": 0, "late": 2, "overdue": 0})
        for reason, code, decision, subject in (("PUBLIC_ALREADY", 3, "market/pub-1", company["id"]), ("NO_CONSENT", 3, "court/ct-1", number),
                                                ("NO_SUCH_EVENT", 3, "market/pub-1", number), ("WRONG_LENGTH", 1, "market/pub-1", "7")):
            said = self.disclose("publish", decision, "--id", f"u-{reason}", subject=subject, code=code)
            self.assertIn(f"({reason})", said)
        self.disclose("withdraw", "market/u-1", "--id", "w-1", subject=company["id"])
        self.disclose("show", "market/pub-1", subject=company["name"], code=3)
        self.p.department("market").send(event("w-2", self.new, {"Withdrawal": {"target": "pub-2", "reason": "A"}}))
        self.p.settle()
        self.disclose("show", "market/pub-2", subject="张三", code=3)
        self.assertEqual(self.p.sql("SELECT event_id, ended FROM history.publications ORDER BY 1"),
                         [("u-1", "WITHDRAWAL"), ("u-2", "NOT_IN_FORCE")])
        self.assertIn(("market/pub-2", "PUBLICATION_ENDED"),
                      {(n["entry"], n["cause"]) for n in self.p.department("market").notices()})
        services.chengxin(self.p.servers, "replay")

    def test_who_asked_is_logged_for_both(self):
        self.explain(self.entry())
        self.p.settle()
        chain = self.explain(self.entry())
        self.p.wait(lambda: {bytes(s).hex() for s, in self.p.sql("SELECT DISTINCT subject FROM history.access WHERE target = %s",
                                                                self.entry())} == set(chain["subjects"]), "the access log")

    def test_at_rest_the_services_sleep(self):
        """What they follow beside their input waits at the broker: asked for every 10 ms it would wake them 115 times a second."""
        self.p.settle()
        before, began = {name: s.rests() for name, s in self.p.services.items()}, time.monotonic()
        seconds = self.p.wait(lambda: max(0, time.monotonic() - began - 3), "three seconds", 20) + 3
        often = {name: round((s.rests() - before[name]) / seconds) for name, s in self.p.services.items()}
        self.assertLess(max(often.values()), 70, often)

    def test_a_notice_says_where_it_comes_from(self):
        (place,), = self.p.sql("SELECT origin_partition || '.' || origin_offset || '.' FROM history.events WHERE event_id = 'ld-1'"
                               " AND origin_index = 0")
        first, *_ = topics.dump(self.p.servers.bootstrap, "credit.notices.civil-aviation")
        headers = {name: value.decode() for name, value in first.headers}
        self.assertEqual(list(headers), ["cx-pack", "cx-tick", "cx-origin", "traceparent"])
        self.assertRegex(headers["cx-pack"], "^[0-9a-f]{64}$")
        self.assertEqual(headers["cx-tick"], str(first.timestamp))
        self.assertRegex(headers["cx-origin"], rf"^{re.escape(place)}\d+$")
        self.assertRegex(headers["traceparent"], "^00-[0-9a-f]{32}-[0-9a-f]{16}-01$")

    def test_one_status_history_of_both(self):
        both = [("entry", self.entry()), ("record", "ct-1")]
        self.assertEqual(list(self.before.values()), [both])
        self.assertEqual(len(self.linked), 2)
        for found in self.linked.values():
            self.assertEqual(found, both)
        then = self.status_of_all("2026-03-05T00:00:00+08:00")
        self.assertEqual(len(then), 2)
        for found in then.values():
            self.assertEqual(found, both, "as it was, under either")
        for found in self.status_of_all().values():
            self.assertEqual(found, [("record", "ct-1")])
        known = self.status_of_all("2026-03-05T00:00:00+08:00", "2026-03-05T00:00:00+08:00")
        self.assertEqual(sorted(known.values()), [[], both], "before the link was known they were two")


if __name__ == "__main__":
    unittest.main()
