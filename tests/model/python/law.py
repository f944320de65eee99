"""The model's pack, read anew: catalog, lists, departments, calendar. Independent of the code in C."""

import csv
import datetime
import pathlib

DAY = datetime.timedelta(days=1)


def add_months(day, months):
    """The same day n months on; the last of the month where there is none (民法典 202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)


def words(cell):
    return [word for word in cell.split(";") if word]


class Pack:
    """What the procedures ask of the law."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.items = self._table(folder / "catalog.csv")
        self.lists = self._table(folder / "lists.csv")
        self.departments = self._table(folder / "departments.csv")
        self.bases = self._table(folder / "bases.csv")
        self.measures = self._table(folder / "measures.csv")
        self.days = {}
        for row in csv.DictReader(open(folder / "calendar.csv", encoding="utf-8")):
            self.days[datetime.date.fromisoformat(row["date"])] = row["kind"] == "workday"
        self.last_calendar_day = datetime.date(max(day.year for day in self.days), 12, 31)

    @staticmethod
    def _table(path):
        with open(path, encoding="utf-8", newline="") as file:
            return {row["code"]: row for row in csv.DictReader(file)}

    def works(self, day):
        return self.days.get(day, day.weekday() < 5)

    def last_day(self, start, period):
        """The last day of "5w" or "90d" that runs from a day; None: beyond the calendar."""
        count, unit = int(period[:-1]), period[-1]
        day = start
        if unit == "w":
            while count > 0:
                day += DAY
                count -= self.works(day)
        else:
            day += count * DAY
            while not self.works(day):
                day += DAY
        return day if day <= self.last_calendar_day else None

    def classify(self, item, amount):
        """Grade, list, months on display: the table of the model's pack in words."""
        if item in ("X-SERIOUS", "X-TAXED"):
            small = amount is not None and amount < 1000000
            return ("GENERAL", "", 12) if small else ("SERIOUS", "B-ORG", 36)
        return {"X-BAN": ("SERIOUS", "B-BAN", 24), "X-GENERAL": ("GENERAL", "", 12), "X-MINOR": ("MINOR", "", 0),
                "X-JUDGMENT": ("SERIOUS", "B-COURT", 24), "X-HONOUR": ("NONE", "", 36)}.get(item, ("NONE", "", 0))

    def provided(self, which, grade, subject):
        """Measures that the model's sanctions table gives the subject itself."""
        found = []
        if which in ("B-ORG", "B-BAN"):
            found += ["M-CREDIT", "M-BAN"]
        if which == "B-ORG":
            found += ["M-EVENT", "M-PLAN", "A-ADVICE"] + (["M-FUNDS"] if grade == "SERIOUS" else [])
        if which == "B-COURT":
            found += ["M-CONSUMPTION", "A-ADVICE"]
        if which.startswith("R-"):
            found += ["I-LANE"]
        return found if subject else []
