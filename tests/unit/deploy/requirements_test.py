#!/usr/bin/python3
"""docs/requirements.md is what its generator writes, and names only tests and reason codes that exist."""
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "docs"))

import make_requirements  # noqa: E402


def row(**changes):
    return {"row": "1", "requirement": "", "tests": "packs", "reasons": "TOO_OLD", "open": "", **changes}


class Requirements(unittest.TestCase):
    def test_up_to_date(self):
        result = subprocess.run([str(ROOT / "docs" / "make_requirements.py"), "--check"], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_all_are_there(self):
        rows = make_requirements.table("requirements.csv")
        self.assertEqual([int(r["row"]) for r in rows], list(range(1, 73)))

    def test_mistakes_are_found(self):
        self.assertEqual(list(make_requirements.faults([row()])), [])
        for wrong in (row(tests="no_such_test"), row(reasons="NO_SUCH_REASON"), row(tests="")):
            self.assertEqual(len(list(make_requirements.faults([wrong]))), 1, wrong)


if __name__ == "__main__":
    unittest.main()
