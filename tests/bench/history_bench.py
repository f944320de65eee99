#!/usr/bin/python3
"""The history sink against raw COPY BINARY of the same rows, in transactions of the same size."""

import contextlib
import io
import sys
import time

import psycopg2
import spine
from cxbench import sink
from cxbench.city import profiled
from cxbench.report import Report, arguments
from cxtest import servers, services

TEMPLATES, BUDGET = 500, 0.80
TABLES = ("events", "records")


def history_round(instance, events):
    """Events a second of the service, and how many it wrote in a transaction."""
    with contextlib.closing(psycopg2.connect(instance.pg_conninfo)) as owner:
        owner.cursor().execute("TRUNCATE history.offsets, history.checkpoints, history.events, history.records")
        owner.commit()
    reader = instance.postgres()
    cursor = reader.cursor()

    def standing():
        cursor.execute("SELECT coalesce(sum(next_offset), -1) FROM history.offsets WHERE topic = 'credit.decided'")
        return int(cursor.fetchone()[0])

    seconds, mine, _ = sink.run(instance, "history", lambda: standing() >= 0, lambda: standing() >= events, None, profiled)
    cursor.execute("SELECT count(*), count(DISTINCT xmin::text) FROM history.events")
    rows, transactions = cursor.fetchone()
    assert rows == events, rows
    reader.close()
    return events / seconds, max(1, rows // transactions), mine / events * 1e6


def copy_round(instance, events, chunk):
    """The same rows, in transactions of `chunk` events, by COPY alone. The rows are read before the clock starts."""
    owner = psycopg2.connect(instance.pg_conninfo)
    cursor = owner.cursor()
    parts = {}
    for table in TABLES:
        out = io.BytesIO()
        cursor.copy_expert(f"COPY (SELECT * FROM history.{table} LIMIT {chunk}) TO STDOUT (FORMAT binary)", out)
        parts[table] = out.getvalue()
    cursor.execute("TRUNCATE history.events, history.records")
    owner.commit()
    began = time.monotonic()
    for _ in range(events // chunk):
        for table, rows in parts.items():
            cursor.copy_expert(f"COPY history.{table} FROM STDIN (FORMAT binary)", io.BytesIO(rows), size=1 << 20)
        owner.commit()
    seconds = time.monotonic() - began
    owner.close()
    return events // chunk * chunk / seconds


def main():
    options = arguments(__doc__, rounds=3, events=200_000).parse_args()
    report, instance = Report("history", options.json), servers.own("bench-history", brief="no")
    try:
        services.apply_schema(instance)
        services.write_config(instance)
        messages = []
        for n in range(TEMPLATES):
            value = spine.decided(spine.subject_of(n), (n % sink.PARTITIONS, n), spine.START, spine.RECORD_BODY,
                                  spine.header(n, f"R-{n}"), [spine.record_change(n)], classification=spine.CLASSIFICATION)
            messages.append((value["subject"], spine.encode("Decided", value)))
        sink.fill(spine.Log(instance, sink.PARTITIONS), "credit.decided", messages, options.events)
        figures, baselines, mine = [], [], []
        for _ in range(options.rounds):
            figure, chunk, micros = history_round(instance, options.events)
            figures.append(figure)
            mine.append(micros)
            baselines.append(copy_round(instance, options.events, chunk))
        report.ratio("history sink / raw COPY BINARY", "events/s", figures, baselines, BUDGET, cpu_us=round(min(mine), 2))
    finally:
        instance.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
