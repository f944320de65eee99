"""A department of its own: Debian's python3-confluent-kafka and python3-avro, and nothing of Chengxin's but the schemas."""

import datetime
import io
import json
import pathlib
import struct

import avro.io
import avro.schema
from confluent_kafka import Producer

from cxtest import topics

EPOCH = datetime.date(1970, 1, 1)
TABLE = []
OWN_FINGERPRINT = ("CreditEvent", "Notice", "Rejection")  # elsewhere python3-avro writes a fixed out anew at each use


def crc64(text):
    """CRC-64-AVRO, from the Avro specification."""
    empty = 0xC15D213AA4D7A795
    if not TABLE:
        for i in range(256):
            fp = i
            for _ in range(8):
                fp = (fp >> 1) ^ (empty & -(fp & 1))
            TABLE.append(fp)
    fp = empty
    for byte in text.encode("utf-8"):
        fp = (fp >> 8) ^ TABLE[(fp ^ byte) & 0xFF]
    return fp


def canonical(schema):
    """Parsing Canonical Form; python3-avro leaves {"type": "long"} where the specification asks for "long"."""
    text = schema.canonical_form
    for primitive in ("int", "long"):
        text = text.replace(f'{{"type":"{primitive}"}}', f'"{primitive}"')
    return text


class Writer(avro.io.DatumWriter):
    """Unions of records by the name of the branch."""

    def write_union(self, schema, datum, encoder):
        if not isinstance(datum, tuple):
            return super().write_union(schema, datum, encoder)
        branch = [s.name for s in schema.schemas].index(datum[0])
        encoder.write_long(branch)
        return self.write_data(schema.schemas[branch], datum[1], encoder)


class Schemas:
    def __init__(self, folder):
        self.folder, self.known, self.prints = pathlib.Path(folder), {}, {}

    def get(self, name):
        if name not in self.known:
            self.known[name] = avro.schema.parse((self.folder / f"{name}.avsc").read_text(encoding="utf-8"))
        return self.known[name]

    def fingerprint(self, name):
        if name not in self.prints:
            self.prints[name] = struct.pack("<Q", crc64(canonical(self.get(name))))
        return self.prints[name]

    def encode(self, event):
        schema, out = self.get("CreditEvent"), io.BytesIO()
        Writer(schema).write_data(schema, from_json(schema, event), avro.io.BinaryEncoder(out))
        return b"\xc3\x01" + self.fingerprint("CreditEvent") + out.getvalue()

    def decode(self, name, message):
        schema = self.get(name)
        known = name not in OWN_FINGERPRINT or message[2:10] == self.fingerprint(name)
        assert message[:2] == b"\xc3\x01" and known, f"not a {name}"
        return avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(io.BytesIO(message[10:])))


def from_json(schema, value):
    """What docs/events.md calls the JSON form -> what python3-avro writes."""
    kind = schema.type
    if kind == "record":
        return {f.name: from_json(f.type, value.get(f.name, f.props.get("default"))) for f in schema.fields}
    if kind == "array":
        return [from_json(schema.items, v) for v in value or []]
    if kind == "union":
        if value is None:
            return None
        branches = [s for s in schema.schemas if s.type != "null"]
        if isinstance(value, dict) and len(branches) > 1:
            (name, inner), = value.items()
            return name, from_json(next(b for b in branches if b.name == name), inner)
        return from_json(branches[0], value) if len(branches) == 1 else value
    logical = schema.props.get("logicalType") if hasattr(schema, "props") else None
    if logical == "date":
        return datetime.date.fromisoformat(value)
    if logical == "timestamp-millis":
        return datetime.datetime.fromisoformat(value)
    return value


class Department:
    """Sends to its own topic, one message in flight after the other, and reads what came back."""

    def __init__(self, name, bootstrap, schemas):
        self.name, self.bootstrap, self.schemas = name, bootstrap, schemas
        self.producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 0})
        self.awake = False

    def send_bytes(self, *messages):
        failed, topic = [], f"credit.in.{self.name}"
        for message in messages:
            self.producer.produce(topic, message, on_delivery=lambda error, _: failed.append(error) if error else None)
        if not self.awake:  # a broker's thread that sleeps sees a new topic up to a second later: any question wakes it
            self.producer.list_topics(topic, timeout=10)
            self.awake = True
        self.producer.flush(30)
        assert not failed, failed

    def send(self, *events):
        self.send_bytes(*(self.schemas.encode(event) for event in events))

    def rejections(self):
        return [self.schemas.decode("Rejection", m.value) for m in topics.dump(self.bootstrap, f"credit.rejected.{self.name}")]

    def notices(self):
        return [self.schemas.decode("Notice", m.value) for m in topics.dump(self.bootstrap, f"credit.notices.{self.name}")]


def lines(path):
    """The events of a JSON-lines file."""
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield json.loads(line)

