#!/usr/bin/python3
"""The sinks against their stores' bare speed: history against raw COPY BINARY of the same rows in transactions of the same
size, cache against raw pipelined HSET + PEXPIREAT of the same size. Each figure is the median of three, baselines between."""

import io
import json
import pathlib
import statistics
import sys
import time

import psycopg2

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "integration" / "store"))
import spine  # noqa: E402
from cxtest import servers, services, topics  # noqa: E402
from cxtest.waiting import wait_until  # noqa: E402
from cache_test import status, tick  # noqa: E402

EVENTS, STATUSES, TEMPLATES, PARTITIONS, ROUNDS = 200_000, 200_000, 500, 4, 3
HISTORY_BUDGET, CACHE_BUDGET = 0.80, 0.60


def fill(log, topic, messages, n):
    """n messages, over and over the same ones, spread over the partitions."""
    for i in range(n):
        key, value = messages[i % len(messages)]
        while True:
            try:
                log.producer.produce(topic, value, key=key, partition=i % PARTITIONS, timestamp=1767571200000)
                break
            except BufferError:
                log.producer.poll(0.1)
    log.producer.flush(120)


def timed(begin, done, deadline=120):
    """Seconds between two conditions."""
    wait_until(begin, deadline, "the beginning", pause=0.001)
    began = time.monotonic()
    wait_until(done, deadline, "the end", pause=0.002)
    return time.monotonic() - began


# --- history --------------------------------------------------------------------------------------------------------


def history_round(instance, ends):
    with psycopg2.connect(instance.pg_conninfo) as owner:
        owner.cursor().execute("TRUNCATE history.offsets, history.checkpoints, history.events, history.records")
    reader = instance.postgres()
    cursor = reader.cursor()

    def standing():
        cursor.execute("SELECT coalesce(sum(next_offset), -1) FROM history.offsets WHERE topic = 'credit.decided'")
        return int(cursor.fetchone()[0])

    service = services.Service(instance, "history")
    service.start(ready=False)
    seconds = timed(lambda: standing() >= 0, lambda: standing() >= ends)
    cursor.execute("SELECT count(*), count(DISTINCT xmin::text) FROM history.events")
    rows, transactions = cursor.fetchone()
    assert rows == EVENTS, rows
    service.stop()
    reader.close()
    return seconds, max(1, rows // transactions)


def copy_round(instance, chunk):
    """The same rows, in transactions of `chunk` events, by COPY alone. The rows are read before the clock starts."""
    owner = psycopg2.connect(instance.pg_conninfo)
    cursor = owner.cursor()
    parts = {}
    for table in ("events", "records"):
        out = io.BytesIO()
        cursor.copy_expert(f"COPY (SELECT * FROM history.{table} LIMIT {chunk}) TO STDOUT (FORMAT binary)", out)
        parts[table] = out.getvalue()
    cursor.execute("TRUNCATE history.events, history.records")
    owner.commit()
    began = time.monotonic()
    for _ in range(EVENTS // chunk):
        for table, rows in parts.items():
            cursor.copy_expert(f"COPY history.{table} FROM STDIN (FORMAT binary)", io.BytesIO(rows), size=1 << 20)
        owner.commit()
    seconds = time.monotonic() - began
    owner.close()
    return seconds * EVENTS / (EVENTS // chunk * chunk)


def bench_history(instance, log):
    messages = []
    for n in range(TEMPLATES):
        value = spine.decided(spine.subject_of(n), (n % PARTITIONS, n), spine.START, spine.RECORD_BODY,
                              spine.header(n, f"R-{n}"), [spine.record_change(n)], classification=spine.CLASSIFICATION)
        messages.append((value["subject"], spine.encode("Decided", value)))
    fill(log, "credit.decided", messages, EVENTS)
    figures, baselines = [], []
    for _ in range(ROUNDS):
        seconds, chunk = history_round(instance, EVENTS)
        figures.append(EVENTS / seconds)
        baselines.append(EVENTS / copy_round(instance, chunk))
    return statistics.median(figures), statistics.median(baselines)


# --- cache ----------------------------------------------------------------------------------------------------------


def cache_round(instance, admin):
    admin.flushall()
    service = services.Service(instance, "cache")
    service.start(ready=False)

    def standing():
        return sum(int(admin.hget(f"cx:asof:{p}", "next") or 0) for p in range(PARTITIONS))

    seconds = timed(lambda: standing() > 0, lambda: standing() >= STATUSES)
    service.stop()
    return seconds


def hset_round(admin, rows):
    """The same rows under the same keys: HSET and PEXPIREAT, 100 rows a pipeline flush, packed before the clock starts."""
    admin.flushall()
    connection = admin.connection_pool.get_connection("HSET")
    packed = []
    for at in range(0, STATUSES, 100):
        commands = []
        for i in range(at, at + 100):
            key, fields = rows[i % len(rows)]
            commands += [("HSET", key, *fields), ("PEXPIREAT", key, 4102444800000)]
        packed.append(b"".join(connection.pack_commands(commands)))
    waiting = 0
    began = time.monotonic()
    for block in packed:
        connection._sock.sendall(block)
        waiting += 200
        while waiting > 1600:
            connection.read_response()
            waiting -= 1
    for _ in range(waiting):
        connection.read_response()
    seconds = time.monotonic() - began
    admin.connection_pool.release(connection)
    return seconds


def bench_cache(instance, log):
    messages, rows = [], []
    for n in range(TEMPLATES):
        value = status(n, 10 + n)
        messages.append((value["subject"], spine.encode("Status", value)))
    for p in range(PARTITIONS):  # a wall log: keys expire
        log.send("credit.status", "Status", tick(p, spine.START, virtual=False), p, p.to_bytes(4, "big"))
    log.flush()
    fill(log, "credit.status", messages, STATUSES)
    admin = instance.redis()
    figures, baselines = [], []
    for _ in range(ROUNDS):
        figures.append(STATUSES / cache_round(instance, admin))
        for n in range(TEMPLATES) if not rows else ():
            key = f"cx:status:{{{spine.subject_of(n).hex()}}}"
            rows.append((key, [x for pair in admin.hgetall(key).items() for x in pair]))
        baselines.append(STATUSES / hset_round(admin, rows))
    return statistics.median(figures), statistics.median(baselines)


def report(name, unit, figure, baseline, budget):
    if "--json" in sys.argv:
        print(json.dumps({"bench": "store", "name": name, "unit": unit, "figure": round(figure), "baseline": round(baseline),
                          "ratio": round(figure / baseline, 3), "budget": budget}))
    else:
        print(f"{name:44} {figure:9.0f} {unit}  baseline {baseline:9.0f} {unit}  ratio {figure / baseline:7.2f}   budget {budget:.2f}")
    return figure >= budget * baseline


def main():
    instance = servers.own("bench-store")
    try:
        services.apply_schema(instance)
        services.write_config(instance)
        log = spine.Log(instance, PARTITIONS)
        good = report("history sink / raw COPY BINARY", "events/s", *bench_history(instance, log), HISTORY_BUDGET)
        good = report("cache sink / raw HSET + PEXPIREAT", "rows/s", *bench_cache(instance, log), CACHE_BUDGET) and good
    finally:
        instance.wipe()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
