#!/usr/bin/python3
"""The committed samples: as their generator writes them, and refused by publish as it foretold."""
import collections
import csv
import json
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "deploy" / "samples"
CHENGXIN = pathlib.Path(os.environ["CX_BUILD"]) / "ops" / "cli" / "chengxin"


def publish(path, department, pack):
    result = subprocess.run([CHENGXIN, "publish", str(path), "--department", department, "--pack", str(ROOT / "deploy" / "policies" / pack),
                             "--dry-run", "--json"], capture_output=True, text=True, check=False)
    return result.returncode, json.loads(result.stdout) if result.stdout else None


class Samples(unittest.TestCase):
    def test_generated(self):
        result = subprocess.run(["/usr/bin/python3", str(SAMPLES / "generate.py"), "--check"], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(len(result.stdout.splitlines()), 5)

    def test_large_enough(self):
        expected = json.loads((SAMPLES / "shijiazhuang" / "expected.json").read_text(encoding="utf-8"))
        published = [d for d, n in expected["by_department"].items() if n["accepted"] > 20]
        self.assertGreaterEqual(expected["accepted"]["penalty"] + expected["accepted"]["permit"], 2000)
        self.assertGreaterEqual(len(published), 24)
        self.assertTrue(all(n >= 3 for n in expected["refused"].values()))

    def test_publish_refuses_what_is_foretold(self):
        """By the command itself for one city; story_test.c takes all five through the core."""
        city = "shijiazhuang"
        expected = json.loads((SAMPLES / city / "expected.json").read_text(encoding="utf-8"))
        reasons, rows = collections.Counter(), 0
        with (SAMPLES / city / "manifest.csv").open(encoding="utf-8", newline="") as file:
            steps = [step for step in csv.DictReader(file) if step["kind"] == "publish"]
        for step in steps:
            code, answer = publish(SAMPLES / city / step["file"], step["department"], expected["pack"])
            if step["value"] == "refused":
                self.assertNotEqual(code, 0, step["file"])
                self.assertTrue(answer is None or answer["good"] == 0, step["file"])
                continue
            self.assertIn(code, (0, 3), step["file"])
            reasons.update(answer["reasons"])
            rows += answer["rows"]
        self.assertEqual(rows, expected["sent"])
        self.assertEqual(dict(reasons), expected["refused_by_publish"])


if __name__ == "__main__":
    unittest.main()
