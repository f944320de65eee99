#!/usr/bin/python3
"""The cache sink on a real Redis: guard, watermark, rebuilding, and a reader that shows nothing past its end."""

import datetime
import json
import unittest

import redis as redis_client

import spine
from cxtest import servers, services
from cxtest.waiting import wait_until
from spine import DAY, START, Log, subject_of

DAYS = datetime.timedelta(days=1)
UNTIL = datetime.date(2027, 1, 5)


def status(n, offset, state="IN_FORCE", until=UNTIL, listed=True, records=()):
    items = [{"id": f"e.0.{n}.0", "version": 1, "list": "MARKET_BLACK", "state": state, "grade": "SERIOUS", "role": "SUBJECT",
              "department": "market", "document": f"DOC-{n}", "basis": "LAW-1", "from": DAY, "until": until,
              "review_on": None, "marked": False, "measures": []}] if listed else []
    return {"subject": subject_of(n), "origin": {"partition": n % 4, "offset": offset}, "tick": START, "received_to": START,
            "virtual": False, "until": until if listed else None, "entries": items, "records": list(records)}


def tick(partition, time, virtual=True):
    return {"subject": bytes(16), "origin": {"partition": partition, "offset": 1}, "tick": time, "received_to": time,
            "virtual": virtual, "until": None, "entries": [], "records": []}


class CacheTest(unittest.TestCase):
    def setUp(self):
        self.servers = servers.shared()
        services.write_config(self.servers)
        self.log = Log(self.servers)
        self.reader = self.servers.redis("query")
        self.admin = self.servers.redis()
        self.service = services.Service(self.servers, "cache")

    def tearDown(self):
        self.service.stop()

    def send(self, n, offset, **more):
        self.log.send("credit.status", "Status", status(n, offset, **more), n % 4, subject_of(n))

    def ticks(self, time, virtual=True):
        for p in range(4):
            self.log.send("credit.status", "Status", tick(p, time, virtual), p, p.to_bytes(4, "big"))
        self.log.flush()
        at = int(time.timestamp() * 1000)
        wait_until(lambda: all(self.admin.hget(f"cx:asof:{p}", "tick") == str(at).encode() for p in range(4)), 30,
                   f"tick {time} in every partition\n{self.service.log_tail()}")

    def key(self, n):
        return f"cx:status:{{{subject_of(n).hex()}}}"

    def read(self, n):
        found = self.reader.execute_command("FCALL_RO", "cx_status", 1, self.key(n))
        return None if found is None else json.loads(found)

    def test_what_is_in_force(self):
        self.service.start()
        for n in range(1000):
            self.send(n, 10 + n)
        self.ticks(START)
        answer = self.read(7)
        self.assertEqual(("1.17", int(START.timestamp() * 1000)), (answer["version"], answer["tick"]))
        entry = answer["entries"][0]
        self.assertEqual(("e.0.7.0", "IN_FORCE", "2026-01-05", "2027-01-05", [], None),
                         (entry["id"], entry["state"], entry["from"], entry["until"], entry["measures"], entry["review_on"]))
        self.assertEqual([], answer["records"])
        self.assertIsNone(self.read(5000))
        self.assertEqual(1000, len(self.admin.keys("cx:status:*")))
        row = self.reader.hgetall(self.key(7))
        self.assertEqual((b"1.17", b"2027-01-05"), (row[b"version"], row[b"until"]))
        self.assertEqual(-1, self.admin.ttl(self.key(7)), "a virtual log's keys do not expire")

    def test_a_partition_is_split(self):
        """A row that moved keeps its origin, of the old partition; what comes behind it there counts, whatever its offset, and
        the old partition's rows, read again, do not come back."""
        self.service.start()
        moved = {**status(1, 500), "origin": {"partition": 1, "offset": 500}}
        self.log.send("credit.status", "Status", moved, 1, subject_of(1))
        self.log.send("credit.status", "Status", moved, 3, subject_of(1))
        self.log.send("credit.status", None, None, 1, subject_of(1))
        self.ticks(START)
        row = self.reader.hgetall(self.key(1))
        self.assertEqual((b"1.0", b"3"), (row[b"version"], row[b"partition"]))
        now = {**status(1, 7, listed=False), "origin": {"partition": 3, "offset": 7}}
        self.log.send("credit.status", "Status", now, 3, subject_of(1))
        self.log.send("credit.status", "Status", status(1, 900), 1, subject_of(1))
        self.log.send("credit.status", "Status", moved, 3, subject_of(1))
        self.ticks(START + DAYS)
        row = self.reader.hgetall(self.key(1))
        self.assertEqual((b"1.7", b"3", b"[]"), (row[b"version"], row[b"partition"], row[b"entries"]))

    def test_nothing_past_its_end(self):
        self.service.start()
        self.send(1, 10)
        record = {"event_id": "R-2", "version": 1, "department": "market", "item": "PENALTY", "direction": "ADVERSE",
                  "grade": "MINOR", "document": "D", "until": datetime.date(2026, 3, 1), "marked": True}
        self.send(2, 10, until=None, records=[record])
        end = datetime.datetime(2027, 1, 4, 16, tzinfo=datetime.timezone.utc)  # midnight in China
        for time, listed, recorded in ((datetime.datetime(2026, 2, 28, 15, 59, 59, tzinfo=spine.UTC), 1, 1),
                                       (datetime.datetime(2026, 2, 28, 16, tzinfo=spine.UTC), 1, 0),
                                       (end - datetime.timedelta(seconds=1), 1, 0), (end, 0, 0)):
            self.ticks(time)
            self.assertEqual(listed, len(self.read(1)["entries"]), time)
            self.assertEqual((1, recorded), (len(self.read(2)["entries"]), len(self.read(2)["records"])), time)

    def test_dates_of_the_reader(self):
        """The function's own calendar against Python's, over 400 years."""
        self.service.start()
        self.send(0, 1)
        self.ticks(START)
        for days in range(0, 146097, 611):
            time = datetime.datetime(1971, 1, 1, 15, 59, 59, tzinfo=spine.UTC) + days * DAYS
            self.admin.hset("cx:asof:0", "tick", int(time.timestamp() * 1000))
            self.assertEqual((datetime.datetime(1971, 1, 1) + days * DAYS).strftime("%Y-%m-%d"), self.read(0)["today"])

    def test_a_wall_log_goes_by_redis_own_clock_too(self):
        """The pipeline stands still in the past; the reader does not."""
        self.service.start()
        now = datetime.datetime.now(spine.UTC)
        today = (now + datetime.timedelta(hours=8)).date()
        self.ticks(now - 30 * DAYS, virtual=False)
        self.send(1, 10, until=today)
        self.send(2, 10, until=today + 2 * DAYS)
        self.ticks(now - 29 * DAYS, virtual=False)
        self.assertIn(self.read(1), (None, {**(self.read(1) or {}), "entries": []}))
        self.assertEqual(1, len(self.read(2)["entries"]))
        self.assertGreater(self.admin.ttl(self.key(2)), 0)
        self.assertLessEqual(self.admin.ttl(self.key(2)), 2 * 86400 + 86400)
        self.send(2, 11, listed=False)
        self.ticks(now - 28 * DAYS, virtual=False)
        self.assertEqual(-1, self.admin.ttl(self.key(2)), "what has no end does not expire")

    def test_keys_written_before_the_kind_of_log_is_known(self):
        """As after a loss of Redis: compaction leaves the tick behind the rows."""
        self.service.start()
        now = datetime.datetime.now(spine.UTC)
        until = (now + 10 * DAYS).date()
        for n in range(1200):
            self.send(n, 10, until=until)
        self.send(1, 11, listed=False)
        self.log.flush()
        wait_until(lambda: len(self.admin.keys("cx:status:*")) == 1200 and self.read(1)["version"] == "1.11", 30, "the rows")
        self.assertEqual(-1, self.admin.ttl(self.key(2)))
        self.assertEqual(1199, sum(self.admin.zcard(f"cx:later:{p}") for p in range(4)))
        self.send(2, 12, listed=False)
        self.ticks(now, virtual=False)
        for i in range(3):
            self.ticks(now + datetime.timedelta(seconds=1 + i), virtual=False)
        self.assertEqual([], self.admin.keys("cx:later:*"))
        self.assertEqual({1, 2}, {n for n in range(1200) if self.admin.ttl(self.key(n)) < 0})

    def test_a_virtual_log_forgets_what_might_have_expired(self):
        self.service.start()
        self.send(1, 10)
        self.log.flush()
        wait_until(lambda: self.admin.exists("cx:later:1"), 30, "a key that waits")
        self.ticks(START)
        self.assertEqual([], self.admin.keys("cx:later:*"))
        self.assertEqual(-1, self.admin.ttl(self.key(1)))

    def test_an_older_version_changes_nothing(self):
        self.service.start()
        self.send(1, 20, state="SUSPENDED")
        self.ticks(START)
        self.send(1, 19, state="IN_FORCE")
        self.ticks(START + DAYS)
        self.assertEqual(("1.20", "SUSPENDED"), (self.read(1)["version"], self.read(1)["entries"][0]["state"]))
        self.send(1, 20, state="IN_FORCE")
        self.send(1, 21, listed=False)
        self.ticks(START + 2 * DAYS)
        self.assertEqual(("1.21", []), (self.read(1)["version"], self.read(1)["entries"]))
        self.ticks_backwards()

    def ticks_backwards(self):
        self.log.send("credit.status", "Status", tick(0, START), 0, bytes(4))
        self.send(4, 1)
        self.log.flush()
        wait_until(lambda: self.read(4), 10, "the row behind the old tick")
        self.assertEqual(str(int((START + 2 * DAYS).timestamp() * 1000)).encode(), self.admin.hget("cx:asof:0", "tick"))

    def test_a_later_log_wins(self):
        self.service.start()
        self.send(1, 500)
        self.ticks(START)
        self.service.stop()
        later = services.Service(self.servers, "cache", CHENGXIN_LOG_GENERATION="2").start()
        wait_until(lambda: (self.read(1) or {}).get("version") == "2.500", 30, "the row of the later log")
        wait_until(lambda: self.admin.hget("cx:asof:1", "generation") == b"2", 10, "the later log's watermark")
        later.stop()
        self.service.start(ready=False)
        self.service.gone()
        self.assertIn("Redis holds log 2", self.service.log_tail())

    def test_a_row_of_an_earlier_log_is_not_shown(self):
        self.service.start()
        self.send(1, 500)
        self.ticks(START)
        self.assertIsNotNone(self.read(1))
        self.admin.hset("cx:asof:1", "generation", 2)
        self.assertIsNone(self.read(1))

    def test_redis_that_was_restarted_holds_what_it_had(self):
        """By its own file, without anybody's help; and nobody enters without a password."""
        self.service.start()
        for n in range(100):
            self.send(n, 10 + n)
        self.ticks(START)
        self.service.stop()
        before = [self.read(n) for n in range(100)]
        self.servers.stop("redis")
        self.servers.start("redis")
        self.assertEqual(before, [self.read(n) for n in range(100)])
        stranger = redis_client.Redis(unix_socket_path=self.servers.redis_socket)
        for command in ("PING", "KEYS *", f"HGETALL {self.key(1)}"):
            with self.assertRaises(redis_client.exceptions.AuthenticationError, msg=command):
                stranger.execute_command(*command.split())
        for password in ("", "default"):
            with self.assertRaises((redis_client.exceptions.AuthenticationError, redis_client.exceptions.ResponseError)):
                stranger.execute_command("AUTH", "default", password)
        stranger.close()

    def test_redis_comes_back_empty(self):
        self.service.start()
        for n in range(500):
            self.send(n, 10 + n)
        self.ticks(START)
        before = {n: self.read(n) for n in range(500)}
        pid = self.servers.kill("redis")
        for file in (self.servers.folder / "data" / "redis").rglob("*"):
            if file.is_file():
                file.unlink()
        self.servers.start("redis")
        self.assertNotEqual(pid, self.servers.pid("redis"))
        self.send(1000, 9000)
        self.ticks(START + DAYS)
        wait_until(lambda: self.read(1000), 30, "the newest row")
        self.assertEqual(501, len(self.admin.keys("cx:status:*")))
        for n, answer in before.items():
            self.assertEqual(answer["entries"], self.read(n)["entries"])
        self.assertIsNotNone(self.service.pid(), self.service.log_tail())

    def test_redis_comes_back_older_than_it_acknowledged(self):
        self.service.start()
        for n in range(100):
            self.send(n, 10 + n)
        self.ticks(START)
        self.admin.execute_command("SAVE")
        dump = self.servers.folder / "data" / "redis"
        old = {key: (self.admin.dump(key)) for key in self.admin.keys("cx:*")}
        for n in range(100):
            self.send(n, 200 + n, state="SUSPENDED")
        self.ticks(START + DAYS)
        self.assertEqual("SUSPENDED", self.read(3)["entries"][0]["state"])
        self.service.pause()
        self.admin.flushall()
        for key, value in old.items():
            self.admin.restore(key, 0, value)
        self.assertEqual("IN_FORCE", self.read(3)["entries"][0]["state"], "the fault did not happen")
        self.servers.kill("redis")  # the connection is lost with it, as when a server is restored
        self.servers.start("redis")
        self.service.resume()
        self.send(2000, 9000)
        self.log.flush()
        wait_until(lambda: self.read(3)["entries"][0]["state"] == "SUSPENDED", 30, "what was acknowledged is there again")
        for n in range(100):
            self.assertEqual("SUSPENDED", self.read(n)["entries"][0]["state"])
        self.assertTrue(dump.exists())

    def test_rights_of_the_reader(self):
        self.service.start()
        self.send(1, 1)
        self.ticks(START)
        for command in (("SET", "cx:x", "1"), ("DEL", self.key(1)), ("FCALL", "cx_apply", 1, "cx:asof:0", 9, 0, 9, "", "", "0"),
                        ("GET", "other"), ("FUNCTION", "FLUSH"), ("EVAL", "return 1", 0)):
            with self.assertRaises(redis_client.exceptions.NoPermissionError, msg=command):
                self.reader.execute_command(*command)
        self.assertIsNotNone(self.read(1))


if __name__ == "__main__":
    unittest.main()
