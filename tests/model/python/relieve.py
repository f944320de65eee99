"""Objections, reviews, corrections, recalls, repairs. See procedures.py."""

from law import add_months, words
from decide import GRADES, MARKABLE, Decider
from procedures import LIVE, PENDING, PRICES, Refused, must


class Relief(Decider):
    # --- finding ---------------------------------------------------------------------------------------------------
    @staticmethod
    def _targets(subject, department, one):
        decided = [e for e in subject.entries if e["department"] == department and e["decision"] == one and one]
        return decided or [e for e in subject.entries if e["department"] == department and e["notice"] == one and one]

    def _each(self, m, subject, department, one, states, act):
        """Moves each entry of that decision, else of that notice; the verdict is that of the first."""
        found = self._targets(subject, department, one)
        must(found)
        verdict = None
        for entry in found:
            try:
                must(entry["state"] in states)
                act(entry)
                verdict = verdict or "OK"
            except Refused:
                verdict = verdict or "REFUSED"
        must(verdict == "OK")

    def _target(self, m):
        department, _, one = m.keys["target"].rpartition("/")
        return department or m.department, one

    # --- objections ------------------------------------------------------------------------------------------------
    def on_objection(self, m, subject):
        self._dispute(m, subject, "OBJECTION")

    def on_complaint(self, m, subject):
        self._dispute(m, subject, "COMPLAINT")

    def _dispute(self, m, subject, kind):
        department, one = self._target(m)
        record = subject.records.get((department, one))
        mark = dict(kind=kind, id=m.id, department=m.department, open=True)
        if record is not None:
            must(record["state"] != "RECALLED")
            record["marks"].append(mark)
            return
        self._each(m, subject, department, one, MARKABLE, lambda entry: self._mark(m, subject, entry, mark))

    def _mark(self, m, subject, entry, mark):
        again = any(x["kind"] != "REVIEW" for x in entry["marks"]) and m.keys.get("new_facts") != "yes"
        entry["marks"].append(dict(mark))
        row = self.pack.lists[entry["list"]]
        effects = dict(part.split("=") for part in words(row["objection"]) if "=" in part)
        effect = effects.get("person" if subject.person else "organisation", row["objection"])
        if row["procedure"] != "COURT" and effect == "SUSPEND" and not again and entry["state"] in PENDING:
            entry["causes"].append(("OBJECTION", m.id, m.department))
        if entry["state"] in LIVE:
            self._settle(entry)

    def on_ruling(self, m, subject):
        done = None
        outcome = m.keys["outcome"]
        for thing in list(subject.records.values()) + subject.entries:
            mark = next((x for x in thing["marks"] if x["open"] and x["kind"] != "REVIEW" and x["id"] == m.keys["objection"]), None)
            if mark is None or thing["department"] != m.department or (done and mark["department"] != done):
                continue
            done = mark["department"]
            if "item" in thing:
                self._rule_record(subject, thing, m, done, outcome)
            else:
                self._rule_entry(thing, m, done, outcome)
        must(done)

    def _rule_record(self, subject, record, m, who, outcome):
        must(outcome != "UPHELD" or record["state"] != "RECALLED")  # what is refused answers nothing
        for mark in record["marks"]:
            if mark["kind"] != "REVIEW" and mark["id"] == m.keys["objection"] and mark["department"] == who:
                mark["open"] = False
        if outcome == "UPHELD":
            self._recall_record(subject, record)

    def _rule_entry(self, entry, m, who, outcome):
        must(entry["state"] in MARKABLE)
        for mark in entry["marks"]:
            if mark["kind"] != "REVIEW" and mark["id"] == m.keys["objection"] and mark["department"] == who:
                mark["open"] = False
        entry["causes"] = [c for c in entry["causes"] if c != ("OBJECTION", m.keys["objection"], who)]
        if outcome == "UPHELD":
            closes = self._procedure(entry) == "RED" and entry["state"] == "NOTIFIED"
            self._end(entry, "CLOSED" if closes else "RECALLED", self.today)
        elif entry["state"] in LIVE:
            self._settle(entry)

    # --- reviews ---------------------------------------------------------------------------------------------------
    def on_review_filed(self, m, subject):
        department, one = self._target(m)
        mark = dict(kind="REVIEW", id=m.id, department=m.department, open=True)
        record = subject.records.get((department, one))
        if record is not None:
            must(record["state"] != "RECALLED")
            record["marks"].append(mark)
            return
        self._each(m, subject, department, one, MARKABLE + ("REMOVED",), lambda e: e["marks"].append(dict(mark)))

    def _stay(self, m, entry):
        must(entry["state"] in PENDING)
        entry["causes"].append(("STAY", m.id, m.department))
        if entry["state"] in LIVE:
            self._settle(entry)

    def on_stay_ordered(self, m, subject):
        department, one = self._target(m)
        if (department, one) not in subject.records:
            self._each(m, subject, department, one, PENDING, lambda e: self._stay(m, e))
            return
        found = [e for e in subject.entries if e["department"] == department and one in e["base"] and e["state"] in PENDING]
        must(found)
        for entry in found:
            self._stay(m, entry)

    def on_stay_lifted(self, m, subject):
        cause = ("STAY", m.keys["stay"], m.department)
        found = [e for e in subject.entries if cause in e["causes"]]
        must(found)
        for entry in found:
            entry["causes"].remove(cause)
            if entry["state"] in LIVE:
                self._settle(entry)

    def on_review_outcome(self, m, subject):
        department, one = self._target(m)
        outcome, record = m.keys["outcome"], subject.records.get((department, one))
        if record is not None:
            self._review_record(m, subject, record, outcome)
            return
        states = LIVE + ("EXPIRED", "REPAIRED", "REMOVED") if outcome == "VARIED" else MARKABLE + ("REMOVED",)
        self._each(m, subject, department, one, states, lambda e: self._review_entry(m, e, outcome))

    def _review_record(self, m, subject, record, outcome):
        must(record["state"] != "RECALLED")
        if outcome == "VARIED":
            self._correct_record(m, subject, record, record["act"])
        for mark in record["marks"]:
            if mark["kind"] == "REVIEW" and mark["department"] == m.department:
                mark["open"] = False
        if outcome in ("ANNULLED", "CONFIRMED_ILLEGAL"):
            self._recall_record(subject, record)
            for other in list(subject.records.values()):
                if other["state"] != "RECALLED" and other["number"] == record["number"] and other["department"] == record["department"]:
                    self._recall_record(subject, other)

    def _review_entry(self, m, entry, outcome):
        if outcome == "VARIED":
            self._correct_entry(m, entry)
        for mark in entry["marks"]:
            if mark["kind"] == "REVIEW" and mark["department"] == m.department:
                mark["open"] = False
        entry["causes"] = [c for c in entry["causes"] if not (c[0] == "STAY" and c[2] == m.department)]
        if outcome in ("ANNULLED", "CONFIRMED_ILLEGAL"):
            self._end(entry, "RECALLED", self.today)
        elif entry["state"] in LIVE:
            self._settle(entry)

    # --- corrections and recalls -----------------------------------------------------------------------------------
    def on_correction(self, m, subject):
        one = m.keys["target"]
        record = subject.records.get((m.department, one))
        if "record.item" in m.keys:
            self._item(m, m.keys["record.item"], subject)
        if "decision.list" in m.keys:
            row = self.pack.lists.get(m.keys["decision.list"])
            must(row is not None)
            self._competent(m, row["code"])
            must(("person" if subject.person else "organisation") in words(row["subjects"]))
            must(all(code in self.pack.measures for code in m.list("decision.measures")))
        if record is not None:
            must("record.item" in m.keys)
            self._correct_record(m, subject, record, m.act)
            return
        self._each(m, subject, m.department, one, LIVE + ("EXPIRED", "REPAIRED", "REMOVED"), lambda e: self._correct_entry(m, e))

    def _correct_record(self, m, subject, record, act):
        must(record["state"] not in ("RECALLED", "REMOVED") and "record.item" in m.keys)
        item = self.pack.items.get(m.keys["record.item"])
        must(item is not None)
        grade, which, months = self.pack.classify(m.keys["record.item"], m.amount("record."))
        until = self._shown_until(record["document"], months)
        if item["direction"] == "adverse":
            must(record["direction"] == "adverse" and GRADES.index(grade) <= GRADES.index(record["grade"]))
            must(not until or (record["until"] and until <= record["until"]))
            must(not which or which == record["list"])
        number = m.number if m.department == record["department"] else record["number"]
        record.update(item=m.keys["record.item"], direction=item["direction"], category=item["category"], grade=grade,
                      list=which, until=until, act=act, number=number)
        if record["state"] == "IN_FORCE" and until and until <= self.today:
            record.update(state="EXPIRED", ended=self.today)
        for entry in subject.entries:
            built = entry["department"] == record["department"] and record["id"] in entry["base"]
            if built and self._procedure(entry) != "RED" and which != entry["list"] and entry["state"] in MARKABLE + ("REMOVED",):
                self._end(entry, "RECALLED", self.today)
            elif built and self._procedure(entry) != "RED" and which == entry["list"] and len(entry["base"]) == 1:
                entry["grade"] = min(entry["grade"], grade, key=GRADES.index)

    def _correct_entry(self, m, entry):
        must("decision.list" in m.keys and entry["decision"] and m.keys["decision.list"] == entry["list"])
        measures = m.list("decision.measures") or entry["measures"]
        must(all(code in entry["measures"] for code in measures))
        must(GRADES.index(m.keys.get("decision.grade", "NONE")) <= GRADES.index(entry["grade"]))
        until = entry["until"]
        if "decision.months" in m.keys:
            until = add_months(entry["from"], int(m.keys["decision.months"]))
            must(not entry["until"] or until <= entry["until"])
        if m.keys.get("decision.grade", "NONE") != "NONE":
            entry["grade"] = m.keys["decision.grade"]
        entry.update(until=until, measures=measures)
        if entry["state"] in LIVE:
            self._settle(entry)

    def _recall_record(self, subject, record):
        must(record["state"] != "RECALLED")
        record.update(state="RECALLED", ended=self.today)
        for entry in subject.entries:
            if entry["department"] == record["department"] and record["id"] in entry["base"] and entry["state"] in MARKABLE + ("REMOVED",):
                self._end(entry, "RECALLED", self.today)
        if record["direction"] != "adverse":
            return
        if any(r["state"] == "IN_FORCE" and r["direction"] == "adverse" for r in subject.records.values()):
            return
        for entry in subject.entries: # as if the act had never been
            if entry["state"] == "REMOVED" and entry["by"] == record["id"] and self._procedure(entry) == "RED":
                self._settle(entry)

    def on_withdrawal(self, m, subject):
        record = subject.records.get((m.department, m.keys["target"]))
        if record is not None:
            self._recall_record(subject, record)
            return
        self._each(m, subject, m.department, m.keys["target"], MARKABLE + ("REMOVED",),
                   lambda e: self._end(e, "RECALLED", self.today))

    # --- performance, extension, repair ----------------------------------------------------------------------------
    def on_performance(self, m, subject):
        kind = m.keys["kind"]
        must(m.day("performed_on", None) <= self.today)
        record = subject.records.get((m.department, m.keys["target"]))
        if record is not None:
            must(record["state"] != "RECALLED")
            return
        self._each(m, subject, m.department, m.keys["target"], LIVE, lambda e: self._perform(e, kind))

    def _perform(self, entry, kind):
        must(self._procedure(entry) != "RED")
        if self._procedure(entry) == "COURT" and kind != "EXPLAINED":
            self._end(entry, "REMOVED", self.today)

    def on_extension(self, m, subject):
        self._each(m, subject, m.department, m.keys["target"], LIVE, lambda e: self._extend(m, e))

    def _extend(self, m, entry):
        row = self.pack.lists[entry["list"]]
        most, months = int(row["extension_months"] or 0), int(m.keys["months"])
        must(self._procedure(entry) != "RED" and most > 0 and entry["until"] and m.signed() and m.number and m.keys.get("grounds"))
        self._competent(m, entry["list"])
        must(0 < months <= most)
        until = add_months(entry["until"], months)
        must(until <= add_months(entry["from"], int(row["months"]) + most))
        entry["until"] = until

    def _guards(self, m, earliest):
        applied = m.day("applied_on", None)
        must(m.signed() and not PRICES & set(m.list("conditions")))
        must(earliest <= applied <= self.today and m.keys.get("duties_corrected") == "yes" and m.keys.get("commitment"))

    def on_repair(self, m, subject):
        record = subject.records.get((m.department, m.keys["target"]))
        if record is None:
            self._each(m, subject, m.department, m.keys["target"], LIVE, lambda e: self._repair(m, e))
            return
        must(record["state"] == "IN_FORCE" and record["direction"] == "adverse")
        self._guards(m, add_months(record["document"], {"GENERAL": 3, "SERIOUS": 12}.get(record["grade"], 0)))
        record.update(state="REPAIRED", ended=self.today, repair=m.id)

    def _repair(self, m, entry):
        row = self.pack.lists[entry["list"]]
        must(self._procedure(entry) != "RED" and row["repairable"] == "yes")
        self._guards(m, add_months(entry["from"], int(row["repair_minimum_months"] or 0)))
        must(set(words(row["repair_conditions"])) <= set(m.list("conditions")))
        self._end(entry, "REPAIRED", self.today)
        entry["repair"] = m.id

    def on_repair_revoked(self, m, subject):
        one = m.keys["repair"]
        found = [t for t in list(subject.records.values()) + subject.entries if t["repair"] == one and t["department"] == m.department]
        must(found and one)
        for thing in found:
            must(m.signed() and m.keys.get("reason") == "FALSE_MATERIAL" and thing["state"] == "REPAIRED")
            thing["repair"] = None
            if "item" not in thing:
                self._settle(thing)
                continue
            over = thing["until"] and thing["until"] <= self.today
            thing.update(state="EXPIRED" if over else "IN_FORCE", ended=thing["until"] if over else None)
            return
