#!/usr/bin/python3
"""settle.py --bootstrap B [--conninfo C] [--redis SOCKET --password-file F] [--deadline SECONDS] SERVICE...: waits until what was published is through.

Takes the services in the spine's order: notes where their input topics end now, and waits until the service's committed
position has passed every message before that. Runs through them three times, for the registrar's derived events go back
into the log, and a forwarded one may cause another. Positions: the group credit.SERVICE's; the history's are its rows in
PostgreSQL, the cache's its watermarks in Redis (read as user query). Exit 1, with what is behind, after the deadline (default: 120 s).
"""

import argparse
import pathlib
import sys
import time

import psycopg2
import redis
from confluent_kafka import OFFSET_END, Consumer, KafkaError, KafkaException, TopicPartition

INPUTS = {  # topics; a name that ends in a dot is a prefix
    "intake": ["credit.in.", "credit.redrive."],
    "classifier": ["credit.records"],
    "registrar": ["credit.classified"],
    "sanctioner": ["credit.decided"],
    "courier": ["credit.notices"],
    "points": ["credit.decided"],
    "cache": ["credit.status"],
    "history": ["credit.decided", "credit.notices", "credit.rejected.", "credit.access"],
}
PASSES = 3


class Log:
    """What a group has committed, and what lies behind it."""

    def __init__(self, bootstrap, conninfo="", redis_socket="", redis_password=""):
        self.known = set()  # (service, (topic, partition)) that its handle has met
        self.redis_socket, self.redis_password = redis_socket, redis_password
        self.bootstrap, self.conninfo, self.consumers = bootstrap, conninfo, {}

    def consumer(self, group):
        """One handle for each group, kept: a new one needs a second before it fetches."""
        if group not in self.consumers:
            self.consumers[group] = self.new_consumer(group)
        return self.consumers[group]

    def close(self):
        for consumer in self.consumers.values():
            consumer.close()
        self.consumers = {}

    def new_consumer(self, group):
        # A commit is acknowledged before its markers are written: the true end lies behind what is committed by now.
        isolation = "read_uncommitted" if group == "credit.settle" else "read_committed"
        return Consumer({"bootstrap.servers": self.bootstrap, "group.id": group, "enable.auto.commit": False,
                         "isolation.level": isolation, "enable.partition.eof": True, "auto.offset.reset": "earliest",
                         "fetch.wait.max.ms": 10})  # the end is known when a fetch comes back empty

    def partitions(self, consumer, service):
        known = consumer.list_topics(timeout=10).topics
        for name in sorted(known):
            if any(name == i or (i.endswith(".") and name.startswith(i)) for i in INPUTS[service]):
                yield from ((name, p) for p in sorted(known[name].partitions))

    def ends(self, service):
        consumer = self.consumer("credit.settle")
        wanted = [TopicPartition(*tp, OFFSET_END) for tp in self.partitions(consumer, service)]
        found = consumer.offsets_for_times(wanted, timeout=10) if wanted else []
        for tp in found:
            if tp.error is not None or tp.offset < 0:  # a leader that is not known yet: not an end
                raise KafkaException(tp.error or KafkaError(KafkaError._NO_OFFSET))
        return {(tp.topic, tp.partition): tp.offset for tp in found}

    def positions(self, consumer, service, wanted):
        """(topic, partition) -> the committed position, 0 where there is none."""
        if service == "history":
            with psycopg2.connect(self.conninfo) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT topic, partition, next_offset FROM history.offsets o WHERE generation = "
                               "(SELECT max(generation) FROM history.offsets WHERE topic = o.topic)")
                found = {(t, p): n for t, p, n in cursor.fetchall()}
            connection.close()
        elif service == "cache":
            client = redis.Redis(unix_socket_path=self.redis_socket, username="query", password=self.redis_password)
            found = {tp: int(client.hget(f"cx:asof:{tp[1]}", "next") or 0) for tp in wanted}
            client.close()
        else:
            rows = consumer.committed([TopicPartition(*tp) for tp in wanted], timeout=10)
            found = {(r.topic, r.partition): max(r.offset, 0) for r in rows}
        return {tp: found.get(tp, 0) for tp in wanted}

    def behind(self, service, ends):
        """The partitions in which a message before `ends` is not yet behind the committed position. An end itself says
        little: it counts the markers of transactions, which nobody commits past."""
        consumer = self.consumer(f"credit.{service}")
        at = self.positions(consumer, service, list(ends))
        open_ones = {tp for tp in ends if at[tp] < ends[tp]}
        for tp in open_ones:  # a handle fetches a topic that it has not asked about before a second later
            if (service, tp) not in self.known:
                consumer.get_watermark_offsets(TopicPartition(*tp), timeout=10)
                self.known.add((service, tp))
        consumer.assign([TopicPartition(*tp, at[tp]) for tp in open_ones])
        late, until = set(), time.monotonic() + 20
        while open_ones and time.monotonic() < until:
            message = consumer.poll(0.05)  # not consume(): in batches, ends of the assignment before come out
            if message is None:
                continue
            tp = (message.topic(), message.partition())
            if message.error() is not None and message.error().code() != KafkaError._PARTITION_EOF:
                raise KafkaException(message.error())
            if message.offset() < ends.get(tp, 0):  # a message, or the end of what is committed so far
                late.add(tp)
            open_ones.discard(tp)
        consumer.unassign()
        return late | open_ones


def settle(log, services, deadline):
    """None when all is through, else (service, the partitions that are behind)."""
    end = time.monotonic() + deadline
    chosen = [s for s in INPUTS if s in services]
    for service in chosen * (PASSES if len(chosen) > 1 else 1):
        ends = None
        while True:
            try:
                ends = log.ends(service) if ends is None else ends
                late = log.behind(service, ends)
            except KafkaException:  # a coordinator that is still loading, say
                if time.monotonic() >= end:
                    raise
                time.sleep(0.1)
                continue
            if not late:
                break
            if time.monotonic() >= end:
                return service, sorted(late)
            time.sleep(0.1)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--conninfo", default="")
    parser.add_argument("--redis", default="")
    parser.add_argument("--password-file", default="")
    parser.add_argument("--deadline", type=float, default=120)
    parser.add_argument("services", nargs="+")
    given = parser.parse_args()
    password = pathlib.Path(given.password_file).read_text(encoding="ascii") if given.password_file else ""
    log = Log(given.bootstrap, given.conninfo, given.redis, password)
    left = settle(log, given.services, given.deadline)
    log.close()
    if left:
        print(f"{left[0]} is behind in " + ", ".join(f"{t}[{p}]" for t, p in left[1]), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
