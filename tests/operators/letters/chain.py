"""Letters that rest on one another, discarding, and wrong usage."""

from desk import COURT, GRAVE, WHO, ZB44
from events import document, event, organisation, record


class Chain:
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


    def test_3_discard(self):
        self.market.send(event("ds-1", organisation(99000102), record("MORAL-SCORE")))
        self.p.settle()
        letter, = self.letters("--event", "ds-1")
        place = letter["position"]
        self.chengxin("letters", "discard", "--department", "market", "--position", place, *WHO)
        self.assertEqual(self.letters("--event", "ds-1"), [])
        letter, = self.letters("--event", "ds-1", "--all")
        self.assertEqual((letter["state"], letter["acts"][0]["kind"], letter["acts"][0]["who"]), ("DISCARDED", "DISCARD", "OP-7"))
        shown = self.chengxin("letters", "show", "market", place).stdout
        for word in ("ITEM_NOT_IN_CATALOG", "a test of redriving", "DISCARD"):
            self.assertIn(word, shown)
        done = self.redrive("--department", "market", "--position", place, "--again")
        self.assertEqual(len(done["redriven"]), 1)
        letter, = self.letters("--event", "ds-1")  # refused once more, so it is open once more
        self.assertEqual((letter["state"], letter["refused"]), ("OPEN", 2))

    def test_4_wrong_usage(self):
        for arguments, code, words in (
                (("list", "--department", "no-such"), 3, "department no-such"),
                (("redrive", "--department", "no-such", *WHO), 3, "department no-such"),
                (("redrive", "--department", "market", "--position", "0:999999", *WHO), 3, "no letter"),
                (("show", "market", "7:1"), 3, "no letter"),
                (("show", "market", "x"), 2, "PARTITION:OFFSET"),
                (("redrive", *WHO), 2, "--department"),
                (("redrive", "--department", "market"), 2, "--who"),
                (("redrive", "--department", "market", "--who", "", "--why", "x"), 2, "--who"),
                (("redrive", "--department", "market", "--who", "a\nb", "--why", "x"), 2, "--who"),
                (("list", "--position", "0:1"), 2, "--department"),
                (("list", "--from", "yesterday"), 2, "yesterday"),
                (("discard", "--department", "market", "--reason", "NO_SUCH_REASON", *WHO), 3, ""),
                (("burn",), 2, "list, show, redrive or discard")):
            with self.subTest(arguments):
                self.assertIn(words, self.chengxin("letters", *arguments, code=code).stderr)
