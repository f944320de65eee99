"""What befalls subjects: consents, death and dissolution, reorganisation. See procedures.py."""

from procedures import LIVE, PENDING, must
from relieve import Relief


class Model(Relief):
    def on_consent(self, m, subject):
        subject.consents.append(dict(id=m.id, department=m.department, scope=m.keys["scope"], revoked=False))

    def on_consent_revoked(self, m, subject):
        mine = [c for c in subject.consents if c["id"] == m.keys["consent"] and c["department"] == m.department]
        found = mine or [c for c in subject.consents if c["id"] == m.keys["consent"]]
        must(found)
        found[0]["revoked"] = True
        scope = found[0]["scope"]
        for record in subject.records.values():
            if record["state"] == "IN_FORCE" and record["scope"] == scope:
                record.update(state="REMOVED", ended=self.today)
        for entry in subject.entries:
            if scope in ("ROLE_MODEL", entry["list"]) and self._procedure(entry) == "RED" and entry["state"] in PENDING:
                self._end(entry, "CLOSED" if entry["state"] == "NOTIFIED" else "REMOVED", self.today)

    def on_subject_event(self, m, subject):
        kind = m.keys["kind"]
        must(subject.person == (kind in ("DEATH", "INCAPACITY", "CAPACITY_RESTORED")))
        if kind in ("DEATH", "DEREGISTRATION"):
            subject.gone = True
            subject.incapable = False
            for record in subject.records.values():
                if record["state"] == "IN_FORCE":
                    record.update(state="REMOVED", ended=self.today)
            for entry in subject.entries:
                if entry["state"] in PENDING:
                    self._end(entry, "CLOSED" if entry["state"] == "NOTIFIED" else "REMOVED", self.today)
        elif kind == "INCAPACITY":
            subject.incapable = not subject.gone  # who is dead stays dead
        elif kind == "CAPACITY_RESTORED":
            must(subject.incapable)
            subject.incapable = False
        elif kind.startswith("REORGANISATION"):
            self._reorganise(m, subject, kind == "REORGANISATION")

    def _reorganise(self, m, subject, begins):
        must(begins != subject.reorganised)
        subject.reorganised = begins
        for entry in subject.entries:
            if entry["state"] not in PENDING or self._procedure(entry) == "COURT":
                continue
            if begins:
                entry["causes"].append(("REORGANISATION", m.id, m.department))
            else:
                entry["causes"] = [c for c in entry["causes"] if c[0] != "REORGANISATION"]
            if entry["state"] in LIVE:
                self._settle(entry)
