"""How far each service has come: its committed positions, wherever they lie."""

import contextlib
import pathlib

import psycopg2
import redis
from confluent_kafka import Consumer, KafkaException, TopicPartition

INPUTS = {"classifier": ["credit.records"], "registrar": ["credit.classified"], "sanctioner": ["credit.decided"],
          "points": ["credit.decided"], "courier": ["credit.notices"], "cache": ["credit.status"],
          "history": ["credit.decided", "credit.notices"]}


class Progress:
    """One service's. Not thread-safe: one owner. Asks for what is committed by now, whatever transaction is open."""

    def __init__(self, servers, name, partitions, inbound=()):
        self.servers, self.name = servers, name
        names = list(inbound) if name == "intake" else INPUTS[name]
        each = 1 if name == "intake" else partitions
        self.places = [(topic, p) for topic in names for p in range(each)]
        self.consumer = Consumer({"bootstrap.servers": servers.bootstrap, "group.id": f"credit.{name}",
                                  "isolation.level": "read_uncommitted", "enable.auto.commit": False,
                                  "reconnect.backoff.max.ms": 500, "log_level": 0,
                                  "topic.metadata.refresh.interval.ms": 5000})

    def close(self):
        self.consumer.close()

    def now(self):
        """place -> position; None while it cannot be asked."""
        try:
            return {"history": self.in_postgres, "cache": self.in_redis}.get(self.name, self.on_the_bus)()
        except (KafkaException, psycopg2.Error, redis.RedisError, OSError):
            return None

    def on_the_bus(self):
        found = self.consumer.committed([TopicPartition(*place) for place in self.places], timeout=3)
        return {(p.topic, p.partition): max(p.offset, 0) for p in found}

    def in_postgres(self):
        with contextlib.closing(psycopg2.connect(self.servers.pg_conninfo, connect_timeout=3)) as connection:
            with connection.cursor() as cursor:
                cursor.execute("SELECT topic, partition, next_offset FROM history.offsets")
                found = {(topic, p): n for topic, p, n in cursor.fetchall()}
        return {place: found.get(place, 0) for place in self.places}

    def in_redis(self):
        password = (pathlib.Path(self.servers.folder) / "secrets" / "redis-query").read_text()
        with redis.Redis(unix_socket_path=self.servers.redis_socket, username="query", password=password) as client:
            return {place: int(client.hget(f"cx:asof:{place[1]}", "next") or 0) for place in self.places}

    def end(self, place):
        return self.consumer.get_watermark_offsets(TopicPartition(*place), timeout=3)[1]

    def moved(self, base):
        """Whether every place of `base` has been passed; one in which nothing is left to do has."""
        now = self.now()
        if now is None:
            return False
        late = [place for place in base if now[place] <= base[place]]
        try:
            return all(self.name == "intake" and now[place] >= self.end(place) for place in late)
        except KafkaException:
            return False
