#!/usr/bin/python3
"""chengxin replay and explain --verify on real servers: the first days of the sample are decided again and are the same; a
decision changed in the log is found and named; and nothing at all is changed by looking (I-REPLAY)."""

import csv
import html.parser
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

from confluent_kafka import Consumer, Producer, TopicPartition
from cxtest import servers, services, topics

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from department import lines  # noqa: E402
from pipeline import Pipeline, settle  # noqa: E402

SAMPLE = servers.ROOT / "deploy" / "samples" / "shijiazhuang"
PART = ("market", "tax", "youth-league", "justice", "court")  # the departments whose files are taken
LAST_DAY = "2026-03-06"
LOGGED = ("credit.access", "credit.records")  # where chengxin explain writes who asked, before it answers
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'history' AND table_type = 'BASE TABLE'"


def publish(pipeline, file, department):
    if file.endswith(".csv"):
        done = services.chengxin(pipeline.servers, "publish", SAMPLE / file, "--department", department, check=False)
        assert done.returncode in (0, 3), done.stdout + done.stderr
    else:
        pipeline.department(department).send(*lines(SAMPLE / file))
    assert settle.settle(pipeline.log, ["intake"], 60) is None


class Page(html.parser.HTMLParser):
    """Of a page: its text, what is left open at its end, and what it would fetch or run."""

    VOID = {"meta", "br"}

    def __init__(self, source):
        super().__init__()
        self.text, self.open, self.outside = "", [], set()
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.outside |= {name for name, _ in attributes if name in ("src", "href", "srcset", "data") or name.startswith("on")}
        self.outside |= {tag} & {"script", "link", "img", "iframe", "object", "embed"}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        expected = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
        cls.p = Pipeline(start=expected["start"], state__snapshot__pause__ms=0).start()
        with open(SAMPLE / "manifest.csv", encoding="utf-8", newline="") as manifest:
            for row in csv.DictReader(manifest):
                if row["kind"] == "clock" and row["value"] > LAST_DAY:
                    break
                if row["kind"] == "clock":
                    services.chengxin(cls.p.servers, "clock", "--to", row["value"])
                    cls.p.settle()
                elif row["kind"] == "publish" and row["value"] == "ok" and row["department"] in PART:
                    publish(cls.p, row["file"], row["department"])
        cls.p.services["clock"].stop()
        publish(cls.p, "005-tax.jsonl", "tax")  # again: duplicates, behind the last tick
        cls.p.settle()
        cls.p.stop()  # nothing moves from here on but what a command moves

    def chengxin(self, *arguments, code=0):
        done = services.chengxin(self.p.servers, *arguments, check=False)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def everything(self, without=()):
        """Where every topic but Kafka's own begins and ends, which groups there are, and what stands in Redis and PostgreSQL."""
        redis = self.p.servers.redis()
        consumer = Consumer({"bootstrap.servers": self.p.servers.bootstrap, "group.id": "watcher"})
        seen = {(name, p): consumer.get_watermark_offsets(TopicPartition(name, p), timeout=10)
                for name, topic in consumer.list_topics(timeout=10).topics.items()
                if name not in without and not name.startswith("__") for p in topic.partitions}
        seen["groups"] = sorted(group.id for group in topics.admin(self.p.servers.bootstrap).list_groups(timeout=10))
        consumer.close()
        for key in sorted(redis.scan_iter()):
            seen[key] = redis.dump(key)
        redis.close()
        for (table,) in self.p.sql(TABLES):
            seen[f"history.{table}"] = sorted(self.p.sql(f'SELECT t::text FROM history."{table}" t'))
        return seen

    def decided(self, wanted):
        return next(d for _, d in self.p.dump("credit.decided", "Decided") if wanted(d))

    def test_1_decided_again_it_is_the_same_and_nothing_has_changed(self):
        before = self.everything()
        self.assertTrue({("credit.records", 0), ("credit.decided", 0), ("credit.notices", 0), "history.events"} <= set(before))
        self.assertTrue(any(isinstance(key, bytes) and key.startswith(b"cx:status:") for key in before))
        said = json.loads(self.chengxin("replay", "--json"))
        text = self.chengxin("replay")
        self.assertEqual(before, self.everything())
        self.assertIn("all the same", text)
        self.assertEqual((True, [], 0), (said["same"], said["found"], said["pending"]))
        for topic in ("records", "classified", "decided", "notices"):
            self.assertEqual(len(topics.dump(self.p.servers.bootstrap, f"credit.{topic}")), said[topic], topic)
        told = [d for _, d in self.p.dump("credit.notices", "Dispatch") if d["notice"] or d["rejection"]]
        self.assertTrue(told, "somebody was told something")

    def test_2_parts_of_it(self):
        recorded = topics.dump(self.p.servers.bootstrap, "credit.decided")
        one = json.loads(self.chengxin("replay", "--json", "--partition", 1))
        self.assertEqual(sum(m.partition == 1 for m in recorded), one["decided"])
        early = json.loads(self.chengxin("replay", "--json", "--to", "2026-03-04"))
        late = json.loads(self.chengxin("replay", "--json", "--from", "2026-03-04T00:00:00.001"))
        self.assertGreater(early["decided"], 0)
        self.assertGreater(late["decided"], 0)
        self.assertEqual(len(recorded), early["decided"] + late["decided"])
        some = recorded[len(recorded) // 2].partition
        place = [d["classified"]["origin"] for m, d in self.p.dump("credit.decided", "Decided") if m.partition == some]
        here = place[len(place) // 2]
        before = json.loads(self.chengxin("replay", "--json", "--to", f"{some}.{here['offset'] - 1}"))
        behind = json.loads(self.chengxin("replay", "--json", "--from", f"{some}.{here['offset']}"))
        self.assertEqual(len(place), before["decided"] + behind["decided"])
        subject = self.decided(lambda d: any(c["entry"] for c in d["changes"]))["subject"].hex()
        one = json.loads(self.chengxin("replay", "--json", "--subject", subject))
        mine = [d for _, d in self.p.dump("credit.decided", "Decided") if d["subject"].hex() == subject]
        self.assertEqual(len(mine), one["decided"])
        for wrong in (["--partition", "99"], ["--partition", "x"], ["--stage", "courier"], ["--from", "soon"], ["--from"],
                      ["--jobs", "0"], ["--from", "9.1"], ["--from", "1.5", "--partition", "0"]):
            self.chengxin("replay", *wrong, code=2)

    def test_3_explain_verify(self):
        quiet = self.everything(without=LOGGED)
        event = self.decided(lambda d: d["verdict"] == "OK" and d["classified"]["classification"])
        header = event["classified"]["event"]["header"]
        name = f"{header['department']}/{header['event_id']}"
        entry = next(c["entry"]["id"] for _, d in self.p.dump("credit.decided", "Decided") for c in d["changes"] if c["entry"])
        self.assertIn("\nverified: decided again with the same result", self.chengxin("explain", name, "--purpose", "AUDIT", "--verify"))
        said = json.loads(self.chengxin("explain", entry, "--purpose", "AUDIT", "--verify", "--json"))["verified"]
        self.assertEqual((True, 0), (said["same"], said["differences"]))
        self.assertGreater(said["decided"], 0)
        self.assertNotIn("verified", self.chengxin("explain", entry, "--purpose", "AUDIT"))
        self.assertEqual(quiet, self.everything(without=LOGGED))

    def test_4_a_forged_decision_is_named(self):
        """A second message under an old origin, as somebody would write it who can write to the topic."""
        last = {m.partition: (m, d) for m, d in self.p.dump("credit.decided", "Decided")}
        message, old = next((m, d) for m, d in last.values() if d["verdict"] == "DUPLICATE")
        header = old["classified"]["event"]["header"]
        name, before = f"{header['department']}/{header['event_id']}", self.everything(without=LOGGED)
        self.chengxin("explain", name, "--purpose", "AUDIT", "--verify")
        producer = Producer({"bootstrap.servers": self.p.servers.bootstrap})
        producer.produce("credit.decided", message.value, key=message.key, partition=message.partition)
        self.assertEqual(0, producer.flush(20))
        self.assertNotEqual(before, self.everything(without=LOGGED), "what watches sees one message")
        said = json.loads(self.chengxin("replay", "--json", code=3))
        self.assertEqual((False, [("UNEXPECTED", "registrar", header["event_id"], message.partition)]),
                         (said["same"], [(f["what"], f["stage"], f["event_id"], f["partition"]) for f in said["found"]]))
        marks = [body for _, c in self.p.dump("credit.checkpoints", "Checkpoint") if "build" in (body := c["body"])]
        self.assertEqual({(stage, p) for stage in ("classifier", "registrar", "sanctioner", "points") for p in range(4)},
                         {(body["stage"], body["origin"]["partition"]) for body in marks})
        self.assertEqual(({body["build"] for body in marks if body["stage"] == "registrar"}, None),
                         ({said["found"][0]["build"]}, said["found"][0]["again_build"]))
        text = self.chengxin("replay", "--stage", "registrar", code=3)
        self.assertIn(f"recorded by build {said['found'][0]['build']}, decided again by -", text)
        self.assertIn(f"registrar, event {name} at {message.partition}.", text)
        self.assertIn("recorded, and not decided again", text)
        self.assertIn("all the same", self.chengxin("replay", "--stage", "sanctioner"))
        self.assertIn("NOT verified", self.chengxin("explain", name, "--purpose", "AUDIT", "--verify", code=3))

    def test_5_a_page(self):
        """The report as one page: what differs is in it, nothing is fetched, and it is well-formed."""
        page = pathlib.Path(self.p.servers.folder) / "replay.html"
        said = json.loads(self.chengxin("replay", "--json", "--html", page, code=3))
        read = Page(page.read_text(encoding="utf-8"))
        self.assertEqual([], read.open)
        self.assertEqual(set(), read.outside)
        for text in (said["found"][0]["event_id"], said["found"][0]["subject"], "recorded, and not decided again", said["build"]):
            self.assertIn(text, read.text)
        self.chengxin("replay", "--html", page.parent / "nowhere" / "replay.html", code=1)

    def test_6_what_if(self):
        """The pack in force affects nobody; one with a shorter term affects those on that list, for the better."""
        before = self.everything()
        self.assertIn("better for 0 subjects, worse for 0", self.chengxin("replay", "--policy", "shijiazhuang/2026-01"))
        listed = {d["subject"].hex() for _, d in self.p.dump("credit.decided", "Decided")
                  for c in d["changes"] if c["entry"] and c["entry"]["state"] == "IN_FORCE"}
        policies = pathlib.Path(self.p.servers.folder) / "what-if"
        shutil.rmtree(policies, ignore_errors=True)
        shutil.copytree(servers.ROOT / "deploy" / "policies", policies)
        pack = policies / "shijiazhuang" / "2026-01"
        lists = (pack / "lists.csv").read_text(encoding="utf-8")
        self.assertIn("COURT,person;organisation,,,24,24,36,", lists)
        (pack / "lists.csv").write_text(lists.replace("COURT,person;organisation,,,24,24,36,", "COURT,person;organisation,,,12,12,36,"),
                                        encoding="utf-8")
        page = policies / "what-if.html"
        said = json.loads(self.chengxin("replay", "--policy", pack, "--json", "--html", page, code=3))
        self.assertTrue(said["settled"])
        shorter = [row for row in said["affected"] if row["sort"] == "list"]
        self.assertTrue(shorter, said["counts"])
        self.assertIn("B-COURT", {row["code"] for row in shorter})
        self.assertLessEqual({row["code"] for row in shorter}, {"B-COURT", ""}, "and who bears one as a person responsible")
        self.assertEqual({"SHORTER"}, {row["change"] for row in shorter})
        self.assertLessEqual({row["subject"] for row in shorter}, listed)
        for row in shorter:
            self.assertEqual(int(row["then"][:4]) - 1, int(row["instead"][:4]), row)
        self.assertEqual((len({row["subject"] for row in said["affected"]}), 0), (said["subjects"]["better"], said["subjects"]["worse"]))
        self.assertIn(shorter[0]["subject"], Page(page.read_text(encoding="utf-8")).text)
        self.assertEqual(before, self.everything())
        for wrong in (["--stage", "registrar"], ["--partition", "0"], ["--from", "2026-03-02"]):
            self.chengxin("replay", "--policy", pack, *wrong, code=2)
        self.chengxin("replay", "--policy", "nowhere/1", code=1)

    def part(self, *arguments):
        """What --json says, but for how it was come by."""
        said = json.loads(self.chengxin("replay", "--json", *arguments, code=3))
        return {name: said[name] for name in set(said) - {"asked", "begun", "passed_by", "records"}}, said

    def test_7_from_a_midnight(self):
        """From snapshots of state it is the same as from the first event, forged message and all; and by however many threads."""
        before = self.everything()
        whole, full = self.part("--from", "2026-03-05T08:00:00", "--full")
        part, said = self.part("--from", "2026-03-05T08:00:00")
        self.assertIsNone(full["begun"])
        self.assertRegex(said["begun"], "^2026-03-0[2-5]T")
        self.assertEqual([], said["passed_by"])
        self.assertLess(said["records"], full["records"])
        self.assertGreater(part["decided"], 0)
        self.assertEqual(whole, part)
        for jobs in (1, 4):
            self.assertEqual(whole, self.part("--from", "2026-03-05T08:00:00", "--jobs", jobs)[0])
        day = self.part("--from", "2026-03-05", "--full")  # the walk of that very midnight is compared, too
        self.assertEqual(day[0], self.part("--from", "2026-03-05")[0])
        self.assertGreater(day[0]["decided"], whole["decided"])
        forged = said["found"][0]
        place = f"{forged['partition']}.{forged['offset']}"
        (whole, full), (part, said) = self.part("--from", place, "--full"), self.part("--from", place)
        self.assertEqual((True, False), (full["begun"] is None, said["begun"] is None))
        self.assertLess(said["records"], full["records"])
        self.assertEqual(whole, part)
        self.assertEqual(before, self.everything())

    def test_8_a_damaged_snapshot_is_passed_by(self):
        whole, _ = self.part("--from", "2026-03-05T08:00:00", "--full")
        _, said = self.part("--from", "2026-03-05T08:00:00")
        day, folder = said["begun"][:10], self.p.servers.folder / "data" / "state"
        file = folder / "sanctioner" / f"1-2-{day}.avro"
        bytes_ = file.read_bytes()
        file.write_bytes(bytes_[:-1] + bytes([bytes_[-1] ^ 1]))
        part, said = self.part("--from", "2026-03-05T08:00:00")
        self.assertEqual(whole, part)
        self.assertIn(f"the snapshots of {day} are passed by: {file}: it is not the file whose hash", said["passed_by"][0])
        self.assertNotEqual(day, (said["begun"] or "")[:10])
        shutil.rmtree(folder)
        part, said = self.part("--from", "2026-03-05T08:00:00")
        self.assertEqual((whole, None, []), (part, said["begun"], said["passed_by"]))

    def held(self, folder):
        """The command when it has done two partitions. It cannot get on: what it writes to next is a pipe that nobody reads."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        os.mkfifo(folder / "2.json.part")
        process = subprocess.Popen([servers.ROOT / "ops" / "chengxin", "replay", "--save", folder, "--jobs", "1"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env={**os.environ, "CX_VAR": str(self.p.servers.folder), "CHENGXIN_REPLAY_SAVE_RECORDS": "20"})
        self.addCleanup(process.kill)
        self.p.wait(lambda: (folder / "1.json").exists(), "partition 1 done", 60)
        return process

    def goes_on(self, folder, whole):
        said = json.loads(self.chengxin("replay", "--resume", folder, "--json", code=3))
        self.assertEqual(whole, {name: said[name] for name in set(said) - {"asked", "begun", "passed_by"}})
        self.assertFalse(folder.exists(), "nothing is left of one that is done")

    def test_9_it_goes_on(self):
        """After kill -9, after an error in the middle of a partition, and after Ctrl-C: the same as at one go."""
        before = self.everything()
        said = json.loads(self.chengxin("replay", "--json", code=3))
        whole = {name: said[name] for name in set(said) - {"asked", "begun", "passed_by"}}
        folder = self.p.servers.folder / "kept"
        process = self.held(folder)
        process.kill()
        process.communicate()
        self.chengxin("replay", "--save", folder, code=2)
        self.chengxin("replay", "--resume", folder, "--stage", "registrar", code=2)
        (folder / "2.json.part").unlink()
        (folder / "2-sanctioner-3.avro").mkdir()  # the third time that partition 2 is kept
        self.assertIn("2-sanctioner-3.avro", services.chengxin(self.p.servers, "replay", "--resume", folder, "--jobs", 1,
                                                               "--replay.save.records", 20, check=False).stderr)
        self.assertEqual(2, json.loads((folder / "2.json").read_text())["saved"])
        (folder / "2-sanctioner-3.avro").rmdir()
        self.goes_on(folder, whole)
        process = self.held(folder)
        process.send_signal(signal.SIGINT)
        text = (folder / "2.json.part").read_text()  # now it may
        _, said = process.communicate(timeout=60)
        self.assertEqual(1, process.returncode, said)
        self.assertIn(f"go on with: chengxin replay --resume {folder}", said)
        if (folder / "2.json").is_fifo():  # it stopped right there
            (folder / "2.json").unlink()
            (folder / "2.json").write_text(text)
        self.goes_on(folder, whole)
        self.assertEqual(before, self.everything())
        self.chengxin("replay", "--resume", folder, code=1)


if __name__ == "__main__":
    unittest.main()
