"""How far each service has come: its committed positions, wherever they lie."""

import pathlib
import time

import psycopg2
import redis
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

INPUTS = {"classifier": ["credit.records"], "registrar": ["credit.classified"], "sanctioner": ["credit.decided"],
          "points": ["credit.decided"], "courier": ["credit.notices"], "cache": ["credit.status"],
          "history": ["credit.decided", "credit.notices"]}

LOOK = 1  # second


class Progress:
    """One service's. Not thread-safe: one owner. Asks for what is committed by now, whatever transaction is open."""

    def __init__(self, servers, name, partitions, inbound=()):
        self.servers, self.name = servers, name
        names = list(inbound) if name == "intake" else INPUTS[name]
        each = 1 if name == "intake" else partitions
        self.places = [(topic, p) for topic in names for p in range(each)]
        self.settings = {"bootstrap.servers": servers.bootstrap, "group.id": f"credit.{name}", "enable.auto.commit": False,
                         "reconnect.backoff.max.ms": 500, "log_level": 0, "topic.metadata.refresh.interval.ms": 5000}
        self.consumer = Consumer({**self.settings, "isolation.level": "read_uncommitted"})
        self.looker = self.store = None  # made when they are wanted

    def close(self):
        self.consumer.close()
        if self.looker is not None:
            self.looker.close()
        if self.store is not None:
            self.store.close()

    def now(self):
        """place -> position; None while it cannot be asked."""
        try:
            return {"history": self.in_postgres, "cache": self.in_redis}.get(self.name, self.on_the_bus)()
        except (KafkaException, psycopg2.Error, redis.RedisError, OSError):
            self.store = None
            return None

    def on_the_bus(self):
        found = self.consumer.committed([TopicPartition(*place) for place in self.places], timeout=3)
        return {(p.topic, p.partition): max(p.offset, 0) for p in found}

    def in_postgres(self):
        if self.store is None:
            self.store = psycopg2.connect(self.servers.pg_conninfo, connect_timeout=3)
            self.store.autocommit = True
        with self.store.cursor() as cursor:
            cursor.execute("SELECT topic, partition, next_offset FROM history.offsets")
            found = {(topic, p): n for topic, p, n in cursor.fetchall()}
        return {place: found.get(place, 0) for place in self.places}

    def in_redis(self):
        if self.store is None:
            password = (pathlib.Path(self.servers.folder) / "secrets" / "redis-query").read_text()
            self.store = redis.Redis(unix_socket_path=self.servers.redis_socket, username="query", password=password)
        return {place: int(self.store.hget(f"cx:asof:{place[1]}", "next") or 0) for place in self.places}

    def end(self, place):
        return self.consumer.get_watermark_offsets(TopicPartition(*place), timeout=3)[1]

    def late(self, base):
        """The places of `base` that have not been passed, and where they are; one in which nothing can come has been. None
        while that cannot be asked."""
        now = self.now()
        if now is None:
            return None
        found = {place: now[place] for place in base if now[place] <= base[place]}
        try:
            whole = self.name == "intake" and all(at >= self.end(place) for place, at in found.items())
        except KafkaException:
            return None
        return {} if whole else found

    def idle(self, places):
        """Whether no message has been committed behind these positions: who waits there has nothing to do."""
        if self.looker is None:
            self.looker = Consumer({**self.settings, "isolation.level": "read_committed", "enable.partition.eof": True,
                                    "fetch.wait.max.ms": 10})
        self.looker.assign([TopicPartition(*place, offset) for place, offset in places.items()])
        pending, until = set(places), time.monotonic() + LOOK
        while pending and time.monotonic() < until:
            m = self.looker.poll(0.1)
            if m is not None and m.error() is None:
                break
            if m is not None and m.error().code() == KafkaError._PARTITION_EOF:
                pending.discard((m.topic(), m.partition()))
        self.looker.unassign()
        return not pending
