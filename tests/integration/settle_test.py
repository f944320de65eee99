#!/usr/bin/python3
"""ops/lib/settle.py: what is behind is behind, and markers of transactions are nobody's lag."""

import sys
import unittest

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

sys.path.insert(0, str(servers.ROOT / "ops" / "lib"))

import settle  # noqa: E402


class Settle(unittest.TestCase):
    def setUp(self):
        self.servers = servers.shared()
        topics.create(self.servers.bootstrap, ["credit.records"], partitions=2)
        password = (self.servers.folder / "secrets" / "redis-query").read_text(encoding="ascii")
        self.log = settle.Log(self.servers.bootstrap, self.servers.pg_conninfo, self.servers.redis_socket, password)

    def send(self, topic, *values):
        producer = Producer({"bootstrap.servers": self.servers.bootstrap, "transactional.id": "settle", "retry.backoff.ms": 2})
        producer.init_transactions(30)
        producer.begin_transaction()
        for value in values:
            producer.produce(topic, value, key="k", partition=1)  # a topic made anew may be a compacted one for a moment
        producer.commit_transaction(30)

    def commit(self, group, topic, offset):
        """From outside of the group: Kafka takes it once a service of a test before is out of it, a session's time after its end."""
        consumer = Consumer({"bootstrap.servers": self.servers.bootstrap, "group.id": group})

        def done():
            try:
                return consumer.commit(offsets=[TopicPartition(topic, 1, offset)], asynchronous=False)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.UNKNOWN_MEMBER_ID:
                    raise
                return None

        wait_until(done, 15, f"{group} has no member")
        consumer.close()

    def left(self, service, deadline=2):
        return settle.settle(self.log, [service], deadline)

    def assert_settled(self, service):
        self.assertIsNone(self.left(service, 30))

    def test_an_empty_log_is_settled(self):
        self.assert_settled("classifier")

    def test_a_group_is_behind_until_it_has_committed_past_the_last_message(self):
        self.send("credit.records", "a", "b", "c")  # offsets 0 to 2, and the marker at 3
        self.assertEqual(self.left("classifier"), ("classifier", [("credit.records", 1)]))
        self.commit("credit.classifier", "credit.records", 2)
        self.assertEqual(self.left("classifier"), ("classifier", [("credit.records", 1)]))
        self.commit("credit.classifier", "credit.records", 3)
        self.assert_settled("classifier")

    def test_the_history_stands_where_postgresql_says(self):
        services.apply_schema(self.servers)
        topics.create(self.servers.bootstrap, ["credit.decided"], partitions=2)
        self.send("credit.decided", "a")
        self.assertEqual(self.left("history"), ("history", [("credit.decided", 1)]))
        with self.servers.postgres() as connection, connection.cursor() as cursor:
            cursor.execute("INSERT INTO history.offsets (generation, topic, partition, next_offset, epoch, pid, started) "
                           "VALUES (1, 'credit.decided', 1, 1, 1, 0, now())")
        connection.close()
        self.assert_settled("history")

    def test_the_cache_stands_where_redis_says(self):
        topics.create(self.servers.bootstrap, ["credit.status"], partitions=2)
        self.send("credit.status", "a", "b")
        self.assertEqual(self.left("cache"), ("cache", [("credit.status", 1)]))
        self.servers.redis("cache").hset("cx:asof:1", "next", 2)
        self.assert_settled("cache")


if __name__ == "__main__":
    unittest.main()
