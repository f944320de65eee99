#!/usr/bin/python3
"""Proves pure.py: a pure library passes, and each way of being impure is found, also through another library."""

import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import pure

BASE = {"view": "#include <string.h>\nint cx_same(const char *a, const char *b) { return memcmp(a, b, 4) == 0; }\n",
        "loader": "#include <stdlib.h>\nvoid *cx_pack_load(void) { return malloc(9); }\nint cx_pack_find(void) { return 1; }\n",
        "clock": "#include <time.h>\nlong cx_clock(void) { return (long)time(0); }\n"}
CLEAN = "int cx_same(const char *, const char *);\nint cx_pack_find(void);\nstatic const char *const names[] = {\"a\", \"b\"};\n" \
        "int decide(const char *a, int i) { return cx_pack_find() + cx_same(a, names[i]); }\n"
MISTAKES = {
    "calls time ": "#include <time.h>\nlong decide(void) { return (long)time(0); }\n",
    "calls time (decide.o -> clock.o)": "long cx_clock(void);\nlong decide(void) { return cx_clock(); }\n",
    "calls malloc ": "#include <stdlib.h>\nvoid *decide(void) { return malloc(3); }\n",
    "calls getenv ": "#include <stdlib.h>\nvoid *decide(void) { return getenv(\"A\"); }\n",
    "calls cx_pack_load ": "void *cx_pack_load(void);\nvoid *decide(void) { return cx_pack_load(); }\n",
    "bytes of writable data": "int decide(void) { static int calls; return ++calls; }\n",
}

ALLOW = "memcmp\nstrlen\n@load loader.o\ncx_pack_find\n"


def findings(decide):
    with tempfile.TemporaryDirectory() as folder:
        for library, sources in {"libcx_base.a": BASE, "libclerk_decide.a": {"decide": decide}}.items():
            for name, text in sources.items():
                pathlib.Path(folder, name + ".c").write_text(text, encoding="utf-8")
                subprocess.run(["cc", "-O1", "-fPIC", "-c", f"{name}.c"], cwd=folder, check=True)
            subprocess.run(["ar", "rcs", library, *(name + ".o" for name in sources)], cwd=folder, check=True)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            pathlib.Path(folder, "allow.txt").write_text(ALLOW, encoding="utf-8")
            code = pure.main([folder, f"{folder}/allow.txt"])
        return code, output.getvalue()


class Pure(unittest.TestCase):
    def test_a_pure_library_passes(self):
        code, output = findings(CLEAN)
        self.assertEqual(code, 0, output)
        self.assertIn("pure: 1 libraries", output)

    def test_each_impurity_is_found(self):
        for text, source in MISTAKES.items():
            with self.subTest(text):
                code, output = findings(source)
                self.assertEqual(code, 1)
                self.assertIn(text, output)
                self.assertIn("1 findings", output)

    def test_nothing_to_check_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(pure.main([folder]), 1)


if __name__ == "__main__":
    unittest.main()
