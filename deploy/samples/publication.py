"""Double-publication files (双公示): penalties and permits of each department, with planted mistakes.

Each mistake knows the reason code that it must come back with. The columns are those of docs/events.md.
"""
import csv
import datetime
import hashlib
import io

from identities import citizen_number, credit_code, spoiled

PENALTY = ("XDR_MC XDR_LB XDR_SHXYM XDR_GSZC XDR_ZZJG XDR_SWDJ XDR_SYDW XDR_SHZZ FRDB FR_ZJLX FR_ZJHM XDR_ZJLX "
           "XDR_ZJHM WSH WFXW SY YJ CFLB NR NR_FK NR_WFFF NR_ZKDX JDRQ YXQ GSJZQ CFJG CFJGDM SJLY SJLYDM BZ "
           "FSRQ CFCX XYCD BASIS").split()
PERMIT = ("XDR_MC XDR_LB XDR_SHXYM XDR_GSZC XDR_ZZJG XDR_SWDJ XDR_SYDW XDR_SHZZ FRDB FR_ZJLX FR_SFZH XDR_ZJLX "
          "XDR_ZJHM XKWS WSH XKLB XKZS XKBH NR JDRQ YXQZ YXQZI XKJG XKJGDM ZT LYDW LYDWDM BZ").split()
KINDS = (["罚款"] * 11 + ["警告"] * 4 + ["罚款;没收违法所得"] * 3 + ["责令停产停业", "暂扣许可证件", "通报批评"])
FIRST_DAY = datetime.date(2025, 9, 1)
DAYS = 175  # up to 22 February 2026


def event_id(form, number, word):
    data = (number + "\x1f" + word).encode()
    return ("cf-" if form == "penalty" else "xk-") + hashlib.blake2b(data, digest_size=16).hexdigest()


class Row:
    def __init__(self, form, department, subject, word, cells, reason=None):
        self.form, self.department, self.subject, self.word = form, department, subject, word
        self.cells = cells
        self.reason = reason  # None: accepted
        self.event_id = event_id(form, cells["WSH"], word)

    def copy(self, reason, **changes):
        return Row(self.form, self.department, self.subject, self.word, {**self.cells, **changes}, reason)


def subject_cells(subject, form, head, legacy=False):
    cells = {"XDR_MC": subject.name, "FRDB": "", "XDR_ZJLX": "", "XDR_ZJHM": "", "XDR_SHXYM": "", "XDR_ZZJG": ""}
    if subject.is_person():
        cells.update(XDR_LB="自然人", XDR_ZJLX="身份证", XDR_ZJHM=subject.identifier)
        return cells
    cells.update(XDR_LB="法人及非法人组织", FRDB=head.name, FR_ZJLX="身份证")
    cells["FR_ZJHM" if form == "penalty" else "FR_SFZH"] = head.identifier
    cells["XDR_ZZJG" if legacy else "XDR_SHXYM"] = subject.register_code if legacy else subject.identifier
    return cells


class Publication:
    """Makes rows; every document number is used once unless a mistake wants it twice."""

    def __init__(self, rng, pack, register, simple_for_persons=True):
        self.rng, self.pack, self.register = rng, pack, register
        self.simple_for_persons = simple_for_persons  # Henan: such penalties of persons are not reported
        self.organisations = [register.organisation() for _ in range(700)]
        self.persons = [register.person() for _ in range(400)]
        self.heads = [register.person() for _ in range(60)]
        self.rows = []
        self.numbers = 0

    def number(self, department, day, mark):
        self.numbers += 1
        return f"样{mark}字〔{day.year}〕{department[:4].upper()}{self.numbers:05d}号"

    def day(self, basis):
        """A working day on which the basis was in effect."""
        while True:
            day = FIRST_DAY + datetime.timedelta(days=self.rng.randrange(DAYS))
            if self.pack.is_work(day) and day >= self.pack.effective_on(basis):
                return day

    def subject_for(self, item):
        kinds = self.pack.row("catalog.csv", item)["subjects"].split(";")
        persons = "person" in kinds and ("organisation" not in kinds or self.rng.random() < 0.3)
        return self.rng.choice(self.persons if persons else self.organisations)

    def penalty(self, department, word, subject=None, kind=None, fine=None, grade="", day=None, basis=""):
        rule = self.pack.rule("penalty", department, word)
        subject = subject or self.subject_for(rule["item"])
        day = day or self.day(rule["basis"])
        kind = kind or self.rng.choice(KINDS)
        simple = kind in ("警告", "罚款") and self.rng.random() < 0.25
        simple = simple and (self.simple_for_persons or not subject.is_person())
        if fine is None and "罚款" in kind:
            fine = f"{self.rng.choice((0.02, 0.05, 0.5, 1.2, 3, 8, 12.5, 30)):.6f}"
        name = self.pack.row("departments.csv", department)["name"]
        cells = subject_cells(subject, "penalty", self.rng.choice(self.heads), self.rng.random() < 0.01)
        cells.update(WSH=self.number(department, day, "罚"), WFXW=word, SY=f"样例事由,涉及“{word}”,见文书",
                     YJ="样例依据条文", CFLB=kind, NR="样例处罚内容\n第二行", NR_FK=fine or "",
                     NR_WFFF="0.350000" if "没收" in kind else "",
                     NR_ZKDX="样例证照" if "许可证件" in kind else "", JDRQ=day.isoformat(), YXQ="", CFJG=name,
                     SJLY=name, FSRQ=(day - datetime.timedelta(days=self.rng.randrange(5, 60))).isoformat(),
                     CFCX="简易程序" if simple else "普通程序", XYCD=grade, BASIS=basis)
        return Row("penalty", department, subject, word, cells)

    def permit(self, department):
        rule = self.pack.rule("permit", department, "*")
        subject, day = self.subject_for(rule["item"]), self.day(rule["basis"])
        word = self.rng.choice(("普通", "认可", "核准", "登记"))
        name = self.pack.row("departments.csv", department)["name"]
        cells = subject_cells(subject, "permit", self.rng.choice(self.heads))
        cells.update(XKWS="样例行政许可决定书", WSH=self.number(department, day, "许"), XKLB=word, XKZS="样例许可证",
                     XKBH=f"YL{self.numbers:06d}", NR="样例许可内容", JDRQ=day.isoformat(), YXQZ=day.isoformat(),
                     YXQZI=day.replace(year=day.year + 3, day=min(day.day, 28)).isoformat(), XKJG=name, ZT="1", LYDW=name)
        return Row("permit", department, subject, word, cells)

    def fill(self, penalties, permits, each):
        for department, words in penalties.items():
            for k in range(each):
                self.rows.append(self.penalty(department, words[k % len(words)]))
        for department in permits:
            for _ in range(each // 3):
                self.rows.append(self.permit(department))

    # --- mistakes -----------------------------------------------------------------------------------------
    def plant_mistakes(self, departments, organisation_only):
        """departments: (department, class) pairs that take persons and organisations alike."""
        rng = self.rng
        pick = lambda: rng.choice(departments)
        person = lambda: self.penalty(*pick(), subject=rng.choice(self.persons), kind="罚款", fine="2.000000")
        company = lambda: self.penalty(*pick(), subject=rng.choice(self.organisations), kind="罚款", fine="2.000000")
        p_id = lambda row: row.subject.identifier
        makers = [
            (4, lambda r=person: (lambda x: x.copy("WRONG_CHECK_DIGIT", XDR_ZJHM=spoiled(p_id(x))))(r())),
            (4, lambda r=company: (lambda x: x.copy("WRONG_CHECK_DIGIT", XDR_ZZJG="", XDR_SHXYM=spoiled(p_id(x))))(r())),
            (4, lambda r=person: (lambda x: x.copy("WRONG_LENGTH", XDR_ZJHM=p_id(x)[:16]))(r())),
            (4, lambda r=person: r().copy("IMPOSSIBLE_DATE", XDR_ZJHM=citizen_number(990101, "19901341", rng.randrange(900)))),
            (4, lambda r=company: r().copy("IMPOSSIBLE_DATE", JDRQ="2026-02-30")),
            (3, lambda r=company: r().copy("IMPOSSIBLE_DATE", FSRQ="2026-02-27")),
            (4, lambda r=person: r().copy("UNKNOWN_REGION", XDR_ZJHM=citizen_number(380101, "19840512", rng.randrange(900)))),
            (3, lambda r=company: r().copy("UNKNOWN_REGION", XDR_ZZJG="", XDR_SHXYM=credit_code(380101, rng.randrange(10**7)))),
            (3, lambda r=person: r().copy("UNKNOWN_ID_TYPE", XDR_ZJLX="图书证")),
            (4, lambda r=person: r().copy("UNDER_18", XDR_ZJHM=citizen_number(990102, f"2010{rng.randrange(1, 13):02d}15", rng.randrange(900)))),
            (4, lambda r=company: r().copy("DOCUMENT_MISSING", WSH="")),
            (4, lambda r=company: r().copy("AMOUNT_OUT_OF_RANGE", NR_FK="-1.500000")),
            (4, lambda r=company: r().copy("BASIS_UNKNOWN", BASIS="PIPL-49")),
            (3, lambda r=company: r().copy("UNDECIDED", NR_FK="", CFCX="普通程序", XYCD="", CFLB="罚款")),
        ]
        for count, make in makers:
            self.rows += [make() for _ in range(count)]
        self._plant_by_law(organisation_only, company)

    def _plant_by_law(self, organisation_only, company):
        for k in range(4):
            day = datetime.date(2024, 11, 4 + k)
            self.rows.append(self.penalty("market", "食品安全", kind="罚款", fine="1.000000", day=day).copy("TOO_OLD"))
        for _ in range(4):  # a class that publication.csv does not know, of a department without "*"
            row = self.penalty("market", "食品安全", kind="警告")
            self.rows.append(Row("penalty", "market", row.subject, "道德评议", {**row.cells, "WFXW": "道德评议"}, "ITEM_NOT_IN_CATALOG"))
        for k in range(3):
            department, word = organisation_only[k % len(organisation_only)]
            person = self.rng.choice(self.persons)
            self.rows.append(self.penalty(department, word, subject=person, kind="警告").copy("ITEM_WRONG_SUBJECT"))
        for k in range(3):  # before the statute that is cited took effect
            day = datetime.date(2025, 9, 8 + k)
            row = self.penalty("market", "不正当竞争", kind="罚款", fine="3.000000", day=day)
            self.rows.append(row.copy("DOCUMENT_NOT_IN_EFFECT"))
        for k in range(0 if self.simple_for_persons else 3):  # 河南省社会信用条例 art. 13
            row = self.penalty("environment", "大气污染", subject=self.rng.choice(self.persons), kind="警告")
            self.rows.append(row.copy("UNDECIDED", CFCX="简易程序"))
        for k in range(6):  # the first published row again, and with another fine
            row = company()
            again = row.copy("PASSED_OVER") if k < 3 else row.copy("ID_REUSED", NR_FK="2.500000")
            self.rows += [row, again]

    # --- files ----------------------------------------------------------------------------------------------
    def files(self):
        """(name, department, bytes, rows) in order of department; every other department writes GB18030."""
        names = sorted({(row.department, row.form) for row in self.rows})
        encodings = {d: ("utf-8", "gb18030", "utf-8-sig")[k % 3] for k, d in enumerate(sorted({n[0] for n in names}))}
        for department, form in names:
            rows = [row for row in self.rows if (row.department, row.form) == (department, form)]
            yield (f"{department}-{form}.csv", department, csv_bytes(form, rows, encodings[department]), rows)


def csv_bytes(form, rows, encoding):
    columns, prefix = (PENALTY, "CF_") if form == "penalty" else (PERMIT, "XK_")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([prefix + column for column in columns])
    for row in rows:
        writer.writerow([row.cells.get(column, "") for column in columns])
    return text.getvalue().encode(encoding)
