#!/usr/bin/python3
"""End to end, every service on this machine: from an event handed to Kafka's producer until PostgreSQL has committed it and
Redis shows it.

A minute of events first, for the broker's machine code is made as it works: its first seconds are several times as slow. Then
the highest rate that all services sustain together: a backlog, through to both stores. Then the latency at parts of it;
the budget is the p99 at half. PostgreSQL's moment is the row's commit timestamp; Redis's is when the partition's
watermark passed the event's status, looked at every five milliseconds. Events that change no status count for PostgreSQL alone.
"""

import bisect
import collections
import contextlib
import multiprocessing
import statistics
import sys
import time

from cxbench import bare
from cxbench.city import City
from cxbench.report import Report, arguments
from cxtest import topics
from plain import Reader

ALL = ("intake", "clock", "classifier", "registrar", "sanctioner", "points", "courier", "cache", "history")
THROUGH = tuple(name for name in ALL if name != "clock")
BUDGET_MS, PARTS = 250, (0.1, 0.25, 0.5, 0.75, 0.9)
WARM_SECONDS, WARM_RATE = 60, 4000


def watch(instance, partitions, pipe):
    """Until told to end: when each partition's watermark became what. In a process of its own."""
    with instance.redis() as client:
        seen, ask = collections.defaultdict(list), client.pipeline(transaction=False)
        while not pipe.poll(0.005):  # oftener would take a good part of a core from what is measured
            for p in range(partitions):
                ask.hget(f"cx:asof:{p}", "next")
            at = time.time()
            for p, value in enumerate(ask.execute()):
                if value is not None and (not seen[p] or seen[p][-1][0] != int(value)):
                    seen[p].append((int(value), at))
    pipe.send(dict(seen))


class Watch:
    """watermarks: partition -> [(next, moment)], when the block is over."""

    def __init__(self, city):
        self.city = city

    def __enter__(self):
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=watch, args=(self.city.servers, self.city.partitions, other))
        self.process.start()
        return self

    def __exit__(self, *_):
        self.pipe.send(None)
        self.watermarks = self.pipe.recv()
        self.process.join()


def committed(city, least):
    """Rows of events from number `least` on: (partition, offset) of the origin -> (number, moment of the commit)."""
    with contextlib.closing(city.servers.postgres()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT origin_partition, origin_offset, event_id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8"
                       " FROM history.events WHERE event_id >= %s AND verdict <> 'DUPLICATE' AND origin_index = 0", (f"k{least:08d}",))
        return {(p, o): (int(event_id[1:]), at) for p, o, event_id, at in cursor}


def shown(city, watermarks, origins):
    """Number of an event -> when its status was in Redis."""
    reader, found = Reader(city.feed.schemas.get("Status"), {}, str), {}
    for m in topics.dump(city.servers.bootstrap, "credit.status"):
        steps = watermarks.get(m.partition, [])
        if len(m.key) != 16 or not steps or m.offset < steps[0][0]:
            continue
        origin = reader.decode(m.value)["origin"]
        at = bisect.bisect_right(steps, (m.offset, float("inf")))
        known = origins.get((origin["partition"], origin["offset"]))
        if known and at < len(steps):
            found[known[0]] = steps[at][1]
    return found


def percentiles(latencies):
    cut = statistics.quantiles(latencies, n=1000)
    return {"p50": round(cut[499] * 1e3, 1), "p99": round(cut[989] * 1e3, 1), "p999": round(cut[998] * 1e3, 1)}


def highest(city, n):
    """Events a second from the first one sent to the last one in both stores."""
    least, began = city.feed.number, time.time()
    with Watch(city) as watched:
        city.feed.send(n)
        city.settle(*THROUGH)
    origins = committed(city, least)
    in_redis = shown(city, watched.watermarks, origins)
    return len(origins) / (max(*(at for _, at in origins.values()), *in_redis.values()) - began)


def paced(city, n, rate):
    """n events, so many a second: when each was handed to the producer, by its number. What is sent again (a duplicate) has
    the later time under its first number, so no number stands for it."""
    sent, events = {}, list(city.feed.events(n))
    for (_, message), at in zip(events, bare.pace(city, events, rate)):
        number = int(message[12:20])
        sent[number] = None if number in sent else at
    return {number: at for number, at in sent.items() if at is not None}


def at_rate(city, rate, seconds):
    least = city.feed.number
    with Watch(city) as watched:
        sent = paced(city, int(rate * seconds) // 10 * 10, rate)
        city.settle(*THROUGH)
    origins = committed(city, least)
    stored, visible = dict(origins.values()), shown(city, watched.watermarks, origins)
    assert sent.keys() <= stored.keys(), f"{len(sent.keys() - stored.keys())} events are not in PostgreSQL"
    both = [max(stored[number], visible.get(number, 0)) - at for number, at in sent.items()]
    return {**percentiles(both), "postgres": percentiles([stored[i] - at for i, at in sent.items()]),
            "redis": percentiles([visible[i] - at for i, at in sent.items() if i in visible]), "events": len(both)}


def main():
    parser = arguments(__doc__, rounds=3, events=40_000)
    parser.add_argument("--seconds", type=float, default=15, help="of each load (%(default)s)")
    parser.add_argument("--warm", type=float, default=WARM_SECONDS, help="seconds of events before (%(default)s)")
    options = parser.parse_args()
    report, city = Report("latency", options.json), City("latency", clock__interval__ms=1000)
    try:
        with contextlib.closing(city.servers.postgres()) as connection:
            connection.cursor().execute("ALTER SYSTEM SET track_commit_timestamp = on")
        city.servers.stop("postgres")
        city.servers.start("postgres")
        city.start(*ALL)
        paced(city, int(options.warm * WARM_RATE), WARM_RATE)
        city.settle(*THROUGH)
        rate = statistics.median(highest(city, options.events) for _ in range(options.rounds))
        report.note("highest rate of all services together", "events/s", rate)
        for part in PARTS:
            found = at_rate(city, rate * part, options.seconds)
            row = report.most if part == 0.5 else report.note
            row(f"p99 at {part:.0%} of it", "ms", found.pop("p99"), *([BUDGET_MS] if part == 0.5 else []), part=part,
                rate=round(rate * part), **found)
    finally:
        city.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
