#!/usr/bin/python3
"""The alerts and recording rules: promtool accepts them, each alert is shown firing and not firing, and has its runbook
section. The tests of the rules are proved by rules that never fire and rules that always do."""

import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy" / "prometheus"
RUNBOOK = ROOT / "docs" / "runbook.md"
TESTS = ROOT / "tests" / "operators" / "metrics" / "rules.test.yml"


def promtool(*arguments):
    return subprocess.run(["promtool", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def alerts():
    """Name -> the lines of its rule."""
    parts = re.split(r"^ +- alert: (\w+)$", (RULES / "alerts.yml").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def anchor(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class RulesTest(unittest.TestCase):
    def with_expression(self, expression):
        """The names of the rules' tests that fail when every alert has this expression."""
        with tempfile.TemporaryDirectory() as folder:
            spoilt = re.sub(r"^        expr: .*$", f"        expr: {expression}", (RULES / "alerts.yml").read_text(),
                            flags=re.MULTILINE)
            spoilt = re.sub(r"^        for: .*$", "        for: 0m", spoilt, flags=re.MULTILINE)
            (pathlib.Path(folder) / "alerts.yml").write_text(spoilt)
            tests = TESTS.read_text().replace("../../../deploy/prometheus/alerts.yml", "alerts.yml")
            tests = tests.replace("../../../deploy/prometheus/recording.yml", str(RULES / "recording.yml"))
            (pathlib.Path(folder) / "tests.yml").write_text(tests)
            done = promtool("test", "rules", pathlib.Path(folder) / "tests.yml")
        self.assertNotEqual(done.returncode, 0)
        return set(re.findall(r"alertname: *(\w+)", done.stdout))

    def test_promtool_accepts_rules_and_configuration(self):
        for arguments in (["check", "rules", RULES / "alerts.yml", RULES / "recording.yml"],
                          ["check", "config", RULES / "prometheus.yml"]):
            done = promtool(*arguments)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_each_alert_fires_and_does_not(self):
        text = TESTS.read_text()
        self.assertGreater(len(alerts()), 20)
        for name in alerts():
            self.assertIn(f"'{name} fires'", text)
            self.assertIn(f"'{name} does not fire'", text)
        done = promtool("test", "rules", TESTS)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_spoilt_alerts_are_noticed(self):
        self.assertEqual(self.with_expression("vector(0) > 1"), set(alerts()))
        self.assertEqual(self.with_expression("vector(1)"), set(alerts()))

    def test_each_alert_says_what_to_do(self):
        for name, rule in alerts().items():
            self.assertRegex(rule, r"severity: (critical|warning)\n", name)
            self.assertIn(f"runbook_url: docs/runbook.md#{anchor(name)}\n", rule + "\n", name)
            for key in ("summary", "description"):
                self.assertRegex(rule, rf"{key}: '.+'\n", name)

    @unittest.skipUnless(RUNBOOK.exists(), "there is no runbook yet")
    def test_the_runbook_has_a_section_for_each_alert(self):
        text = RUNBOOK.read_text(encoding="utf-8")
        slugs = {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        slugs |= set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
        self.assertEqual({anchor(name) for name in alerts()} - slugs, set())


if __name__ == "__main__":
    unittest.main()
