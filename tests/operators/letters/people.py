"""Erasing a person, and the circuit breaker."""

import json

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

    # --- the circuit breaker
    def held(self):
        return json.loads(self.chengxin("breaker", "list", "--json").stdout)

    def test_8_a_breaker_is_released_by_a_second_official(self):
        self.assertIn("nothing is held", self.chengxin("breaker", "list").stdout)
        self.chengxin("breaker", "show", "court", code=3)
        subjects = [person(order=500 + n) for n in range(64)]
        self.court.send(*(e for n, s in enumerate(subjects) for e in self.listed(f"br-{n}", s)))
        self.p.settle()
        waiting = self.letters("--reason", "HELD_BY_BREAKER")
        breaker, = self.held()
        self.assertTrue(0 < len(waiting) == breaker["letters"] < 64, (len(waiting), breaker))
        self.assertEqual((breaker["department"], breaker["signed_by"], breaker["held"]), ("court", ["J-1"], True))
        self.assertLessEqual(breaker["listed"], 13)  # a quarter of 50, rounded up: in the partition that tripped
        self.assertRegex(breaker["since"], r"^2026-0[34]-")
        self.assertIn(breaker["breaker"], {x["because"] for x in waiting})  # the department was told
        self.assertIn(breaker["breaker"], {r["because"] for r in self.court.rejections() if r["reason"] == "HELD_BY_BREAKER"})
        accepted = next(n for n in range(64) if self.verdicts()["court", f"br-{n}-d"] == ["OK"])
        release = lambda name, official, which: event(name, None, {"BreakerRelease": {"breaker": which}}, COURT, official)
        self.court.send(event("br-perf", subjects[accepted], {"Performance": {"target": f"br-{accepted}-d", "kind": "PERFORMED",
                                                                              "performed_on": "2026-02-28"}}, COURT, ("JUDGE", "J-1")),
                        release("rl-same", ("JUDGE", "J-1"), breaker["breaker"]), release("rl-wrong", ("HEAD", "J-2"), "b.0.1"),
                        release("rl-nobody", ("NONE", ""), breaker["breaker"]))
        self.p.settle()
        verdicts = self.verdicts()
        self.assertEqual([verdicts["court", name] for name in ("br-perf", "rl-same", "rl-wrong", "rl-nobody")],
                         [["OK"], ["SAME_OFFICIAL"], ["NO_SUCH_EVENT"], ["NOT_BY_AN_OFFICIAL"]])
        self.assertEqual(len(self.held()), 1)
        self.assertIn(f'"breaker": "{breaker["breaker"]}"', self.chengxin("breaker", "show", "court").stdout)
        self.court.send(release("rl-second", ("HEAD", "J-2"), breaker["breaker"]))
        self.p.settle()
        self.assertEqual(self.verdicts()["court", "rl-second"], ["OK"] * 4)  # in its own partition, and told to the others
        self.assertEqual(self.held(), [])
        self.assertIn("released", self.chengxin("breaker", "list", "--all").stdout)
        done = self.redrive("--department", "court", "--reason", "HELD_BY_BREAKER")
        self.assertEqual(len(done["redriven"]), len(waiting))
        verdicts = self.verdicts()
        self.assertEqual({verdicts["court", x["event"]][-1] for x in waiting}, {"OK"})
