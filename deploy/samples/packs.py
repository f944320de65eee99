"""The policy pack of a city, flattened, and its working days: what a sample must agree with."""
import csv
import datetime
import pathlib

POLICIES = pathlib.Path(__file__).resolve().parent.parent / "policies"
KEYS = {"publication.csv": 3, "waivers.csv": 3}


def _properties(folder):
    lines = (folder / "policy.properties").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _rows(folder, name):
    path = folder / name
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    width = KEYS.get(name, 1)
    return {tuple(list(row.values())[:width]): row for row in rows}


class Pack:
    def __init__(self, path):
        folder = POLICIES / path
        own = _properties(folder)
        parent = POLICIES / own["parent"]
        self.properties = {**_properties(parent), **own}
        self.tables = {name: {**_rows(parent, name), **_rows(folder, name)}
                       for name in ("catalog.csv", "departments.csv", "lists.csv", "measures.csv",
                                    "calendar.csv", "publication.csv", "bases.csv", "groups.csv")}
        self.jurisdiction = int(self.properties["jurisdiction"])

    def row(self, table, code):
        return self.tables[table][(code,)]

    def rule(self, form, department, word):
        """The publication row of a class, or None."""
        table = self.tables["publication.csv"]
        return table.get((form, department, word)) or table.get((form, department, "*"))

    def is_work(self, day):
        row = self.tables["calendar.csv"].get((day.isoformat(),))
        return row["kind"] == "workday" if row else day.weekday() < 5

    def effective_on(self, basis):
        text = self.row("bases.csv", basis)["effective_on"]
        return datetime.date.fromisoformat(text) if text else datetime.date.min
