"""The procedures of rights.md once more, in Python: who may do what in which state, terms, marks, suspensions.

Written from rights.md and the statutes, not from the code in C. It covers records and the NOTICE, COURT and RED
procedures of single subjects under one law; linked identifiers are one subject; persons behind organisations, breakers and later
laws are left to other tests. What it says of a message is accepted or refused, and what stands afterwards.
"""

import datetime

from law import add_months

LIVE = ("IN_FORCE", "SUSPENDED")
PENDING = ("NOTIFIED",) + LIVE
PRICES = {"FEE", "MONEY", "PAYMENT", "DONATION", "CHARITY", "VOLUNTEERING", "SPONSORSHIP"}
NEEDS_NO_DOCUMENT = {"STATEMENT", "OBJECTION", "COMPLAINT", "PERFORMANCE", "CONSENT", "CONSENT_REVOKED"}
COURTS_ALONE = {"REVIEW_FILED", "STAY_ORDERED", "STAY_LIFTED", "REVIEW_OUTCOME"}
LISTS_SOMEBODY = {"LISTING_NOTICE", "LISTING_DECISION", "EXTENSION", "RED_NOMINATION", "RED_LISTING"}
BURDENS = {"RECORD", "LISTING_NOTICE", "LISTING_DECISION", "EXTENSION", "REPAIR_REVOKED", "CONSENT", "RED_NOMINATION",
           "RED_LISTING"}
PRIVATE = ("bank", "bureau", "association", "provider")


class Refused(Exception):
    """A message that changes nothing."""


def must(condition):
    if not condition:
        raise Refused()


class Subject:
    def __init__(self, name):
        self.name, self.person = name, name.startswith("p")
        self.entries, self.records, self.consents, self.seen = [], {}, [], {}
        self.gone = self.incapable = self.reorganised = False


class Message:
    """A line: department, kind, id, and key=value."""

    def __init__(self, line, today):
        parts = line.split(" ")
        self.line, self.department, self.kind, self.id = line, parts[0], parts[1], parts[2]
        self.keys = dict(part.split("=", 1) for part in parts[3:] if "=" in part)
        self.today = today
        self.document = self.day("doc", today)
        self.act = self.day("act", self.document)
        self.effective = self.day("effective", None)
        self.number = self.keys.get("number", self.id)
        court = self.department in ("court", "review")
        self.role = self.keys.get("role", "JUDGE" if court else "HEAD")
        self.official = self.keys.get("official", "7")
        self.basis = self.keys.get("basis", "COURT" if court else "LAW")

    def day(self, key, otherwise):
        return datetime.date.fromisoformat(self.keys[key]) if key in self.keys else otherwise

    def list(self, key):
        return [word for word in self.keys.get(key, "").split(",") if word]

    def signed(self):
        return self.role != "NONE" and self.official != ""

    def amount(self, prefix=""):
        text = self.keys.get(prefix + "amount")
        return int(text) if text is not None else None


class City:
    def __init__(self, pack):
        self.pack, self.subjects, self.links, self.today = pack, {}, {}, datetime.date(2026, 1, 5)

    def subject(self, name):
        """Whoever the name is by now: linked identifiers are one subject."""
        while name in self.links:
            name = self.links[name]
        return self.subjects.setdefault(name, Subject(name))

    # --- time ----------------------------------------------------------------------------------------------------
    def tick(self, day):
        if day < self.today:
            return
        self.today = day
        for subject in self.subjects.values():
            for entry in subject.entries:
                self._pass_time(entry)
            subject.entries = [e for e in subject.entries if not self._forgotten(e["ended"])]
            for record in subject.records.values():
                self._record_passes(record)
            for key in [k for k, r in subject.records.items() if self._forgotten(r["ended"]) and not self._is_base(subject, r)]:
                del subject.records[key]

    def _forgotten(self, ended):
        return ended is not None and add_months(ended, 13) <= self.today

    def _pass_time(self, entry):
        if entry["state"] == "NOTIFIED" and entry["lapses"] and entry["lapses"] <= self.today:
            self._end(entry, "CLOSED", entry["lapses"])
        elif entry["state"] in LIVE and entry["until"] and entry["until"] <= self.today:
            self._end(entry, "EXPIRED", entry["until"])

    def _record_passes(self, record):
        if record["state"] == "IN_FORCE" and record["until"] and record["until"] <= self.today:
            record["state"], record["ended"] = "EXPIRED", record["until"]

    @staticmethod
    def _is_base(subject, record):
        """An entry rests on it: it is kept as long as that."""
        return any(e["department"] == record["department"] and record["id"] in e["base"] for e in subject.entries)

    # --- entries -------------------------------------------------------------------------------------------------
    @staticmethod
    def _end(entry, state, day, by=None):
        entry.update(state=state, ended=day, by=by, causes=[])

    def _settle(self, entry):
        if entry["until"] and entry["until"] <= self.today:
            self._end(entry, "EXPIRED", entry["until"])
        else:
            entry.update(state="SUSPENDED" if entry["causes"] else "IN_FORCE", ended=None, by=None)

    def _procedure(self, entry):
        return self.pack.lists[entry["list"]]["procedure"]

    def status(self, name):
        if name in self.links:
            return {"entries": [], "records": []}
        subject = self.subject(name)
        entries = [[e["list"], e["state"], str(e["from"]), str(e["until"]) if e["until"] else None,
                    any(m["open"] for m in e["marks"])] for e in subject.entries if e["state"] in LIVE]
        records = [[r["department"], r["id"], str(r["until"]), any(m["open"] for m in r["marks"])]
                   for r in subject.records.values() if r["state"] == "IN_FORCE" and r["until"]]
        return {"entries": sorted(entries, key=str), "records": sorted(records, key=str)}
