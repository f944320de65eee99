"""A sink's rounds: its input in a topic, its service from the first row in its store to the last."""

import pathlib
import time

from cxtest import services
from cxtest.waiting import wait_until

PARTITIONS = 4


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


def cpu(pid):
    """Seconds that a process has had of the processors."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def run(instance, name, begun, done, server, profiled):
    """Seconds from begun() to done(), and the processor's seconds of the service and of the store's server in them."""
    service = services.Service(instance, name)
    service.start(ready=False)
    with profiled(service):
        wait_until(begun, 60, "the beginning", pause=0.001)
        began, before = time.monotonic(), (cpu(service.pid()), cpu(server) if server else 0)
        wait_until(done, 120, "the end", pause=0.004)
        seconds = time.monotonic() - began
    after = (cpu(service.pid()), cpu(server) if server else 0)
    service.stop()
    return seconds, after[0] - before[0], after[1] - before[1]
