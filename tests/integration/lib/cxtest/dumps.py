"""Dumps on disk: what topics and stores hold, written once and read by programs that know neither.

A topic's dump is TOPIC.dump: for each message its partition, offset, timestamp and the lengths of key, value (-1: none) and
headers, then these; in the order of (partition, offset). Headers are bytes: each name and value behind its length.
"""

import collections
import pathlib
import struct
import uuid

from confluent_kafka import Consumer, KafkaError, KafkaException, OFFSET_BEGINNING, TopicPartition

from .waiting import wait_until

HEAD = struct.Struct("<iqqiii")
Message = collections.namedtuple("Message", "partition offset timestamp key value headers")


def packed(headers):
    return b"".join(b"%d:%s%d:%s" % (len(n), n.encode(), len(v or b""), v or b"") for n, v in headers or ())


def encode(m):
    key, value = m.key or b"", m.value or b""
    sizes = (-1 if m.key is None else len(key), -1 if m.value is None else len(value), len(m.headers))
    return b"".join((HEAD.pack(m.partition, m.offset, m.timestamp, *sizes), key, value, m.headers))


def write(folder, topic, messages):
    with open(pathlib.Path(folder) / f"{topic}.dump", "wb") as file:
        file.writelines(map(encode, messages))


def read(folder, topic):
    """A list of Message; empty where there is no such dump."""
    path = pathlib.Path(folder) / f"{topic}.dump"
    data = path.read_bytes() if path.exists() else b""
    found, at, unpack, size = [], 0, HEAD.unpack_from, HEAD.size
    while at < len(data):
        partition, offset, timestamp, k, v, h = unpack(data, at)
        at += size
        middle = at + max(k, 0)
        end = middle + max(v, 0)
        found.append(Message(partition, offset, timestamp, data[at:middle] if k >= 0 else None,
                             data[middle:end] if v >= 0 else None, data[end:end + h]))
        at = end + h
    return found


def topics(folder):
    return sorted(path.stem for path in pathlib.Path(folder).glob("*.dump"))


class Dumper:
    """Reads topics whole, side by side. `latest` names those of which only each key's last value is kept."""

    def __init__(self, bootstrap, names, isolation="read_committed"):
        self.consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"dump-{uuid.uuid4()}",
                                  "isolation.level": isolation, "enable.auto.commit": False, "enable.partition.eof": True,
                                  "check.crcs": True, "fetch.wait.max.ms": 10, "queued.min.messages": 1000000})
        known = self.consumer.list_topics(timeout=20).topics
        self.places = [TopicPartition(name, p, OFFSET_BEGINNING) for name in names for p in known[name].partitions]
        self.ends = {}
        for place in self.places:
            low, high = self.consumer.get_watermark_offsets(TopicPartition(place.topic, place.partition), timeout=20)
            if high > low:
                self.ends[place.topic, place.partition] = high

    def messages(self, deadline):
        """Yields (topic, message) until every end is reached."""
        pending = set(self.ends)
        self.consumer.assign([p for p in self.places if (p.topic, p.partition) in pending])
        batch = []

        def more():
            batch[:] = self.consumer.consume(20000, timeout=1)
            return batch

        try:
            while pending:
                wait_until(more, deadline, f"the ends of {sorted(pending)}", pause=0)
                for m in batch:
                    place, error = (m.topic(), m.partition()), m.error()
                    if error is not None and error.code() != KafkaError._PARTITION_EOF:
                        raise KafkaException(error)
                    if error is not None or m.offset() + 1 >= self.ends[place]:
                        pending.discard(place)
                    if error is None and m.offset() < self.ends[place]:
                        yield place[0], m
        finally:
            self.consumer.close()


def dump(bootstrap, names, folder, latest=(), deadline=30):
    """Writes a dump of each topic that holds something; topic -> how many messages it holds."""
    found, rows = collections.defaultdict(list), collections.defaultdict(dict)
    counts = collections.Counter()
    for topic, m in Dumper(bootstrap, names).messages(deadline):
        counts[topic] += 1
        message = Message(m.partition(), m.offset(), m.timestamp()[1], m.key(), m.value(), packed(m.headers()))
        if topic in latest:
            rows[topic][message.partition, message.key] = message
        else:
            found[topic].append(message)
    for topic, kept in rows.items():
        found[topic] = list(kept.values())
    for topic, messages in found.items():
        write(folder, topic, sorted(messages, key=lambda m: (m.partition, m.offset)))
    return dict(counts)


def count(bootstrap, names, isolation="read_uncommitted", deadline=30):
    """How many messages topics hold for a reader of that isolation; markers are none."""
    return sum(1 for _ in Dumper(bootstrap, names, isolation).messages(deadline))
