"""Every guard of the procedures and of intake that a JSON line can meet, three times each."""
import datetime

D = datetime.date
OFFICER = ("CASE_OFFICER", "N-017")
HEAD = ("HEAD", "N-001")
JUDGE = ("JUDGE", "J-009")


class Refusals:
    """Mixed into Story, which has ledger, register, subject and decide."""

    def _record(self, k, reason, department="market", item="MK-FOOD-PENALTY", basis="SPAQ-122", subject=None, facts=(),
                event_id=None, **more):
        facts = [{"name": "penalty", "value": "WARNING"}, *facts]
        self.ledger.event(department, event_id or f"bad-{reason.lower()}-{k}", subject or self.register.organisation(),
                          {"Record": {"item": item, "facts": facts}}, (f"样误〔2026〕{reason}{k}号", basis), OFFICER,
                          reason=reason, **more)

    def refuse_records(self):
        person = self.register.person
        for k in range(3):
            self._record(k, "ITEM_NOT_YOURS", item="TX-PENALTY", basis="SS-63")
            self._record(k, "ITEM_NOT_IN_CATALOG", item="MORAL-SCORE")
            self._record(k, "GROUP_REQUIRED", "justice", "SF-LAWYER-PENALTY", "LS-2017", person())
            self._record(k, "NOT_REAL_NAME", subject=person().as_event(verified=False))
            self._record(k, "FORBIDDEN_FIELD", facts=[{"name": ("religion", "fingerprint", "travel")[k], "value": "X"}])
            self._record(k, "CONSENT_MISSING", facts=[{"name": ("income", "deposits", "real-estate")[k], "value": 1}])
            self._record(k, "REPORTER_NAMED", facts=[{"name": "reporter", "value": "X"}])
            self._record(k, "TEXT_IN_CODE", item="违反 食品安全法")
            self._record(k, "EVENT_ID_INVALID", event_id=f"id mit blank {k}")
            self._record(k, "BASIS_UNKNOWN", basis="SS-63")

    def refuse_notices(self):
        minor = self._minor_record()
        self.subject["X"] = minor.subject
        for k in range(3):
            self.notice("market", f"bad-norecord-{k}", "A", "B-MARKET", "ZB-44", [f"no-such-record-{k}"], "NO_RECORD")
            self.notice("market", f"bad-notlistable-{k}", "X", "B-MARKET", "ZB-44", [minor.event_id], "NOT_LISTABLE")
            self.notice("market", f"bad-untold-{k}", "A", "B-MARKET", "ZB-44", [self.base["A"]], "NOTICE_INCOMPLETE", told=False)
            self.notice("environment", f"bad-competence-{k}", "A", "B-MARKET", "ZB-44", [self.base["A"]], "NOT_COMPETENT")
            self.notice("association", f"bad-association-{k}", "A", "B-MARKET", "ZB-44", [self.base["A"]], "COUNTS_NEVER_LIST")

    def _minor_record(self):
        """A published warning of the market's: not grave enough for any list."""
        return next(row for row in self.publication.rows
                    if row.department == "market" and row.form == "penalty" and row.reason is None
                    and row.cells["CFLB"] == "警告" and row.cells["XYCD"] == "")

    def refuse_decisions(self):
        for k, key in enumerate("ACE"):
            self.decide(key, f"unanswered-{key}", "STATEMENT_UNANSWERED", answers=[])
        for key in "BDF":
            self.decide(key, f"unsigned-{key}", "NOT_BY_AN_OFFICIAL", official=("NONE", ""))
            self.decide(key, f"noremedy-{key}", "DECISION_INCOMPLETE", remedy="")
            self.decide(key, f"toolong-{key}", "TERM_TOO_LONG", months=48)
            self.decide(key, f"nomeasure-{key}", "MEASURE_UNKNOWN", measures=["M-BY-MUNICIPAL-PLAN"])
            self.decide(key, f"flight-{key}", "MEASURE_NOT_FOR_LIST", measures=["M-FLIGHT"])
            self.decide(key, f"unnoticed-{key}", "NO_NOTICE", notice=f"ln-unserved-{key}")

    def refuse_second_decisions(self):
        for key in "ABD":
            self.decide(key, f"again-{key}", "ILLEGAL_TRANSITION")

    def refuse_relief(self):
        send = self.ledger.event
        for k, key in enumerate("ADE"):
            department = {"A": "market", "D": "human-resources", "E": "emergency"}[key]
            send(department, f"bad-ruling-{k}", self.subject[key], {"Ruling": {"objection": f"ob-none-{k}", "outcome": "UPHELD"}},
                 (f"样异议〔2026〕无{k}号", "XF-36"), HEAD, reason="NO_SUCH_OBJECTION")
            send(department, f"bad-extension-{k}", self.subject[key],
                 {"Extension": {"target": f"ld-{key}", "months": 12, "grounds": "ANY"}}, (f"样延〔2026〕{k}号", "XF-36"), HEAD,
                 reason="EXTENSION_NOT_PROVIDED")
            send(department, f"bad-stay-{k}", self.subject[key], {"StayOrdered": {"target": {"event_id": f"ld-{key}"}}},
                 (f"样停〔2026〕{k}号", "XZSS-56"), HEAD, reason="NOT_A_COURT")
            send(department, f"bad-withdrawal-{k}", self.subject[key], {"Withdrawal": {"target": f"no-such-{k}", "reason": "ERROR"}},
                 (f"样撤〔2026〕{k}号", "XF-36"), HEAD, reason="NO_SUCH_EVENT")
            send(department, f"bad-feedback-{k}", self.subject[key],
                 {"MeasureFeedback": {"measure": f"m.0.999999{k}.0.0", "outcome": "DONE", "on": self.ledger.day.isoformat()}}, None,
                 reason="FEEDBACK_UNASKED")
        for k, key in enumerate("JKM"):
            self._longer(k, key)
        for k, key in enumerate(("C2", "C3", "C4")):
            send("court", f"bad-court-repair-{k}", self.subject[key],
                 {"Repair": {"target": f"ld-{key}", "applied_on": self.ledger.day.isoformat(), "duties_corrected": True,
                             "commitment": "样承诺"}}, (f"样修〔2026〕法{k}号", "XF-36"), JUDGE, reason="NOT_REPAIRABLE")

    def _longer(self, k, key):
        """A correction that would lengthen a term: M has 36 months, J 6, K 12."""
        department, list_code, basis = {"J": ("statistics", "B-STATISTICS", "TJ-2022"), "K": ("transport", "B-OVERLOAD", "GL-66"),
                                        "M": ("housing", "B-CONSTRUCTION", "JZSC-2018")}[key]
        body = {"list": list_code, "notice": f"ln-{key}", "rests_on": [], "grade": "SERIOUS", "months": 40, "measures": [],
                "exit": "TERM-OR-REPAIR", "remedy": "REVIEW-60D-SUIT-6M"}
        self.ledger.event(department, f"bad-longer-{k}", self.subject[key], {"Correction": {"target": f"ld-{key}", "decision": body}},
                          (f"样更正〔2026〕长{k}号", basis), HEAD, reason="WORSE_FOR_SUBJECT")

    def refuse_repairs(self):
        for k in range(3):
            key = "CDC"[k]
            self.repair(key, f"undone-{k}", "DUTIES_NOT_CORRECTED", duties_corrected=False)
            self.repair(key, f"uncommitted-{k}", "COMMITMENT_MISSING", commitment="")
            self.repair(key, f"charity-{k}", "REPAIR_FOR_MONEY", conditions=["DONATION"])
