"""Messages of the spine for the runner's tests: single-object Avro, written and read by python3-avro."""

import io
import os
import pathlib
import struct
import sys

import avro.io
import avro.schema

from confluent_kafka import Consumer, KafkaException, TopicPartition

from cxtest import topics
from cxtest.servers import ROOT
from cxtest.waiting import wait_until

sys.path.insert(0, str(ROOT / "schemas"))
import avro_schema  # noqa: E402

SPINE = ["credit.records", "credit.classified", "credit.decided", "credit.state", "credit.status", "credit.measures",
         "credit.notices", "credit.identities"]
SINGLE = ["credit.policies", "credit.schemas", "credit.reports", "credit.activations"]


class Schema:
    def __init__(self, name):
        folder = pathlib.Path(os.environ["CX_BUILD"]) / "schemas"
        text = (folder / f"{name}.avsc").read_text()
        self.parsed = avro.schema.parse(text)
        schemas = avro_schema.Schemas()
        top = schemas.load(folder / f"{name}.avsc")
        self.head = b"\xc3\x01" + struct.pack("<Q", avro_schema.fingerprint(avro_schema.canonical(top)))

    def encode(self, value):
        out = io.BytesIO()
        avro.io.DatumWriter(self.parsed).write(value, avro.io.BinaryEncoder(out))
        return self.head + out.getvalue()

    def decode(self, data):
        assert data[:10] == self.head, data[:10].hex()
        return avro.io.DatumReader(self.parsed).read(avro.io.BinaryDecoder(io.BytesIO(data[10:])))


def zigzag(n):
    n = (n << 1) ^ (n >> 63)
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


class Events:
    """credit.records by hand: python3-avro tries thirty branches of the union for each value."""

    def __init__(self):
        self.schema = Schema("Event")
        names = [branch.name for branch in self.schema.parsed.fields_dict["body"].type.schemas]
        self.tick_branch, self.queried_branch = zigzag(names.index("Tick")), zigzag(names.index("Queried"))

    def tick(self, time, received_to=None, virtual=True):
        """An Event that is a tick; time in milliseconds."""
        return (self.schema.head + bytes(18) + self.tick_branch + zigzag(time) +
                zigzag(time if received_to is None else received_to) + (b"\1" if virtual else b"\0"))

    def queried(self, subject, who):
        """An Event that needs no header: somebody looked."""
        return (self.schema.head + subject + bytes(2) + self.queried_branch + zigzag(len(who)) + who.encode() +
                zigzag(4) + b"TEST")

    def time_of(self, data):
        """A tick's time; None for another event."""
        assert data[:10] == self.schema.head
        if data[26:28] != bytes(2) or not data[28:].startswith(self.tick_branch):
            return None
        return varint(data, 28 + len(self.tick_branch))[0]

    def received_to_of(self, data):
        """A tick's received_to."""
        assert self.time_of(data) is not None
        return varint(data, varint(data, 28 + len(self.tick_branch))[1])[0]


def varint(data, at):
    shift = value = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return (value >> 1) ^ -(value & 1), at


def classified_head(data):
    """(origin partition, origin offset, now) of a Classified: its first three fields; the rest is not decoded."""
    partition, at = varint(data, 10)
    offset, at = varint(data, at)
    now, at = varint(data, at)
    return partition, offset, now


def verdict_of(data):
    """The verdict of a Classified of the tally stage: the last string, before a null classification."""
    assert data[-1] == 0
    end = len(data) - 1
    at = max(data.rfind(word) for word in (b"COUNT ", b"DUE ", b"TICK "))
    return data[at:end].decode()


def end(bootstrap, topic):
    """How many offsets a topic has, over all partitions; uncommitted ones and markers count."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "ends", "isolation.level": "read_uncommitted"})
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        return sum(consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=10)[1] for p in partitions)
    finally:
        consumer.close()


def written(bootstrap, names):
    """Those of the topics that hold anything at all; markers count."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "ends", "isolation.level": "read_uncommitted"})
    try:
        known = consumer.list_topics(timeout=10).topics
        return [n for n in names if any(consumer.get_watermark_offsets(TopicPartition(n, p), timeout=10)[1] > 0
                                        for p in known[n].partitions)]
    finally:
        consumer.close()


def delete(bootstrap, names):
    client = topics.admin(bootstrap)  # its futures end with it
    for future in client.delete_topics(names, operation_timeout=20).values():
        future.result()
    wait_until(lambda: not set(names) & set(topics.names(bootstrap)), 20, f"{names} deleted")


def delete_group(servers, group):
    """The group's offsets are gone, as after too long an absence. Waits until its static members' sessions have ended."""
    wait_until(lambda: "successful" in servers.script(
        "kafka-tool", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--bootstrap-server", servers.bootstrap,
        "--delete", "--group", group), 40, f"{group} deleted", pause=1)


def commit(bootstrap, group, topic, partition, offset):
    """An offset for a group that has no member."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False})
    try:
        consumer.commit(offsets=[TopicPartition(topic, partition, offset)], asynchronous=False)
    finally:
        consumer.close()


def commit_once_empty(bootstrap, group, topic, offset, partitions=4):
    """The same for every partition of a topic, as kafka-consumer-groups does it, when the sessions of the group's members have ended."""
    def committed():
        try:
            for p in range(partitions):
                commit(bootstrap, group, topic, p, offset)
            return True
        except KafkaException:
            return False

    wait_until(committed, 60, f"offsets of {group}", pause=0.5)
