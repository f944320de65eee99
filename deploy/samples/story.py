"""Lists from notice to exit, over thirteen months: what becomes of fourteen notices, four court decisions
and four red nominations, with every guard refused at least three times on the way."""
import datetime

from notices import MONTHS, NOTICES, PERSONS
from refusals import Refusals

D = datetime.date
OFFICER = ("CASE_OFFICER", "N-017")
HEAD = ("HEAD", "N-001")
JUDGE = ("JUDGE", "J-009")


class Story(Refusals):
    def __init__(self, ledger, publication, register, final=False):
        self.ledger, self.publication, self.register = ledger, publication, register
        self.final = final  # Henan art. 20: a list rests on penalties that were not challenged in time
        self.subject, self.base, self.decision = {}, {}, {}
        self.consenting = None  # who consents first, and takes it back

    def plant_bases(self):
        """Penalties that are grave enough, in the departments' own files."""
        for key, (department, _, word, kind, _, _) in NOTICES.items():
            self.subject[key] = self.register.person() if key in PERSONS else self.register.organisation()
            if kind is None or self.final:
                continue
            fine = "620.000000" if kind == "罚款" else None
            row = self.publication.penalty(department, word, subject=self.subject[key], kind=kind, fine=fine,
                                           grade="严重", day=D(2026, 1, 14))
            self.publication.rows.append(row)
            self.base[key] = row.event_id

    # --- steps --------------------------------------------------------------------------------------------------
    def records(self):
        send = self.ledger.event
        if self.final:
            self.final_bases()
        for key in ("D", "H"):
            record = {"item": "RS-WAGE-OVERDUE", "amount": 380000000, "roles": self.heads(),
                      "facts": [{"name": "final", "value": "YES"}] if self.final else []}
            self.base[key] = send("human-resources", f"rs-wage-{key}", self.subject[key], {"Record": record},
                                  (f"样人社令〔2026〕{key}号", "GZ-48"), OFFICER, D(2026, 1, 20),
                                  others=[self.register.person().as_event() for _ in range(2)])
        for k in range(1, 4):
            self.subject[f"R{k}"] = self.register.organisation()
            for reason in (None, "DUPLICATE"):  # sent twice, as a careless client does
                send("tax", f"tx-rating-{k}", self.subject[f"R{k}"], {"Record": {"item": "TX-RATING-A"}},
                     (f"样税信〔2026〕{k}号", "SW-XY"), OFFICER, reason=reason)
        self.subject["R4"] = self.register.person()
        send("youth-league", "vo-service-4", self.subject["R4"],
             {"Record": {"item": "VO-SERVICE", "group": "volunteer", "facts": [{"name": "hours", "value": 420}]}},
             ("样志愿〔2026〕4号", "ZYFW-2017"), OFFICER)
        for k in range(5):
            send("justice", f"sf-lawyer-{k}", self.register.person(),
                 {"Record": {"item": "SF-LAWYER-PENALTY", "group": "lawyer", "facts": [{"name": "penalty", "value": "WARNING"}]}},
                 (f"样司罚〔2026〕{k}号", "LS-2017"), OFFICER)
        for k in range(5):
            send("market", f"cm-promise-{k}", self.register.organisation(), {"Commitment": {"item": "CM-COMMITMENT", "public": True}},
                 None)
            person = self.register.person()
            send("development-reform", f"consent-{k}", person, {"Consent": {"scope": "ROLE_MODEL"}}, None)
            self.consenting = self.consenting or person
        self.refuse_records()

    @staticmethod
    def heads():
        """One who led the organisation at the date of the act, and one who had left before it."""
        return [{"role": "LEGAL_REPRESENTATIVE", "holder": 0, "from": "2023-01-01", "evidence": "样登记档案2号"},
                {"role": "PRINCIPAL", "holder": 1, "from": "2020-01-01", "to": "2025-06-30", "evidence": "样登记档案3号"}]

    def final_bases(self):
        """The same penalties as events of their own, since a file has no column for `final`."""
        for key, (department, _, word, kind, _, _) in NOTICES.items():
            if kind is None:
                continue
            rule = self.ledger.pack.rule("penalty", department, word)
            facts = [{"name": "penalty", "value": "REVOKE_LICENCE"}, {"name": "sector_grade", "value": "SERIOUS"},
                     {"name": "final", "value": "YES"}]
            self.base[key] = self.ledger.event(department, f"final-{key}", self.subject[key],
                                               {"Record": {"item": rule["item"], "facts": facts}},
                                               (f"样罚字〔2026〕{key}号", rule["basis"]), OFFICER, D(2026, 1, 14))

    def enumerated(self):
        """One record of each item that the city's own source names, of each occupational group too."""
        for (code,), item in self.ledger.pack.tables["catalog.csv"].items():
            if not item["clause"]:
                continue
            groups = [g for g in item["groups"].split(";") if g and self.ledger.pack.row("groups.csv", g)["clause"]]
            for group in groups if code in ("OC-REGISTRATION", "OC-DUTY", "OC-HONOUR") else [(item["groups"].split(";") or [""])[0]]:
                self.enumerate_item(code, item, group)

    def enumerate_item(self, code, item, group):
        reporter = {"@any": "development-reform", "@court": "court", "@review": "review"}.get(
            item["reporters"].split(";")[0], item["reporters"].split(";")[0])
        person = group or item["subjects"] == "person"
        record = {"item": code, "facts": [{"name": "penalty", "value": "WARNING"}]}
        if item["direction"] != "adverse":
            record.pop("facts")
        if group:
            record["group"] = group
        self.ledger.event(reporter, f"all-{code}-{group}".rstrip("-"),
                          self.register.person() if person else self.register.organisation(), {"Record": record},
                          (f"样编目〔2026〕{code}{group}号", item["basis"].split(";")[0]), OFFICER)

    def nominations(self):
        for k in range(1, 4):
            body = {"list": "R-TAX-A", "rests_on": [f"tx-rating-{k}"], "evidence": f"样评价〔2026〕{k}号"}
            if self.ledger.pack.row("lists.csv", "R-TAX-A")["window"]:
                body["public_from"] = self.ledger.day.isoformat()
            self.ledger.event("tax", f"nom-{k}", self.subject[f"R{k}"], {"RedNomination": body},
                              (f"样税荐〔2026〕{k}号", "SW-XY"), OFFICER)
        self.ledger.event("youth-league", "nom-4", self.subject["R4"],
                          {"RedNomination": {"list": "R-VOLUNTEER", "rests_on": ["vo-service-4"], "public_from": "2026-03-03",
                                             "evidence": "样评选〔2026〕4号"}}, ("样团荐〔2026〕4号", "GWY-33"), OFFICER)

    def court_decisions(self):
        cases = {"C1": ("2", False), "C2": ("2", True), "C3": ("1", False), "C4": ("3", False)}
        for key, (case, organisation) in cases.items():
            self.subject[key] = self.register.organisation() if organisation else self.register.person()
            head = self.register.person()
            record = {"item": "CT-DEFAULTER-ABLE" if case == "1" else "CT-DEFAULTER", "amount": 52000000}
            more = {}
            if organisation:
                record["roles"] = [{"role": "LEGAL_REPRESENTATIVE", "holder": 0, "from": "2022-05-01", "evidence": "样登记档案1号"}]
                more["others"] = [head.as_event()]
            self.ledger.event("court", f"ct-{key}", self.subject[key], {"Record": record},
                              (f"样法执〔2026〕{key}号决定书", "FS-2017"), JUDGE, D(2026, 2, 24), **more)
            measures = ["M-CONSUMPTION", "M-REALTY", "M-PUBLIC-FUNDS"] if organisation else ["M-CONSUMPTION", "M-FLIGHT", "M-RAIL", "M-HOTEL"]
            body = {"list": "B-COURT", "notice": "", "rests_on": [f"ct-{key}"], "grade": "SERIOUS", "case": case,
                    "measures": measures, "exit": "PERFORMANCE", "remedy": "CORRECTION-OR-REVIEW"}
            self.decision[key] = self.ledger.event("court", f"ld-{key}", self.subject[key], {"ListingDecision": body},
                                                   (f"样法执〔2026〕{key}号决定书", "FS-2017"), JUDGE, D(2026, 2, 24))
            self.ledger.listed(f"ld-{key}", "court", "B-COURT", measures,
                               heads=("M-CONSUMPTION", "M-REALTY") if organisation else ())

    def notices(self):
        for key, (department, list_code, _, _, basis, _) in NOTICES.items():
            self.notice(department, f"ln-{key}", key, list_code, basis, [self.base[key]])
        self.refuse_notices()

    def notice(self, department, event_id, key, list_code, basis, rests_on, reason=None, told=True):
        self.ledger.event(department, event_id, self.subject[key],
                          {"ListingNotice": {"list": list_code, "rests_on": rests_on, "served_on": self.ledger.day.isoformat(),
                                             "reason": "SERIOUS-ACT", "rights_told": told}},
                          (f"样列告〔2026〕{event_id}号", basis), OFFICER, D(2026, 1, 14), reason)

    def inside_the_window(self):
        for key in "ACE":
            self.ledger.event(NOTICES[key][0], f"st-{key}", self.subject[key],
                              {"Statement": {"notice": f"ln-{key}", "received_on": "2026-03-12"}}, None)
        for key in "ABC":
            self.decide(key, f"early-{key}", reason="INSIDE_WINDOW")
        self.ledger.event("tax", "nw-G", self.subject["G"], {"NoticeWithdrawn": {"notice": "ln-G"}},
                          ("样税撤〔2026〕1号", "SW-54"), OFFICER)
        for k in range(1, 4):
            self.red_listing(f"red-{k}", "tax", f"R{k}", "R-TAX-A", f"nom-{k}", "SW-XY", ["I-GREEN-LANE", "I-TAX-CONVENIENCE"])

    def red_listing(self, event_id, department, key, list_code, nomination, basis, measures):
        self.decision[key] = self.ledger.event(
            department, event_id, self.subject[key],
            {"RedListing": {"list": list_code, "nomination": nomination, "measures": measures}},
            (f"样红〔2026〕{event_id}号", basis), HEAD)
        self.ledger.listed(event_id, department, list_code, measures)

    def decide(self, key, event_id, reason=None, official=HEAD, **changes):
        department, list_code, _, _, basis, measures = NOTICES[key]
        body = {"list": list_code, "notice": f"ln-{key}", "rests_on": [], "grade": "SERIOUS", "measures": measures,
                "exit": "TERM-OR-REPAIR", "remedy": "REVIEW-60D-SUIT-6M"}
        if key in MONTHS:
            body["months"] = MONTHS[key]
        if key in "ACE":
            body["answers"] = [{"statement": f"st-{key}", "accepted": False, "reason": "FACTS-STAND"}]
        body.update(changes)
        return self.ledger.event(department, event_id, self.subject[key], {"ListingDecision": body},
                                 (f"样列决〔2026〕{event_id}号", basis), official, D(2026, 1, 14), reason)

    def decisions(self):
        self.refuse_decisions()
        for key, row in NOTICES.items():
            if row[5] is None:
                continue
            self.decision[key] = self.decide(key, f"ld-{key}")
            self.ledger.listed(f"ld-{key}", row[0], row[1], row[5], heads=("M-HONOUR-HEADS",))
        self.red_listing("red-4", "youth-league", "R4", "R-VOLUNTEER", "nom-4", "GWY-33", ["I-EDUCATION-EMPLOYMENT"])
        self.refuse_second_decisions()

    def objections(self):
        for key, department in (("A", "market"), ("B", "market"), ("F", "market")):
            self.ledger.event(department, f"ob-{key}", self.subject[key],
                              {"Objection": {"target": {"event_id": f"ld-{key}"}, "received_on": self.ledger.day.isoformat(),
                                             "grounds": "FACTS-WRONG", "new_facts": True}}, None)
        if "organisation=SUSPEND" in self.ledger.pack.row("lists.csv", "B-MARKET")["objection"]:
            self.ledger.state("ld-A", "SUSPENDED")  # a person's entry, and everybody's elsewhere, is marked
            self.ledger.state("ld-B", "SUSPENDED")
        self.ledger.event("human-resources", "cp-D", self.subject["D"],
                          {"Complaint": {"target": {"event_id": "ld-D"}, "received_on": self.ledger.day.isoformat(),
                                         "grounds": "MEASURE-TOO-WIDE", "new_facts": True}}, None)
        if "organisation=SUSPEND" in self.ledger.pack.row("lists.csv", "B-WAGE")["objection"]:
            self.ledger.state("ld-D", "SUSPENDED")
        self.ledger.event("court", "stay-M", self.subject["M"], {"StayOrdered": {"target": {"department": "housing", "event_id": "ld-M"}}},
                          ("样法行〔2026〕1号裁定", "XZSS-56"), JUDGE)
        self.ledger.state("ld-M", "SUSPENDED")

    def rulings(self):
        for key, outcome in (("A", "REJECTED"), ("B", "UPHELD"), ("F", "REJECTED")):
            self.ledger.event("market", f"ru-{key}", self.subject[key], {"Ruling": {"objection": f"ob-{key}", "outcome": outcome}},
                              (f"样异议〔2026〕{key}号", "ZB-44"), HEAD)
        self.ledger.event("human-resources", "ru-D", self.subject["D"], {"Ruling": {"objection": "cp-D", "outcome": "REJECTED"}},
                          ("样投诉〔2026〕D号", "GZ-45"), HEAD)
        for key, state in (("A", "IN_FORCE"), ("B", "RECALLED"), ("D", "IN_FORCE")):
            self.ledger.state(f"ld-{key}", state)
        self.ledger.event("review", "rf-I", self.subject["I"],
                          {"ReviewFiled": {"target": {"department": "intellectual-property", "event_id": self.base["I"]}}},
                          ("样复受〔2026〕1号", "XZFY-44"), OFFICER)
        body = {"list": "B-CULTURE", "notice": "ln-N", "rests_on": [], "grade": "SERIOUS", "months": 12,
                "measures": NOTICES["N"][5], "exit": "TERM-OR-REPAIR", "remedy": "REVIEW-60D-SUIT-6M"}
        self.ledger.event("culture-tourism", "co-N", self.subject["N"], {"Correction": {"target": "ld-N", "decision": body}},
                          ("样更正〔2026〕1号", "WH-2021"), HEAD)
        self.refuse_relief()

    def outcomes(self):
        send = self.ledger.event
        send("review", "ro-I", self.subject["I"],
             {"ReviewOutcome": {"target": {"department": "intellectual-property", "event_id": self.base["I"]}, "outcome": "ANNULLED"}},
             ("样复决〔2026〕1号", "XZFY-44"), HEAD)
        self.ledger.state("ld-I", "RECALLED")
        send("emergency", "wd-L", self.subject["L"], {"Withdrawal": {"target": "ld-L", "reason": "PENALTY-CHANGED"}},
             ("样撤回〔2026〕1号", "AQ-11"), HEAD)
        self.ledger.state("ld-L", "RECALLED")
        send("court", "pf-C1", self.subject["C1"],
             {"Performance": {"target": "ld-C1", "kind": "PERFORMED", "performed_on": "2026-05-11"}}, None)
        self.ledger.state("ld-C1", "REMOVED")
        send("court", "sl-M", self.subject["M"], {"StayLifted": {"stay": "stay-M"}}, ("样法行〔2026〕2号裁定", "XZSS-56"), JUDGE)
        self.ledger.state("ld-M", "IN_FORCE")
        self.happens_to("E", "court", "REORGANISATION", "FXJG-2006", JUDGE)
        self.ledger.state("ld-E", "SUSPENDED")
        send("market", "act-R3", self.subject["R3"],
             {"Record": {"item": "MK-FOOD-PENALTY", "facts": [{"name": "penalty", "value": "REVOKE_LICENCE"}]}},
             ("样市监罚〔2026〕9001号", "SPAQ-122"), OFFICER, D(2026, 4, 2))
        self.ledger.state("red-3", "REMOVED")

    def happens_to(self, key, department, kind, basis, official=OFFICER):
        self.ledger.event(department, f"se-{kind}-{key}", self.subject[key], {"SubjectEvent": {"kind": kind}},
                          (f"样主体〔2026〕{kind}{key}号", basis), official)

    def summer(self):
        """After the lapse of H's notice; too early for any repair."""
        self.ledger.event("court", "ex-C4", self.subject["C4"], {"Extension": {"target": "ld-C4", "months": 12, "grounds": "VIOLENT-OBSTRUCTION"}},
                          ("样法执〔2026〕C4-2号决定书", "FS-2017"), JUDGE)
        for key in "CDE":
            self.repair(key, f"soon-{key}", "TERM_TOO_SHORT_FOR_REPAIR")
        self.happens_to("K", "transport", "DEATH", "PIPL-49")
        self.ledger.state("ld-K", "REMOVED")
        self.ledger.event("development-reform", "consent-back", self.consenting, {"ConsentRevoked": {"consent": "consent-0"}}, None)
        self.decide_late()

    def decide_late(self):
        """H's notice has lapsed."""
        body = {"list": "B-WAGE", "notice": "ln-H", "rests_on": [], "grade": "SERIOUS", "measures": ["M-BIDDING"],
                "exit": "TERM-OR-REPAIR", "remedy": "REVIEW-60D-SUIT-6M"}
        for k in range(3):
            self.ledger.event("human-resources", f"late-H{k}", self.subject["H"], {"ListingDecision": body},
                              (f"样列决〔2026〕late-H{k}号", "GZ-45"), HEAD, D(2026, 1, 20), "NOTICE_LAPSED")

    def repair(self, key, event_id, reason=None, **changes):
        condition = {"C": "TAX_PAID", "D": "WAGES_PAID", "E": "NO_NEW_ACCIDENT"}[key]
        body = {"target": f"ld-{key}", "applied_on": self.ledger.day.isoformat(), "duties_corrected": True,
                "commitment": f"样承诺〔2026〕{key}号", "conditions": [condition], **changes}
        self.ledger.event(NOTICES[key][0], event_id, self.subject[key], {"Repair": body},
                          (f"样修复〔2026〕{event_id}号", "XF-36"), HEAD, reason=reason)

    def autumn(self):
        self.ledger.state("ld-J", "EXPIRED")
        self.refuse_repairs()
        for key in "CD":
            self.repair(key, f"rp-{key}")
            self.ledger.state(f"ld-{key}", "REPAIRED")
        self.happens_to("E", "court", "REORGANISATION_ENDED", "FXJG-2006", JUDGE)
        self.ledger.state("ld-E", "IN_FORCE")

    def revocation(self):
        """D's repair rested on false material: the entry stands again until its own end."""
        self.ledger.event("human-resources", "rr-D", self.subject["D"], {"RepairRevoked": {"repair": "rp-D", "reason": "FALSE_MATERIAL"}},
                          ("样撤修〔2026〕D号", "XF-36"), HEAD)
        self.ledger.state("ld-D", "IN_FORCE")
        self.ledger.started("B-WAGE", NOTICES["D"][5], heads=("M-HONOUR-HEADS",))  # what the repair had stopped

    def next_spring(self):
        for decision in ("ld-N", "red-1", "red-2"):
            self.ledger.state(decision, "EXPIRED")
