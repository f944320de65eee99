"""Made-up subjects: identifiers with right check digits in regions 99xxxx, which were never assigned.

Rules: GB 11643 (citizen numbers), GB 32100 (credit codes), GB 11714 (organisation codes). Nobody real can
have one of these numbers, and the names say that they are samples.
"""
import datetime

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def citizen_number(region, birth, order):
    """birth: eight digits, which need not be a date; order: the three digits that tell people apart."""
    digits = f"{region}{birth}{order:03d}"
    total = sum(int(d) * w for d, w in zip(digits, CITIZEN_WEIGHTS))
    return digits + "10X98765432"[total % 11]


def organisation_code(serial):
    body = f"{serial:08d}"
    total = sum(int(d) * w for d, w in zip(body, ORGANISATION_WEIGHTS))
    return body + "0123456789X0"[(11 - total % 11) % 11]


def credit_code(region, serial, kind="91"):
    body = f"{kind}{region}{organisation_code(serial)}"
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(body, CREDIT_WEIGHTS))
    return body + CREDIT_ALPHABET[(31 - total % 31) % 31]


def spoiled(identifier):
    """The same identifier with another last character: its check digit is wrong."""
    return identifier[:-1] + ("1" if identifier[-1] != "1" else "2")


class Subject:
    """A person or an organisation of the sample."""

    def __init__(self, kind, identifier, name, register_code=""):
        self.kind = kind  # "PERSON" or "ORGANISATION"
        self.identifier = identifier
        self.name = name
        self.register_code = register_code  # organisations: the nine characters of the older code

    def is_person(self):
        return self.kind == "PERSON"

    def as_event(self, verified=True):
        id_type = "CITIZEN_ID" if self.is_person() else "CREDIT_CODE"
        return {"type": self.kind, "id_type": id_type, "id": self.identifier, "name": self.name,
                "verified": verified}


class Register:
    """Hands out subjects, each number once."""

    def __init__(self, rng, region):
        self.rng = rng
        self.region = region
        self.people = 0
        self.organisations = 0

    def person(self, youngest=25, oldest=65, today=datetime.date(2026, 3, 2)):
        self.people += 1
        age = self.rng.randint(youngest * 365 + 8, oldest * 365)
        birth = (today - datetime.timedelta(days=age)).strftime("%Y%m%d")
        # The serial number goes into region and order, so that no two people share a number.
        region = self.region + self.people // 999 % 100
        number = citizen_number(region, birth, self.people % 999 + 1)
        rare = "㐂" if self.people % 97 == 0 else ""
        return Subject("PERSON", number, f"样例人员{rare}{self.people:04d}")

    def organisation(self):
        self.organisations += 1
        serial = 99000000 + self.organisations
        kind = ("有限公司", "商行", "工厂", "服务中心")[self.organisations % 4]
        rare = "𠮷" if self.organisations % 101 == 0 else ""
        name = f"样例{rare}{self.organisations:04d}号{kind}"
        code = credit_code(self.region + self.organisations % 90, serial)
        return Subject("ORGANISATION", code, name, organisation_code(serial))
