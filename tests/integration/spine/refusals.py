"""Every bad input that a message can carry: (name, reason, message or event), one list for each department."""

from events import document, event, organisation, person, pieces, record, zigzag

GRAVE = (("penalty", "REVOKE_LICENCE"), ("sector_grade", "SERIOUS"))
COURT = document("court", "FS-2017", "样法执〔2026〕1号")
ZB44 = document(basis="ZB-44", number="样列〔2026〕1号")
HEAD = ("HEAD", "N-009")


def of_bytes(schemas):
    """One good event, spoiled in one place after the other."""
    good = pieces(schemas, event("bytes-0", organisation(99000001), record()))

    def spoiled(**changed):
        return b"".join({**good, **changed}.values())

    text = "样例".encode()
    yield "nothing at all", "NOT_AVRO", b""
    yield "JSON", "NOT_AVRO", b'{"event_id": "x"}'
    yield "a schema that was never published", "UNKNOWN_SCHEMA", spoiled(head=b"\xc3\x01" + b"12345678")
    yield "a registry's framing without a registry", "UNKNOWN_SCHEMA", spoiled(head=b"\0\0\0\0\7")
    yield "half a header", "TRUNCATED", spoiled()[:6]
    yield "the last byte missing", "TRUNCATED", spoiled()[:-1]
    yield "one byte too many", "TRAILING_BYTES", spoiled() + b"\0"
    yield "a second event behind", "TRAILING_BYTES", spoiled() + spoiled()
    yield "no UTF-8", "BAD_UTF8", spoiled(text=b"\x02\x04\xff\xfe")
    yield "half a character", "BAD_UTF8", spoiled(text=b"\x02" + zigzag(5) + text[:5])
    yield "a surrogate", "BAD_UTF8", spoiled(text=b"\x02\x06\xed\xa0\x80")
    yield "a NUL", "NUL_IN_STRING", spoiled(text=b"\x02\x06a\0b")
    yield "a role that is none", "BAD_ENUM", spoiled(official=zigzag(5) + good["official"][1:])
    yield "a role below the first", "BAD_ENUM", spoiled(official=zigzag(-1) + good["official"][1:])
    yield "a boolean of 7", "BAD_BOOLEAN", spoiled(subject=good["subject"][:-1] + b"\7")
    yield "a branch that is none", "BAD_UNION", spoiled(body=zigzag(99))
    yield "a negative branch", "BAD_UNION", spoiled(text=zigzag(-1))
    yield "a negative length", "BAD_COUNT", spoiled(event_id=zigzag(-5) + b"abcde")
    yield "a length beyond the end", "TRUNCATED", spoiled(text=b"\x02" + zigzag(100000) + text)
    yield "more items than bytes", "TRUNCATED", spoiled(others=zigzag(1000))
    yield "more items than anybody may send", "OVERSIZED", spoiled(others=zigzag(50_000_000))
    yield "a block of a wrong size", "BAD_COUNT", spoiled(others=zigzag(-1) + zigzag(1) + good["subject"][1:] + b"\0")
    yield "an int of eleven bytes", "BAD_VARINT", spoiled(jurisdiction=b"\xff" * 10 + b"\1")
    yield "65 other subjects", "OVERSIZED", spoiled(others=zigzag(65) + good["subject"][1:] * 65 + b"\0")


def of_form():
    """What no pack can change."""
    good, someone = organisation(99000002), person()
    number = someone["id"]

    def bad(reason, subject=good, body=None, **more):
        return (reason, reason, event(f"form-{reason}", subject, body or record(), **more))

    yield bad("NO_SUBJECT", None)
    yield bad("WRONG_CHECK_DIGIT", {**good, "id": good["id"][:-1] + ("1" if good["id"][-1] != "1" else "2")})
    yield bad("WRONG_CHECK_DIGIT", {**someone, "id": number[:-1] + ("1" if number[-1] != "1" else "2")})
    yield bad("WRONG_LENGTH", {**good, "id": good["id"][:-1]})
    yield bad("IMPOSSIBLE_DATE", person("19900230"))
    yield bad("IMPOSSIBLE_DATE", happened_on="2026-03-02")
    yield bad("IMPOSSIBLE_DATE", papers=document(day="2026-03-02"))
    yield bad("UNKNOWN_REGION", person(region="170100"))
    yield bad("UNKNOWN_REGION", jurisdiction=170100)
    yield bad("UNKNOWN_ID_TYPE", {**someone, "type": "ORGANISATION"})
    yield bad("UNDER_18", person("20080221"))
    yield bad("BIRTH_DATE_MISSING", {**someone, "id_type": "PASSPORT", "id": "E12345678"})
    yield bad("EVENT_ID_INVALID", event_id="two words")
    yield bad("EVENT_ID_INVALID", event_id="")
    yield bad("DOCUMENT_MISSING", papers=document(number=""))
    yield bad("DOCUMENT_MISSING", papers=document(basis=""))
    yield bad("AMOUNT_OUT_OF_RANGE", body=record(amount=-1))
    yield bad("AMOUNT_OUT_OF_RANGE", body=record(amount=10**15 + 1))
    yield bad("TEXT_IN_CODE", body=record("违反 食品安全法"))
    yield bad("TEXT_IN_CODE", body=record(facts=(("penalty", "罚款 二千元"),)))
    yield bad("FORBIDDEN_FIELD", body=record(facts=(("religion", "X"),)))
    yield bad("FORBIDDEN_FIELD", body=record(facts=(("指纹", "X"),)))
    yield bad("CONSENT_MISSING", body=record(facts=(("income", 1),)))
    yield bad("REPORTER_NAMED", body=record(facts=(("reporter", "X"),)))


def notice_of(name, rests_on="never-sent"):
    return {"ListingNotice": {"list": name, "rests_on": [rests_on], "served_on": "2026-02-27", "reason": "R", "rights_told": True}}


def of_law():
    """What the pack refuses, and the registrar."""
    good, someone = organisation(99000003), person(order=487)

    def bad(reason, subject=good, body=None, **more):
        return (reason, reason, event(f"law-{reason}", subject, body or record(), **more))

    yield bad("NO_PACK", jurisdiction=110100)
    yield bad("TOO_OLD", issued_at="2025-01-31T09:00:00+08:00", happened_on="2025-01-02", papers=document(day="2025-01-31"))
    yield bad("ITEM_NOT_IN_CATALOG", body=record("MORAL-SCORE"))
    yield bad("ITEM_NOT_YOURS", body=record("TX-PENALTY"), papers=document(basis="SS-63"))
    yield bad("ITEM_WRONG_SUBJECT", body=record("OC-ECOMMERCE-PENALTY"), papers=document(basis="DS-2019"))
    yield bad("GROUP_REQUIRED", someone, record("OC-ECOMMERCE-PENALTY"), papers=document(basis="DS-2019"))
    yield bad("UNDECIDED", body=record(amount=None))
    yield bad("NOT_REAL_NAME", {**someone, "verified": False})
    yield bad("BASIS_UNKNOWN", papers=document(basis="SS-63"))
    yield bad("DOCUMENT_NOT_IN_EFFECT", papers=document(effective_on="2026-06-01"))
    yield bad("NO_SUCH_EVENT", body={"Withdrawal": {"target": "never-sent", "reason": "ERROR"}})
    yield bad("NOT_A_COURT", body={"StayOrdered": {"target": {"event_id": "never-sent"}}})
    yield bad("TEST_IDENTIFIER", jurisdiction=130800)  # where the pack is one for production
    yield bad("BASIS_INSUFFICIENT", body=notice_of("B-MARKET"), papers=document(basis="SJZ-2018-6"))
    yield bad("NOT_COMPETENT", body=notice_of("B-TAX"), papers=ZB44)
    yield bad("NOT_LISTABLE", body=notice_of("B-NEIGHBOURS"), papers=ZB44)
    yield bad("FEEDBACK_UNASKED", body={"MeasureFeedback": {"measure": "m.0.999999.0.0", "outcome": "DONE", "on": "2026-02-28"}})


def of_listing():
    """A notice whose window is over, one whose window is open, and every wrong decision on them. None: accepted."""
    late, early = organisation(99000004), organisation(99000005)

    def notice(subject, name, served="2026-02-02", told=True):
        return event(name, subject, {"ListingNotice": {"list": "B-MARKET", "rests_on": [f"rec-{subject['id']}"], "served_on": served,
                                                       "reason": "FOOD-REVOKED", "rights_told": told}}, ZB44)

    def decision(name, subject, rests="n-late", official=HEAD, **changed):
        body = {"list": "B-MARKET", "notice": rests, "rests_on": [], "grade": "SERIOUS", "months": 36,
                "measures": ["M-KEY-SUPERVISION"], "exit": "TERM-OR-REPAIR", "remedy": "REVIEW-60D-SUIT-6M", "answers": []}
        return event(name, subject, {"ListingDecision": {**body, **changed}}, ZB44, official)

    for subject in (late, early):
        yield "a grave record", None, event(f"rec-{subject['id']}", subject, record(facts=GRAVE), happened_on="2026-01-14")
    yield "untold", "NOTICE_INCOMPLETE", notice(late, "n-untold", told=False)
    yield "beyond the calendar", "NO_CALENDAR", notice(late, "n-far", served="2035-12-28")
    yield "a notice", None, notice(late, "n-late")
    yield "a notice of yesterday", None, notice(early, "n-early", served="2026-03-01")
    yield "no served notice", "NO_NOTICE", decision("d-1", late, "n-never")
    yield "inside the window", "INSIDE_WINDOW", decision("d-2", early, "n-early")
    yield "by nobody", "NOT_BY_AN_OFFICIAL", decision("d-3", late, official=("NONE", ""))
    yield "no remedy told", "DECISION_INCOMPLETE", decision("d-4", late, remedy="")
    yield "too long", "TERM_TOO_LONG", decision("d-5", late, months=48)
    yield "no such measure", "MEASURE_UNKNOWN", decision("d-6", late, measures=["M-BY-MUNICIPAL-PLAN"])
    yield "not for this list", "MEASURE_NOT_FOR_LIST", decision("d-7", late, measures=["M-FLIGHT"])
    yield "a decision", None, decision("d-8", late)
    yield "again", "ILLEGAL_TRANSITION", decision("d-9", late)


def of_identity():
    subject = organisation(99000006)
    yield "first", None, event("same-id", subject, record())
    yield "the same id, other content", "ID_REUSED", event("same-id", subject, record(amount=5))


def of_others():
    """Other senders: (department, name, reason, event). One that the pack does not know, and two that may not list."""
    subject = organisation(99000008)
    yield "stranger", "nobody's topic", "UNKNOWN_DEPARTMENT", event("s-1", subject, record(), papers=document("stranger"))
    yield "bank", "a bank lists", "COUNTS_NEVER_LIST", event("b-1", subject, notice_of("B-MARKET"), ZB44)
    yield "tax", "another's event", "NOT_YOUR_EVENT", event("t-1", organisation(99000007),
                                                            {"Withdrawal": {"target": "good-bytes", "reason": "ERROR"}})


def good(name):
    return name, None, event(name, organisation(99000007), record())
