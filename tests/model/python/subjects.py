"""What befalls subjects: consents, death and dissolution, reorganisation. See procedures.py."""

from procedures import LIVE, PENDING, must
from relieve import Relief


class Model(Relief):
    def on_consent(self, m, subject):
        subject.consents.append(dict(id=m.id, department=m.department, scope=m.keys["scope"], revoked=False))

    def on_consent_revoked(self, m, subject):
        mine = [c for c in subject.consents if c["id"] == m.keys["consent"] and c["department"] == m.department]
        found = sorted(mine or [c for c in subject.consents if c["id"] == m.keys["consent"]], key=lambda c: c["revoked"])
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
        must(kind == "IDENTIFIER_CHANGED" or subject.person == (kind in ("DEATH", "INCAPACITY", "CAPACITY_RESTORED")))
        if kind in ("DEATH", "DEREGISTRATION"):
            subject.gone = True
            subject.incapable = False
            self._end_all(subject)
        elif kind == "INCAPACITY":
            subject.incapable = not subject.gone  # who is dead stays dead
        elif kind == "CAPACITY_RESTORED":
            must(subject.incapable)
            subject.incapable = False
        elif kind.startswith("REORGANISATION"):
            self._reorganise(m, subject, kind == "REORGANISATION")
        elif kind == "IDENTIFIER_CHANGED":
            self._link(subject, m.list("others")[int(m.keys["other"])])

    def _link(self, old, name):
        """One subject, one status, and the history of both."""
        new = self.subject(name)
        must(new is not old and new.person == old.person)
        self.links[old.name] = new.name
        for key, record in old.records.items():
            new.records.setdefault(key, record)
        new.consents += old.consents
        new.seen.update(old.seen)
        new.entries += old.entries
        new.gone, new.incapable = new.gone or old.gone, new.incapable or old.incapable
        old.entries, old.records, old.consents, reorganised = [], {}, [], old.reorganised or new.reorganised
        old.gone = old.incapable = old.reorganised = False
        new.reorganised = reorganised
        for entry in new.entries:
            rests = entry["state"] in PENDING and self._procedure(entry) != "COURT"
            if reorganised and rests and all(c[0] != "REORGANISATION" for c in entry["causes"]):
                entry["causes"].append(("REORGANISATION", "", ""))
                if entry["state"] in LIVE:
                    self._settle(entry)
        if new.gone:
            self._end_all(new)

    def _end_all(self, subject):
        for record in subject.records.values():
            if record["state"] == "IN_FORCE":
                record.update(state="REMOVED", ended=self.today)
        for entry in subject.entries:
            if entry["state"] in PENDING:
                self._end(entry, "CLOSED" if entry["state"] == "NOTIFIED" else "REMOVED", self.today)

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
