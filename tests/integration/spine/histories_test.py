#!/usr/bin/python3
"""Fifty of the property tests' random histories, interleaved on one virtual log of the real servers: what is decided of each
subject, and who is told what, is what the pure core decides of it in one process (tests/property/print_fleet.c)."""

import collections
import datetime
import json
import os
import pathlib
import subprocess
import sys
import unittest

from confluent_kafka import Consumer, OFFSET_BEGINNING, TopicPartition

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cxtest import servers, services  # noqa: E402
from pipeline import Pipeline  # noqa: E402

HISTORIES, CITY = 50, "shenzhen"
CHINA = datetime.timezone(datetime.timedelta(hours=8))
PACK = servers.ROOT / "deploy" / "policies" / CITY / "2026-01"


def histories():
    program = pathlib.Path(os.environ["CX_BUILD"]) / "tests" / "property" / "print_fleet"
    first = os.environ.get("CX_SEED", "1")
    text = subprocess.run([program, str(HISTORIES), CITY, first], check=True, stdout=subprocess.PIPE, text=True).stdout
    decoder, at, found = json.JSONDecoder(), 0, []
    while at < len(text):
        one, at = decoder.raw_decode(text, at)
        found.append(one)
        while at < len(text) and text[at].isspace():
            at += 1
    return found


def packs(lines):
    """Lines that may be sent at once: of one department, so that its topic keeps their order, and nothing derived between
    them."""
    found = []
    for line in lines:
        joins = found and found[-1][-1]["department"] == line["department"] and found[-1][-1]["records"] <= 1
        if joins:
            found[-1].append(line)
        else:
            found.append([line])
    return found


class Records:
    """Counts what lies in credit.records; ticks and activations have no key."""

    def __init__(self, bootstrap):
        self.consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "histories-test", "enable.auto.commit": False,
                                  "isolation.level": "read_committed", "fetch.wait.max.ms": 5})
        partitions = self.consumer.list_topics("credit.records", timeout=20).topics["credit.records"].partitions
        self.consumer.assign([TopicPartition("credit.records", p, OFFSET_BEGINNING) for p in partitions])
        self.count = 0

    def reached(self, wanted):
        for message in self.consumer.consume(2000, timeout=0.05):
            assert message.error() is None, message.error()
            self.count += bool(message.key())
        assert self.count <= wanted, f"{self.count} messages where {wanted} were foretold"
        return self.count == wanted


def day(value):
    return None if value is None else str(value)


def change_of(change):
    e, r = change["entry"], change["record"]
    if e is not None:
        return [e["list"], e["department"], e["notice"], e["decision"], e["role"], change["from"], e["state"], change["cause"],
                day(e["from"]), day(e["until"]), len(e["marks"]), len(e["suspensions"]), len(e["measures"])]
    return [r["department"], r["event_id"], change["from"], r["state"], change["cause"], len(r["marks"])]


class Histories(unittest.TestCase):
    maxDiff = 3000

    @classmethod
    def setUpClass(cls):
        cls.histories = histories()
        cls.p = Pipeline(start="2026-01-05T00:00:00+08:00", pack=PACK)
        cls.addClassCleanup(cls.p.stop)
        cls.p.start()
        cls.records, cls.wanted = Records(cls.p.servers.bootstrap), 0
        cls.addClassCleanup(cls.records.consumer.close)
        for number, steps in enumerate(zip(*(h["days"] for h in cls.histories))):
            if number > 0:
                services.chengxin(cls.p.servers, "clock", "--to", steps[0]["day"] + "T00:00:00+08:00")
            cls.wait(sum(step["records"] for step in steps), steps[0]["day"])
            queues = [packs(step["lines"]) for step in steps]
            for at in range(max(map(len, queues))):
                cls.send_round([queue[at] for queue in queues if at < len(queue)], f"round {at} of {steps[0]['day']}")
        cls.p.settle()
        cls.names = cls.names_of_subjects()

    @classmethod
    def wait(cls, more, what):
        cls.wanted += more
        cls.p.wait(lambda: cls.records.reached(cls.wanted), f"{cls.wanted} events in credit.records at {what}", 60)

    @classmethod
    def send_round(cls, round_, what):
        by_department = collections.defaultdict(list)
        for line in (line for pack in round_ for line in pack):
            by_department[line["department"]].append(bytes.fromhex(line["bytes"]))
        for department, messages in by_department.items():
            cls.p.department(department).send_bytes(*messages)
        cls.wait(sum(line["records"] for pack in round_ for line in pack), what)

    @classmethod
    def names_of_subjects(cls):
        """pseudonym -> the name in the history, by the number of the document that is about it."""
        sent = {line["number"]: line for h in cls.histories for step in h["days"] for line in step["lines"]}
        names = {}
        for message, event in cls.p.dump("credit.records", "Event"):
            if not message.key or event["cause"] is not None or event["header"] is None:
                continue
            line = sent[event["header"]["document"]["number"]]
            names[message.key] = line["of"]
            for other, name in zip(event["header"]["others"], filter(None, line["others"].split(","))):
                names[other["subject"]] = name
        return names

    def told(self, key):
        """What was foretold: subject -> in its order."""
        found = collections.defaultdict(list)
        for subject, *rest in (row for h in self.histories for row in h[key]):
            found[subject].append(rest)
        return found

    def compare(self, found, foretold):
        self.assertEqual(sorted(found), sorted(foretold))
        for subject in foretold:
            self.assertEqual(found[subject], foretold[subject], f"subject {subject}")

    def test_each_is_decided_alike(self):
        found = collections.defaultdict(list)
        for message, decided in self.p.dump("credit.decided", "Decided"):
            event, header = decided["classified"]["event"], decided["classified"]["event"]["header"]
            if not message.key or (header is None and not decided["changes"]):
                continue
            what = "derived" if event["cause"] is not None else f"{header['department']}/{header['event_id']}" if header else "time"
            when = decided["effective"].astimezone(CHINA).date()
            found[self.names[message.key]].append([what, str(when), decided["verdict"], [change_of(c) for c in decided["changes"]]])
        self.compare(found, self.told("decided"))
        self.assertGreater(sum(map(len, found.values())), 400)

    def test_each_is_told_alike(self):
        found = collections.defaultdict(list)
        for message, dispatch in self.p.dump("credit.notices", "Dispatch"):
            n, r = dispatch["notice"], dispatch["rejection"]
            if n is not None:
                row = [dispatch["department"], n["kind"], n["measure"], n["cause"]]
            elif r is not None:
                row = [dispatch["department"], "REJECTED", r["event_id"], r["reason"]]
            else:
                continue
            found[self.names[message.key]].append(row)
        self.compare(found, self.told("notices"))
        self.assertGreater(sum(map(len, found.values())), 400)

    def test_a_difference_would_be_seen(self):
        foretold = self.told("notices")
        changed = {subject: [list(row) for row in rows] for subject, rows in foretold.items()}
        next(iter(changed.values()))[0][1] = "UNDO"
        with self.assertRaises(AssertionError):
            self.compare(changed, foretold)

    def test_the_stores_say_the_same(self):
        """Redis, PostgreSQL and the log agree, and the log decides the same again."""
        done = services.chengxin(self.p.servers, "verify")
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
