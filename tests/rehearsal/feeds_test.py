#!/usr/bin/python3
"""The day-2 rehearsal, of the spine: what the runbook names is broken, its alert rings, its own commands are typed, and they help."""

import json
import re
import unittest

from cxtest.waiting import wait_until

from rehearsal import Rehearsal

from desk import COURT
from events import event, organisation, person, record
from people import People

PACK = "deploy/policies/shijiazhuang/2027-01"


class Feeds(Rehearsal):
    listed = People.listed

    def test_1_the_story_of_a_feed_that_stalled(self):
        """A newcomer with the runbook alone: which department's feed, since when, what to do."""
        story = "a-feed-stalled-the-story-in-three-commands"
        self.p.services["intake"].kill()
        self.send("story")
        self.assertEqual(self.alarm.wait("chengxin-feed-stalled"), {"topic": "credit.in.market"})
        which, why = self.type(story, 0), self.type(story, 1)
        row = next(line.split() for line in which.splitlines() if "credit.in.market" in line)
        self.assertIn(row[0], ("stopped", "stalled", "behind"), which)
        self.assertRegex(which, r"(?m)credit\.in\.market .* \d+(\.\d+)? ?s\b", which)
        self.assertIn("inactive (dead)", why)
        self.type(story, 2)
        self.alarm.silence("chengxin-feed-stalled")
        self.well("story")

    def test_2_a_clock_that_ended(self):
        self.p.services["clock"].kill()
        before = self.tick()
        self.alarm.wait("chengxin-service-down", instance=self.instance("clock"))
        self.type("chengxin-ticks-stopped")
        wait_until(lambda: self.tick() > before, 60, "a tick after the restart")
        self.alarm.silence("chengxin-service-down")
        self.well()

    def test_3_services_that_are_down(self):
        """Nobody has the sanctioner's partitions; the courier's process has ended, too."""
        for name in ("sanctioner", "courier"):
            self.p.services[name].kill()
        self.send("down")
        self.alarm.wait("chengxin-service-down", instance=self.instance("courier"))
        self.alarm.wait("chengxin-group-stopped", group="credit.sanctioner")
        self.assertIn("stopped", self.type("chengxin-group-stopped", GROUP="sanctioner", SERVICE="sanctioner"))
        self.assertIn("inactive (dead)", self.type("chengxin-service-down", SERVICE="courier"))
        for alert in ("chengxin-service-down", "chengxin-group-stopped"):
            self.alarm.silence(alert)
        self.well("down")

    def test_4_a_second_slot(self):
        """Where one does not keep up."""
        members = lambda: {r["member"] for r in json.loads(self.chengxin("lag", "classifier", "--once", "--json").stdout)["partitions"]}
        self.assertEqual(members(), {"credit.classifier-0"})
        self.type("chengxin-lag-high", SERVICE="classifier")
        try:
            wait_until(lambda: members() == {"credit.classifier-0", "credit.classifier-1"}, 60, "two of them share the partitions")
            self.well()
        finally:
            self.typist.systemctl("stop", "chengxin-classifier@1")

    def test_5_dead_letters_pile_up(self):
        for n in range(20):
            self.market.send(event(f"rj-{n}", organisation(99020010 + n), record("MORAL-SCORE")))
        self.assertTrue(self.alarm.wait("chengxin-rejects-high"))
        self.p.settle()
        place = self.letters("--department", "market")[0]["position"]
        said = self.type("chengxin-rejects-high", 0, POSITION=place)
        self.assertRegex(said, r"market +ITEM_NOT_IN_CATALOG +OPEN +20 ")
        self.assertIn("20 letters redriven", self.type("chengxin-rejects-high", 1, REASON="ITEM_NOT_IN_CATALOG"))
        self.p.settle()
        self.assertEqual([x["refused"] for x in self.letters("--department", "market")], [2] * 20)  # the cause is not gone
        self.type("chengxin-rejects-high", 2)
        self.assertEqual(self.letters("--department", "market"), [])
        self.alarm.silence("chengxin-rejects-high")
        self.well()

    def test_6_a_breaker_holds_a_feed(self):
        self.court.send(*(e for n in range(64) for e in self.listed(f"hb-{n}", person(order=600 + n))))
        self.p.settle()
        held = self.letters("--reason", "HELD_BY_BREAKER")
        self.assertTrue(held)
        shown = self.type("a-breaker-holds-a-feed", 0, DEPARTMENT="court")
        breaker = re.search(r'"breaker": "([^"]+)"', shown).group(1)
        self.assertIn("J-1", shown)
        self.court.send(event("hb-release", None, {"BreakerRelease": {"breaker": breaker}}, COURT, ("HEAD", "J-2")))
        self.p.settle()
        self.type("a-breaker-holds-a-feed", 1, DEPARTMENT="court")
        self.p.settle()
        verdicts = self.verdicts()
        self.assertEqual({verdicts["court", x["event"]][-1] for x in held}, {"OK"})
        self.well()

    def test_7_a_person_is_to_be_erased(self):
        someone, path = person(order=495), self.typist.folder / "subject"
        self.court.send(event("er-person", someone, record("CT-DEFAULTER", (), 52000000), COURT, ("JUDGE", "J-1")))
        self.p.settle()
        path.write_text(someone["id"] + "\n")
        self.assertIn("rows erased", self.type("a-person-is-to-be-erased", SUBJECT_FILE=str(path)))
        self.well()

    def test_8_a_pack_that_not_every_stage_has_compiled(self):
        self.p.services["registrar"].kill()
        self.chengxin("policy", "publish", PACK)
        asked = self.chengxin("policy", "activate", PACK, "--jurisdiction", "130100", "--who", "OP-7", "--why", "rehearsal",
                              "--wait", "1", code=1)
        self.assertIn("the clock has not answered yet", asked.stdout)
        newest = lambda: json.loads(self.chengxin("policy", "list", "--json").stdout)[-1]
        wait_until(lambda: all("registrar" in m for m in newest()["not_compiled_by"]), 60, "the others have compiled it")
        self.assertEqual((newest()["in_force"], len(newest()["not_compiled_by"])), (0, 1))
        row = self.type("a-pack-does-not-take-effect", 0).splitlines()[2]
        self.assertRegex(row, r"^shijiazhuang/2027-01 .* - +credit\.registrar", row)
        self.type("a-pack-does-not-take-effect", 1, SERVICE="registrar")
        wait_until(lambda: newest()["in_force"] == newest()["partitions"], 60, "the pack is in force")
        self.assertEqual(newest()["not_compiled_by"], [])
        self.well()


if __name__ == "__main__":
    unittest.main(failfast=True)
