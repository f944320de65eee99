#!/usr/bin/python3
"""schemas/freeze.sh in a copy of the schemas: what cannot be written leaves the version that is there as it was."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SCHEMAS = pathlib.Path(__file__).resolve().parents[3] / "schemas"


class Freeze(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.schemas = pathlib.Path(folder.name) / "schemas"
        shutil.copytree(SCHEMAS, self.schemas, ignore=shutil.ignore_patterns("versions", "__pycache__"))
        self.assertEqual(self.freeze("1"), 0)

    def freeze(self, *arguments):
        return subprocess.run([self.schemas / "freeze.sh", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def tree(self):
        """Path -> content of everything below versions/."""
        root = self.schemas / "versions"
        return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}

    def test_a_version_is_every_schema_and_its_fingerprint(self):
        names = (self.schemas / "order.txt").read_text().split()
        self.assertEqual(set(self.tree()), {f"1/{n}.avsc" for n in names} | {"1/fingerprints"})
        fingerprints = self.tree()["1/fingerprints"].decode().splitlines()
        self.assertEqual([line.split()[0] for line in fingerprints], names)

    def test_it_is_not_written_twice_unless_told(self):
        before = self.tree()
        text = (self.schemas / "Report.avsc").read_text()
        (self.schemas / "Report.avsc").write_text(text.replace('"listed"', '"counted"'))
        self.assertEqual(self.freeze("1"), 1)
        self.assertEqual(self.tree(), before)
        self.assertEqual(self.freeze("1", "--again"), 0)
        self.assertIn(b'"counted"', self.tree()["1/Report.avsc"])
        self.assertEqual(set(self.tree()), set(before))

    def test_what_fails_leaves_the_old_one(self):
        before = self.tree()
        last = (self.schemas / "order.txt").read_text().split()[-1]
        good = (self.schemas / f"{last}.avsc").read_text()
        for what, spoil in {"a schema of a type that is none": lambda p: p.write_text(good.replace('"string"', '"strin"')),
                            "half a schema": lambda p: p.write_text(good[:len(good) // 2]),
                            "a schema that is missing": lambda p: p.unlink()}.items():
            with self.subTest(what):
                spoil(self.schemas / f"{last}.avsc")
                self.assertNotEqual(self.freeze("1", "--again"), 0)
                self.assertEqual(self.tree(), before)
                (self.schemas / f"{last}.avsc").write_text(good)

    def test_a_full_disk_leaves_the_old_one(self):
        """A generator that dies in the middle of writing, as it does when there is no room."""
        before = self.tree()
        generator = self.schemas / "generate.py"
        text = generator.read_text()
        self.assertIn("file.write(text)", text)
        generator.write_text(text.replace("file.write(text)", "file.write(text) if name[0] != 'S' else sys.exit('no room')"))
        self.assertNotEqual(self.freeze("1", "--again"), 0)
        self.assertEqual(self.tree(), before)
        self.assertEqual(os.listdir(self.schemas / "versions"), ["1"])


if __name__ == "__main__":
    unittest.main()
