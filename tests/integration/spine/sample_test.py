#!/usr/bin/python3
"""The sample's story through the whole pipeline on real servers, against what its generator says must come of it.

Files of penalties and permits go in by `chengxin publish`; every other event is sent by the department's own Python client, the
faulty ones too. expected.json was counted by the generator from what it wrote, never from the pipeline. The other cities' samples are for the long
form: sample_test.py CITY.
"""

import collections
import csv
import datetime
import json
import os
import pathlib
import sys
import unittest

from cxtest import servers, services, topics

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.insert(0, str(servers.ROOT / "ops" / "lib"))

import settle  # noqa: E402
from cited import Cited  # noqa: E402
from department import Department, Schemas, lines  # noqa: E402

ROOT = servers.ROOT
CITY = sys.argv.pop(1) if len(sys.argv) > 1 else "shijiazhuang"
SAMPLE = ROOT / "deploy" / "samples" / CITY
PACK = ROOT / "deploy" / "policies" / CITY / "2026-01"
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def china_day(milliseconds):
    return datetime.datetime.fromtimestamp(milliseconds / 1000, CHINA).date()


def built_schemas():
    return Schemas(pathlib.Path(os.environ["CX_BUILD"]) / "schemas")


class Pipeline:
    """Servers and every service of the tree, with the sample's departments and pack."""

    def __init__(self):
        self.expected = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
        self.servers = servers.shared()
        self.schemas = built_schemas()
        password = (self.servers.folder / "secrets" / "redis-query").read_text()
        self.log = settle.Log(self.servers.bootstrap, self.servers.pg_conninfo, self.servers.redis_socket, password)
        self.refused_here = collections.Counter()  # by chengxin publish, before anything is sent
        services.write_config(self.servers, clock__kind="virtual", clock__start=self.expected["start"],
                              clock__interval__ms=60000, pack__dir=PACK)
        services.shell(self.servers, 'cx_pipeline_prepare "$1"', PACK)
        self.names = services.shell(self.servers, "cx_services").split()
        self.services = [services.Service(self.servers, name).start(ready=False) for name in self.names]
        for service in self.services:
            service.start()
        services.shell(self.servers, 'cx_pipeline_policy "$1"', PACK)
        self.departments, self.read = {}, {}  # read: decided events by their place, each decoded once

    def department(self, name):
        if name not in self.departments:
            self.departments[name] = Department(name, self.servers.bootstrap, self.schemas)
        return self.departments[name]

    def settle(self, *names):
        left = settle.settle(self.log, list(names) or self.names, 60)
        assert left is None, f"behind: {left}"

    def publish_csv(self, file, department):
        done = services.chengxin(self.servers, "publish", SAMPLE / file, "--department", department, "--json", check=False)
        assert done.returncode in (0, 3), f"{file}: {done.stdout}{done.stderr}"
        self.refused_here.update(json.loads(done.stdout)["reasons"])

    def step(self, kind, file, department, value):
        if kind == "clock":
            services.chengxin(self.servers, "clock", "--to", value)
            self.settle()
        elif kind == "publish" and value == "ok" and file.endswith(".csv"):
            self.publish_csv(file, department)
        elif kind == "publish" and value == "ok":
            self.department(department).send(*lines(SAMPLE / file))
            self.settle("intake")  # the next file's department may answer this one's

    def decided(self):
        """Every decided event so far but the ticks, which are most of them: in the order of each partition."""
        for m in topics.dump(self.servers.bootstrap, "credit.decided"):
            if m.key is not None and (m.partition, m.offset) not in self.read:
                self.read[m.partition, m.offset] = self.schemas.decode("Decided", m.value)
        return [self.read[place] for place in sorted(self.read)]

    def stop(self):
        services.stop_all(self.servers)


def entries_of(decided):
    """The last version of each entry that decisions opened, persons' shares in an organisation's left out."""
    entries = {}
    for event in decided:
        for change in event["changes"]:
            if change["entry"] is not None and change["entry"]["decision"] and not change["entry"]["organisation_entry"]:
                entries[change["entry"]["id"]] = change["entry"]
    return entries


class Sample(Cited, unittest.TestCase):
    maxDiff = None
    pack, entries_of = PACK, staticmethod(entries_of)

    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline()
        cls.checkpoints = {}
        with open(SAMPLE / "manifest.csv", encoding="utf-8", newline="") as manifest:
            for row in csv.DictReader(manifest):
                if row["kind"] == "checkpoint":
                    cls.p.settle()
                    cls.checkpoints[row["file"]] = cls.p.decided()
                else:
                    cls.p.step(row["kind"], row["file"], row["department"], row["value"])
        cls.p.settle()
        cls.final = cls.p.decided()

    @classmethod
    def tearDownClass(cls):
        cls.p.stop()

    def test_entries_at_each_checkpoint(self):
        for checkpoint in self.p.expected["checkpoints"]:
            with self.subTest(checkpoint["name"]):
                got = sorted((e["department"], e["decision"], e["list"], e["state"])
                             for e in entries_of(self.checkpoints[checkpoint["name"]]).values())
                want = sorted((e["department"], e["decision"], e["list"], e["state"]) for e in checkpoint["entries"])
                self.assertEqual(got, want)

    def test_every_refusal_has_its_reason(self):
        got = collections.Counter(self.p.refused_here)
        for name in services.shell(self.p.servers, 'cx_pipeline_departments "$1"', PACK).split():
            got.update(r["reason"] for r in self.p.department(name).rejections())
        self.assertEqual(dict(got), self.p.expected["refused"])

    def test_accepted_refused_and_doubled_are_all_there_was(self):
        verdicts = collections.Counter(d["verdict"] for d in self.final
                                       if d["index"] == 0 and d["classified"]["event"]["header"] is not None
                                       and d["classified"]["event"]["cause"] is None)
        unasked = self.p.expected["refused"].get("FEEDBACK_UNASKED", 0)  # the sanctioner's, behind credit.decided
        self.assertEqual(verdicts["OK"], self.p.expected["accepted_total"] + unasked)
        self.assertEqual(verdicts["DUPLICATE"], self.p.expected["duplicates"])

    def test_measures_reach_the_responding_departments(self):
        roles, own = collections.Counter(), collections.Counter()
        for name in self.p.expected["measures_started"]:
            for notice in self.p.department(name).notices():
                if notice["kind"] in ("IMPOSE", "INCENTIVE"):
                    (own if notice["role"] == "SUBJECT" else roles)[name] += 1
                    self.assertTrue(notice["identity"] and notice["reference"], notice)
        self.assertEqual(dict(own), self.p.expected["measures_started"])
        self.assertEqual(dict(roles), self.p.expected["measures_started_for_role_holders"])

    def report(self, name):
        return json.loads(services.chengxin(self.p.servers, "report", name, "--json").stdout)

    def own(self):
        """What departments said themselves: (header, event, verdict)."""
        for d in self.final:
            event = d["classified"]["event"]
            if d["index"] == 0 and event["header"] is not None and event["cause"] is None:
                yield event["header"], event, d["verdict"]

    def test_report_of_sources(self):
        home, got = collections.defaultdict(dict), {r["department"]: r for r in self.report("sources")}
        for name in got:
            home[name] = {(r["partition"], r["offset"]): r["reason"] for r in self.p.department(name).rejections()}
        accepted = collections.Counter(h["department"] for h, _, verdict in self.own() if verdict == "OK" and
                                       (h["inbound_partition"], h["inbound_offset"]) not in home[h["department"]])
        self.assertEqual({name: row["accepted"] for name, row in got.items()}, {name: accepted[name] for name in got})
        self.assertEqual({name: row["refused"] for name, row in got.items()}, {name: len(home[name]) for name in got})
        for name, row in got.items():
            reasons = collections.Counter(home[name].values())
            self.assertEqual(reasons.get(row["mostly"]), max(reasons.values(), default=None))

    def test_report_of_sources_says_since_when_it_is_silent(self):
        """By the log's own days, not the machine's."""
        last, now = {}, max(m.timestamp for m in topics.dump(self.p.servers.bootstrap, "credit.decided"))
        for d in self.final:
            header = d["classified"]["event"]["header"]
            if d["index"] == 0 and header is not None and d["classified"]["event"]["cause"] is None:
                last[header["department"]] = max(d["effective"].timestamp(), last.get(header["department"], 0))
        silent = {r["department"]: r["silent_days"] for r in self.report("sources")}
        quiet = {name for name in last if not any(r["stage"] == "intake" for r in self.p.department(name).rejections())}
        self.assertEqual({name: silent[name] for name in quiet}, {name: int(now / 1000 - last[name]) // 86400 for name in quiet})
        self.assertTrue(any(silent[name] > 30 for name in quiet), silent)

    def test_report_of_completeness(self):
        records, whole = collections.Counter(), collections.Counter()
        for header, event, verdict in self.own():
            body = event["body"]
            if verdict == "OK" and {"item", "amount", "facts"} <= set(body):
                records[header["department"]] += 1
                papers, official = header["document"], header["official"]
                whole[header["department"]] += bool(body["amount"] is not None and body["facts"] and papers["issuing_body"] and
                                                    official and official["number"])
        got = {r["department"]: (r["records"], r["complete_percent"]) for r in self.report("completeness")}
        self.assertEqual(got, {name: (n, 100 * whole[name] // n) for name, n in records.items()})

    def test_report_of_overdue_answers(self):
        """The newest asking counts: a measure is asked for again when a repair was revoked, say."""
        answered, asked, stopped = collections.defaultdict(list), {}, collections.defaultdict(list)
        for d in self.final:
            event = d["classified"]["event"]
            if d["index"] == 0 and d["verdict"] == "OK" and event["header"] and {"measure", "outcome"} <= set(event["body"]):
                answered[event["header"]["department"], event["body"]["measure"]].append(d["effective"].timestamp() * 1000)
        for m in sorted(topics.dump(self.p.servers.bootstrap, "credit.notices"), key=lambda m: m.timestamp):
            dispatch = self.p.schemas.decode("Dispatch", m.value)
            notice = dispatch["notice"]
            key = (dispatch["department"], notice["measure_id"]) if notice else None
            if notice and notice["kind"] in ("IMPOSE", "INCENTIVE"):
                asked[key] = (m.timestamp, notice["respond_by"])
            elif notice and notice["kind"] in ("STOP", "UNDO"):
                stopped[key].append(m.timestamp)
        today = china_day(max(m.timestamp for m in topics.dump(self.p.servers.bootstrap, "credit.decided")))
        late = {key: day for key, (at, day) in asked.items() if day and day < today and not any(t >= at for t in answered[key])
                and not any(t >= at and china_day(t) <= day for t in stopped[key])}
        got = {(r["department"], r["measure_id"]): datetime.date.fromisoformat(r["respond_by"]) for r in self.report("overdue")}
        self.assertEqual(got, late)
        self.assertTrue(got, "the sample has some")

    def test_report_of_orphans(self):
        got = collections.Counter(r["what"] for r in self.report("orphans"))
        self.assertEqual(got, {"an answer to no question": self.p.expected["refused"].get("FEEDBACK_UNASKED", 0)})

    def test_report_of_figures_says_nothing_of_few(self):
        ends = {"IN_FORCE": "listed", "REPAIRED": "repaired", "EXPIRED": "expired", "RECALLED": "recalled"}
        there = collections.defaultdict(set)
        for d in self.final:
            for entry, before in ((c["entry"], c["from"]) for c in d["changes"] if c["entry"]):
                if entry["state"] in ends and (entry["state"] != "IN_FORCE" or before in ("NONE", "NOTIFIED")):
                    for group in {entry["list"], "all"} if entry["list"] else ():
                        there[d["effective"].astimezone(CHINA).year, group, ends[entry["state"]]].add(entry["id"])
        rows = self.report("figures")
        for row in rows:
            for name in ends.values():
                self.assertEqual(row[name], len(there[row["year"], row["list"], name]) // 5 * 5 or None, (row, name))
        self.assertTrue(any(row["listed"] for row in rows), rows)

    def newest(self):
        """Records and entries as they stand: key -> (state as told, subject)."""
        records, entries = {}, {}
        for d in sorted(self.final, key=lambda d: d["effective"]):
            for c in d["changes"]:
                for one, into, key in ((c["record"], records, "event_id"), (c["entry"], entries, "id")):
                    if one and not (c["cause"] == "LINKED" and one["state"] == "REMOVED"):
                        into[(one["department"], one[key]) if into is records else one[key]] = (one, bytes(d["subject"]))
        return records, entries

    def today(self):
        return china_day(max(m.timestamp for m in topics.dump(self.p.servers.bootstrap, "credit.decided")))

    def test_report_of_overdue_rulings(self):
        records, entries = self.newest()
        late = {(one["department"], mark["event_id"]) for one, _ in [*records.values(), *entries.values()] for mark in one["marks"]
                if mark["open"] and mark["kind"] in ("OBJECTION", "COMPLAINT") and mark["due_on"] < self.today()}
        got = self.report("rulings")
        self.assertEqual({(r["department"], r["objection"]) for r in got}, late)

    def test_report_of_hints_is_of_a_departments_own_records(self):
        year, groups = self.today().replace(year=self.today().year - 1), collections.defaultdict(list)
        for (department, event_id), (one, subject) in self.newest()[0].items():
            if one["state"] == "IN_FORCE" and one["classification"]["direction"] == "ADVERSE" and one["act_on"] > year:
                if not any(mark["open"] for mark in one["marks"]):
                    groups[department, subject].append(event_id)
        wanted = sorted((d, *sorted(ids)) for (d, _), ids in groups.items() if len(ids) >= 3)
        got = self.report("hints")
        self.assertEqual(sorted((r["department"], *sorted(r["event_ids"].split())) for r in got), wanted)
        told = {n["cause"] for name in self.p.departments for n in self.p.department(name).notices()}
        self.assertNotIn("HINT", {cause.upper()[:4] for cause in told})  # nobody is told

    def test_report_of_laggards(self):
        got = {r["department"]: (r["overdue_answers"], r["overdue_rulings"]) for r in self.report("laggards")}
        answers = collections.Counter(r["department"] for r in self.report("overdue"))
        rulings = collections.Counter(r["department"] for r in self.report("rulings"))
        silent = {r["department"] for r in self.report("sources") if r["silent_days"] and r["silent_days"] > 30}
        self.assertEqual(got, {name: (answers[name], rulings[name]) for name in silent | set(answers) | set(rulings)})

    def test_report_of_coverage(self):
        named = collections.defaultdict(set)
        for header, event, verdict in self.own():
            if verdict == "OK" and header["subject_type"] == "ORGANISATION" and header["id_type"] != "REFERENCE":
                named[bytes(event["subject"])].add(header["id_type"])
        coded = sum("CREDIT_CODE" in kinds for kinds in named.values())
        row, = self.report("coverage")
        self.assertEqual((row["organisations"], row["by_credit_code"]), (len(named) // 5 * 5, coded // 5 * 5))


if __name__ == "__main__":
    if CITY != "shijiazhuang" and not os.environ.get("CX_LONG"):
        sys.exit(77)  # a long test
    unittest.main()
