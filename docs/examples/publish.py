#!/usr/bin/python3
"""A department publishes one penalty: python3-confluent-kafka and python3-avro, nothing of Chengxin's.

usage: publish.py BROKERS DEPARTMENT CREDIT_CODE EVENT_ID
"""
import datetime, io, pathlib, struct, sys

import avro.io, avro.schema
from confluent_kafka import Producer

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "versions" / "1"


class Writer(avro.io.DatumWriter):
    """Kinds of body may have the same fields (Objection, Complaint): a pair (name, value) says which is meant."""

    def write_union(self, schema, datum, encoder):
        if not isinstance(datum, tuple):
            return super().write_union(schema, datum, encoder)
        branch = [s.name for s in schema.schemas].index(datum[0])
        encoder.write_long(branch)
        self.write_data(schema.schemas[branch], datum[1], encoder)


def encode(event):
    """Avro single-object encoding: C3 01, the schema's fingerprint, the datum."""
    schema = avro.schema.parse((SCHEMAS / "CreditEvent.avsc").read_text(encoding="utf-8"))
    fingerprints = dict(line.split() for line in (SCHEMAS / "fingerprints").read_text().splitlines())
    out = io.BytesIO()
    writer = Writer(schema)
    writer.write_data(schema, event, avro.io.BinaryEncoder(out))  # write() would check the pair as a datum
    return b"\xc3\x01" + struct.pack("<Q", int(fingerprints["CreditEvent"], 16)) + out.getvalue()


def penalty(department, credit_code, event_id):
    return {
        "event_id": event_id, "jurisdiction": 130100, "others": [], "text": None, "consent": None,
        "issued_at": datetime.datetime(2026, 3, 1, 1, 0, tzinfo=datetime.timezone.utc),
        "happened_on": datetime.date(2026, 2, 20),
        "document": {"number": "石罚〔2026〕901号", "date": datetime.date(2026, 3, 1), "issuing_body": department,
                     "legal_basis": "SPAQ-122", "effective_on": None},
        "official": {"role": "CASE_OFFICER", "number": "MK-001"},
        "subject": {"type": "ORGANISATION", "id_type": "CREDIT_CODE", "id": credit_code, "name": "样例公司",
                    "birth_date": None, "verified": True},
        "body": ("Record", {"item": "MK-FOOD-PENALTY", "group": "", "amount": 200000, "valid_until": None,
                            "facts": [{"name": "penalty", "value": "FINE"}], "roles": []}),
    }


def main(brokers, department, credit_code, event_id):
    producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True})
    failed = []
    producer.produce(f"credit.in.{department}", encode(penalty(department, credit_code, event_id)),
                     on_delivery=lambda error, _: failed.append(error) if error else None)
    producer.flush(30)
    sys.exit(f"not delivered: {failed[0]}" if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:5]) if len(sys.argv) == 5 else sys.exit(__doc__)
