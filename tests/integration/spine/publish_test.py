#!/usr/bin/python3
"""A double-publication file that is broken: `chengxin publish` says where, by row, and what to do. Nothing is sent."""

import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from cxtest import servers

CHENGXIN = pathlib.Path(os.environ["CX_BUILD"]) / "ops" / "cli" / "chengxin"
PACK = servers.ROOT / "deploy" / "policies" / "shijiazhuang" / "2026-01"
SAMPLES = servers.ROOT / "deploy" / "samples" / "shijiazhuang"


def rows():
    """Header and three good rows of the sample, of which the first goes over two lines."""
    with open(SAMPLES / "market-penalty.csv", encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file)
    two_lines = [row for row in found if "\n" in row[header.index("CF_NR")]]
    return header, [two_lines[0], found[1], found[2]]


def written(header, body, encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out).writerows([header, *body])
    return out.getvalue().encode(encoding)


class Publish(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "file.csv"
        self.header, self.rows = rows()

    def publish(self, data, *flags):
        self.file.write_bytes(data)
        done = subprocess.run([CHENGXIN, "publish", self.file, "--department", "market", "--dry-run", f"--pack.dir={PACK}", *flags],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def refused(self, data, *words):
        """As a whole, in one line with these words."""
        code, text = self.publish(data)
        self.assertEqual(code, 1, text)
        self.assertEqual(len(text.splitlines()), 1, text)
        for word in ("(CSV)", *words):
            self.assertIn(word, text)

    def some_refused(self, data, good, row, column, reason):
        code, text = self.publish(data)
        self.assertEqual(code, 3, text)
        self.assertIn([str(row), *column.split(), reason], [line.split()[:2 + len(column.split())] for line in text.splitlines()])
        self.assertEqual(json.loads(self.publish(data, "--json")[1])["good"], good)

    def test_the_file_itself_is_good_in_both_encodings(self):
        for encoding in ("utf-8", "utf-8-sig", "gb18030"):
            code, text = self.publish(written(self.header, self.rows, encoding), "--json")
            self.assertEqual((code, json.loads(text)["good"]), (0, 3), text)

    def test_a_wrong_column(self):
        at = self.header.index("CF_WSH")
        renamed = [*self.header[:at], "CF_WENHAO", *self.header[at + 1:]]
        self.refused(written(renamed, self.rows), "row 1", f"column {at + 1}", "CF_WENHAO")
        self.refused(written(self.header[:at] + self.header[at + 1:], []), "row 1", "CF_WSH", "missing")
        self.refused(written([*self.header, "CF_WSH"], []), "row 1", "CF_WSH", "twice")
        self.refused(written(["NAME", "NUMBER"], []), "row 1", "CF_", "XK_")
        self.refused(b"", "row 1")

    def test_a_wrong_encoding_names_the_row_and_the_byte(self):
        """The second line of a quoted cell is no row of its own."""
        good = written(self.header, self.rows)
        for row, name in ((2, self.rows[0][0]), (3, self.rows[1][0]), (4, self.rows[2][0])):
            at = good.index(name.encode())
            self.refused(good[:at] + b"\xff\xff" + good[at:], f"row {row}, byte {at + 1} ")
        good, name = written(self.header, self.rows, "gb18030"), self.rows[2][0].encode("gb18030")
        at = good.index(name)
        self.refused(good[:at] + b"\xff\xff" + good[at:], f"row 4, byte {at + 1} ")

    def test_broken_quoting_loses_nothing_that_stands_before_it(self):
        broken = [list(row) for row in self.rows]
        broken[2][0] = "SPOILED"
        data = written(self.header, broken).replace(b"SPOILED", b'a"b"c')
        self.some_refused(data, 2, 4, "the quoting is broken from here on", "CSV")

    def test_too_many_cells_and_wrong_values_are_refused_row_by_row(self):
        for column, value, reason in (("CF_NR_FK", "-1", "AMOUNT_OUT_OF_RANGE"), ("CF_JDRQ", "2026-02-30", "IMPOSSIBLE_DATE"),
                                      ("CF_WSH", "", "DOCUMENT_MISSING"), ("CF_WFXW", "无此事项", "ITEM_NOT_IN_CATALOG")):
            spoiled = [list(row) for row in self.rows]
            spoiled[1][self.header.index(column)] = value
            self.some_refused(written(self.header, spoiled), 2, 3, column, reason)

    def test_the_samples_broken_files(self):
        for name, code in (("column", 1), ("encoding", 1), ("quoting", 3)):
            found, text = self.publish((SAMPLES / f"broken-{name}.csv").read_bytes())
            self.assertEqual(found, code, text)
            self.assertIn("CSV", text)


if __name__ == "__main__":
    unittest.main()
