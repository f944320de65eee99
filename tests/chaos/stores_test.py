#!/usr/bin/python3
"""The stores lost, or back older than they were, with events on their way; after each the checker's whole comparison.

In ./ops/test --long alone. One log grows through all of it: each test sends its share of the events, and what the tests
before it did must still hold.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import unittest

from confluent_kafka import Consumer

from cxtest import servers, services
from cxtest.waiting import wait_until

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case  # noqa: E402
import check  # noqa: E402
import doubling  # noqa: E402
import run  # noqa: E402
import stories  # noqa: E402
from clients import Clients  # noqa: E402

sys.path.insert(0, str(servers.ROOT / "ops" / "lib"))
import settle  # noqa: E402

SUBJECTS, PARTS = 500, 20
PARTITIONS = 4  # twice as many are still far from what trips a breaker
REBALANCES = 60  # one a second


def say(text):
    print(text, file=sys.stderr, flush=True)


class Stores(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = servers.ROOT / "var" / "test" / "stores"
        cls.run_ = r = run.Run(cls.folder, SUBJECTS, "stores", say, partitions=PARTITIONS)
        cls.addClassCleanup(r.stop)
        r.start()
        r.leap()
        r.clients = Clients(r.servers, cls.folder, SUBJECTS, PARTS)

    def setUp(self):
        self.r, self.servers, self.fleet = self.run_, self.run_.servers, self.run_.fleet
        self.data = self.servers.folder / "data"

    def send(self):
        self.r.clients.burst()

    def sent(self):
        """Waits until what was allowed is acknowledged."""
        clients = self.r.clients
        for department in stories.DEPARTMENTS:
            wanted = clients.total * clients.sent_parts // clients.parts
            wait_until(lambda d=department, n=wanted: clients.acknowledged(d) >= n, 60, f"{department} has sent")

    def compare(self, name):
        """Everything through, every service down, everything compared; then up again."""
        self.sent()
        self.r.settle(f"{name}: all is through")
        self.r.halt()
        self.r.dump(name)
        found = check.findings(case.Dumps(self.folder, name, SUBJECTS))
        self.assertEqual({rule: told[:3] for rule, told in found.items()}, {})
        shutil.rmtree(self.folder / name)
        self.r.say(f"{name}: the checker finds nothing")
        self.r.begin_again()

    def redis_keys(self):
        with self.servers.redis() as client:
            return len(client.keys("cx:status:*"))

    def events(self):
        with self.servers.postgres() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM history.events")
            return cursor.fetchone()[0]

    def begun(self):
        """A share of the events, all of it through."""
        self.send()
        self.sent()
        self.r.settle("a share of the events is through")

    def test_1_redis_comes_back_empty(self):
        self.begun()
        self.assertGreater(self.redis_keys(), 0)
        self.send()
        self.servers.kill("redis")
        shutil.rmtree(self.data / "redis")
        self.servers.start("redis")
        self.compare("redis-empty")

    def test_2_redis_comes_back_from_an_old_snapshot(self):
        old = self.folder / "redis.old"
        self.servers.stop("redis")
        shutil.copytree(self.data / "redis", old)
        self.servers.start("redis")
        self.begun()
        with self.servers.redis() as client:
            before = {p: int(client.hget(f"cx:asof:{p}", "next")) for p in range(PARTITIONS)}
        self.send()
        self.servers.kill("redis")
        shutil.rmtree(self.data / "redis")
        shutil.copytree(old, self.data / "redis")
        for slot in self.fleet.slots["cache"]:
            slot.life.pause()  # so that what the snapshot holds is seen before it is mended
        self.servers.start("redis")
        with self.servers.redis() as client:
            after = {p: int(client.hget(f"cx:asof:{p}", "next")) for p in range(PARTITIONS)}
        self.assertTrue(all(after[p] < before[p] for p in before), f"the snapshot is no older: {before}, {after}")
        for slot in self.fleet.slots["cache"]:
            slot.life.resume()
        self.compare("redis-old")

    def test_3_postgres_is_restored_from_an_old_backup(self):
        home = services.shell(self.servers, "cx_pg_home").strip()
        old = self.folder / "postgres.old"
        self.servers.stop("postgres")
        self.copy(f"{home}/db", old)
        self.servers.start("postgres")
        kept = self.events()
        self.begun()
        self.assertGreater(self.events(), kept, "the backup is no older")
        self.send()
        self.servers.kill("postgres")
        services.shell(self.servers, "cx_pg_forget_crashed \"$1\"", f"{home}/db")
        shutil.rmtree(f"{home}/db")
        self.copy(old, f"{home}/db")
        self.servers.start("postgres")
        self.compare("postgres-old")

    @staticmethod
    def copy(source, target):
        subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # with their owners

    def test_4_a_services_disk_is_lost(self):
        """Everything that a service may have on disk: its snapshots of state."""
        self.begun()
        state = self.data / "state"
        had = sum(1 for path in state.rglob("*") if path.is_file()) if state.exists() else 0
        self.assertGreater(had, 0)
        self.r.say(f"{had} files of state")
        self.send()
        for name in ("registrar", "sanctioner"):
            for slot in self.fleet.slots[name]:
                slot.kill()
        shutil.rmtree(state, ignore_errors=True)
        for name in ("registrar", "sanctioner"):
            for slot in self.fleet.slots[name]:
                slot.start()
        self.compare("disk-lost")

    def test_5_a_rebalance_every_second(self):
        """For a minute a stranger joins a group each second, of one service after the other, gets its share, and leaves. (One of
        our own slots would not do: it is a member until its session has ended, and the group waits for it.)"""
        began, before = time.monotonic(), self.rebalances()
        for turn in range(REBALANCES):
            if turn % (REBALANCES // 4) == 0:
                self.send()
            self.visit(self.fleet.order[turn // 6 % len(self.fleet.order)])
            wait_until(lambda t=turn: time.monotonic() >= began + t + 1, 30, "the next second")
        took, seen = time.monotonic() - began, self.rebalances() - before
        self.r.say(f"{REBALANCES} members came and went in {took:.0f} s, {seen} assignments of those that stay")
        self.assertGreaterEqual(seen, 2 * REBALANCES)  # each time there are two slots, of which all that is theirs is taken
        self.compare("rebalances")

    def visit(self, name):
        """Joins the group of a service, and leaves it as soon as it has got something; commits nothing."""
        inputs = settle.INPUTS.get(name, ["credit.activations"])
        guest = Consumer({"bootstrap.servers": self.servers.bootstrap, "group.id": f"credit.{name}", "enable.auto.commit": False,
                          "partition.assignment.strategy": "range,roundrobin", "auto.offset.reset": "error"})
        given = []
        try:
            guest.subscribe([f"^{re.escape(i)}" if i.endswith(".") else i for i in inputs[:1]],
                            on_assign=lambda _, partitions: given.append(len(partitions)))

            def joined():
                guest.poll(0.05)
                return given

            wait_until(joined, 60, f"a visitor of {name} has its share", pause=0)
        finally:
            guest.close()

    def test_6_the_partitions_are_doubled(self):
        """By the documented way, with events on their way and the command killed once; the log decided again agrees."""
        self.begun()
        self.send()
        doubling.double(self.r, 2 * PARTITIONS)
        self.r.begin_again()
        self.send()
        self.sent()
        self.r.settle("what came behind the split is through")
        self.assertEqual(services.chengxin(self.servers, "verify").returncode, 0)
        self.compare("doubled")

    def rebalances(self):
        """Assignments that the slots which stay have seen."""
        return sum(slot.life.text().count("_ASSIGN_PARTITIONS") for slot in self.fleet.all())


if __name__ == "__main__":
    if not os.environ.get("CX_LONG"):
        sys.exit(77)
    unittest.main(warnings="ignore")
