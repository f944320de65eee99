#!/usr/bin/python3
"""chengxin replay and explain --verify on real servers: the first days of the sample are decided again and are the same; a
decision changed in the log is found and named; and nothing at all is changed by looking (I-REPLAY)."""

import csv
import html.parser
import json
import pathlib
import sys
import unittest

from confluent_kafka import Consumer, Producer, TopicPartition
from cxtest import servers, services, topics

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from department import lines  # noqa: E402
from pipeline import Pipeline, settle  # noqa: E402

SAMPLE = servers.ROOT / "deploy" / "samples" / "shijiazhuang"
PART = ("market", "tax", "youth-league", "justice")  # the departments whose files are taken
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
        cls.p = Pipeline(start=expected["start"]).start()
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
        subject = self.decided(lambda d: any(c["entry"] for c in d["changes"]))["subject"].hex()
        one = json.loads(self.chengxin("replay", "--json", "--subject", subject))
        mine = [d for _, d in self.p.dump("credit.decided", "Decided") if d["subject"].hex() == subject]
        self.assertEqual(len(mine), one["decided"])
        for wrong in (["--partition", "99"], ["--partition", "x"], ["--stage", "courier"], ["--from", "soon"], ["--from"]):
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
        self.assertFalse(said["same"])
        self.assertEqual([("UNEXPECTED", "registrar", header["event_id"], message.partition)],
                         [(f["what"], f["stage"], f["event_id"], f["partition"]) for f in said["found"]])
        text = self.chengxin("replay", "--stage", "registrar", code=3)
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


if __name__ == "__main__":
    unittest.main()
