#!/usr/bin/python3
"""A responding department reads its notices, and says of each measure that it was carried out.

read_committed is a must: without it, aborted notices are seen. usage: subscribe.py BROKERS DEPARTMENT SECONDS
"""
import datetime, io, sys, time

import avro.io, avro.schema
from confluent_kafka import Consumer, Producer

from publish import SCHEMAS, encode

STARTS = ("IMPOSE", "INCENTIVE")


def decode(message):
    schema = avro.schema.parse((SCHEMAS / "Notice.avsc").read_text(encoding="utf-8"))
    return avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(io.BytesIO(message[10:])))  # behind C3 01, fingerprint


def feedback(department, notice):
    today = notice["tick"].date()
    return {
        "event_id": f"fb-{notice['measure_id']}-{notice['kind']}", "jurisdiction": 130100, "issued_at": notice["tick"],
        "happened_on": today, "text": None, "consent": None, "others": [],
        "document": {"number": "", "date": today, "issuing_body": department, "legal_basis": "", "effective_on": None},
        "official": {"role": "CASE_OFFICER", "number": "FB-001"},
        "subject": {"type": notice["subject_type"], "id_type": "REFERENCE", "id": notice["reference"], "name": "",
                    "birth_date": None, "verified": False},
        "body": ("MeasureFeedback", {
            "measure": notice["measure_id"], "on": today,
            "outcome": "DONE" if notice["kind"] in STARTS else "UNDONE" if notice["kind"] == "UNDO" else "STOPPED"}),
    }


def main(brokers, department, seconds):
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": f"{department}-notices",
                         "isolation.level": "read_committed", "auto.offset.reset": "earliest"})
    producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True})
    consumer.subscribe([f"credit.notices.{department}"])
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        message = consumer.poll(0.5)
        if message is None or message.error():
            continue
        notice = decode(message.value())
        print(notice["kind"], notice["measure"], notice["list"], notice["entry"], notice["until"], flush=True)
        if notice["measure_id"]:
            producer.produce(f"credit.in.{department}", encode(feedback(department, notice)))
            producer.flush(30)
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:4]) if len(sys.argv) == 4 else sys.exit(__doc__)
