#!/usr/bin/python3
"""client.py BOOTSTRAP DEPARTMENT SUBJECTS LEDGER: a department's own client, a process of its own.

Reads how many messages it may have sent by now from standard input, a number a line; at its end it sends the rest and
ends when all are acknowledged. Each acknowledgement is a line of the ledger: message's number, partition, offset. Started
again it goes on behind the last line: what was on its way when it died is sent twice.
"""

import os
import pathlib
import select
import struct
import sys

from confluent_kafka import Producer

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import stories  # noqa: E402
from department import Schemas  # noqa: E402

LINE = struct.Struct("<qiq")


class Client:
    def __init__(self, bootstrap, department, subjects, ledger):
        self.story = stories.Story(Schemas(pathlib.Path(os.environ["CX_BUILD"]) / "schemas"), department, subjects)
        self.topic = f"credit.in.{department}"
        self.ledger = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.next = os.fstat(self.ledger).st_size // LINE.size
        self.lines = []
        self.producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 5,
                                  "message.timeout.ms": 600000, "socket.nagle.disable": True, "log_level": 0,
                                  "reconnect.backoff.max.ms": 500})

    def acknowledged(self, number):
        def note(error, message):
            if error is not None:
                raise SystemExit(f"message {number}: {error}")
            self.lines.append(LINE.pack(number, message.partition(), message.offset()))
        return note

    def write_down(self):
        if self.lines:
            os.write(self.ledger, b"".join(self.lines))
            self.lines = []

    def send_to(self, end):
        while self.next < min(end, len(self.story)):
            self.producer.produce(self.topic, self.story.message(self.next), on_delivery=self.acknowledged(self.next))
            self.next += 1
            if self.next % 100 == 0:
                self.producer.poll(0)
                self.write_down()

    def run(self):
        more = b""
        while True:
            readable, _, _ = select.select([0], [], [], 0.02)
            if readable:
                text = os.read(0, 65536)
                if not text:
                    break
                *numbers, more = (more + text).split(b"\n")
                self.send_to(max(map(int, numbers), default=0))
            self.producer.poll(0)
            self.write_down()
        self.send_to(len(self.story))
        while self.producer.flush(0.1):
            self.write_down()
        self.write_down()


if __name__ == "__main__":
    Client(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]).run()
