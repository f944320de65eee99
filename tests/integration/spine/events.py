"""Events as departments write them (docs/events.md), their bytes field by field, and made-up subjects."""

import io
import sys

import avro.io

from cxtest import servers

from department import Writer, from_json

sys.path.insert(0, str(servers.ROOT / "deploy" / "samples"))
import identities  # noqa: E402

NOW = "2026-03-01T09:00:00+08:00"


def organisation(serial):
    """Credit codes in the region 990100, which was never assigned."""
    return {"type": "ORGANISATION", "id_type": "CREDIT_CODE", "id": identities.credit_code("990100", serial),
            "name": f"样例{serial}号公司", "verified": True}


def person(birth="19820212", order=485, region="990100"):
    return {"type": "PERSON", "id_type": "CITIZEN_ID", "id": identities.citizen_number(region, birth, order),
            "name": "样例人员", "verified": True}


def document(department="market", basis="SPAQ-122", number="样罚〔2026〕1号", day="2026-03-01", **more):
    return {"number": number, "date": day, "issuing_body": department, "legal_basis": basis, **more}


def event(name, subject, body, papers=None, official=("CASE_OFFICER", "N-001"), **more):
    found = {"event_id": name, "jurisdiction": 130100, "issued_at": NOW, "happened_on": "2026-02-20",
             "document": document() if papers is None else papers,
             "official": {"role": official[0], "number": official[1]}, "subject": subject, "body": body}
    return {**found, **more}


def record(item="MK-FOOD-PENALTY", facts=(("penalty", "FINE"),), amount=200000, **more):
    return {"Record": {"item": item, "amount": amount, "facts": [{"name": n, "value": v} for n, v in facts], **more}}


def pieces(schemas, value):
    """Field -> its bytes, in the schema's order; "head" is the framing."""
    schema = schemas.get("CreditEvent")
    found = {"head": b"\xc3\x01" + schemas.fingerprint("CreditEvent")}
    for name, datum in from_json(schema, value).items():
        out = io.BytesIO()
        Writer(schema).write_data(schema.fields_dict[name].type, datum, avro.io.BinaryEncoder(out))
        found[name] = out.getvalue()
    return found


def zigzag(n):
    n, out = (n << 1) ^ (n >> 63), bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out + bytes([n]))
