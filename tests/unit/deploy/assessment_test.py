#!/usr/bin/python3
"""The inventory and the risks of deploy/security say what is so: topics and their retention, who may read (Kafka's access table,
PostgreSQL's grants, Redis's users), the vault's keys; each control has a test or a check; docs/assessment.md is theirs."""

import csv
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docs"))

import make_assessment  # noqa: E402
import make_requirements  # noqa: E402

DAY = 86400000


def rows(path):
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def retention(topic):
    settings = dict(s.split("=") for s in topic["settings"].split(";"))
    if topic["topic"] == "credit.in.":
        return "7 d once taken in"
    if settings["cleanup.policy"] == "compact":
        return "newest of each key"
    days = int(settings["retention.ms"]) // DAY
    return "archive term" if days < 0 else f"{days} d"


class Assessment(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.inventory, cls.risks = rows("deploy/security/inventory.csv"), rows("deploy/security/risks.csv")
        cls.sql = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "schemas" / "sql").glob("*.sql")))
        cls.cli = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "ops" / "cli").glob("assess*.c"))

    def of(self, kind):
        return {r["name"]: r for r in self.inventory if r["kind"] == kind}

    def test_each_row_is_whole(self):
        self.assertEqual({r["kind"] for r in self.inventory}, set(make_assessment.KINDS))
        self.assertLessEqual({r["class"] for r in self.inventory}, set(make_assessment.CLASSES))
        for row in self.inventory + self.risks + rows("deploy/security/protection.csv"):
            self.assertEqual([k for k, v in row.items() if not v and k not in ("measured", "tests")], [], row)
        self.assertEqual(len({(r["kind"], r["name"]) for r in self.inventory}), len(self.inventory))
        in_clear = {r["name"] for r in self.inventory if r["form"] == "clear" and r["class"] == "I"}
        self.assertEqual(in_clear, {"credit.in.", "credit.rejected."}, "identities lie in clear nowhere else")

    def test_topics_are_those_declared_and_kept_as_long(self):
        topics = rows("deploy/kafka/topics.csv")
        self.assertEqual({t["topic"]: retention(t) for t in topics}, {n: r["retention"] for n, r in self.of("topic").items()})

    def test_topics_are_read_by_whom_the_access_table_lets(self):
        access = rows("deploy/kafka/access.csv")
        for name, row in self.of("topic").items():
            with self.subTest(name):
                may = {a["service"] for a in access if a["right"] == "read" and a["topic"] == name}
                self.assertEqual(set(row["readers"].split()) - {"department", "operators"}, may)

    def test_tables_are_those_of_the_schema_and_read_by_whom_it_grants(self):
        made = set(re.findall(r"^CREATE TABLE IF NOT EXISTS (history\.\w+)", self.sql, re.MULTILINE))
        made |= set(re.findall(r"^CREATE OR REPLACE VIEW (history\.\w+)", self.sql, re.MULTILINE))
        self.assertEqual(set(self.of("table")), made)
        may = {name: set() for name in made}
        for rights, on, to in re.findall(r"^GRANT ([A-Z, ()a-z]*SELECT[A-Z, ()a-z]*) ON ([^;]*?)\s+TO ([^;]+);", self.sql, re.MULTILINE):
            for name in set(re.findall(r"history\.\w+", on)) & made:
                may[name] |= {role.strip() for role in to.split(",")}
        self.assertEqual({n: set(r["readers"].split()) for n, r in self.of("table").items()}, may)

    def test_redis_holds_what_its_library_says_and_is_read_by_its_users(self):
        library = (ROOT / "deploy" / "redis" / "chengxin.lua").read_text(encoding="utf-8")
        head = library[:library.index("\n\n")] + library[library.index("--   cx:"):library.index("-- Loaded by")]
        self.assertEqual(set(self.of("redis")), set(re.findall(r"^--   (cx:\w+:)", head, re.MULTILINE)))
        users = re.findall(r"^user (\w+) on \S+ ~cx:\*", (ROOT / "deploy" / "redis" / "users.acl.in").read_text(encoding="utf-8"), re.MULTILINE)
        for name, row in self.of("redis").items():
            self.assertEqual(row["readers"].split(), users, name)

    def test_keys_are_the_vault_s(self):
        vault = (ROOT / "ops" / "cli" / "vault.c").read_text(encoding="utf-8")
        listed = set(re.findall(r'"(\w+\.(?:key|sec|pub))"', vault))
        mine = {n.removeprefix("vault.dir/") for n in self.of("file") if n.startswith("vault.dir/") and "*" not in n}
        self.assertEqual(mine, listed)
        settings = (ROOT / "common" / "base" / "settings.h").read_text(encoding="utf-8")
        for name in self.of("file"):
            self.assertIn(f'"{name.split("/")[0]}"', settings, name)

    def test_each_control_is_measured_or_tested_and_the_test_is_there(self):
        tests, checks = make_requirements.known_tests(), set(re.findall(r'^    \{"(\w+)", "[^"]+",? ', self.cli, re.MULTILINE))
        checks |= set(re.findall(r'^    \{"(\w+)", "[^"]+",$', self.cli, re.MULTILINE))
        self.assertEqual(len(checks), 7, checks)
        for risk in self.risks:
            with self.subTest(risk["id"]):
                named = [t for t in risk["tests"].split(";") if t]
                self.assertTrue(named)
                self.assertLessEqual(set(named), tests)
                self.assertLessEqual({c for c in risk["measured"].split(";") if c}, checks)
        self.assertEqual({c for r in self.risks for c in r["measured"].split(";") if c}, checks, "each check stands for a risk")
        self.assertEqual([r["id"] for r in self.risks], [f"R{n:02}" for n in range(1, len(self.risks) + 1)])

    def test_the_document_is_theirs(self):
        self.assertEqual((ROOT / "docs" / "assessment.md").read_text(encoding="utf-8"), make_assessment.text())


if __name__ == "__main__":
    unittest.main()
