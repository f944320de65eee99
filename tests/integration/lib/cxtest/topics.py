"""Topics: create, delete, and dump what a read_committed reader sees."""

import collections
import uuid

from confluent_kafka import Consumer, KafkaError, KafkaException, OFFSET_BEGINNING, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from .waiting import wait_until

Message = collections.namedtuple("Message", "partition offset key value headers timestamp")


def admin(bootstrap):
    return AdminClient({"bootstrap.servers": bootstrap})


def create(bootstrap, names, partitions=4, config=None):
    """Creates topics and returns when every partition of each has a leader."""
    client = admin(bootstrap)
    new = [NewTopic(name, partitions, 1, config=config or {}) for name in names]
    for future in client.create_topics(new).values():
        future.result()

    def led():
        known = client.list_topics(timeout=10).topics
        return all(n in known and len(known[n].partitions) == partitions and
                   all(p.leader >= 0 for p in known[n].partitions.values()) for n in names)

    wait_until(led, 20, f"leaders of {names}")


def names(bootstrap):
    """All topics but Kafka's own."""
    return sorted(n for n in admin(bootstrap).list_topics(timeout=10).topics if not n.startswith("__"))


def delete_all(bootstrap):
    """Deletes every topic but Kafka's own (committed offsets on them go too)."""
    doomed = names(bootstrap)
    if doomed:
        client = admin(bootstrap)  # its futures end with it
        for future in client.delete_topics(doomed, operation_timeout=20).values():
            future.result()
        wait_until(lambda: not names(bootstrap), 20, "topics deleted")


def passing(error):
    """Whether it goes away by itself, as while a broker starts or a leader is chosen."""
    return error.retriable() or error.code() in (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._TIMED_OUT,
                                                 KafkaError.LEADER_NOT_AVAILABLE, KafkaError.NOT_LEADER_FOR_PARTITION)


def end_of(consumer, topic, partition):
    """The offset behind a partition's last message."""
    def look():
        try:
            return consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
        except KafkaException as error:
            if passing(error.args[0]):
                return None
            raise

    return wait_until(look, 20, f"the end of {topic}")[1]


def dump(bootstrap, topic, isolation="read_committed", deadline=60):
    """Everything in a topic up to its end now, by (partition, offset): a list of Message. Keys, values and header values
    are bytes (or None); headers a list of pairs; timestamp in milliseconds."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": f"dump-{uuid.uuid4()}", "isolation.level": isolation,
                         "enable.auto.commit": False, "enable.partition.eof": True, "check.crcs": True, "fetch.wait.max.ms": 10})
    try:
        metadata = consumer.list_topics(topic, timeout=10).topics[topic]
        if metadata.error is not None:
            raise KafkaException(metadata.error)
        pending = set(metadata.partitions)
        ends = {p: end_of(consumer, topic, p) for p in pending}
        consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in pending])
        end_of(consumer, topic, 0)  # a broker's thread that sleeps sees an assignment a second later: any question wakes it
        found = []

        def read_on():
            for message in consumer.consume(10000, timeout=0.05):
                if message.error() is None:
                    if message.offset() + 1 >= ends[message.partition()]:
                        pending.discard(message.partition())  # a log that ticks never stands at its end
                    if message.offset() >= ends[message.partition()]:
                        continue
                    found.append(Message(message.partition(), message.offset(), message.key(), message.value(),
                                         message.headers() or [], message.timestamp()[1]))
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    pending.discard(message.partition())
                elif not passing(message.error()):
                    raise KafkaException(message.error())
            return not pending

        wait_until(read_on, deadline, f"the end of {topic}", pause=0)
    finally:
        consumer.close()
    return sorted(found, key=lambda m: (m.partition, m.offset))


def latest(messages):
    """Of a dump of a compacted topic: (partition, key) -> the last value."""
    return {(m.partition, m.key): m.value for m in messages}
