#!/usr/bin/python3
"""I-POINTS by construction: classifier, registrar and sanctioner have neither code nor access nor grant to read points.

The link graph (symbols and strings of the programs), Kafka's access table (deploy/kafka/access.csv, which must say what the
services' descriptors say), and the SQL grants. Each look is proved by the points service itself, which it must find.
"""
import csv
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[4]
BUILD = pathlib.Path(os.environ["CX_BUILD"])
CODE = re.compile(r"\bcx_(?:points|till)_(?!state_type|consent_type|record_type)\w+")
KEPT_OUT = ("intake", "clock", "classifier", "registrar", "sanctioner", "courier", "cache", "history", "query", "bridge")
COMMON = {("read", "credit.schemas"), ("write", "credit.schemas"), ("write", "credit.reports")}


def program(name):
    return BUILD / "services" / name / f"chengxin-{name}"


def code_of(path):
    symbols = subprocess.run(["nm", "--defined-only", "-P", str(path)], stdout=subprocess.PIPE, check=True, text=True).stdout
    return {line.split()[0] for line in symbols.splitlines() if line.split()[1] in "tT" and CODE.match(line)}


def names_topic(path):
    """Whether the topic's name is a string of the program (the text of its schema, which all carry, is another)."""
    return b"credit.points\0" in path.read_bytes()


def declared(name):
    """What the descriptor in a stage's main.c reads and writes."""
    text = (ROOT / "services" / name / "main.c").read_text(encoding="utf-8")
    rights = {("read", t) for t in re.findall(r'\.(?:side_)?topic = "(credit\.[\w.]+)"', text)}
    rights |= {("write", t) for t in re.findall(r'CX_OUTPUT_\w+, "(credit\.[\w.]+)"', text)}
    for changelog in re.findall(r'CX_OUTPUT_STATE, "(credit\.[\w.]+)"', text):  # restored, also from snapshots as old as it keeps
        rights |= {("read", changelog), ("describe-configs", changelog), ("read", "credit.checkpoints"), ("write", "credit.checkpoints")}
    if "cx_law_policy_ops" in text:  # decides by a pack: its builds are told
        rights |= {("read", "credit.policies"), ("write", "credit.checkpoints")}
    return rights | COMMON


def table():
    with (ROOT / "deploy" / "kafka" / "access.csv").open(encoding="utf-8", newline="") as file:
        return [(row["service"], row["right"], row["topic"]) for row in csv.DictReader(file)]


class Apart(unittest.TestCase):
    def test_nobody_else_has_the_code(self):
        self.assertTrue(code_of(program("points")))
        self.assertTrue(names_topic(program("points")))
        for name in KEPT_OUT:
            if not program(name).exists():
                continue
            with self.subTest(name):
                self.assertEqual(code_of(program(name)), set())
                self.assertFalse(names_topic(program(name)))

    def test_nobody_else_has_access(self):
        self.assertEqual({(s, r) for s, r, topic in table() if topic == "credit.points"}, {("points", "read"), ("points", "write"), ("points", "describe-configs")})
        for service, _, topic in table():  # a prefix would reach it, too
            self.assertFalse(topic.endswith(".") and "credit.points".startswith(topic), (service, topic))

    def test_the_table_becomes_kafkas_own_commands(self):
        done = subprocess.run([str(BUILD / "ops" / "cli" / "chengxin"), "topics", "access", "--topics.file", "deploy/kafka/topics.csv"],
                              cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
        lines = done.stdout.splitlines()
        self.assertEqual(len([x for x in lines if " --topic " in x]), len(table()))
        reads = [x for x in lines if "--topic credit.points" in x]
        self.assertEqual(len(reads), 3)
        self.assertTrue(all("User:chengxin-points " in x for x in reads), reads)
        self.assertTrue([x for x in lines if x.endswith("--operation Read --topic credit.in. --resource-pattern-type prefixed")])

    def test_the_table_says_what_the_descriptors_say(self):
        for name in ("intake", "classifier", "registrar", "sanctioner", "courier", "points"):
            with self.subTest(name):
                self.assertEqual({(r, t) for s, r, t in table() if s == name}, declared(name))
        with (ROOT / "deploy" / "kafka" / "topics.csv").open(encoding="utf-8", newline="") as file:
            topics = {row["topic"] for row in csv.DictReader(file)}
        self.assertLessEqual({t for _, _, t in table()}, topics)
        services = {p.parent.name for p in (ROOT / "services").glob("*/main.c")} - {"sink"}
        self.assertEqual({s for s, _, _ in table()}, services)

    def test_no_table_and_no_grant_holds_them(self):
        sql = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "schemas" / "sql").glob("*.sql")))
        self.assertRegex(sql, r"GRANT SELECT ON history\.offsets")
        self.assertNotRegex(sql, r"(?i)\bpoints\b")
        for name in ("sheets.c", "rows.c", "history.c"):
            self.assertNotIn("cx_points", (ROOT / "services" / "history" / name).read_text(encoding="utf-8"))
        self.assertNotIn("points", (ROOT / "deploy" / "redis" / "users.acl.in").read_text(encoding="utf-8"))

    def test_they_lead_to_incentives_alone(self):
        """The descriptor writes notices and its own state, and decide makes notices of one kind."""
        self.assertEqual({t for r, t in declared("points") - COMMON if r == "write"}, {"credit.notices", "credit.points", "credit.checkpoints"})
        text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "services" / "points").glob("*.c"))
        self.assertEqual(set(re.findall(r"CX_NOTICE_KIND_\w+", text)), {"CX_NOTICE_KIND_INCENTIVE"})
        self.assertNotIn("cx_rejection", text)


if __name__ == "__main__":
    unittest.main()
