#!/usr/bin/python3
"""The shipped packs: the command accepts them, refuses spoilt ones, and the calendar's real years add up."""
import csv
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
POLICIES = ROOT / "deploy" / "policies"
PACKS = sorted(p.parent.relative_to(POLICIES) for p in POLICIES.glob("*/*/policy.properties"))
CHENGXIN = pathlib.Path(os.environ["CX_BUILD"]) / "ops" / "cli" / "chengxin"


def check(folder, *flags):
    return subprocess.run([CHENGXIN, "policy", "check", str(folder), *flags], capture_output=True, text=True, check=False)


def rows(pack, name):
    with (POLICIES / pack / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Packs(unittest.TestCase):
    def test_all_can_be_used(self):
        self.assertGreaterEqual(len(PACKS), 7)
        for pack in PACKS:
            with self.subTest(pack=str(pack)):
                result = check(POLICIES / pack)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_none_is_for_production(self):
        for pack in PACKS:
            with self.subTest(pack=str(pack)):
                self.assertEqual(check(POLICIES / pack, "--production").returncode, 1)

    def test_judgment_defaulters_are_the_courts(self):
        for pack in PACKS:
            if (POLICIES / pack / "catalog.csv").exists():
                for row in rows(pack, "catalog.csv"):
                    if "B-COURT" in row["listable"].split(";"):
                        self.assertEqual(row["reporters"], "@court", (pack, row["code"]))
            if (POLICIES / pack / "departments.csv").exists():
                for row in rows(pack, "departments.csv"):
                    if "B-COURT" in row["competent_for"].split(";"):
                        self.assertEqual(row["kind"], "court", (pack, row["code"]))

    def test_consumption_limits_are_court_orders(self):
        for row in rows("national/2026-01", "measures.csv"):
            if row["basis"] in ("FS-2015", "MS-266"):
                self.assertEqual((row["court_only"], row["lists"]), ("yes", "B-COURT"), row["code"])

    def test_points_come_from_good_records_and_open_incentives(self):
        cities = [p for p in PACKS if "points.of." in (POLICIES / p / "policy.properties").read_text(encoding="utf-8")]
        self.assertEqual({str(p.parent) for p in cities}, {"chengde", "zhoukou", "yancheng", "shenzhen"})
        spoilt = {"points.of.AQ-ADMINISTRATIVE-PENALTY=1": "positive", "points.of.NOTHING=1": "positive", "points.of.VO-SERVICE=-5": "above 0",
                  "points.opens.M-FUNDS=1": "incentives", "points.opens.I-DISCOUNT=0": "above 0", "points.lists=B-X": "no such setting",
                  "points.basis=NONE": "no such basis"}
        for line, word in spoilt.items():
            with self.subTest(line), tempfile.TemporaryDirectory() as folder:
                shutil.copytree(POLICIES, pathlib.Path(folder) / "policies")
                path = pathlib.Path(folder) / "policies" / "shenzhen" / "2026-01"
                old = (path / "policy.properties").read_text(encoding="utf-8").splitlines()
                kept = [one for one in old if one.split("=")[0] != line.split("=")[0]]
                (path / "policy.properties").write_text("\n".join([*kept, line, ""]), encoding="utf-8")
                result = check(path)
                self.assertEqual(result.returncode, 1, line)
                self.assertIn(word, result.stdout + result.stderr)

    def test_bureaus_are_advised_after_notice_and_on_a_basis(self):
        bureaus = {row["code"] for row in rows("national/2026-01", "departments.csv") if row["kind"] == "bureau"}
        found = [row for row in rows("national/2026-01", "measures.csv") if bureaus & set(row["responders"].split(";"))]
        self.assertTrue(found)
        self.assertIn("须先依法告知信用主体", next(row["wording"] for row in found if row["code"] == "A-CREDIT-BUREAU"))
        for column, value, word in (("kind", "MANAGEMENT", "advice alone"), ("basis", "SZ-2019", "municipal plan")):
            with self.subTest(column), tempfile.TemporaryDirectory() as folder:
                shutil.copytree(POLICIES, pathlib.Path(folder) / "policies")
                path = pathlib.Path(folder) / "policies" / "shenzhen" / "2026-01"
                changed = next(dict(row, **{column: value}) for row in found if row["code"] == "A-CREDIT-BUREAU")
                own = [row for row in rows("shenzhen/2026-01", "measures.csv") if row["code"] != "A-CREDIT-BUREAU"]
                with (path / "measures.csv").open("w", encoding="utf-8", newline="") as file:
                    writer = csv.DictWriter(file, changed.keys(), lineterminator="\n")
                    writer.writeheader()
                    writer.writerows([*own, changed])
                result = check(path)
                self.assertEqual(result.returncode, 1, result.stdout)
                self.assertIn(word, result.stdout + result.stderr)

    def test_the_open_data_list_shows_persons_masked_or_with_consent(self):
        for city in ("shijiazhuang", "chengde", "zhoukou", "yancheng", "shenzhen"):
            done = subprocess.run([CHENGXIN, "disclose", "items", str(POLICIES / city / "2026-01"), "--json"],
                                  capture_output=True, text=True, check=True)
            got = {row["item"]: row for row in json.loads(done.stdout)}
            self.assertEqual(got["HN-MODEL"]["persons"], "in full, with consent")
            self.assertEqual({row["persons"] for row in got.values()}
                             - {"", "masked", "masked, with consent", "in full, with consent"}, set())
            self.assertEqual({row["organisations"] for row in got.values()}, {"", "in full", "in full, with consent"})
            self.assertNotIn("VO-SERVICE", got)

    def test_advice_commands_nobody(self):
        for row in rows("national/2026-01", "measures.csv"):
            if row["kind"] == "ADVISORY":
                self.assertRegex(row["wording"], "自主(参考|决定)", row["code"])


class Calendar(unittest.TestCase):
    def setUp(self):
        self.days = {r["date"]: r for r in rows("national/2026-01", "calendar.csv")}

    def working_days(self, year):
        day, count = datetime.date(year, 1, 1), 0
        while day.year == year:
            row = self.days.get(day.isoformat())
            count += row["kind"] == "workday" if row else day.weekday() < 5
            day += datetime.timedelta(1)
        return count

    def test_real_years_add_up(self):
        # Days less weekends less the statutory days: 11 until 2024, 13 from 2025 (全国年节及纪念日放假办法).
        for year, expected in ((2024, 366 - 104 - 11), (2025, 365 - 104 - 13), (2026, 365 - 104 - 13)):
            self.assertEqual(self.working_days(year), expected, year)

    def test_sources_and_certainty(self):
        for date, row in self.days.items():
            real = date < "2027"
            self.assertEqual(row["status"], "real" if real else "assumed", date)
            self.assertEqual(row["source"].startswith("国办发明电"), real, date)


class Spoilt(unittest.TestCase):
    """Each a mistake that the command must find."""

    def spoil(self, name, column, code, value, told=None):
        with tempfile.TemporaryDirectory() as folder:
            policies = pathlib.Path(folder) / "policies"
            shutil.copytree(POLICIES, policies)
            path = policies / "national" / "2026-01" / name
            with path.open(encoding="utf-8", newline="") as file:
                table = list(csv.reader(file))
            column = table[0].index(column)
            hit = [row for row in table[1:] if row[0] == code]
            self.assertEqual(len(hit), 1)
            self.assertNotEqual(hit[0][column], value)
            hit[0][column] = value
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(table)
            result = check(path.parent)
            self.assertNotEqual(result.returncode, 0, result.stdout)
            self.assertIn(told or code, result.stdout + result.stderr)

    def test_unknown_basis(self):
        self.spoil("catalog.csv", "basis", "MK-FOOD-PENALTY", "NO-SUCH-LAW")

    def test_list_on_a_municipal_plan(self):
        self.spoil("bases.csv", "level", "ZB-44", "municipal_plan", told="B-MARKET")

    def test_measure_without_review(self):
        self.spoil("measures.csv", "review_months", "M-EXIT", "")

    def test_unknown_responder(self):
        self.spoil("measures.csv", "responders", "M-FLIGHT", "nobody")


class Tables(unittest.TestCase):
    """Decision tables without gaps or contradictions; a rule taken out is missed."""

    def check(self, path):
        return subprocess.run([CHENGXIN, "dmn", "check", str(path)], capture_output=True, text=True, check=False)

    def test_shipped(self):
        found = sorted(POLICIES.glob("*/*/*.dmn"))
        self.assertGreaterEqual(len(found), 4)
        for path in found:
            with self.subTest(path=str(path.relative_to(POLICIES))):
                result = self.check(path)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_a_missing_rule_is_a_gap(self):
        text = (POLICIES / "national" / "2026-01" / "classification.dmn").read_text(encoding="utf-8")
        for rule in ("grade-fine-person-large", "serious"):
            start = text.index(f'<rule id="{rule}">')
            end = text.index("</rule>", start) + len("</rule>")
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "classification.dmn"
                path.write_text(text[:start] + text[end:], encoding="utf-8")
                result = self.check(path)
                self.assertEqual(result.returncode, 3, rule)
                self.assertIn("GAP", result.stdout)


class Waivers(unittest.TestCase):
    """A pack with a gap is refused unless it waives it by name, with a reason."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.policies = pathlib.Path(self.folder.name) / "policies"
        shutil.copytree(POLICIES, self.policies)
        path = self.policies / "national" / "2026-01" / "classification.dmn"
        text = path.read_text(encoding="utf-8")
        start = text.index('<rule id="serious">')
        path.write_text(text[:start] + text[text.index("</rule>", start) + len("</rule>"):], encoding="utf-8")

    def waive(self, row, pack="shijiazhuang/2026-01"):
        with (self.policies / pack / "waivers.csv").open("w", encoding="utf-8") as file:
            file.write("table,finding,rule,reason\n" + row + "\n")
        return check(self.policies / pack)

    def test_gap(self):
        result = check(self.policies / "shijiazhuang" / "2026-01")
        self.assertEqual(result.returncode, 1)
        self.assertIn("GAP", result.stdout)

    def test_is_not_published(self):
        result = subprocess.run([CHENGXIN, "policy", "publish", str(self.policies / "shijiazhuang" / "2026-01")],
                                capture_output=True, text=True, check=False)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("GAP", result.stderr)

    def test_waived(self):
        result = self.waive("classification,GAP,,严重失信信息由行业主管部门另行公示")
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_waived_without_a_reason(self):
        self.assertEqual(self.waive("classification,GAP,,").returncode, 1)

    def test_another_table_waived(self):
        result = self.waive("act grade,GAP,,不相干")
        self.assertEqual(result.returncode, 1)
        self.assertIn("waives nothing", result.stdout)

    def test_useless_waiver_is_told(self):
        result = self.waive("classification,GAP,,多余", pack="zhoukou/2026-01")  # it has tables of its own
        self.assertEqual(result.returncode, 0)
        self.assertIn("waives nothing", result.stdout)


if __name__ == "__main__":
    unittest.main()
