#!/usr/bin/python3
"""Each service killed once with SIGKILL in the middle of 20,000 events, and started again: the outcome is that of a run
that nothing disturbed.

Compared by order, keys, values and timestamps within each partition; offsets of credit.records, which aborted
transactions shift, become the event's number in its partition, in ids too. Left out: sealed bytes, times of arrival.
"""

import collections
import concurrent.futures
import datetime
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from confluent_kafka import Consumer  # noqa: E402
from cxtest import services, topics  # noqa: E402
from cxtest.waiting import wait_until  # noqa: E402

from events import document, event, person, pieces, record, zigzag  # noqa: E402
from pipeline import Pipeline, settle  # noqa: E402
from plain import Reader  # noqa: E402

EVENTS, SUBJECTS, LISTED = 20000, 2000, 8  # a department that lists more at a time trips its breaker
TOLD = ("court", "civil-aviation", "culture-tourism", "commerce", "railway")
AT = "2026-03-02T10:00:00+08:00"
ID = re.compile(r"\b([emn])\.(\d+)\.(\d+)\.")
NUMBER = re.compile(rb"k\d{7}")


def messages(schemas):
    """Ten for each subject: seven good records, a duplicate, the same id with other content, and one refused; for some a
    listing takes the place of a record, and one in ten has an event id that is none."""
    papers = document("court", "FS-2017", "样法执〔2026〕1号")
    base = event("k0000000", person(), record("CT-DEFAULTER", ()), papers, ("JUDGE", "J-009"))

    def template(**changed):
        found = pieces(schemas, {**base, **changed})
        found.pop("event_id")
        return list(found.items())

    good, other = template(), template(body=record("CT-DEFAULTER", (), 7))
    refused = template(body=record("MORAL-SCORE", ()))
    listing = template(body={"ListingDecision": {
        "list": "B-COURT", "notice": "", "rests_on": ["k0000000"], "grade": "SERIOUS", "case": "2",
        "measures": ["M-CONSUMPTION", "M-FLIGHT", "M-RAIL", "M-HOTEL"], "exit": "PERFORMANCE", "remedy": "CORRECTION-OR-REVIEW"}})
    people = [person(f"19{50 + n // 500}0101", n % 500 + 1)["id"].encode() for n in range(SUBJECTS)]
    subjects = [dict(good)["subject"].replace(base["subject"]["id"].encode(), number) for number in people]

    def message(parts, number, subject, rests=None):
        text = b"k%07d" % number
        body = b"".join(subjects[subject] if name == "subject" else piece for name, piece in parts[1:])
        return parts[0][1] + zigzag(len(text)) + text + (NUMBER.sub(b"k%07d" % rests, body) if rests is not None else body)

    kinds = [good, good, good, other, refused, good, good, good, good, good]
    for turn, parts in enumerate(kinds):
        for subject in range(SUBJECTS):
            first, number = subject, turn * SUBJECTS + subject
            if turn == 2 or parts is other:
                yield message(parts, first, subject)  # the first event's id again
            elif turn == 5 and subject < LISTED:
                yield message(listing, number, subject, first)
            elif turn == 9 and subject % 10 == 0:
                yield message(parts, number, subject).replace(b"k%07d" % number, b"k %06d" % (number % 1000000))
            else:
                yield message(parts, number, subject)


class Run:
    """One run of the whole, with what came of it."""

    def __init__(self, test, kills):
        self.test, self.p = test, Pipeline(batch__max__events=250)
        test.addCleanup(self.p.stop)
        self.killed, self.readers = {}, {}
        self.p.start()
        self.p.settle()
        self.sent = list(messages(self.p.schemas))
        services.chengxin(self.p.servers, "clock", "--to", AT)  # the next tick is 60 s away, in a new clock too
        self.p.settle()
        self.moving = [name for name in self.p.names if name in settle.INPUTS]  # the others keep no position
        self.base = {name: self.position(name) for name in self.moving}
        self.p.department("court").send_bytes(*self.sent)
        if kills:
            self.kill_each(kills)
        self.p.settle(120)
        self.moved = {name: self.position(name) - base for name, base in self.base.items()}
        self.collect()

    def position(self, name):
        """What is committed, whatever transaction is open: a reader of committed offsets waits for its end."""
        if name not in self.readers:
            self.readers[name] = Consumer({"bootstrap.servers": self.p.servers.bootstrap, "group.id": f"credit.{name}",
                                           "isolation.level": "read_uncommitted", "enable.auto.commit": False})
        log, consumer = self.p.log, self.readers[name]
        wanted = [("credit.in.court", 0)] if name == "intake" else list(log.partitions(consumer, name))
        return sum(log.positions(consumer, name, wanted).values())

    def kill_each(self, undisturbed):
        """Each when it has a quarter of what it had to do in the other run behind it; the clock with the first."""
        def kill_one(name):
            wait_until(lambda: self.position(name) - self.base[name] >= undisturbed[name] // 4, 120, f"{name} at work", pause=0)
            for doomed in (name, "clock") if name == "intake" else (name,):
                self.p.services[doomed].kill()
                self.killed[doomed] = self.position(name) - self.base[name]
                self.p.services[doomed].start(ready=False)

        with concurrent.futures.ThreadPoolExecutor(len(self.moving)) as pool:  # each is watched by itself: some are quick
            list(pool.map(kill_one, self.moving))

    def collect(self):
        """What is compared. Only what follows the last tick: the ones before it are no function of what was sent."""
        self.number = {}
        plain = Reader(self.p.schemas.get("Event"), {}, str)
        self.ticks_after = 0
        for partition, found in self.by_partition("credit.records").items():
            last = max(i for i, m in enumerate(found) if m.key is None and self.is_tick_at(plain.decode(m.value)["body"]))
            for number, m in enumerate(found[last + 1:]):
                self.ticks_after += m.key is None
                self.number[partition, m.offset] = number
        self.records = self.values("credit.records", "Event", lambda m, v: (m.partition, m.offset) in self.number, stamped=False)
        self.classified = self.values("credit.classified", "Classified", lambda m, v: v["origin"] is not None)
        self.decided = self.values("credit.decided", "Decided", lambda m, v: v["classified"]["origin"] is not None)
        self.dispatched = self.values("credit.notices", "Dispatch", lambda m, v: v["origin"] is not None)
        self.status = self.values("credit.status", "Status", lambda m, v: len(m.key) == 16 and v["origin"] is not None)
        self.rejected = collections.Counter(json.dumps(v, sort_keys=True, default=repr) for _, _, v, _ in
                                            self.values("credit.rejected.court", "Rejection", lambda m, v: True))
        self.notices = {name: self.by_key(self.values(f"credit.notices.{name}", "Notice", lambda m, v: True)) for name in TOLD}
        self.redis, self.postgres = self.read_redis(), self.read_postgres()

    def is_tick_at(self, body):
        return body[0] == "Tick" and body[1]["time"] == datetime.datetime.fromisoformat(AT).timestamp() * 1000

    def by_partition(self, topic):
        found = collections.defaultdict(list)
        for m in topics.dump(self.p.servers.bootstrap, topic):
            found[m.partition].append(m)
        return found

    def origin(self, value):
        number = self.number.get((value["partition"], value["offset"]))
        return None if number is None else (value["partition"], number)

    def text(self, text):
        return ID.sub(lambda m: f"{m[1]}.{m[2]}.{self.number.get((int(m[2]), int(m[3])), '?')}.", text)

    def values(self, topic, name, wanted, stamped=True):
        """(partition, key, value, timestamp) of each message wanted, in the order of each partition."""
        reader = Reader(self.p.schemas.get(name), {"Origin": self.origin, "Header": lambda v: {**v, "received_at": None},
                                                   "Notice": lambda v: {**v, "identity": v["identity"][0]}}, self.text)
        found = []
        for m in topics.dump(self.p.servers.bootstrap, topic):
            value = reader.decode(m.value)
            if wanted(m, value):
                found.append((m.partition, m.key, value, m.timestamp if stamped else None))
        return found

    def by_key(self, found):
        """Department topics have one partition, into which all of the spine's flow: the order holds by subject."""
        ordered = collections.defaultdict(list)
        for _, key, value, stamp in found:
            ordered[key].append((value, stamp))
        return dict(ordered)

    def read_redis(self):
        found = {}
        with self.p.servers.redis() as client:
            for key in client.scan_iter("cx:status:*", count=10000):
                row = {k.decode(): v.decode() for k, v in client.hgetall(key).items()}
                offset = int(row.pop("version").partition(".")[2])
                row["number"] = self.number.get((int(row["partition"]), offset))
                found[bytes.fromhex(key.decode()[11:-1])] = {k: self.text(v) if isinstance(v, str) else v for k, v in row.items()}
        return found

    def read_postgres(self):
        rows = self.p.sql("SELECT origin_partition, origin_offset, origin_index, subject, event_id, verdict FROM history.events"
                          " WHERE department IS NOT NULL ORDER BY 1, 2, 3")
        return [(p, self.number.get((p, o)), i, bytes(subject), event_id, verdict) for p, o, i, subject, event_id, verdict in rows]


class Kills(unittest.TestCase):
    def same(self, what, a, b):
        """Long lists: the first difference alone is told."""
        left, right = getattr(a, what), getattr(b, what)
        self.assertTrue(left, f"{what}: nothing to compare")
        if left != right and isinstance(left, list):
            at = next((i for i, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
            self.fail(f"{what}: {len(left)} and {len(right)}; number {at}: {left[at:at + 1]} and {right[at:at + 1]}")
        self.assertTrue(left == right, f"{what} differ")

    def test_killed_is_undisturbed(self):
        a = Run(self, kills=None)
        self.check(a)
        a.p.stop()
        b = Run(self, kills=a.moved)
        self.check(b)
        self.assertEqual(set(b.killed), {*b.moving, "clock"})
        for name, at in b.killed.items():
            with self.subTest(f"{name} in the middle"):
                self.assertTrue(0 < at < a.moved["intake" if name == "clock" else name] * 0.95, f"at {at} of {a.moved}")
        for what in ("sent", "records", "classified", "decided", "dispatched", "status", "rejected", "notices", "redis", "postgres"):
            with self.subTest(what):
                self.same(what, a, b)

    def check(self, run):
        """What must hold within any run."""
        self.assertEqual(run.ticks_after, 0, "a tick fell between the events: this machine is too slow for the comparison")
        verdicts = collections.Counter(value["verdict"] for _, _, value, _ in run.decided)
        refused = sum(n for v, n in verdicts.items() if v not in ("OK", "DUPLICATE"))
        at_intake = sum(n for v, n in run.rejected.items() if json.loads(v)["stage"] == "intake")
        self.assertEqual(at_intake, SUBJECTS // 10)
        self.assertEqual(verdicts, {"OK": EVENTS - 3 * SUBJECTS - at_intake, "DUPLICATE": SUBJECTS, "ID_REUSED": SUBJECTS,
                                    "ITEM_NOT_IN_CATALOG": SUBJECTS})
        self.assertEqual(verdicts["OK"] + refused + verdicts["DUPLICATE"] + at_intake, EVENTS)
        self.assertEqual(sum(run.rejected.values()), refused + at_intake)
        self.assertEqual(max(run.rejected.values()), 1)
        self.assertTrue(all(len(run.notices[name]) == LISTED for name in TOLD), {n: len(v) for n, v in run.notices.items()})
        decided = [(*v["classified"]["origin"], v["index"], v["subject"], v["classified"]["event"]["header"][1]["event_id"], v["verdict"])
                   for _, _, v, _ in run.decided]
        self.assertEqual(run.postgres == sorted(decided), True, "PostgreSQL holds what was decided")
        last = {key: value for _, key, value, _ in run.status}
        self.assertEqual(set(run.redis), set(last))
        for key, value in last.items():
            row = run.redis[key]
            self.assertEqual((int(row["partition"]), row["number"]), value["origin"])
            self.assertEqual([e["id"] for e in json.loads(row["entries"])], [e["id"] for e in value["entries"]])
            self.assertEqual([r["event_id"] for r in json.loads(row["records"])], [r["event_id"] for r in value["records"]])


if __name__ == "__main__":
    unittest.main()
