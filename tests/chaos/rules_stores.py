"""The checker's rules for what is in force and for the stores. Each yields what is wrong."""

import collections
import datetime
import json

import spine_dump
from stores_dump import number

EPOCH = datetime.date(1970, 1, 1)
TICK_KEY = 4
DATES = {"from", "until", "review_on"}


def status_in_order(view):
    """A subject's status follows the log: each row's origin is an event of its own partition, later than the row's before."""
    last, left = {}, {}
    for m in view.dumps.topics["credit.status"]:
        if len(m.key) == TICK_KEY:
            continue
        if m.value is None:
            left[m.key] = m.partition
            continue
        origin = view.dumps.once(spine_dump.status_origin(), m)
        if m.key in left and (m.partition - left[m.key]) % view.born == 0 and origin == last.get(m.key):
            del left[m.key]  # as it stood in the partition out of which this one was split; may be for the second time
            continue
        if origin[0] != m.partition or origin not in view.by_place:
            yield f"{m.key.hex()}: a status from {origin} in partition {m.partition}"
        if origin <= last.get(m.key, (-1, -1)):
            yield f"{m.key.hex()}: {origin} behind {last[m.key]}"
        last[m.key] = origin
    yield from (f"{key.hex()}: its row left partition {partition} and came nowhere" for key, partition in left.items())


def status_is_the_model(view):
    """At the end there is in force what was accepted, each record in the version that its corrections made of it."""
    subjects = {}
    for r in view.records:
        if r.header is not None:
            fate = view.model[r.header.department].fates.get((r.header.partition, r.header.offset))
            if fate is not None:
                subjects[fate.said.subject] = r.subject
    shown = {name: department.in_force() for name, department in view.model.items()}
    for subject, key in subjects.items():
        row = view.value(view.status[key], "Status") if key in view.status else {"records": [], "entries": []}
        got = collections.defaultdict(dict)
        for record in row["records"]:
            got[record["department"]][record["event_id"]] = record["version"]
        wanted = {name: found[subject] for name, found in shown.items() if found[subject]}
        if got != wanted:
            yield f"subject {subject}: {dict(got)} is shown, not {wanted}"
        listed = [1 for department in view.model.values() if subject in department.listed]
        if len(row["entries"]) != len(listed):
            yield f"subject {subject}: {len(row['entries'])} entries, not {len(listed)}"


def plain(value):
    """As the cache writes it."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: day(v) if k in DATES else plain(v) for k, v in value.items()}
    return value


def day(value):
    """null, a number of days, or a branch of a union with it."""
    value = value[1] if isinstance(value, tuple) else value
    return None if value is None else str(EPOCH + datetime.timedelta(days=value))


def points_are_consents(view):
    """Points keep a row of whoever consented, with that one consent, and of nobody else."""
    wanted = {}
    for r in view.records:
        if r.header is not None:
            fate = view.model[r.header.department].fates.get((r.header.partition, r.header.offset))
            if fate is not None and fate.said.kind == "consent" and fate.verdict == "OK":
                wanted[r.key] = fate.said.id.decode()
    rows = {m.key: view.value(m, "PointsState") for m in view.dumps.topics["credit.points"]
            if m.value is not None and len(m.key) != TICK_KEY}
    got = {key: [c["event_id"] for c in row["consents"]] for key, row in rows.items()}
    for key in sorted({*wanted, *got}):
        if got.get(key) != [wanted.get(key)]:
            yield f"{key.hex()}: points keep {got.get(key)}, consented was {wanted.get(key)}"


def redis_is_status(view):
    """Redis holds of each subject what `status` said last, and of each partition the last tick."""
    rows = dict(view.dumps.redis["status"])
    for key, m in view.status.items():
        value = view.value(m, "Status")
        if len(key) == TICK_KEY:
            asof = view.dumps.redis["asof"].get(str(m.partition), {})
            if asof.get("tick") != str(value["tick"]) or int(asof.get("next", -1)) <= m.offset:
                yield f"partition {m.partition}: Redis is at {asof}, the log at {m.offset}, {value['tick']}"
            continue
        row = rows.pop(key.hex(), None)
        own = value["origin"]["partition"] == m.partition
        wanted = {"version": f"1.{value['origin']['offset'] if own else 0}", "partition": str(m.partition),
                  "until": day(value["until"]) or "", "entries": plain(value["entries"]), "records": plain(value["records"])}
        got = None if row is None else {**row, "entries": json.loads(row["entries"]), "records": json.loads(row["records"])}
        if got != wanted:
            yield f"{key.hex()}: Redis holds {got}, status {wanted}"
    yield from (f"{key}: only Redis knows it" for key in rows)


def postgres_is_decided(view):
    """PostgreSQL holds each decided message once, as it came; ticks that changed nothing are not kept."""
    kept = collections.Counter()
    for partition, offset, index, message in view.dumps.tables["events"]:
        kept[number(partition), number(offset), number(index), message] += 1
    for m, d in zip(view.dumps.topics["credit.decided"], view.decided):
        record = view.by_place.get(d.origin)
        if d.index is None or (d.index == 0 and record is not None and record.kind == "Tick"):
            continue
        place = *d.origin, d.index, m.value
        if kept[place] == 0:
            yield f"{place[:3]}: not in PostgreSQL as it was decided"
        kept[place] -= 1
    yield from (f"{place[:3]}: {n} rows in PostgreSQL that were not decided" for place, n in kept.items() if n)


def changes_are_kept(view):
    """Each change of a record or an entry is a row of its own, under its event's origin."""
    wanted = {(*d.origin, d.index): d.changes for d in view.decided if d.changes}
    found = collections.defaultdict(set)
    for table in ("records", "entries"):
        for row in view.dumps.tables[table]:
            place, which = tuple(map(number, row[:3])), number(row[3])
            if which in found[place]:
                yield f"{place}: change {which} is there twice"
            found[place].add(which)
    for place in {*wanted, *found}:
        if len(found[place]) != wanted.get(place, 0):
            yield f"{place}: {len(found[place])} rows for {wanted.get(place, 0)} changes"


def letters_and_notices_are_kept(view):
    """The history knows of each notice and each refusal, once."""
    rows = collections.Counter((*map(number, row[:3]), row[3].decode(), row[4].decode())
                               for row in view.dumps.tables["notices"])
    wanted = collections.Counter((*d.origin, d.index, d.department, d.notice["id"])
                                 for d in view.dispatched if d.notice is not None)
    if rows != wanted:
        yield f"notices: {sum((wanted - rows).values())} missing, {sum((rows - wanted).values())} too many"
    rows = collections.Counter((row[0].decode(), number(row[1]), number(row[2]), row[3].decode(), row[5].decode())
                               for row in view.dumps.tables["dead_letters"])
    wanted = collections.Counter((name, v["partition"], v["offset"], v["stage"], v["reason"]) for name in view.model
                                 for _, v in view.values(f"credit.rejected.{name}", "Rejection"))
    if rows != wanted:
        yield f"dead letters: {sum((wanted - rows).values())} missing, {sum((rows - wanted).values())} too many"


RULES = (status_in_order, status_is_the_model, points_are_consents, redis_is_status, postgres_is_decided, changes_are_kept,
         letters_and_notices_are_kept)
