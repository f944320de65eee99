"""What each message does, by its kind. See procedures.py."""

import datetime

from law import DAY, add_months, words
from procedures import BURDENS, COURTS_ALONE, LISTS_SOMEBODY, LIVE, NEEDS_NO_DOCUMENT, PENDING, PRIVATE, City, Message, must

MARKABLE = PENDING + ("EXPIRED", "REPAIRED")
FORBIDDEN = ("SECRET", "REPORTER")


class Decider(City):
    def send(self, line):
        """True: accepted. Raises Refused."""
        m = Message(line, self.today)
        name = m.keys.get("of", "o1")
        self._intake(m, name)
        subject = self.subject(name)
        key = (m.department, m.id)
        must(key not in subject.seen)
        self._sender(m)
        must(not (m.kind in BURDENS and (subject.gone or subject.incapable)))
        getattr(self, "on_" + m.kind.lower())(m, subject)
        subject.seen[key] = line
        return True

    # --- form and sender -------------------------------------------------------------------------------------------
    def _intake(self, m, name):
        if name == "p9":
            must(m.act >= add_months(datetime.date(2010, 1, 1), 12 * 18))
        must(m.keys.get("id") != "wrong")
        if m.kind not in NEEDS_NO_DOCUMENT:
            must(m.number != "" and m.basis != "")
        for key in ("facts", "record.facts"):
            for fact in m.list(key):
                value = fact.split(":", 1)[1]
                must(value not in FORBIDDEN)
                must(value not in ("CLOSED", "CONSENTED") or "consented" in m.keys)

    def _sender(self, m):
        department = self.pack.departments.get(m.department)
        must(department is not None)
        must(m.kind not in COURTS_ALONE or department["kind"] in ("court", "review"))
        must(m.kind not in LISTS_SOMEBODY or department["kind"] not in PRIVATE)
        if m.number != "":
            must((m.effective or m.document) <= self.today)
            must(m.basis == "" or m.basis in self.pack.bases)

    def _competent(self, m, code):
        must(code in words(self.pack.departments[m.department]["competent_for"]))

    def _item(self, m, code, subject):
        item = self.pack.items.get(code)
        must(item is not None)
        who = words(item["reporters"])
        kind = self.pack.departments[m.department]["kind"]
        must(m.department in who or "@any" in who or "@" + kind in who)
        must(("person" if subject.person else "organisation") in words(item["subjects"]))
        must(m.basis in words(item["basis"]))
        must(item["direction"] != "adverse" or self.pack.bases[m.basis]["level"] != "municipal_plan")
        return item

    # --- records ---------------------------------------------------------------------------------------------------
    def _shown_until(self, day, months):
        return add_months(day, months) + DAY if months else None

    def on_record(self, m, subject):
        item = self._item(m, m.keys["item"], subject)
        scope = m.keys.get("consented")
        given = [c for c in subject.consents if c["scope"] == scope]
        must(not given or any(not c["revoked"] for c in given) or scope is None)
        refused = [c for c in subject.consents if c["scope"] == "REFUSE:" + item["category"] and not c["revoked"]]
        must(item["direction"] != "positive" or not refused)
        grade, which, months = self.pack.classify(m.keys["item"], m.amount())
        record = dict(id=m.id, department=m.department, state="IN_FORCE", item=m.keys["item"], direction=item["direction"],
                      category=item["category"], grade=grade, list=which, document=m.document, number=m.number,
                      until=self._shown_until(m.document, months), marks=[], ended=None, repair=None, scope=scope, act=m.act)
        if record["until"] and record["until"] <= self.today:
            record.update(state="EXPIRED", ended=record["until"])
        subject.records[(m.department, m.id)] = record
        if item["direction"] == "adverse":
            for entry in subject.entries:
                if self._procedure(entry) == "RED" and entry["state"] in PENDING:
                    self._end(entry, "CLOSED" if entry["state"] == "NOTIFIED" else "REMOVED", self.today, by=m.id)

    def _base(self, m, subject, ids, which, direction):
        """The sender's own records on display, each leading to the list by itself."""
        found = []
        for one in ids:
            record = subject.records.get((m.department, one))
            must(record is not None and record["state"] == "IN_FORCE" and record["direction"] == direction)
            must(direction != "adverse" or record["list"] == which)
            found.append(record)
        return found

    # --- listing ---------------------------------------------------------------------------------------------------
    def _list(self, m, code, procedure, subject):
        row = self.pack.lists.get(code)
        must(row is not None and row["procedure"] == procedure)
        must(("person" if subject.person else "organisation") in words(row["subjects"]))
        self._competent(m, code)
        must(row["colour"] == "red" or self.pack.bases[m.basis]["level"] != "municipal_plan")
        return row

    def _open(self, m, subject, row, state, **more):
        entry = dict(list=row["code"], department=m.department, state=state, notice="", decision="", base=[], statements=[],
                     marks=[], causes=[], until=None, lapses=None, window=None, ended=None, by=None, repair=None, grade="NONE",
                     measures=[], version=1, disputed=False)
        entry["from"] = None
        entry.update(more)
        if subject.reorganised and row["procedure"] != "COURT":
            entry["causes"].append(("REORGANISATION", m.id, ""))
        subject.entries.append(entry)
        return entry

    def on_listing_notice(self, m, subject):
        row = self._list(m, m.keys["list"], "NOTICE", subject)
        served = m.day("served_on", None)
        must(m.keys.get("reason") and m.keys.get("rights_told") == "yes" and served <= self.today and m.list("rests_on"))
        base = self._base(m, subject, m.list("rests_on"), row["code"], "adverse")
        window, lapse = self.pack.last_day(served, row["window"]), None
        must(window is not None)
        if row["lapse"]:
            lapse = self.pack.last_day(served, row["lapse"])
            must(lapse is not None and lapse >= self.today)
        self._open(m, subject, row, "NOTIFIED", notice=m.id, base=[r["id"] for r in base], window=window + DAY,
                   lapses=lapse + DAY if lapse else None, grade=max((r["grade"] for r in base), key=GRADES.index))

    def _noticed(self, m, subject, notice):
        for entry in subject.entries:
            if entry["notice"] == notice and entry["department"] == m.department:
                return entry
        return must(False)

    def on_statement(self, m, subject):
        entry = self._noticed(m, subject, m.keys["notice"])
        must(entry["state"] == "NOTIFIED" and self._procedure(entry) == "NOTICE")
        entry["statements"].append(m.id)

    def on_notice_withdrawn(self, m, subject):
        entry = self._noticed(m, subject, m.keys["notice"])
        must(entry["state"] == "NOTIFIED")
        self._end(entry, "CLOSED", self.today)

    def _measures(self, m, row, grade, subject):
        out = []
        for code in m.list("measures"):
            measure = self.pack.measures.get(code)
            must(measure is not None and code in self.pack.provided(row["code"], grade, subject))
            must(not measure["lists"] or row["code"] in words(measure["lists"]))
            must(not measure["grades"] or grade in words(measure["grades"]))
            must(("person" if subject.person else "organisation") in words(measure["subjects"]))
            restricts = measure["kind"] in ("RIGHTS_REDUCING", "MANAGEMENT")
            must(not restricts or self.pack.bases[measure["basis"]]["level"] != "municipal_plan")
            out.append(code)
        return out

    def _term(self, m, row):
        longest, months = int(row["months"] or 0), m.keys.get("months")
        if months is not None:
            must(int(months) > 0 and int(months) >= int(row["minimum_months"] or 0) and int(months) <= (longest or 1200))
        start = max(m.effective, m.document) if m.effective else m.document
        return start, add_months(start, int(months) if months is not None else longest)

    def on_listing_decision(self, m, subject):
        if m.keys.get("notice", "") == "":
            self._court_decision(m, subject)
            return
        entry = self._noticed(m, subject, m.keys["notice"])
        must(entry["state"] == "NOTIFIED" and entry["list"] == m.keys["list"])
        row = self._list(m, entry["list"], "NOTICE", subject)
        must(m.signed() and m.list("measures") and m.keys.get("exit") and m.keys.get("remedy"))
        must(not entry["lapses"] or m.document < entry["lapses"])
        must(m.document >= entry["window"] and self.today >= entry["window"])
        must(all(s in m.list("answers") for s in entry["statements"]))
        base = self._base(m, subject, m.list("rests_on") or entry["base"], row["code"], "adverse")
        must(all(r["id"] in entry["base"] for r in base))
        grade = max((r["grade"] for r in base), key=GRADES.index)
        measures = self._measures(m, row, grade, subject)
        start, until = self._term(m, row)
        entry.update(decision=m.id, grade=grade, measures=measures, until=until, base=[r["id"] for r in base])
        entry["from"] = start
        self._settle(entry)

    def _court_decision(self, m, subject):
        must(self.pack.departments[m.department]["kind"] == "court")
        row = self._list(m, m.keys["list"], "COURT", subject)
        must(m.role == "JUDGE" and m.official and m.list("measures") and m.keys.get("exit") and m.keys.get("remedy"))
        base = self._base(m, subject, m.list("rests_on"), row["code"], "adverse")
        grade = m.keys.get("grade", "NONE")
        if base:
            most = max((r["grade"] for r in base), key=GRADES.index)
            must(GRADES.index(grade) <= GRADES.index(most))
            grade = most if grade == "NONE" else grade
        measures = self._measures(m, row, grade, subject)
        start, until = self._term(m, row)
        if m.keys.get("case") == "1" and "months" not in m.keys:
            until = None
        entry = self._open(m, subject, row, "IN_FORCE", decision=m.id, grade=grade, measures=measures, until=until,
                           base=[r["id"] for r in base])
        entry["from"] = start
        self._settle(entry)

    def on_red_nomination(self, m, subject):
        row = self._list(m, m.keys["list"], "RED", subject)
        public = m.day("public_from", None)
        must(m.keys.get("evidence") and (not row["window"] or public))
        must(not any(e["state"] in LIVE and self.pack.lists[e["list"]]["colour"] == "black" for e in subject.entries))
        base = self._base(m, subject, m.list("rests_on"), row["code"], "positive")
        window = None
        if row["window"]:
            window = self.pack.last_day(public, row["window"])
            must(window is not None)
        self._open(m, subject, row, "NOTIFIED", notice=m.id, base=[r["id"] for r in base], window=window + DAY if window else None)

    def on_red_listing(self, m, subject):
        entry = self._noticed(m, subject, m.keys["nomination"])
        must(entry["state"] == "NOTIFIED" and entry["list"] == m.keys["list"])
        row = self._list(m, entry["list"], "RED", subject)
        must(m.signed() and m.number and m.basis)
        must(not entry["window"] or (m.document >= entry["window"] and self.today >= entry["window"]))
        must(not any(x["open"] and x["kind"] != "REVIEW" for x in entry["marks"]))
        base = self._base(m, subject, entry["base"], row["code"], "positive")
        grade = max((r["grade"] for r in base), key=GRADES.index) if base else "NONE"
        measures = self._measures(m, row, grade, subject)
        start, until = self._term(m, row)
        entry.update(decision=m.id, until=until, measures=measures, grade=grade)
        entry["from"] = start
        self._settle(entry)


GRADES = ["NONE", "MINOR", "GENERAL", "SERIOUS"]
