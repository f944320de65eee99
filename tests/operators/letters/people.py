"""Erasing a person."""

from cxtest import topics

from desk import COURT, WHO
from events import document, event, person, record


class People:
    def listed(self, name, subject, day="2026-03-01"):
        """A court's record of a defaulter, and its decision."""
        judge = ("JUDGE", "J-1")
        return (event(f"{name}-r", subject, record("CT-DEFAULTER", (), 52000000), COURT, judge),
                event(f"{name}-d", subject, {"ListingDecision": {
                    "list": "B-COURT", "notice": "", "rests_on": [f"{name}-r"], "grade": "SERIOUS", "case": "2", "measures": ["M-FLIGHT"],
                    "exit": "PERFORMANCE", "remedy": "CORRECTION-OR-REVIEW"}}, COURT, judge))

    def identities(self, pseudonym):
        """key -> state, of the subject's rows."""
        newest = topics.latest(topics.dump(self.p.servers.bootstrap, "credit.identities"))
        return {key: self.p.schemas.decode("Identity", value)["state"] for (_, key), value in newest.items()
                if key.startswith(bytes.fromhex(pseudonym))}

    def told(self, subject):
        """(department, notice) of all notices about the subject, in no order."""
        rows = self.p.sql("SELECT DISTINCT department FROM history.notices WHERE subject = %s", bytes.fromhex(subject))
        entries = {e for e, in self.p.sql("SELECT DISTINCT entry FROM history.notices WHERE subject = %s", bytes.fromhex(subject))}
        return [(name, n) for name, in rows for n in self.p.department(name).notices() if n["entry"] in entries]

    def test_7_a_person_is_erased(self):
        someone = person(order=491)
        number = someone["id"] + "\n"
        late = event("er-late", someone, record(), document(effective_on="2026-03-20"), text="made up")
        self.court.send(*self.listed("er", someone))
        self.market.send(late, event("er-text", someone, record(), text="some free text"))
        self.p.settle()
        self.assertEqual(self.verdicts()["court", "er-d"], ["OK"])
        for arguments, code in (((), 2), (("--who", "OP-7"), 2), ((*WHO, someone["id"]), 2)):  # never as an argument
            self.chengxin("subject", "erase", *arguments, stdin=number, code=code)
        self.chengxin("subject", "erase", *WHO, stdin=person(order=493)["id"] + "\n", code=3)
        would = self.chengxin("subject", "erase", *WHO, "--dry-run", stdin=number).stdout
        pseudonym = would.split(":")[0]
        self.assertEqual(set(self.identities(pseudonym).values()), {"SEALED"})
        before = self.told(pseudonym)
        self.assertTrue(before and all(n["identity"] for _, n in before), before)
        said = self.chengxin("subject", "erase", *WHO, stdin=number).stdout
        self.assertIn("3 rows erased", said)  # the identity, and two events' text
        self.assertNotIn(someone["id"], said + would)
        self.assertEqual(self.identities(pseudonym), {key: "ERASED" for key in self.identities(pseudonym)})
        act, = (a for a in self.acts() if a["kind"] == "ERASE")
        self.assertEqual((act["subject"].hex(), act["who"], act["why"]), (pseudonym, "OP-7", "a test of redriving"))
        self.assertIn("erased before", self.chengxin("subject", "erase", *WHO, stdin=number).stdout)
        self.clock("2026-04-10")  # responses are overdue: who is told of it now is told the reference alone
        known = {n["id"] for _, n in before}
        after = [n for _, n in self.told(pseudonym) if n["id"] not in known]
        self.assertTrue(after and all(n["identity"] is None and n["reference"] for n in after), after)
        place, = (x["position"] for x in self.letters("--event", "er-late"))
        self.redrive("--department", "market", "--position", place)
        self.assertEqual(self.verdicts()["market", "er-late"], ["DOCUMENT_NOT_IN_EFFECT", "OK"])
        self.assertEqual(set(self.identities(pseudonym).values()), {"ERASED"})  # it came before: it brings nothing back
        self.chengxin("replay", "--subject", pseudonym)
        self.assertEqual(set(self.identities(pseudonym).values()), {"ERASED"})
