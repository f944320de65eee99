#!/usr/bin/python3
"""The cache sink against raw pipelined HSET and PEXPIREAT of the same rows under the same keys, 100 rows a flush, packed
before the clock starts."""

import sys
import time

import spine
from cache_test import status, tick
from cxbench import sink
from cxbench.city import profiled
from cxbench.report import Report, arguments
from cxtest import servers, services

TEMPLATES, BUDGET = 500, 0.60
EXPIRES, FLUSH, IN_FLIGHT = 4102444800000, 100, 1600


def cache_round(instance, admin, n):
    """Rows a second; microseconds of the processor that the service and Redis took for each."""
    admin.flushall()

    def standing():
        return sum(int(admin.hget(f"cx:asof:{p}", "next") or 0) for p in range(sink.PARTITIONS))

    seconds, mine, redis = sink.run(instance, "cache", lambda: standing() > 0, lambda: standing() >= n, instance.pid("redis"), profiled)
    return n / seconds, mine / n * 1e6, redis / n * 1e6


def hset_round(instance, admin, rows, n):
    """Rows a second, and Redis's microseconds for each."""
    admin.flushall()
    connection = admin.connection_pool.get_connection("HSET")
    packed = []
    for at in range(0, n, FLUSH):
        commands = []
        for i in range(at, at + FLUSH):
            key, fields = rows[i % len(rows)]
            commands += [("HSET", key, *fields), ("PEXPIREAT", key, EXPIRES)]
        packed.append(b"".join(connection.pack_commands(commands)))
    waiting = 0
    began, before = time.monotonic(), sink.cpu(instance.pid("redis"))
    for block in packed:
        connection._sock.sendall(block)
        waiting += 2 * FLUSH
        while waiting > IN_FLIGHT:
            connection.read_response()
            waiting -= 1
    for _ in range(waiting):
        connection.read_response()
    seconds, redis = time.monotonic() - began, sink.cpu(instance.pid("redis")) - before
    admin.connection_pool.release(connection)
    return n / seconds, redis / n * 1e6


def rows_of(admin):
    """What the sink wrote: (key, its fields)."""
    rows = []
    for n in range(TEMPLATES):
        key = f"cx:status:{{{spine.subject_of(n).hex()}}}"
        rows.append((key, [x for pair in admin.hgetall(key).items() for x in pair]))
    return rows


def main():
    options = arguments(__doc__, rounds=5, events=200_000).parse_args()
    report, instance = Report("cache", options.json), servers.own("bench-cache", brief="no")
    try:
        services.write_config(instance)
        log, messages = spine.Log(instance, sink.PARTITIONS), []
        for n in range(TEMPLATES):
            value = status(n, 10 + n)
            messages.append((value["subject"], spine.encode("Status", value)))
        for p in range(sink.PARTITIONS):  # a wall log: keys expire
            log.send("credit.status", "Status", tick(p, spine.START, virtual=False), p, p.to_bytes(4, "big"))
        log.flush()
        sink.fill(log, "credit.status", messages, options.events)
        admin, rows, found = instance.redis(), None, []
        for _ in range(options.rounds):
            ours = cache_round(instance, admin, options.events)
            rows = rows or rows_of(admin)
            found.append((*ours, *hset_round(instance, admin, rows, options.events)))
        figures, mine, redis, baselines, redis_bare = map(list, zip(*found))
        report.ratio("cache sink / raw HSET + PEXPIREAT", "rows/s", figures, baselines, BUDGET, cpu_us=round(min(mine), 2),
                     redis_us=round(min(redis), 2), redis_us_bare=round(min(redis_bare), 2))
    finally:
        instance.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
