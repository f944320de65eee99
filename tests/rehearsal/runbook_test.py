#!/usr/bin/python3
"""The runbook has a section with commands for every alert, and for nothing that is none; its links lead somewhere."""

import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import runbook  # noqa: E402

ALERTS = runbook.ROOT / "deploy" / "prometheus" / "alerts.yml"


def dashed(alert):
    """ChengxinFeedStalled -> chengxin-feed-stalled."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", alert).lower()


class Runbook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sections = runbook.sections()
        cls.alerts = re.findall(r"- alert: (\w+)", ALERTS.read_text(encoding="utf-8"))

    def test_each_alert_has_its_section_and_each_section_its_alert(self):
        self.assertEqual(sorted(s for s in self.sections if s.startswith("chengxin-")), sorted(map(dashed, self.alerts)))
        links = re.findall(r"runbook_url: docs/runbook\.md#(\S+)", ALERTS.read_text(encoding="utf-8"))
        self.assertEqual(links, list(map(dashed, self.alerts)))

    def test_each_alert_says_what_to_type(self):
        for alert in self.alerts:
            self.assertTrue(runbook.commands(self.sections[dashed(alert)]), alert)

    def test_each_section_is_rehearsed_or_at_least_typed(self):
        folder = pathlib.Path(__file__).parent
        sources = "".join((folder / name).read_text(encoding="utf-8") for name in ("rehearsal.py", "feeds_test.py", "stores_test.py"))
        named = set(re.findall(r'(?:type\(|story = |HELPED = )"([a-z-]+)"', sources))
        with_commands = {s for s, text in self.sections.items() if runbook.commands(text)}
        self.assertEqual(with_commands, named | runbook.ONLY_TYPED | set(runbook.TYPED_ELSEWHERE))
        for section, file in runbook.TYPED_ELSEWHERE.items():
            self.assertIn(f'type("{section}"', (runbook.ROOT / file).read_text(encoding="utf-8"))
        self.assertEqual(named & runbook.ONLY_TYPED, set())

    def test_links_lead_somewhere(self):
        for target in re.findall(r"\]\(([^)]+)\)", runbook.PATH.read_text(encoding="utf-8")):
            file, _, place = target.partition("#")
            with self.subTest(target):
                self.assertTrue((runbook.PATH.parent / file).exists())
                self.assertTrue(file or place in self.sections)

    def test_the_story_has_three_commands(self):
        blocks = runbook.commands(self.sections["a-feed-stalled-the-story-in-three-commands"])
        self.assertEqual(sum(len(block.splitlines()) for block in blocks), 3)


if __name__ == "__main__":
    unittest.main()
