"""Ten thousand letters, a closing pipe, Ctrl-C, a kill; and what cannot be read again."""

import contextlib
import os
import signal
import subprocess
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import ConfigResource

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

from desk import WHO

MANY = 10_000
DAY_MS = 24 * 3600 * 1000


class Many:
    def counts(self, topic):
        """Place -> how often it was refused."""
        found = {}
        for message in topics.dump(self.p.servers.bootstrap, topic):
            value = self.p.schemas.decode("Rejection", message.value)
            found[value["partition"], value["offset"]] = found.get((value["partition"], value["offset"]), 0) + 1
        return found

    def test_5_ten_thousand_letters(self):
        transport = self.p.department("transport")
        transport.send_bytes(*(b"{%d}" % n for n in range(MANY)))
        self.p.settle()
        self.assertEqual(len(self.letters("--department", "transport")), MANY)
        self.assertIn(str(MANY), self.chengxin("letters", "list", "--count").stdout)
        pipe = subprocess.run(f"{servers.ROOT}/ops/chengxin letters list --department transport | head -n 1", shell=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "CX_VAR": str(self.p.servers.folder)})
        self.assertEqual((pipe.stdout.split()[0], pipe.stderr), ("department", ""))
        self.interrupted()
        self.killed_in_the_middle()

    def ends(self, topic):
        consumer = Consumer({"bootstrap.servers": self.p.servers.bootstrap, "group.id": "letters-test"})
        with contextlib.closing(consumer):
            return consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)[1]

    def interrupted(self):
        """Ctrl-C while its transaction is open: nothing of it is there. The command has room for a hundred messages that are not
        acknowledged yet, so that it is still sending when the first ones are seen."""
        topic, room = "credit.redrive.transport", ("--kafka.queue.buffering.max.messages", "100", "--kafka.batch.num.messages", "10")
        consumer = Consumer({"bootstrap.servers": self.p.servers.bootstrap, "group.id": "letters-test",
                             "isolation.level": "read_uncommitted"})
        with contextlib.closing(consumer):
            end = lambda: consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=60)[1]
            before, committed = end(), self.committed(topic)
            command = subprocess.Popen([str(servers.ROOT / "ops" / "chengxin"), "letters", "redrive", "--department", "transport",
                                        "--again", *WHO, *room], env={**os.environ, "CX_VAR": str(self.p.servers.folder)},
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            wait_until(lambda: end() > before or command.poll() is not None, 60, "the first place is sent", pause=0)
            command.send_signal(signal.SIGINT)
            _, said = command.communicate(timeout=60)
        self.assertIn("nothing was done", said)
        self.assertEqual(command.returncode, 1)
        self.p.settle()
        self.assertEqual(self.committed(topic), committed)

    def killed_in_the_middle(self):
        """Intake is killed while it reads ten thousand places again: each is refused once more, and once only. Should it have been
        quicker than we were, it is asked once more."""
        for _ in range(5):
            if self.killed_while_it_reads():
                return
        self.fail("intake was always done before it was killed")

    def killed_while_it_reads(self):
        topic, intake = "credit.redrive.transport", self.p.services["intake"]
        before = self.counts("credit.rejected.transport")
        intake.pause()  # else it is quicker than the command that asks
        self.chengxin("letters", "redrive", "--department", "transport", "--again", *WHO)
        consumer = Consumer({"bootstrap.servers": self.p.servers.bootstrap, "group.id": "credit.intake", "enable.auto.commit": False,
                             "isolation.level": "read_uncommitted"})  # the last position, also while a transaction is open
        with contextlib.closing(consumer):
            position = lambda: self.p.log.positions(consumer, "intake", [(topic, 0)])[topic, 0]
            start = position()
            intake.resume()
            wait_until(lambda: position() > start, 60, "intake has begun to read again", pause=0)
            intake.kill()
            killed_at = position()
        intake.start()
        self.p.settle()
        after = self.counts("credit.rejected.transport")
        self.assertEqual({after[place] - before[place] for place in before}, {1})
        self.assertEqual(len(after), MANY)
        return killed_at < self.ends(topic) - 1

    # --- what cannot be read again
    def test_6_gone_and_too_late(self):
        tax = self.p.department("tax")
        tax.send_bytes(b"{}", b"{}")
        self.p.settle()
        self.assertEqual([x["state"] for x in self.letters("--department", "tax")], ["OPEN", "OPEN"])
        services.shell(self.p.servers, """
            printf '{"partitions": [{"topic": "credit.in.tax", "partition": 0, "offset": 1}], "version": 1}' > "$CX_VAR/etc/delete.json"
            cx_kafka_java 128m org.apache.kafka.tools.DeleteRecordsCommand --bootstrap-server "127.0.0.1:$CX_KAFKA_PORT" \\
                --offset-json-file "$CX_VAR/etc/delete.json\"""")
        admin = topics.admin(self.p.servers.bootstrap)  # its futures end with it
        topic = ConfigResource(ConfigResource.Type.TOPIC, "credit.in.tax", set_config={"message.timestamp.type": "CreateTime"})
        for future in admin.alter_configs([topic]).values():
            future.result()
        old = Producer({"bootstrap.servers": self.p.servers.bootstrap})
        old.produce("credit.in.tax", b"{old}", timestamp=int(time.time() * 1000) - 8 * DAY_MS)
        self.assertEqual(old.flush(10), 0)
        self.p.settle()
        self.assertEqual([x["state"] for x in self.letters("--department", "tax")], ["GONE", "OPEN", "OPEN"])
        for place, reason in (("0:0", "POSITION_GONE"), ("0:2", "REDRIVE_TOO_LATE")):
            refused = self.chengxin("letters", "redrive", "--department", "tax", "--position", place, *WHO, code=3)
            self.assertIn(reason, refused.stderr)
            self.assertIn("the department sends the event anew", refused.stderr)
        done = self.redrive("--department", "tax")
        self.assertEqual((done["redriven"], done["left"]), (["tax:0:1"], [{"letter": "tax:0:2", "reason": "REDRIVE_TOO_LATE"}]))
        for place in ((0, 0), (0, 2), (0, 5000)):  # intake looks itself, whoever asks
            self.ask("tax", place)
        self.ask("tax", (0, 0), of="not a department")
        came = {(r["partition"], r["offset"], r["reason"], r["body"]) for r in tax.rejections() if r["reason"] != "NOT_AVRO"}
        self.assertEqual(came, {(0, 0, "POSITION_GONE", None), (0, 2, "REDRIVE_TOO_LATE", None), (0, 5000, "POSITION_GONE", None)})
