#!/usr/bin/python3
"""The clock on a real broker: every partition the same ticks, kills and outages included; law switched in one place."""

import os
import pathlib
import subprocess
import unittest

from confluent_kafka import Producer

from cxtest import servers, topics
from cxtest.waiting import wait_until

import spine

PARTITIONS = 4
DAY = 86_400_000
START = 1_767_196_800_000  # 2026-01-01, midnight in China
LEAP = 5479  # days from there to 2041-01-01: long enough to be disturbed in the middle


class ClockTest(unittest.TestCase):
    def setUp(self):
        self.servers = servers.shared()
        self.build = pathlib.Path(os.environ["CX_BUILD"])
        self.bus = f"--kafka.bootstrap.servers={self.servers.bootstrap}"
        topics.create(self.servers.bootstrap, spine.SPINE, PARTITIONS)
        topics.create(self.servers.bootstrap, spine.SINGLE, 1)
        topics.create(self.servers.bootstrap, ["credit.in.tax", "credit.in.court"], 1,
                      {"message.timestamp.type": "LogAppendTime"})
        self.events = spine.Events()
        self.processes = []
        self.log = self.servers.folder / "log" / "clock-test.log"
        self.log.write_text("")

    def tearDown(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()

    def run_service(self, name, *flags):
        with open(self.log, "ab") as log:
            process = subprocess.Popen([self.build / "services" / name / f"chengxin-{name}", self.bus, "--metrics.port=-1",
                                        *flags], stderr=log, stdin=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    def clock(self, *flags):
        return self.run_service("clock", *flags)

    def chengxin(self, *arguments):
        done = subprocess.run([self.build / "ops" / "cli" / "chengxin", *arguments, self.bus], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return done.returncode, done.stdout

    def ticks(self):
        """The times of the ticks, by partition."""
        found = {p: [] for p in range(PARTITIONS)}
        for m in topics.dump(self.servers.bootstrap, "credit.records"):
            time = self.events.time_of(m.value)
            if time is not None:
                self.assertEqual(m.timestamp, time)
                self.assertIsNone(m.key)
                found[m.partition].append(time)
        return found

    def check_ticks(self):
        """Each partition has the same ticks, ascending; the list of them."""
        found = self.ticks()
        for partition in range(PARTITIONS):
            self.assertEqual(found[partition], found[0])
            self.assertEqual(found[partition], sorted(set(found[partition])))
        return found[0]

    def wait_ticks(self, n):
        return wait_until(lambda: len(self.ticks()[0]) >= n, 40, f"{n} ticks: {self.log.read_text()[-2000:]}", pause=0.2)

    def test_ticks_go_on_behind_a_kill_and_a_leap_is_finished(self):
        clock = self.clock("--clock.kind=virtual", "--clock.start=2026-01-01", "--clock.interval.ms=200")
        self.wait_ticks(3)
        asked = subprocess.Popen([self.build / "ops" / "cli" / "chengxin", "clock", "--to", "2041-01-01", self.bus],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: max(self.ticks()[0]) > START + 60 * DAY, 30, "the leap has begun", pause=0.05)
        clock.kill()
        clock.wait()
        before = max(self.ticks()[0])
        self.assertLess(before, START + LEAP * DAY, "the leap was over before the kill")
        self.clock("--clock.interval.ms=200")
        self.assertEqual(asked.wait(120), 0)
        self.wait_ticks(LEAP)
        ticks = set(self.check_ticks())
        self.assertLessEqual({START + day * DAY for day in range(1, LEAP + 1)}, ticks)
        code, text = self.chengxin("clock", "status")
        self.assertEqual(code, 0, text)
        self.assertIn("virtual", text)
        self.assertIn("2041-01-01", text)

    def test_a_leap_is_finished_though_a_second_clock_joins(self):
        """The request in hand is given up in the rebalance, its partition was paused: it must be read again."""
        self.clock("--clock.kind=virtual", "--clock.start=2026-01-01", "--clock.interval.ms=200")
        self.wait_ticks(3)
        asked = subprocess.Popen([self.build / "ops" / "cli" / "chengxin", "clock", "--to", "2041-01-01", self.bus],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: max(self.ticks()[0]) > START + 30 * DAY, 30, "the leap has begun", pause=0.05)
        self.assertLess(max(self.ticks()[0]), START + LEAP * DAY, "the leap was over before the rebalance")
        self.clock("--slot=1", "--clock.interval.ms=200")
        self.assertEqual(asked.wait(120), 0)
        self.assertIn("_REVOKE_PARTITIONS", self.log.read_text())
        self.check_ticks()

    def test_a_second_clock_stands_by_and_takes_over(self):
        first = self.clock("--clock.kind=virtual", "--clock.start=2026-01-01", "--clock.interval.ms=200")
        self.wait_ticks(2)
        self.clock("--slot=1", "--clock.interval.ms=200")
        self.wait_ticks(6)
        first.kill()
        first.wait()
        n = len(self.check_ticks())
        self.wait_ticks(n + 3)
        self.check_ticks()

    def test_a_wall_log_is_not_moved_and_keeps_its_kind(self):
        clock = self.clock("--clock.interval.ms=200")
        self.wait_ticks(2)
        code, text = self.chengxin("clock", "--to", "2099-01-01")
        self.assertEqual(code, 2, text)
        self.assertIn("wall", text)
        clock.terminate()
        self.assertEqual(clock.wait(120), 0)
        changed = self.clock("--clock.kind=virtual")
        self.assertEqual(changed.wait(120), 2)
        self.assertIn("born wall", self.log.read_text())
        self.check_ticks()

    def test_freshness_is_the_oldest_arrival_that_intake_has_not_taken(self):
        self.clock("--clock.interval.ms=200")
        self.wait_ticks(2)
        producer = Producer({"bootstrap.servers": self.servers.bootstrap})
        producer.produce("credit.in.tax", b"waits")
        self.assertEqual(producer.flush(20), 0)
        arrived = topics.dump(self.servers.bootstrap, "credit.in.tax")[0].timestamp

        def received_to():
            last = [m for m in topics.dump(self.servers.bootstrap, "credit.records") if m.partition == 0][-1]
            return self.events.received_to_of(last.value)

        wait_until(lambda: received_to() == arrived, 20, "received_to is the arrival")
        producer.produce("credit.in.tax", b"waits too")
        self.assertEqual(producer.flush(20), 0)
        self.assertEqual(received_to(), arrived)
        spine.commit(self.servers.bootstrap, "credit.intake", "credit.in.tax", 0, 2)
        wait_until(lambda: received_to() > arrived, 20, "all was taken: freshness is the tick")

    def test_what_intake_is_done_with_does_not_stay_in_clear(self):
        """Removed: what is committed and old. It stays while it is either not committed or not old."""
        producer = Producer({"bootstrap.servers": self.servers.bootstrap, "enable.idempotence": True})
        for topic in ("credit.in.tax", "credit.in.court"):
            for n in range(3):
                producer.produce(topic, b"an identity in clear %d" % n)
        self.assertEqual(producer.flush(20), 0)
        spine.commit(self.servers.bootstrap, "credit.intake", "credit.in.tax", 0, 2)
        clock = self.clock("--clock.interval.ms=200", "--clock.inbound.keep.ms=604800000")
        self.wait_ticks(3)
        self.assertEqual(len(topics.dump(self.servers.bootstrap, "credit.in.tax")), 3, "none is a week old")
        clock.terminate()
        self.assertEqual(clock.wait(120), 0)
        self.clock("--clock.interval.ms=200", "--clock.inbound.keep.ms=1000")
        wait_until(lambda: len(topics.dump(self.servers.bootstrap, "credit.in.tax")) == 1, 20, "two are removed")
        spine.commit(self.servers.bootstrap, "credit.intake", "credit.in.tax", 0, 3)
        wait_until(lambda: not topics.dump(self.servers.bootstrap, "credit.in.tax"), 20, "the third, too")
        self.assertEqual(len(topics.dump(self.servers.bootstrap, "credit.in.court")), 3, "intake has committed nothing there")

    def test_a_lost_position_is_not_a_new_log(self):
        clock = self.clock("--clock.kind=virtual", "--clock.start=2026-01-01", "--kafka.session.timeout.ms=6000",
                           "--kafka.transaction.timeout.ms=5000")
        self.wait_ticks(1)
        clock.terminate()
        self.assertEqual(clock.wait(120), 0)
        spine.delete_group(self.servers, "credit.clock")
        again = self.clock("--clock.kind=virtual", "--clock.start=2026-01-01")
        self.assertEqual(again.wait(120), 1)
        self.assertIn("POSITION_LOST", self.log.read_text())


if __name__ == "__main__":
    unittest.main()
