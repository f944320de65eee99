"""The messages of the spine as far as the checker needs them, read from dumps by the schemas alone."""

import collections
import functools
import os
import pathlib

import stories  # noqa: F401  (finds the spine's modules)
from department import Schemas
from plain import Reader, read_long

SCHEMAS = Schemas(pathlib.Path(os.environ["CX_BUILD"]) / "schemas")
FRAME = 10  # bytes before the value: the mark and the fingerprint

Record = collections.namedtuple("Record", "place key body stamp subject header kind")  # header: None, or as below
Header = collections.namedtuple("Header", "department event_id content partition offset")
Classified = collections.namedtuple("Classified", "origin key body stamp now event verdict")
Decided = collections.namedtuple("Decided", "origin index key body stamp classified subject verdict changes")
Dispatch = collections.namedtuple("Dispatch", "origin index key body stamp department notice rejection")


class Fields:
    """The first fields of a record, up to the last one named: read(data, at) -> (their values, where they end)."""

    def __init__(self, schema, last):
        reader = Reader(SCHEMAS.get("Notice"), {}, str)
        reader.named = {}
        names = [f.name for f in schema.fields]
        self.fields = [reader.of(f.type) for f in schema.fields[:names.index(last) + 1]]

    def read(self, data, at):
        values = []
        for field in self.fields:
            value, at = field(data, at)
            values.append(value)
        return values, at


class Rest(Fields):
    """The fields behind the first."""

    def __init__(self, schema, last):
        super().__init__(schema, last)
        self.fields = self.fields[1:]


def union_of(schema, field):
    return schema.fields_dict[field].type.schemas


EVENT = SCHEMAS.get("Event")
EVENT_FIELDS = Fields(EVENT, "cause")
HEADER_FIELDS = Fields(union_of(EVENT, "header")[1], "inbound_offset")
BODIES = [s.name for s in union_of(EVENT, "body")]
CLASSIFIED_FIELDS = Fields(SCHEMAS.get("Classified"), "now")
DECIDED_REST = Rest(SCHEMAS.get("Decided"), "tell")
DECIDED_NAMES = [f.name for f in SCHEMAS.get("Decided").fields][1:]
TEXT = Reader(SCHEMAS.get("Notice"), {}, str).of_string(None)


def record(m):
    (subject, _), at = EVENT_FIELDS.read(m.value, FRAME)
    branch, at = read_long(m.value, at)
    header, kind = None, None
    if branch == 1:
        (department, event_id, content, partition, offset), _ = HEADER_FIELDS.read(m.value, at)
        header = Header(department, event_id, content, partition, offset)
    else:
        kind = BODIES[read_long(m.value, at)[0]]
    return Record((m.partition, m.offset), m.key, m.value[FRAME:], m.timestamp, subject, header, kind)


def classified_head(m):
    """(origin, now, where the event begins)."""
    (origin, now), at = CLASSIFIED_FIELDS.read(m.value, FRAME)
    return (origin["partition"], origin["offset"]), now, at


def classified(m, head, records):
    """With the event that it carries: `event` tells whether that is, byte for byte, the record of its origin."""
    origin, now, at = head
    source = records.get(origin)
    same = source is not None and m.value.startswith(source.body, at)
    verdict = TEXT(m.value, at + len(source.body))[0] if same else None
    return Classified(origin, m.key, m.value[FRAME:], m.timestamp, now, same, verdict)


def decided_head(m, classified_by_origin):
    """(origin, what is behind the classified event that it carries; None where that is not the one of its origin)."""
    origin = classified_head(m)[0]
    source = classified_by_origin.get(origin)
    if source is None or not m.value.startswith(source.body, FRAME):
        return origin, None
    found, at = DECIDED_REST.read(m.value, FRAME + len(source.body))
    return origin, (dict(zip(DECIDED_NAMES, found)), read_long(m.value, at)[0])


def decided(m, head):
    origin, rest = head
    if rest is None:
        return Decided(origin, None, m.key, m.value[FRAME:], m.timestamp, False, None, None, None)
    found, changes = rest
    return Decided(origin, found["index"], m.key, m.value[FRAME:], m.timestamp, True, found["subject"], found["verdict"],
                   changes)


def dispatch(m):
    value = decoder("Dispatch")(m)
    origin = value["origin"]["partition"], value["origin"]["offset"]
    return Dispatch(origin, value["index"], m.key, m.value[FRAME:], m.timestamp, value["department"], value["notice"][1],
                    value["rejection"][1])


@functools.lru_cache(None)
def decoder(name):
    """A message's whole value, by that schema."""
    reader = Reader(SCHEMAS.get(name), {}, str)
    return lambda m: reader.decode(m.value)


@functools.lru_cache(None)
def status_origin():
    """A status row's (partition, offset) alone."""
    fields = Fields(SCHEMAS.get("Status"), "origin")
    return lambda m: tuple(fields.read(m.value, FRAME)[0][1].values())
