"""What the clients say: for each department and subject ten events, of which some are refused and some come twice.

A story is a function of its department and the number of its subjects: the client that sends it and the checker that
judges what became of it make the same messages, each for itself.
"""

import collections
import pathlib
import re
import sys

from cxtest import servers

sys.path.insert(0, str(pathlib.Path(servers.ROOT) / "tests" / "integration" / "spine"))

from events import document, event, organisation, person, pieces, record, zigzag  # noqa: E402

DEPARTMENTS = ("court", "environment", "market", "tax")
PAPERS = {  # item, its basis, the document's number, the official's role
    "court": ("CT-DEFAULTER", "FS-2017", "样法执〔2026〕1号", "JUDGE"),
    "environment": ("HB-PENALTY", "HB-2015", "样环罚〔2026〕1号", "CASE_OFFICER"),
    "market": ("MK-FOOD-PENALTY", "SPAQ-122", "样监罚〔2026〕1号", "CASE_OFFICER"),
    "tax": ("TX-PENALTY", "SS-63", "样税罚〔2026〕1号", "CASE_OFFICER"),
}
TURNS = ("record", "second", "again", "correction", "other", "unlisted", "commitment", "correction", "withdrawal", "last")
LISTED = 7  # a department that lists more within an hour trips its breaker
NUMBER = re.compile(rb"k\d{7}")
STEPS = (7919, 7907, 7901, 7883, 7879, 7877, 7873, 7867, 7853, 7841)  # primes: each turn its own order of the subjects
START, LEAP = "2026-03-02T09:00:00+08:00", "2026-03-14T09:00:00+08:00"  # of the log; what was OLD ends between
OLD = "2025-03-10"

# kind: see TURNS; subject: its number; id: the event's; target: the id of the record that it is about.
Said = collections.namedtuple("Said", "department kind subject id target")


def event_id(turn, subject, subjects):
    return b"k%07d" % (turn * subjects + subject)


def subject(n):
    """Persons and organisations by turns."""
    return person(f"19{50 + n // 1000}0101", n // 2 % 500 + 1) if n % 2 == 0 else organisation(99100000 + n)


def bodies(item, facts):
    good, less = record(item, facts), record(item, facts, 150000)
    return {
        "record": good, "second": good, "last": good, "other": record(item, facts, 7),
        "unlisted": record("MORAL-SCORE", facts),
        "commitment": {"Commitment": {"item": item, "until": None, "public": True}},
        "consent": {"Consent": {"scope": "POINTS", "until": None}},
        "correction": {"Correction": {"target": "k0000000", "record": less["Record"], "decision": None}},
        "withdrawal": {"Withdrawal": {"target": "k0000000", "reason": "ERROR"}},
        "listing": {"ListingDecision": {
            "list": "B-COURT", "notice": "", "rests_on": ["k0000000"], "grade": "SERIOUS", "case": "2",
            "measures": ["M-CONSUMPTION", "M-FLIGHT", "M-RAIL", "M-HOTEL"], "exit": "PERFORMANCE",
            "remedy": "CORRECTION-OR-REVIEW"}},
    }


class Story:
    """`len` messages; message(n) is the nth: bytes, as docs/events.md tells a department to write them."""

    def __init__(self, schemas, department, subjects):
        self.department, self.subjects = department, subjects
        item, basis, number, role = PAPERS[department]
        facts = () if department == "court" else (("sector_grade", "GENERAL"),)
        day = {"last": OLD} if department == "environment" else {}
        self.pieces = {}
        for kind, body in bodies(item, facts).items():
            papers = document(department, basis, number, day.get(kind, "2026-03-01"))
            found = [pieces(schemas, event("k0000000", subject(n), body, papers, (role, "N-009"),
                                           happened_on=day.get(kind, "2026-02-20"))) for n in (0, 1)]
            self.pieces[kind] = [self.around(found[n], subject(n)["id"].encode()) for n in (0, 1)]
        self.numbers = [subject(n)["id"].encode() for n in range(subjects)]

    def __len__(self):
        return len(TURNS) * self.subjects

    @staticmethod
    def around(found, number):
        """What stands before the event id, between it and the subject's number, and behind that."""
        head, _, *rest = found.values()
        before, behind = b"".join(rest).split(number)
        return head, before, behind

    def said(self, number):
        """What the nth message says; each turn goes through the subjects in an order of its own."""
        turn, i = divmod(number, self.subjects)
        who = (i * STEPS[(turn + len(self.department)) % len(STEPS)] + turn) % self.subjects
        kind = TURNS[turn]
        if turn == 9 and who % 10 == 0:
            kind = "misnamed"
        elif turn == 7 and self.department == "court" and who % 2 == 0 and who // 2 < LISTED:
            kind = "listing"
        elif kind == "commitment" and self.department == "tax" and who % 2 == 0:
            kind = "consent"  # to points, which keep a row of it
        name = event_id(0 if kind in ("again", "other") else turn, who, self.subjects)
        target = {"correction": 0, "listing": 0, "withdrawal": 1}.get(kind)
        return Said(self.department, kind, who, name.replace(b"k", b"k ") if kind == "misnamed" else name,
                    None if target is None else event_id(target, who, self.subjects))

    def message(self, number):
        said = self.said(number)
        kind = {"again": "record", "misnamed": "last"}.get(said.kind, said.kind)
        head, before, behind = self.pieces[kind][said.subject % 2]
        if said.target is not None:
            behind = NUMBER.sub(said.target, behind)
        return b"".join((head, zigzag(len(said.id)), said.id, before, self.numbers[said.subject], behind))
