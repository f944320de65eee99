#!/usr/bin/python3
"""chengxin lag over 1,000 groups of 100 partitions, standing at 10 positions a partition, against Kafka's own
kafka-consumer-groups --describe --all-groups on the same cluster; its memory; and a scrape of 10,000 of its series."""

import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.request

from confluent_kafka import Consumer, Producer, TopicPartition
from kafka import KafkaAdminClient
from kafka.protocol.commit import OffsetCommitRequest

from cxbench.report import Report, arguments
from cxtest import servers, services, topics
from cxtest.waiting import wait_until

GROUPS, PARTITIONS, POSITIONS, MESSAGES = 1000, 100, 10, 20
TOPIC = "lag.bench"
KAFKA_TOOL = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
MOST_SECONDS, MOST_MIB, TIMES = 5, 256, 10
SCRAPED, SERIES, SCRAPES, MOST_MS = 25, 10000, 51, 10


def fill(bootstrap):
    topics.create(bootstrap, [TOPIC], partitions=PARTITIONS)
    producer = Producer({"bootstrap.servers": bootstrap, "queue.buffering.max.messages": 1000000})
    for i in range(PARTITIONS * MESSAGES):
        producer.produce(TOPIC, b"x" * 350, partition=i % PARTITIONS)
    assert producer.flush(60) == 0
    first = Consumer({"bootstrap.servers": bootstrap, "group.id": "lag.bench.0000"})  # makes Kafka's own topic of positions
    first.commit(offsets=[TopicPartition(TOPIC, 0, 0)], asynchronous=False)
    first.close()
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    for g in range(GROUPS):
        wait_until(lambda: commit(admin, g), 30, f"positions of group {g}")
    admin.close()


def commit(admin, g):
    """One request a group; a client for each would take minutes. False: its coordinator is still loading."""
    node = admin._client.cluster.brokers().pop().nodeId  # the only one coordinates every group
    places = [(p, (g + p) % POSITIONS, "") for p in range(PARTITIONS)]
    future = admin._send_request_to_node(node, OffsetCommitRequest[2](f"lag.bench.{g:04d}", -1, "", -1, [(TOPIC, places)]))
    admin._wait_for_futures([future])
    return all(code == 0 for _, partitions in future.value.topics for _, code in partitions)


def ours(instance):
    """Seconds, and MiB at the most. Every row must have its seconds."""
    began = time.monotonic()
    command = [str(servers.ROOT / "ops" / "chengxin"), "lag", "--all-groups", "--json", "--once"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "CX_VAR": str(instance.folder)}) as process:
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    rows = [r for r in json.loads(text)["partitions"] if r["topic"] == TOPIC]
    assert len(rows) == GROUPS * PARTITIONS, f"{len(rows)} partitions"
    assert all(r["seconds"] > 0 and r["since_ms"] is not None for r in rows), "a row without its seconds"
    return seconds, usage.ru_maxrss / 1024


def theirs(instance):
    """Seconds."""
    began = time.monotonic()
    text = instance.script("kafka-tool", KAFKA_TOOL, "--bootstrap-server", instance.bootstrap, "--describe", "--all-groups")
    seconds = time.monotonic() - began
    told = len(re.findall(rf"^lag\.bench\.\d+ +{re.escape(TOPIC)} ", text, re.MULTILINE))
    assert told == GROUPS * PARTITIONS, f"kafka-consumer-groups told of {told} partitions"
    return seconds


def scrape(instance):
    """Milliseconds, each of many scrapes of the exporter with at least 10,000 series."""
    port = int(instance.env["CX_METRICS_PORT"]) + 155
    groups = [f"lag.bench.{g:04d}" for g in range(SCRAPED)]
    exporter = subprocess.Popen([str(servers.ROOT / "ops" / "chengxin"), "lag", *groups, "--serve", str(port)],
                                stderr=subprocess.DEVNULL, env={**os.environ, "CX_VAR": str(instance.folder)})
    try:
        wait_until(lambda: series(port) >= SERIES, 30, f"{SERIES} series")
        times = []
        for _ in range(SCRAPES):
            began = time.monotonic()
            get(port)
            times.append((time.monotonic() - began) * 1000)
        return times
    finally:
        exporter.terminate()
        exporter.wait()


def get(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return answer.read()


def series(port):
    try:
        return sum(not line.startswith(b"#") for line in get(port).splitlines())
    except OSError:
        return 0


def main():
    options = arguments(__doc__).parse_args()
    report, instance = Report("lag", options.json), servers.own("bench-lag", brief="no")
    try:
        services.write_config(instance)
        fill(instance.bootstrap)
        ours(instance)  # the broker's code is compiled
        found = [(*ours(instance), theirs(instance)) for _ in range(options.rounds)]
        seconds, memory, baselines = map(list, zip(*found))
        report.ratio("chengxin lag / kafka-consumer-groups", "groups/s", [GROUPS / s for s in seconds],
                     [GROUPS / s for s in baselines], TIMES)
        report.most("1,000 groups x 100 partitions", "s", statistics.median(seconds), MOST_SECONDS)
        report.most("memory", "MiB", max(memory), MOST_MIB)
        report.most(f"a scrape of {SERIES:,} series", "ms", statistics.median(scrape(instance)), MOST_MS)
    finally:
        instance.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
