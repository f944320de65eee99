#!/usr/bin/python3
"""chengxin lag on a real cluster: agrees with Kafka's own kafka-consumer-groups and with kcat; tells the states apart; knows
markers, aborted and open transactions; says clearly what cannot be answered, and never writes past a terminal."""

import json
import os
import re
import socket
import subprocess
import threading
import time
import unittest

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

TOPIC, OLD = "lag.plain", "lag.old"
KAFKA_TOOL = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class LagTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        services.stop_all(servers.Servers(servers.shared_folder()))  # of a test that was killed
        cls.servers = servers.shared()
        cls.bootstrap = cls.servers.bootstrap
        services.write_config(cls.servers)
        cls.nobody_there = cls.ask_in_vain()
        topics.create(cls.bootstrap, [TOPIC, OLD], partitions=4)
        cls.began_ms = int(time.time() * 1000)
        cls.produce(TOPIC, 40)
        for position, group in ((0, "lag.zero"), (3, "lag.three"), (10, "lag.end")):
            cls.commit(group, {(TOPIC, p): position for p in range(4)})

    @classmethod
    def ask_in_vain(cls):
        """The command, asking where no broker is. It has ten seconds' patience, and the other tests go on meanwhile."""
        process = subprocess.Popen([str(servers.ROOT / "ops" / "chengxin"), "lag", "--kafka.bootstrap.servers", f"127.0.0.1:{free_port()}"],
                                   env={**os.environ, "CX_VAR": str(cls.servers.folder)}, text=True, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        cls.addClassCleanup(process.kill)
        return process

    @classmethod
    def produce(cls, topic, n, age_s=100, **settings):
        """n messages over 4 partitions; the i-th of a partition is age_s - i seconds old. Idempotent, for a producer that is not
        may retry the first batch of a new topic behind the second."""
        producer = Producer({"bootstrap.servers": cls.bootstrap, "enable.idempotence": True, **settings})
        for i in range(n):
            producer.produce(topic, b"x" * 100, partition=i % 4, timestamp=cls.began_ms - (age_s - i // 4) * 1000)
        assert producer.flush(20) == 0

    @classmethod
    def commit(cls, group, positions):
        consumer = Consumer({"bootstrap.servers": cls.bootstrap, "group.id": group, "enable.auto.commit": False})
        result = consumer.commit(offsets=[TopicPartition(t, p, o) for (t, p), o in positions.items()], asynchronous=False)
        assert all(r.error is None for r in result)
        consumer.close()

    def lag(self, *arguments, check=True):
        return services.chengxin(self.servers, "lag", *arguments, check=check)

    def rows(self, *arguments):
        look = json.loads(self.lag(*arguments, "--json").stdout)
        return {(r["group"], r["topic"], r["partition"]): r for r in look["partitions"]}

    def kafka_groups(self, *arguments):
        """(group, topic, partition) -> (position, end, lag, is there a member), as kafka-consumer-groups says."""
        text = self.servers.script("kafka-tool", KAFKA_TOOL, "--bootstrap-server", self.bootstrap, "--timeout", "60000", "--describe",
                                   *arguments)
        found = {}
        for line in text.splitlines():
            f = line.split()
            if len(f) >= 7 and f[2].isdigit() and f[3].isdigit():
                found[f[0], f[1], int(f[2])] = (int(f[3]), int(f[4]), int(f[5]), f[6] != "-")
        return found

    def kcat(self, *arguments):
        done = subprocess.run(["kcat", "-b", self.bootstrap, "-q", *map(str, arguments)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=60, check=True)
        return done.stdout

    def test_agrees_with_kafkas_own_tool_and_kcat(self):
        ours = self.rows("--all-groups", "--once")
        theirs = self.kafka_groups("--all-groups")
        shared = {k for k in theirs if k[0].startswith("lag.")}
        self.assertGreaterEqual(len(shared), 12)
        for key in shared:
            row, (position, end, lag, member) = ours[key], theirs[key]
            self.assertEqual((row["position"], row["end"]), (position, end), key)
            self.assertEqual(row["member"] is not None, member, key)
            if key[1] == TOPIC:  # no transactions there
                self.assertEqual(row["messages"], lag, key)
        for p in range(4):
            row = ours["lag.three", TOPIC, p]
            end = re.search(rf"\[{p}\] offset (\d+)", self.kcat("-Q", "-t", f"{TOPIC}:{p}:-1"))
            self.assertEqual(row["end"], int(end.group(1)))
            stamp = int(self.kcat("-C", "-t", TOPIC, "-p", p, "-o", row["position"], "-c", 1, "-f", "%T"))
            self.assertEqual(row["since_ms"], stamp)

    def test_seconds_are_the_age_of_the_message_at_the_position(self):
        rows = self.rows("lag.zero", "lag.three", "lag.end", "--once")
        now = time.time()
        for position, group in ((0, "lag.zero"), (3, "lag.three")):
            age = now - (self.began_ms / 1000 - (100 - position))
            for p in range(4):
                self.assertAlmostEqual(rows[group, TOPIC, p]["seconds"], age, delta=30)
                self.assertEqual(rows[group, TOPIC, p]["since_ms"], self.began_ms - (100 - position) * 1000)
                self.assertEqual(rows[group, TOPIC, p]["state"], "stopped")
        self.assertEqual([rows["lag.end", TOPIC, p]["seconds"] for p in range(4)], [0] * 4)

    def test_check_answers_by_its_exit_code(self):
        self.assertEqual(self.lag("lag.three", "--check", "--max-seconds", "100000").returncode, 0)
        late = self.lag("lag.three", "--check", "--max-seconds", "20", check=False)
        self.assertEqual(late.returncode, 3)
        self.assertEqual(late.stdout.count("lag.three: "), 4)
        self.assertEqual(self.lag("lag.end", "--check", "--max-seconds", "0").returncode, 0)

    def test_markers_and_aborted_messages_are_not_behind(self):
        topic = "lag.transactions"
        topics.create(self.bootstrap, [topic], partitions=2)
        producer = Producer({"bootstrap.servers": self.bootstrap, "transactional.id": "lag-test"})
        producer.init_transactions(20)
        for n in range(3):
            producer.begin_transaction()
            for p in range(2):
                producer.produce(topic, b"kept", partition=p)
            producer.commit_transaction(20)
        producer.begin_transaction()
        producer.produce(topic, b"given up", partition=0)
        producer.flush(20)
        producer.abort_transaction(20)
        self.commit("lag.marked", {(topic, 0): 5, (topic, 1): 5})  # behind the third message: 0 m 2 m 4 m, then aborted

        def figures(name):
            rows = self.rows("lag.marked", "--once")
            return [rows["lag.marked", topic, p][name] for p in range(2)]

        wait_until(lambda: figures("end") == [8, 6], 60, "the markers are written, which comes after the answer")
        self.assertEqual(figures("messages"), [0, 0])
        self.assertEqual(figures("seconds"), [0, 0])
        self.commit("lag.marked", {(topic, 0): 3, (topic, 1): 5})  # the third message waits
        self.assertGreater(self.rows("lag.marked", "--once")["lag.marked", topic, 0]["messages"], 0)
        self.commit("lag.marked", {(topic, 0): 5, (topic, 1): 5})
        producer.begin_transaction()  # and one that stays open hides what comes behind it
        producer.produce(topic, b"open", partition=1, timestamp=self.began_ms - 50000)
        producer.flush(20)
        row = self.rows("lag.marked", "--once")["lag.marked", topic, 1]
        self.assertGreaterEqual(row["messages"], 1)
        self.assertGreater(row["seconds"], 49)
        producer.abort_transaction(20)

    def test_stalled_is_not_behind(self):
        """One member has its partitions and never moves; the other reads on, and never comes to the end, which moves as well."""
        topic, stop, names = "lag.moving", threading.Event(), ("lag.stands", "lag.reads")
        topics.create(self.bootstrap, [topic], partitions=4)
        self.produce(topic, 400)
        for name in names:
            self.commit(name, {(topic, p): 0 for p in range(4)})
        stands, reads = (Consumer({"bootstrap.servers": self.bootstrap, "group.id": name, "enable.auto.commit": False,
                                   "topic.metadata.refresh.interval.ms": 1000}) for name in names)
        for member in (stands, reads):
            member.subscribe([topic])
        feeder = Producer({"bootstrap.servers": self.bootstrap, "linger.ms": 0})

        def feed():
            while not stop.wait(0.05):
                for p in range(4):
                    feeder.produce(topic, b"x", partition=p)
                feeder.flush(60)

        def read():
            while not stop.wait(0.05):  # a quarter of what is fed
                stands.poll(0)
                message = reads.poll(0.1)
                if message is not None and message.error() is None:
                    place = TopicPartition(topic, message.partition(), message.offset() + 1)
                    reads.commit(offsets=[place], asynchronous=True)

        threads = [threading.Thread(target=f) for f in (feed, read)]
        for thread in threads:
            thread.start()

        def told_apart():
            rows = self.rows(*names, "--stall", "2")
            of = lambda name: [rows[name, topic, p] for p in range(4)]
            return ({r["state"] for r in of("lag.stands")} == {"stalled"} and "behind" in {r["state"] for r in of("lag.reads")}
                    and sum(r["rate"] for r in of("lag.reads")) > 0
                    and all((r["member"] or "").startswith("rdkafka-") for r in of("lag.stands") + of("lag.reads")))

        try:
            wait_until(told_apart, 120, "one is stalled, the other behind")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            for member in (stands, reads):
                member.close()

    def test_rewound_is_seen_by_watch_and_lost_by_every_look(self):
        self.produce(OLD, 40)
        self.commit("lag.back", {(OLD, p): 8 for p in range(4)})
        watch = subprocess.Popen([str(servers.ROOT / "ops" / "chengxin"), "lag", "lag.back", "--watch", "--json", "--every", "1"],
                                 stdout=subprocess.PIPE, env={**os.environ, "CX_VAR": str(self.servers.folder)}, text=True)
        try:
            seen = self.next_states(watch)
            self.assertEqual(seen, ["stopped"] * 4)
            self.commit("lag.back", {(OLD, 2): 5})
            wait_until(lambda: self.next_states(watch) == ["stopped", "stopped", "rewound", "stopped"], 60, "rewound", pause=0)
            self.commit("lag.back", {(OLD, 2): 9})
            wait_until(lambda: self.next_states(watch) == ["stopped"] * 4, 60, "not rewound any more", pause=0)
        finally:
            watch.terminate()
            watch.stdout.read()
            self.assertEqual(watch.wait(60), 0)  # ended by a signal as it should
            watch.stdout.close()
        self.servers.script("kafka-tool", "org.apache.kafka.tools.DeleteRecordsCommand", "--bootstrap-server", self.bootstrap,
                            "--offset-json-file", self.records_up_to(OLD, 3, 10))
        row = self.rows("lag.back", "--once")["lag.back", OLD, 3]
        self.assertEqual((row["state"], row["begin"]), ("lost", 10))
        self.commit("lag.back", {(OLD, 0): 5000})  # beyond the end
        self.assertEqual(self.rows("lag.back", "--once")["lag.back", OLD, 0]["state"], "lost")
        self.assertEqual(self.lag("lag.back", "--check", "--max-seconds", "100000", check=False).returncode, 3)

    def next_states(self, watch):
        return [r["state"] for r in json.loads(watch.stdout.readline())["partitions"]]

    def records_up_to(self, topic, partition, offset):
        path = self.servers.folder / "delete.json"
        path.write_text(json.dumps({"partitions": [{"topic": topic, "partition": partition, "offset": offset}], "version": 1}))
        return path

    def test_a_topic_that_goes_away_is_said(self):
        topics.create(self.bootstrap, ["lag.going"], partitions=4)
        self.produce("lag.going", 8)
        self.commit("lag.gone", {("lag.going", p): 1 for p in range(4)} | {(TOPIC, 0): 1})
        admin = AdminClient({"bootstrap.servers": self.bootstrap})  # its futures end with it
        admin.delete_topics(["lag.going"])["lag.going"].result()

        def is_gone():  # looked at while it is being deleted, too
            said = self.lag("lag.gone", "--all").stdout
            self.assertIn(TOPIC, said)
            return "lag.going" not in said

        wait_until(is_gone, 60, "nothing is said of a topic that is no more")

    def test_what_cannot_be_answered(self):
        for arguments, code, text in ((["lag.nobody"], 1, 'there is no group "lag.nobody"'),
                                      (["--check"], 2, "--check and --max-seconds N go together"),
                                      (["--check", "--max-seconds", "soon"], 2, "--max-seconds"),
                                      (["--watch", "--every", "yesterday"], 2, "--every"),
                                      (["--nonsense"], 2, "--nonsense")):
            done = self.lag(*arguments, check=False)
            self.assertEqual(done.returncode, code, (arguments, done.stderr))
            self.assertIn(text, done.stderr)
            self.assertEqual(done.stdout, "")
        said, wrong = self.nobody_there.communicate(timeout=60)
        self.assertEqual((self.nobody_there.returncode, said), (1, ""))
        self.assertIn("BUS_AWAY", wrong)

    def test_no_line_is_wider_than_the_terminal(self):
        for columns in (20, 40, 80):
            done = subprocess.run([str(servers.ROOT / "ops" / "chengxin"), "lag", "--all-groups", "--all", "--once"], text=True,
                                  stdout=subprocess.PIPE, env={**os.environ, "CX_VAR": str(self.servers.folder),
                                                               "COLUMNS": str(columns)}, check=True)
            for line in done.stdout.splitlines():
                self.assertLessEqual(len(line), columns, line)
            self.assertIn("stopped", done.stdout)

    def test_a_reader_that_goes_away_ends_it(self):
        watch = subprocess.Popen([str(servers.ROOT / "ops" / "chengxin"), "lag", "lag.end", "--watch", "--every", "1"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env={**os.environ, "CX_VAR": str(self.servers.folder)}, text=True)
        self.assertIn("Ctrl-C", watch.stdout.readline())
        watch.stdout.close()
        self.assertEqual(watch.wait(60), 0)
        self.assertEqual(watch.stderr.read(), "")
        watch.stderr.close()


if __name__ == "__main__":
    unittest.main()
