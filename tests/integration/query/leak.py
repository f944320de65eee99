"""A leak, and its drill: what the runbook says is typed as it stands there, on the pipeline of query_test.py."""

import datetime
import json
import pathlib
import sys
import tempfile

from cxtest import servers, services

sys.path.append(str(servers.ROOT / "tests" / "rehearsal"))

from typist import Typist  # noqa: E402



class Leak:
    """Mixed into the test that has the pipeline, the tokens and the desk."""

    def typist(self, **names):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        public = self.p.servers.folder / "secrets" / "vault" / "checkpoint.pub"
        return Typist(type(self), self.p, FILE=str(pathlib.Path(folder.name) / "found.json"), PUBLIC_KEY=str(public), **names)

    def kinds(self, **wanted):
        return [a["kind"] for _, a in self.p.dump("credit.operations", "Act") if all(a[k] == v for k, v in wanted.items())]

    def test_a_leaked_token_is_ended_and_whom_it_touched_is_told(self):
        """The thief asks about two persons, one of them under two numbers, and about nobody; and is refused twice."""
        token = self.issue("emergency", "SUPERVISION")
        name = token.split(".")[1]
        body = {"purpose": "SUPERVISION", "official": "N-9", "matter": "THEFT"}
        subjects = [self.person, self.old, self.new]
        self.p.wait(lambda: self.desk.ask("/v1/status", token, subject={"id": self.person["id"]}, **body)[0] == 200, "the token is known")
        for subject in subjects[1:]:
            self.assertEqual(self.desk.ask("/v1/status", token, subject={"id": subject["id"]}, **body)[0], 200)
        self.assertEqual(self.desk.ask("/v1/status", token, subject={"id": self.person["id"]}, **{**body, "purpose": "LICENSING"})[0], 403)
        typist = self.typist(TOKEN=name, DEPARTMENT="market")
        key = self.p.servers.folder / "secrets" / "vault" / "departments" / "market.pub"
        before = key.read_text()
        self.p.settle()
        said = typist.type("a-leak")
        self.assertIn("is revoked", said)
        self.assertNotEqual(before, key.read_text(), "the department has a new key")
        traced = json.loads(pathlib.Path(typist.environment["FILE"]).read_text())
        rows = [row for row in self.accesses() if row["token"] == name]
        self.assertEqual((traced["token"], traced["queries"], traced["refused"]), (name, len(rows), len([r for r in rows if not r["allowed"]])))
        self.assertEqual({(a["official"], a["matter"]) for a in traced["asked"] if a["allowed"]}, {("N-9", "THEFT")})
        self.assertIn("NOT_AUTHORISED", [a["refused_because"] for a in traced["asked"]])
        known = [sorted(a["known_to"]) for a in traced["affected"]]
        self.assertEqual(sorted(known), sorted([["court", "market"]] + [["market"]] * (len(known) - 1)), traced["affected"])
        self.assertNotIn(self.person["id"], json.dumps(traced))
        self.assertEqual(self.kinds(token=name), ["TOKEN_ISSUE", "TOKEN_REVOKE", "TOKEN_TRACE"])
        self.assertEqual(self.kinds(kind="KEY_ROTATE", department="market"), ["KEY_ROTATE"])
        self.p.wait(lambda: self.desk.ask("/v1/status", token, subject={"id": self.person["id"]}, **body)[0] == 401, "it is ended")

    def test_nothing_is_told_without_the_act_and_of_no_token(self):
        done = self.command("trace", "0" * 16, check=False)
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
        done = services.chengxin(self.p.servers, "token", "trace", "0" * 16, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""), "neither who nor why")
        self.assertEqual(self.kinds(token="0" * 16), ["TOKEN_TRACE"])

    def test_the_drill_is_passed_and_an_altered_receipt_is_seen(self):
        self.hour()
        subject = self.p.sql("SELECT encode(subject, 'hex') FROM history.events WHERE event_id = 'ct-1' AND department = 'court'")[0][0]
        typist = self.typist(DEPARTMENT="tax", PURPOSE="LICENSING", SUBJECT=subject)
        said = typist.type("a-leak-drill")
        self.assertIn("the drill is passed", said)
        self.assertIn("they agree", said)
        self.assertEqual(said.count("the receipt holds"), 1, "the altered copy does not: " + said)
        drilled = self.command("drill", "--department", "tax", "--purposes", "LICENSING", "--json")
        outcome = json.loads(drilled.stdout)
        self.assertTrue(outcome["passed"])
        rows = [row for row in self.accesses() if row["token"] == outcome["token"]]
        self.assertEqual({(row["official"], row["matter"]) for row in rows if row["allowed"]}, {("DRILL", outcome["matter"])})
        self.assertIn("TOKEN_INVALID", [row["reason"] for row in rows])
        self.assertEqual(self.kinds(token=outcome["token"]), ["TOKEN_ISSUE", "TOKEN_TRACE", "TOKEN_REVOKE"])

    def test_a_drill_that_cannot_end_well_says_so_and_leaves_no_token(self):
        """The history stands still: nobody would learn of the leak."""
        self.p.services["history"].pause()
        try:
            done = self.command("drill", "--department", "tax", "--purposes", "RECRUITING", "--patience", "2", check=False)
        finally:
            self.p.services["history"].resume()
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
        self.assertIn("DRILL_FAILED", done.stderr)
        listed = json.loads(services.chengxin(self.p.servers, "token", "list", "--json").stdout)["tokens"]
        self.assertEqual([t["purposes"] for t in listed if t["state"] == "valid" and t["purposes"] == "RECRUITING"], [])

    def hour(self):
        """Past the next full hour: what came before it is signed."""
        tick = json.loads(services.chengxin(self.p.servers, "clock", "status", "--json").stdout)["tick"]
        later = datetime.datetime.fromtimestamp(tick / 1000 + 3660, datetime.timezone.utc)
        services.chengxin(self.p.servers, "clock", "--to", later.isoformat(timespec="seconds").replace("+00:00", "Z"))
        self.p.settle()
