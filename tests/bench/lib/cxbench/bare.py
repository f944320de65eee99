"""tests/bench/bus/bare: librdkafka without us."""

import json
import os
import pathlib
import subprocess

from cxtest import topics

PREFIX = "bench."  # where a baseline writes: topics of the same settings as those of the stage


def output(city, *arguments, given=b""):
    program = pathlib.Path(os.environ["CX_BUILD"]) / "tests" / "bench" / "bus" / "bare"
    done = subprocess.run([program, arguments[0], "--config", city.servers.folder / "etc" / "chengxin.properties", *map(str, arguments[1:])],
                          input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=150)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def run(city, *arguments):
    return json.loads(output(city, *arguments).splitlines()[-1])


def pace(city, events, rate):
    """(department, message) of each event published, so many a second: the wall-clock times at which they were handed over."""
    parts = (part for department, message in events for part in (f"credit.in.{department}".encode(), message))
    given = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
    return [float(line) for line in output(city, "pace", "--rate", rate, given=given).split()]


def read(city, topic):
    """What is in a topic: seconds, messages, key_bytes, value_bytes, header_bytes."""
    return run(city, "read", "--topic", topic)


def outputs(city, names, inputs, before=None):
    """What a stage writes for each message read, from what is in its topics after `inputs` of them: flags for `copy`. The
    topics for it are made here. before: messages of a topic that were there first."""
    flags, made = [], topics.names(city.servers.bootstrap)
    for name in names:
        found = read(city, name)
        sent = found["messages"] - (before or {}).get(name, 0)
        if sent <= 0:
            continue
        state = name in ("credit.state", "credit.measures")
        if PREFIX + name not in made:
            compact = state or name in ("credit.status", "credit.identities")
            department = name.startswith(("credit.notices.", "credit.rejected."))
            topics.create(city.servers.bootstrap, [PREFIX + name], 1 if department else city.partitions,
                          {"cleanup.policy": "compact" if compact else "delete"})
        each, n = sent / inputs, found["messages"]
        flags += ["--output", f"{PREFIX}{name}:{each:.6f}:{round(found['key_bytes'] / n)}:"
                              f"{round((found['value_bytes'] + found['header_bytes']) / n)}" + (":in-place" if state else "")]
    return flags


def copy(city, group, topic, events, batch, flags):
    """Consume -> copy -> transactional produce: events a second, and microseconds of the processor for each."""
    batch = ["--batch", batch] if batch else []
    found = run(city, "copy", "--group", group, "--topic", topic, "--events", events, *batch, *flags)
    assert found["events"] >= events
    return found["events"] / found["seconds"], found["cpu"] / found["events"] * 1e6
