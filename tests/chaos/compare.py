"""Two runs of one log: the same bytes in the sense of the architecture's "Origin".

Ordered keys, values, headers and timestamps by partition; of compacted topics the latest value by key; rows by origin. Left out: the
places of messages behind the log, which aborts and markers move, and sealed bytes. A department's topics have one
partition, into which all of the spine flows: their order holds by key.
"""

import collections

import spine_dump

ORDERED = ("credit.records", "credit.classified", "credit.decided", "credit.notices")
LATEST = ("credit.state", "credit.measures", "credit.points", "credit.status")
DEPARTMENT = 28  # where the department's name begins in a record: behind the frame, the subject, no cause, a header


def ordered(d, topic):
    found = collections.defaultdict(list)
    for m in d.topics[topic]:
        found[m.partition].append((m.key, m.value, m.timestamp, m.headers))
    return dict(found)


def latest(d, topic):
    return {(m.partition, m.key): m.value for m in d.topics[topic]}


def arrivals(messages):
    """(partition, department) -> what intake wrote there, in order; ticks stand where they may."""
    found = collections.defaultdict(list)
    for m in messages:
        if m.key is not None:
            name = m.value[DEPARTMENT + 1:DEPARTMENT + 1 + m.value[DEPARTMENT] // 2]
            found[m.partition, name].append((m.key, m.value, m.timestamp, m.headers))
    return dict(found)


def by_key(d, topic, value):
    found = collections.defaultdict(list)
    for m in d.topics[topic]:
        seen = value(m)
        if seen is not None:
            found[m.key].append((seen, m.timestamp, m.headers))
    return dict(found)


def unsealed():
    reader = spine_dump.Reader(spine_dump.SCHEMAS.get("Notice"), {"Notice": lambda v: {**v, "identity": v["identity"][0]}}, str)
    return lambda m: reader.decode(m.value)


def behind_intake():
    """A refusal's bytes; None for one of intake, which is no part of a second run of the log."""
    return lambda m: None if is_intakes(m) else m.value


def is_intakes(m):
    reader = spine_dump.decoder("Rejection")
    return reader(m)["stage"] == "intake"


def rows(d, table):
    return collections.Counter(tuple(row) for row in d.tables[table] if b"intake" not in row)


def asof(d):
    return {partition: row["tick"] for partition, row in d.redis["asof"].items()}


def differences(a, b):
    """Yields what differs between the dumps of two runs; and what there is nothing of to compare."""
    homes = sorted({t for d in (a, b) for t in d.topics if t.startswith(("credit.notices.", "credit.rejected."))})
    for topic in ORDERED:
        yield from differ(f"{topic}, in order", ordered(a, topic), ordered(b, topic))
    for topic in LATEST:
        yield from differ(f"{topic}, the latest", latest(a, topic), latest(b, topic))
    for topic in homes:
        value = unsealed() if topic.startswith("credit.notices.") else behind_intake()
        yield from differ(topic, by_key(a, topic, value), by_key(b, topic, value))
    for table in a.tables:
        yield from differ(f"history.{table}", rows(a, table), rows(b, table))
    yield from differ("Redis", a.redis["status"], b.redis["status"])
    yield from differ("Redis's ticks", asof(a), asof(b))


def differences_of_intake(a, b):
    """Of a second run of intake alone, over the same arrivals: what it made of them, and what it sent home."""
    topic = "credit.records"
    yield from differ(f"{topic}, by department", arrivals(a.topics[topic]), arrivals(b[topic]))
    for topic in sorted(t for t in a.topics if t.startswith("credit.rejected.")):
        one, other = ([(m.key, m.value, m.timestamp, m.headers) for m in messages if is_intakes(m)]
                      for messages in (a.topics[topic], b[topic]))
        yield from differ(f"{topic}, intake's", {topic: one} if one else {}, {topic: other})


def differ(what, one, other):
    if not one:
        yield f"{what}: nothing to compare"
    elif one != other:
        keys = [key for key in {**one, **other} if one.get(key) != other.get(key)]
        yield f"{what}: {len(keys)} differ, first {str(keys[0])[:200]}"
