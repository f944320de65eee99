#!/usr/bin/python3
"""docs/clauses.csv: every clause of the five sources, with what Chengxin makes of it; the packs cite these clauses only."""
import csv
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = ROOT.parent / "shared" / "sources"
CITED = ("catalog.csv", "departments.csv", "groups.csv", "lists.csv", "measures.csv")
ROWS = 72  # of the requirements


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cited(city):
    """(file, code, clause) of each citation in a city's packs."""
    for name in CITED:
        for path in sorted((ROOT / "deploy" / "policies" / city).glob(f"*/{name}")):
            for row in table(path):
                for clause in filter(None, row["clause"].split(";")):
                    yield name, row["code"], clause
    for path in sorted((ROOT / "deploy" / "policies" / city).glob("*/policy.properties")):
        for line in path.read_text(encoding="utf-8").splitlines():
            key, equals, value = line.partition("=")
            if equals and key.endswith(".clause"):
                yield path.name, key, value


class Clauses(unittest.TestCase):
    def setUp(self):
        self.rows = table(ROOT / "docs" / "clauses.csv")

    def test_verdicts(self):
        for row in self.rows:
            self.assertIn(row["verdict"], ("SHOWN", "REFUSED", "OUT-OF-SCOPE"), row)
            self.assertEqual(row["verdict"] == "OUT-OF-SCOPE", row["row"] == "", row)
            self.assertEqual(row["verdict"] == "SHOWN", row["reason"] == "", row)

    def test_every_requirement_has_a_clause(self):
        self.assertEqual({int(row["row"]) for row in self.rows if row["row"]}, set(range(1, ROWS + 1)))

    def test_packs_cite_listed_clauses(self):
        for city in {row["city"] for row in self.rows}:
            listed = {row["clause"] for row in self.rows if row["city"] == city}
            found = list(cited(city))
            self.assertGreater(len(found), 100, city)
            for name, code, clause in found:
                self.assertIn(clause, listed, f"{city}, {name}, {code}")

    def test_phrases_are_short(self):
        for row in self.rows:
            self.assertLessEqual(len(row["phrase"]), 20, row)

    @unittest.skipUnless(SOURCES.is_dir(), "the sources are not here")
    def test_phrases_stand_in_the_sources(self):
        bare = lambda text: re.sub(r"\s", "", text)
        texts = {path.stem: bare(path.read_text(encoding="utf-8")) for path in SOURCES.glob("*.txt")}
        for row in self.rows:
            self.assertIn(bare(row["phrase"]), texts[row["city"]], row)


if __name__ == "__main__":
    unittest.main()
