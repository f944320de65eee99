"""What the stages before the sinks would write: messages of the spine, encoded by python3-avro, an encoder of another hand.

    log = Log(servers, partitions=4)       # topics made, schema applied, schemas published to nobody
    log.listing(n)                         # a record, a decision and notices for subject n
"""

import datetime
import io
import os
import pathlib
import struct
import sys

import avro.io
import avro.schema
from confluent_kafka import Producer

from cxtest import topics
from cxtest.servers import ROOT

sys.path.append(str(ROOT / "schemas"))
import avro_schema  # noqa: E402

SCHEMAS = pathlib.Path(os.environ["CX_BUILD"]) / "schemas"
PACK = bytes(range(32))
DAY = datetime.date(2026, 1, 5)
UTC = datetime.timezone.utc
START = datetime.datetime(2026, 1, 5, tzinfo=UTC)


class Codec:
    """Single-object encoding of one schema."""

    def __init__(self, name):
        path = SCHEMAS / f"{name}.avsc"
        self.schema = avro.schema.parse(path.read_text())
        canonical = avro_schema.canonical(avro_schema.Schemas().load(path))
        self.writer = avro.io.DatumWriter(self.schema)
        self.prefix = b"\xc3\x01" + struct.pack("<Q", avro_schema.fingerprint(canonical))

    def encode(self, value):
        out = io.BytesIO(self.prefix)
        out.seek(0, io.SEEK_END)
        self.writer.write(value, avro.io.BinaryEncoder(out))
        return out.getvalue()


CODECS = {}


def encode(name, value):
    if name not in CODECS:
        CODECS[name] = Codec(name)
    return CODECS[name].encode(value)


def subject_of(n):
    return (b"subject-%08d" % n)[:16]


def document(n):
    return {"number": f"DOC-{n}", "date": DAY, "issuing_body": "market", "legal_basis": "LAW-1", "effective_on": None}


OFFICIAL = {"role": "HEAD", "number": "H1"}
CLASSIFICATION = {"pack": PACK, "direction": "ADVERSE", "grade": "SERIOUS", "category": "TRADE", "list": "MARKET_BLACK",
                  "display_until": datetime.date(2027, 1, 4), "measures": ["M1"], "table": "classification", "rule": "r7",
                  "basis": "LAW-1"}


def header(n, event_id, department="market"):
    return {"department": department, "event_id": event_id, "content": bytes(16), "inbound_partition": 0,
            "inbound_offset": 1000 + n, "received_at": START, "issued_at": START, "happened_on": DAY,
            "jurisdiction": 130100, "document": document(n), "official": OFFICIAL, "subject_type": "ORGANISATION",
            "id_type": "CREDIT_CODE", "verified": True, "test_identifier": True, "has_text": False, "consent_scope": "",
            "others": []}


def decided(subject, origin, now, body, head, changes=(), verdict="OK", classification=None, index=0, effective=None):
    return {"classified": {"origin": {"partition": origin[0], "offset": origin[1]}, "now": now,
                           "event": {"subject": subject, "cause": None, "header": head, "body": body},
                           "verdict": "OK", "classification": classification},
            "index": index, "subject": subject, "effective": effective or now, "verdict": verdict, "because": "", "tell": [],
            "changes": list(changes), "revoked": [], "publications": []}


def record_change(n, state="IN_FORCE"):
    return {"cause": "RECORD", "from": "NONE", "entry": None,
            "record": {"event_id": f"R-{n}", "version": 1, "department": "market", "jurisdiction": 130100, "state": state,
                       "item": "PENALTY", "document": document(n), "subject_type": "ORGANISATION", "act_on": DAY,
                       "amount": 5000000, "facts": [{"name": "amount", "value": 5000000}, {"name": "kind", "value": "FINE"}],
                       "roles": [], "others": [], "classification": CLASSIFICATION, "marks": [], "repair": "",
                       "consent_scope": "", "ended_on": None}}


def entry(n, entry_id, state="IN_FORCE", version=1, **more):
    value = {"id": entry_id, "version": version, "list": "MARKET_BLACK", "state": state, "department": "market",
             "jurisdiction": 130100, "notice": f"N-{n}", "decision": f"D-{n}", "document": document(n),
             "official": OFFICIAL, "subject_type": "ORGANISATION", "role": "SUBJECT", "organisation": None,
             "organisation_entry": "", "rests_on": [f"R-{n}"], "grade": "SERIOUS", "category": "TRADE", "case": "",
             "pack": PACK, "measures": ["M1"], "former": [], "linked": False, "act_on": DAY, "served_on": DAY, "window_ends": DAY, "lapses_on": None,
             "from": DAY, "until": datetime.date(2027, 1, 5), "review_on": None, "ended_on": None, "ended_by": "",
             "provisional": False, "repair": "", "suspensions": [], "marks": [], "statements": []}
    return {**value, **more}


def entry_change(cause, before, value):
    return {"cause": cause, "from": before, "entry": value, "record": None}


def notice(n, origin, kind="IMPOSE", cause="DECISION", number=0, department="tax"):
    return {"subject": subject_of(n), "origin": {"partition": origin[0], "offset": origin[1]}, "index": 0, "now": START,
            "department": department, "rejection": None,
            "notice": {"id": f"n.{origin[0]}.{origin[1]}.0.{number}", "kind": kind, "tick": START,
                       "subject_type": "ORGANISATION", "reference": "", "identity": None,
                       "measure_id": f"m.{origin[0]}.{origin[1]}.0.{number}", "measure": "M1", "measure_kind": "MANAGEMENT",
                       "basis": "LAW-2", "entry": f"e.{origin[0]}.{origin[1]}.0", "list": "MARKET_BLACK",
                       "grade": "SERIOUS", "role": "SUBJECT", "cause": cause, "deciding_department": "market",
                       "document": f"DOC-{n}", "from": DAY, "until": datetime.date(2027, 1, 5), "review_on": None,
                       "respond_by": datetime.date(2026, 1, 20), "pack": PACK}}


RECORD_BODY = {"item": "PENALTY", "group": "", "amount": 5000000, "valid_until": None,
               "facts": [{"name": "amount", "value": 5000000}], "roles": []}
TOPICS = ("credit.decided", "credit.notices", "credit.status", "credit.records")
# One partition, as deploy/kafka/topics.csv says: a group's static members are given their partitions of the test before again.
SINGLE = ("credit.access", "credit.schemas", "credit.policies", "credit.checkpoints", "credit.rejected.market")


class Log:
    """The topics that the sinks read, and a producer of what stages would write there."""

    def __init__(self, servers, partitions=4):
        self.servers, self.partitions = servers, partitions
        topics.create(servers.bootstrap, TOPICS, partitions)
        topics.create(servers.bootstrap, SINGLE, 1)
        self.producer = Producer({"bootstrap.servers": servers.bootstrap, "linger.ms": 5, "enable.idempotence": True})
        self.origins = [0] * partitions
        self.failed = []

    def send(self, topic, schema, value, partition, key=None, timestamp=START):
        def delivered(error, _):
            if error is not None:
                self.failed.append(error)
        self.producer.produce(topic, None if schema is None else encode(schema, value), key=key, partition=partition,
                              on_delivery=delivered, timestamp=int(timestamp.timestamp() * 1000))
        self.producer.poll(0)

    def flush(self):
        assert self.producer.flush(30) == 0 and not self.failed, self.failed

    def origin(self, partition):
        self.origins[partition] += 1
        return partition, self.origins[partition]

    def decided(self, value, partition):
        self.send("credit.decided", "Decided", value, partition, value["subject"], value["classified"]["now"])

    def record(self, n):
        origin = self.origin(n % self.partitions)
        self.decided(decided(subject_of(n), origin, START, RECORD_BODY, header(n, f"R-{n}"), [record_change(n)],
                             classification=CLASSIFICATION), origin[0])
        return origin

    def decision(self, n):
        origin = self.origin(n % self.partitions)
        body = {"list": "MARKET_BLACK", "notice": f"N-{n}", "rests_on": [f"R-{n}"], "grade": "SERIOUS", "case": "",
                "months": None, "measures": ["M1"], "exit": "X", "remedy": "Y", "answers": []}
        change = entry_change("DECISION", "NOTIFIED", entry(n, f"e.{origin[0]}.{origin[1]}.0"))
        self.decided(decided(subject_of(n), origin, START, body, header(n, f"D-{n}"), [change]), origin[0])
        self.send("credit.notices", "Dispatch", notice(n, origin), origin[0], subject_of(n))
        return origin

    def feedback(self, n, origin, outcome="DONE"):
        at = self.origin(n % self.partitions)
        body = {"measure": f"m.{origin[0]}.{origin[1]}.0.0", "outcome": outcome, "on": DAY}
        self.decided(decided(subject_of(n), at, START + datetime.timedelta(days=1), body, header(n, f"F-{n}", "tax")), at[0])
        return at

    def tick(self, time, walks=()):
        """A tick in every partition; walks: (n, changes, effective)."""
        for p in range(self.partitions):
            origin = self.origin(p)
            body = {"time": time, "received_to": time, "virtual": True}
            index = 1
            for n, changes, effective in walks:
                if n % self.partitions == p:
                    self.decided(decided(subject_of(n), origin, time, body, None, changes, index=index,
                                         effective=effective), p)
                    index += 1
            self.decided(decided(bytes(16), origin, time, body, None), p)
