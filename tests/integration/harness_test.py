#!/usr/bin/python3
"""The harness itself: what it starts, kills, pauses and dumps is what it says."""

import time
import unittest

from confluent_kafka import Producer

from cxtest import servers, topics
from cxtest.waiting import wait_until


def transactional_producer(bootstrap):
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": "harness", "retry.backoff.ms": 2})
    producer.init_transactions(30)
    return producer


class Harness(unittest.TestCase):
    def setUp(self):
        self.servers = servers.shared()

    def test_dump_sees_what_is_committed_and_only_that(self):
        topics.create(self.servers.bootstrap, ["t"], partitions=3)
        producer = transactional_producer(self.servers.bootstrap)
        for n, commit in enumerate((True, False, True)):
            producer.begin_transaction()
            for partition in range(3):
                producer.produce("t", f"v{n}", key=f"k{partition}", partition=partition, timestamp=1_900_000_000_000 + n,
                                 headers=[("cx-tick", b"1")])
            self.assertEqual(producer.flush(20), 0)  # an abort would drop what is still in the queue
            producer.commit_transaction() if commit else producer.abort_transaction()
        seen = topics.dump(self.servers.bootstrap, "t")
        self.assertEqual([(m.partition, m.key, m.value, m.timestamp) for m in seen],
                         [(p, b"k%d" % p, b"v%d" % n, 1_900_000_000_000 + n) for p in range(3) for n in (0, 2)])
        self.assertEqual(seen[0].headers, [("cx-tick", b"1")])
        self.assertEqual(len(topics.dump(self.servers.bootstrap, "t", isolation="read_uncommitted")), 9)
        self.assertEqual(topics.latest(seen)[(1, b"k1")], b"v2")

    def test_each_server_comes_back_from_a_kill_with_what_it_had(self):
        topics.create(self.servers.bootstrap, ["kept"])
        producer = Producer({"bootstrap.servers": self.servers.bootstrap, "acks": "all"})
        producer.produce("kept", b"message")
        self.assertEqual(producer.flush(20), 0)
        with self.servers.postgres() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 7 AS n")
        connection.close()
        self.servers.redis().execute_command("CONFIG", "SET", "appendfsync", "always")
        self.servers.redis().set("cx:kept", "7")
        killed = {name: self.servers.kill(name) for name in servers.NAMES}
        self.servers.start()
        for name, pid in killed.items():
            self.assertNotEqual(self.servers.pid(name), pid)
        self.assertEqual([m.value for m in topics.dump(self.servers.bootstrap, "kept")], [b"message"])
        with self.servers.postgres() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT n FROM kept")
            self.assertEqual(cursor.fetchall(), [(7,)])
        connection.close()
        self.assertEqual(self.servers.redis().get("cx:kept"), b"7")

    def test_a_paused_server_stands_still_and_goes_on(self):
        for name in servers.NAMES:
            family = self.servers.family(name)
            self.servers.pause(name)
            try:
                wait_until(lambda: all(state(pid) == "T" for pid in family), 5, f"{name} stopped")
            finally:
                self.servers.resume(name)
            wait_until(lambda: all(state(pid) != "T" for pid in family), 5, f"{name} continued")

    def test_reset_leaves_nothing(self):
        topics.create(self.servers.bootstrap, ["gone"])
        self.servers.redis().set("cx:gone", "1")
        with self.servers.postgres() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA history")
        connection.close()
        self.servers.reset()
        self.assertEqual(topics.names(self.servers.bootstrap), [])
        self.assertEqual(self.servers.redis().dbsize(), 0)
        with self.servers.postgres() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'history'")
            self.assertEqual(cursor.fetchall(), [(0,)])
        connection.close()

    def test_only_the_projects_roles_enter(self):
        self.assertTrue(self.servers.redis("query").ping())
        with self.assertRaisesRegex(Exception, "(?i)permission|noperm|no permissions"):
            self.servers.redis("query").set("cx:x", "1")
        for role in ("cx_history", "cx_auditor", "cx_query"):
            self.servers.postgres(role).close()
        with self.assertRaisesRegex(Exception, "no pg_hba.conf entry|does not exist|authentication failed"):
            self.servers.postgres("somebody")


class Waiting(unittest.TestCase):
    def test_it_gives_up_and_says_what_it_waited_for(self):
        began = time.monotonic()
        with self.assertRaisesRegex(AssertionError, "the moon"):
            wait_until(lambda: False, 0.2, "the moon")
        self.assertLess(time.monotonic() - began, 5)


def state(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(") ")[2].split()[0]


if __name__ == "__main__":
    unittest.main()
