#!/usr/bin/python3
"""The runner on a real broker: a stage that counts loses, doubles and reorders nothing, whatever is done to it."""

import os
import pathlib
import random
import signal
import subprocess
import unittest

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from cxtest import servers, topics
from cxtest.waiting import wait_until

import spine
from tally_model import Model

PARTITIONS = 4
GROUP = "credit.tally"
START = 1_800_000_000_000  # first tick
FATAL = r'"message":"tally: (FENCED|BUS): '  # what a stage ends with that another has replaced
OURS = "was to come"  # what it ends with when messages came out of order: never


class Stage:
    """One process of the tally stage."""

    def __init__(self, test, slot, **settings):
        self.test, self.slot, self.settings = test, slot, settings
        self.process = None
        self.log = test.servers.folder / "log" / f"tally-{slot}.log"
        self.skip = self.log.stat().st_size if self.log.exists() else 0

    def start(self):
        program = pathlib.Path(os.environ["CX_BUILD"]) / "tests" / "integration" / "runner" / "runner_tally"
        flags = [f"--{key.replace('__', '.')}={value}" for key, value in self.settings.items()]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [program, f"--kafka.bootstrap.servers={self.test.servers.bootstrap}", f"--slot={self.slot}",
                 "--metrics.port=-1", *flags], stderr=log, stdin=subprocess.DEVNULL)
        return self

    def kill(self):
        assert self.process.poll() is None, f"slot {self.slot} was not running:\n{self.tail()}"
        self.process.kill()
        assert self.process.wait(60) == -signal.SIGKILL

    def stop(self):
        self.process.terminate()
        code = self.process.wait(60)
        assert code == 0, f"slot {self.slot} ended with {code}:\n{self.tail()}"

    def text(self):
        """What it has logged since this test began."""
        return self.log.read_text()[self.skip:]

    def tail(self):
        return "\n".join(self.text().splitlines()[-15:])


class RunnerTest(unittest.TestCase):
    def setUp(self):
        self.servers = servers.shared()
        topics.create(self.servers.bootstrap, spine.SPINE, PARTITIONS, {"message.timestamp.type": "CreateTime"})
        topics.create(self.servers.bootstrap, spine.SINGLE, 1)
        self.events = spine.Events()
        self.seen = spine.Schema("SeenEvent")
        self.random = random.Random(7)
        self.stages = []
        self.producer = Producer({"bootstrap.servers": self.servers.bootstrap, "enable.idempotence": True, "linger.ms": 5,
                                  "partitioner": "murmur2_random"})
        self.time = START

    def tearDown(self):
        for stage in self.stages:
            if stage.process.poll() is None:
                stage.process.kill()
                stage.process.wait()

    def stage(self, slot, **settings):
        self.stages.append(Stage(self, slot, **settings).start())
        return self.stages[-1]

    def publish(self, n, subjects=200, tick_every=250):
        for i in range(n):
            if i % tick_every == 0:
                self.time += 1000
                for partition in range(PARTITIONS):
                    self.producer.produce("credit.records", self.events.tick(self.time), partition=partition)
            subject = self.random.randrange(subjects).to_bytes(16, "big")
            self.producer.produce("credit.records", self.events.queried(subject, f"q{i}"), key=subject)
            self.producer.poll(0)
        self.assertEqual(self.producer.flush(90), 0)

    def place(self):
        """(offsets of credit.records that the group has committed, offsets that there are)."""
        consumer = Consumer({"bootstrap.servers": self.servers.bootstrap, "group.id": GROUP})
        try:
            parts = [TopicPartition("credit.records", p) for p in range(PARTITIONS)]

            def look():
                try:
                    committed = sum(max(p.offset, 0) for p in consumer.committed(parts, timeout=10))
                    return committed, sum(consumer.get_watermark_offsets(p, timeout=10)[1] for p in parts)
                except KafkaException:  # a leader or coordinator is just being made, or a transaction is still open
                    return None

            return wait_until(look, 30, "the group's offsets")
        finally:
            consumer.close()

    def committed(self):
        return self.place()[0]

    def behind(self):
        committed, end = self.place()
        return end - committed

    def settle(self, deadline=60):
        try:
            wait_until(lambda: self.behind() == 0, deadline, "everything committed", pause=0.2)
        except AssertionError as error:
            raise AssertionError(f"{error}\n" + "\n".join(s.tail() for s in self.stages)) from None

    def settle_supervised(self, stage):
        """As under its supervisor: one that was fenced, or lost its place in the group, is started again."""
        starts = []

        def done():
            if stage.process.poll() is not None:
                self.assertEqual(stage.process.returncode, 1, stage.tail())
                self.assertRegex(stage.text(), FATAL)
                self.assertNotRegex(stage.text(), OURS)
                starts.append(stage.start())
                self.assertLess(len(starts), 4, stage.tail())
            return self.behind() == 0

        wait_until(done, 60, "everything committed", pause=0.2)

    def check(self):
        """The output is the model's, message by message; the state's last rows are the model's."""
        models = {p: Model() for p in range(PARTITIONS)}
        for m in topics.dump(self.servers.bootstrap, "credit.records"):
            models[m.partition].feed(m.offset, m.key, self.events.time_of(m.value))
        said = {p: [] for p in range(PARTITIONS)}
        for m in topics.dump(self.servers.bootstrap, "credit.classified"):
            partition, offset, now = spine.classified_head(m.value)
            self.assertEqual(partition, m.partition)
            said[m.partition].append((offset, m.key, None if now == -2**63 else now, spine.verdict_of(m.value)))
            if now != -2**63:
                self.assertEqual(m.timestamp, now)
        for p in range(PARTITIONS):
            self.assertEqual(len(said[p]), len(models[p].said), f"partition {p}")
            for got, wanted in zip(said[p], models[p].said):
                self.assertEqual(got, wanted)
        rows = {k: self.seen.decode(v) for k, v in topics.latest(topics.dump(self.servers.bootstrap, "credit.state")).items()}
        for p in range(PARTITIONS):
            for key, count in models[p].counts.items():
                self.assertEqual(rows[(p, key)]["origin"]["offset"], count)
        return sum(len(m.said) for m in models.values())

    def test_undisturbed_with_small_batches(self):
        self.publish(3000)
        stage = self.stage(0, batch__max__events=7)
        self.publish(1000)
        self.settle()
        stage.stop()
        self.assertGreater(self.check(), 4000)

    def test_killed_again_and_again(self):
        self.publish(2000)
        stages = [self.stage(0, batch__max__events=50), self.stage(1, batch__max__events=300)]
        kills = 0
        for _ in range(6):
            for stage in stages:
                before = self.committed()
                self.publish(1500)
                wait_until(lambda: self.committed() > before, 40, "some of it committed")
                stage.kill()
                kills += 1
                stage.start()
        self.assertEqual(kills, 12)
        self.settle()
        for stage in stages:
            stage.stop()
        self.assertGreater(self.check(), 20000)

    def test_members_come_and_go(self):
        """Rebalances in the middle of batches: slots join, and leave in good order."""
        first = self.stage(0, batch__max__events=200)
        for round_ in range(2):
            self.publish(2500)
            second = self.stage(1 + round_, batch__max__events=100)
            wait_until(lambda: "partitions are ours" in second.text(), 40, "the second slot got partitions")
            self.publish(2500)
            second.stop()
        self.settle()
        first.stop()
        self.assertGreaterEqual(first.text().count("_REVOKE_PARTITIONS"), 3)
        self.assertGreater(self.check(), 10000)

    def stop_in_the_middle(self, stage):
        """SIGSTOP while its position moves and messages are left: tried again with more of them if it was quicker."""
        for n in (8000, 16000, 32000):
            before = self.committed()
            self.publish(n)
            wait_until(lambda: self.committed() > before, 30, "at work")
            stage.process.send_signal(signal.SIGSTOP)
            if self.behind() > 0:
                return
            stage.process.send_signal(signal.SIGCONT)
        self.fail("it was always stopped too late")

    def test_a_stopped_member_that_comes_back_writes_nothing(self):
        """SIGSTOP past session and transaction time-outs in the middle of a batch: another takes over; the zombie is refused."""
        zombie = self.stage(0, batch__max__events=100)
        self.publish(1000)
        self.settle()
        self.stop_in_the_middle(zombie)
        heir = self.stage(1)
        self.settle()
        zombie.process.send_signal(signal.SIGCONT)
        wait_until(lambda: zombie.process.poll() is not None or
                   zombie.text().count("partitions are ours") >= 2, 60, "the zombie fenced or a member again")
        self.publish(1000)
        self.settle()
        if zombie.process.poll() is None:
            zombie.stop()
        else:
            self.assertEqual(zombie.process.returncode, 1)
        heir.stop()
        self.check()

    def test_the_same_slot_twice_fences_the_older(self):
        older = self.stage(0, batch__max__events=50)
        self.publish(2000)
        wait_until(lambda: "partitions are ours" in older.text(), 30, "the older at work")
        newer = self.stage(0, batch__max__events=50)
        self.publish(2000)
        self.assertEqual(older.process.wait(120), 1)
        self.assertRegex(older.text(), FATAL)
        self.assertNotRegex(older.text(), OURS)
        self.settle_supervised(newer)  # an older whose session had run out joins anew, and fences the newer in turn
        newer.stop()
        self.check()

    def test_the_broker_dies_and_comes_back(self):
        stage = self.stage(0, batch__max__events=100)
        self.publish(6000)
        wait_until(lambda: self.committed() > 0, 30, "at work")
        self.servers.kill("kafka")
        self.servers.start("kafka")
        self.publish(2000)
        self.settle_supervised(stage)  # where the broker gave its transaction up meanwhile, it was fenced
        stage.stop()
        self.check()

    def test_without_a_position_it_does_not_begin_again(self):
        stage = self.stage(0, kafka__session__timeout__ms=6000, kafka__transaction__timeout__ms=5000)
        self.publish(500)
        self.settle()
        stage.stop()
        spine.delete_group(self.servers, GROUP)
        stage.start()
        self.assertEqual(stage.process.wait(90), 1)
        self.assertIn("POSITION_LOST", stage.tail())
        spine.commit_once_empty(self.servers.bootstrap, GROUP, "credit.records", 10)
        stage.start()
        self.assertEqual(stage.process.wait(90), 1)
        self.assertIn("set by another program", stage.tail())

    def test_what_only_was_aborted_is_no_output(self):
        """Killed before its first commit: its topics hold aborted messages, and it begins at the beginning."""
        self.publish(3000)
        stage = self.stage(0, batch__max__events=100000, batch__max__ms=5000, batch__linger__ms=1000)
        wait_until(lambda: spine.end(self.servers.bootstrap, "credit.classified") > 100, 30, "uncommitted output")
        stage.kill()
        self.assertEqual(topics.dump(self.servers.bootstrap, "credit.classified", deadline=30), [])
        stage.start()
        self.settle()
        stage.stop()
        self.check()

    def test_a_message_that_does_not_decode_stops_the_spine(self):
        self.publish(100)
        self.producer.produce("credit.records", b"rubbish", key=bytes(16), partition=0)
        self.assertEqual(self.producer.flush(30), 0)
        stage = self.stage(0)
        self.assertEqual(stage.process.wait(90), 1)
        self.assertIn("NOT_DECODED", stage.tail())
        self.assertIn("partition 0 offset", stage.tail())

    def test_a_wrong_topic_is_refused_at_start(self):
        spine.delete(self.servers.bootstrap, ["credit.state"])
        stage = self.stage(0)
        self.assertEqual(stage.process.wait(90), 1)
        self.assertIn("TOPIC_MISSING", stage.tail())
        topics.create(self.servers.bootstrap, ["credit.state"], PARTITIONS + 1)
        stage.start()
        self.assertEqual(stage.process.wait(90), 1)
        self.assertIn("TOPIC_PARTITIONS", stage.tail())


if __name__ == "__main__":
    unittest.main()
