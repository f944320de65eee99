"""What is written, and what must come of it: every event goes through here, with its expected verdict."""
import collections
import json


# What publish itself refuses, being a matter of form (docs/events.md); the rest is refused in the spine.
OF_FORM = {"AMOUNT_OUT_OF_RANGE", "CONSENT_MISSING", "DOCUMENT_MISSING", "EVENT_ID_INVALID", "FORBIDDEN_FIELD", "IMPOSSIBLE_DATE",
           "REPORTER_NAMED", "TEXT_IN_CODE", "UNDER_18", "UNKNOWN_ID_TYPE", "UNKNOWN_REGION", "WRONG_CHECK_DIGIT", "WRONG_LENGTH"}


class Ledger:
    def __init__(self, pack, start):
        self.pack, self.start = pack, start
        self.steps = []  # (kind, name, department, value)
        self.files = {}  # name -> bytes
        self.accepted = collections.Counter()
        self.refused = collections.Counter()
        self.by_publish = collections.Counter()
        self.by_department = collections.defaultdict(collections.Counter)
        self.measures = collections.Counter()
        self.role_measures = collections.Counter()
        self.entries = {}  # decision's event id -> [department, list, state]
        self.checkpoints = []
        self.now = None
        self.open = {}  # department -> lines of this step
        self.step = 0

    def count(self, department, reason, form):
        if reason is None:
            self.accepted[form] += 1
            self.by_department[department]["accepted"] += 1
        else:
            self.refused[reason] += 1
            self.by_department[department][reason] += 1
            if reason in OF_FORM or (reason == "ITEM_NOT_IN_CATALOG" and form != "event"):
                self.by_publish[reason] += 1

    # --- the order of things --------------------------------------------------------------------------------
    def clock(self, day, hour=9):
        """Moves the log's clock, after what this step has published."""
        self.flush()
        self.now = f"{day.isoformat()}T{hour:02d}:00:00+08:00"
        self.day = day
        self.steps.append(("clock", "", "", self.now))

    def csv(self, name, department, data, rows):
        self.files[name] = data
        self.steps.append(("publish", name, department, "ok"))
        for row in rows:
            self.count(department, row.reason, row.form)

    def broken_file(self, name, department, data):
        """A file that publish refuses as a whole."""
        self.files[name] = data
        self.steps.append(("publish", name, department, "refused"))

    def event(self, department, event_id, subject, body, document, official=("NONE", ""), happened=None,
              reason=None, **more):
        """document: (number, basis) or None where the kind needs none."""
        day = self.day.isoformat()
        number, basis = document or ("", "")
        event = {"event_id": event_id, "jurisdiction": self.pack.jurisdiction, "issued_at": self.now,
                 "happened_on": (happened or self.day).isoformat(),
                 "document": {"number": number, "date": day, "issuing_body": department if number else "",
                              "legal_basis": basis},
                 "official": {"role": official[0], "number": official[1]}}
        if subject is not None:
            event["subject"] = subject if isinstance(subject, dict) else subject.as_event()
        event.update(more)
        event["body"] = body
        self.open.setdefault(department, []).append(json.dumps(event, ensure_ascii=False, separators=(",", ":")))
        self.count(department, reason, "event")
        return event_id

    def flush(self):
        for department in sorted(self.open):
            self.step += 1
            name = f"{self.step:03d}-{department}.jsonl"
            self.files[name] = ("\n".join(self.open[department]) + "\n").encode()
            self.steps.append(("publish", name, department, "ok"))
        self.open = {}

    # --- what is in force -------------------------------------------------------------------------------------
    def listed(self, decision, department, list_code, measures, heads=()):
        """heads: the measures that bind a role holder besides."""
        self.entries[decision] = [department, list_code, "IN_FORCE"]
        self.started(list_code, measures, heads)

    def started(self, list_code, measures, heads=()):
        """Each responding department is told to begin."""
        for code in measures:
            row = self.pack.row("measures.csv", code)
            assert list_code in row["lists"].split(";"), (code, list_code)
            for responder in row["responders"].split(";"):
                self.measures[responder] += "SUBJECT" in row["roles"].split(";")
                self.role_measures[responder] += code in heads

    def state(self, decision, state):
        self.entries[decision][2] = state

    def checkpoint(self, name):
        self.flush()
        counts = collections.defaultdict(collections.Counter)
        for _, list_code, state in self.entries.values():
            counts[state][list_code] += 1
        self.checkpoints.append({
            "name": name, "at": self.now, "states": {s: dict(sorted(c.items())) for s, c in sorted(counts.items())},
            "entries": [{"decision": k, "department": d, "list": l, "state": s}
                        for k, (d, l, s) in sorted(self.entries.items())]})
        self.steps.append(("checkpoint", name, "", self.now))

    def expected(self):
        duplicates = self.refused.pop("DUPLICATE", 0)
        passed_over = self.refused.pop("PASSED_OVER", 0)
        return {
            "jurisdiction": self.pack.jurisdiction, "pack": self.pack.properties["name"] + "/" + self.pack.properties["version"],
            "start": self.start, "sent": sum(self.accepted.values()) + sum(self.refused.values()) + duplicates + passed_over,
            "accepted": dict(sorted(self.accepted.items())), "accepted_total": sum(self.accepted.values()),
            "duplicates": duplicates, "passed_over": passed_over, "refused": dict(sorted(self.refused.items())),
            "refused_total": sum(self.refused.values()),
            "refused_by_publish": dict(sorted(self.by_publish.items())),
            "refused_in_the_spine": dict(sorted((self.refused - self.by_publish).items())),
            "by_department": {d: dict(sorted(c.items())) for d, c in sorted(self.by_department.items())},
            "measures_started": dict(sorted((+self.measures).items())),
            "measures_started_for_role_holders": dict(sorted((+self.role_measures).items())),
            "checkpoints": self.checkpoints}
