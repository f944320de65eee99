#!/usr/bin/python3
"""Proves the tidy rules: a clean tree has no finding, and each seeded mistake is found by its rule and by no other."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import rules
import tree

CLEAN = {
    "common/base/thing.h": "#ifndef A\n#define A\nint cx_thing(void);\n#endif\n",
    "common/base/thing.c": '#include "common/base/thing.h"\n/* strcpy(x) in a comment; "strcat(" too */\n'
                           'int cx_thing(void) {\n    const char *s = "gets(//";\n    return s != 0;\n}\n',
    "common/base/CMakeLists.txt": "cx_library(base SOURCES thing.c)\n",
    "common/bus/bus.h": "#ifndef B\n#define B\n#include <librdkafka/rdkafka.h>\nextern rd_kafka_t *cx_bus;\n#endif\n",
    "common/bus/bus.c": '#include "common/bus/bus.h"\n#include "common/base/thing.h"\n',
    "common/bus/CMakeLists.txt": "cx_library(bus SOURCES bus.c)\n",
    "services/clerk/decide.h": "#ifndef D\n#define D\nint decide(void);\n#endif\n",
    "services/clerk/decide.c": '#include "services/clerk/decide.h"\n#include "common/base/thing.h"\nint decide(void) {\n    return cx_thing();\n}\n',
    "services/clerk/main.c": '#include "common/bus/bus.h"\nint main(void) {\n    exit(0);\n}\n',
    "services/clerk/CMakeLists.txt": "cx_library(clerk_decide SOURCES decide.c LINK cx_base)\nadd_executable(clerk main.c)\n",
    "tests/unit/thing_test.c": '#include "common/base/thing.h"\n#include <sodium.h>\n',
    "tests/unit/CMakeLists.txt": "cx_test(thing thing_test.c)\n",
    "ops/lib/a.sh": "#!/bin/bash\nsleep 1\necho /usr/bin /var/lib @ROOT@\n",
}

LONG = "int f(void) {\n" + "    g();\n" * 69 + "}\n"
# rule, file, its new text or a function of the old
MISTAKES = [
    ("layers", "common/base/thing.c", lambda old: '#include "common/bus/bus.h"\n' + old),
    ("layers", "common/base/thing.c", lambda old: '#include "thing.h"\n' + old),
    ("layers", "common/bus/bus.c", lambda old: '#include "services/clerk/decide.h"\n' + old),
    ("layers", "services/clerk/decide.c", lambda old: '#include "common/bus/bus.h"\n' + old),
    ("libraries", "services/clerk/main.c", lambda old: "#include <librdkafka/rdkafka.h>\n" + old),
    ("libraries", "common/base/thing.c", lambda old: "#include <avro.h>\n" + old),
    ("libraries", "common/base/thing.c", lambda old: "#  include <libxml/tree.h>\n" + old),
    ("libraries", "common/bus/bus.c", lambda old: "#include <sodium.h>\n" + old),
    ("libraries", "common/bus/bus.c", lambda old: "#include <libpq-fe.h>\n" + old),
    ("libraries", "common/bus/bus.c", lambda old: "#include <hiredis/hiredis.h>\n" + old),
    ("file_length", "common/base/thing.c", lambda old: old + "\n" * 320),
    ("function_length", "common/base/thing.c", lambda old: old + LONG),
    ("function_length", "common/base/thing.c", lambda old: old + LONG.replace("f(void)", "f(int a,\n  int b)")),
    ("function_length", "services/clerk/main.c", lambda old: old.replace("{\n", "{\n" + "    g();\n" * 39)),
    ("banned_calls", "common/base/thing.c", lambda old: old + "int g(void) {\n    return strcpy(a, b);\n}\n"),
    ("banned_calls", "tests/unit/thing_test.c", lambda old: old + "int g(void) {\n    return atoi (a);\n}\n"),
    ("exits", "common/base/thing.c", lambda old: old + "void g(void) {\n    exit(1);\n}\n"),
    ("sleeps", "tests/unit/thing_test.c", lambda old: old + "void g(void) {\n    sleep(1);\n}\n"),
    ("sleeps", "tests/integration/a.py", lambda _: "import time\ntime.sleep(1)\n"),
    ("umbrellas", "common/bus/bus.h", lambda _: '#ifndef B\n#define B\n/* all */\n#include "common/base/thing.h"\n#endif\n'),
    ("machine_paths", "ops/lib/a.sh", lambda old: old + "cat /" + "home/me/x\n"),
    ("unfinished", "common/base/thing.c", lambda old: old + "/* TO" + "DO */\n"),
    ("unfinished", "ops/lib/a.sh", lambda old: old + "# not yet impl" + "emented\n"),
    ("dead_files", "common/base/other.c", lambda _: '#include "common/base/thing.h"\n'),
    ("dead_files", "common/base/other.h", lambda _: "extern int x;\n"),
    ("dead_files", "tests/unit/other_test.py", lambda _: "import unittest\n"),
]


def findings(files):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            target = pathlib.Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        subprocess.run(["git", "init", "-q", folder], check=True)
        source = tree.Tree(folder)
        return [(name, path) for name, rule in rules.RULES.items() for path, _, _ in rule(source)]


class Tidy(unittest.TestCase):
    def test_a_clean_tree_has_no_finding(self):
        self.assertEqual(findings(CLEAN), [])

    def test_each_mistake_is_found_by_its_rule_alone(self):
        for rule, path, change in MISTAKES:
            with self.subTest(rule=rule, path=path):
                found = findings({**CLEAN, path: change(CLEAN.get(path, ""))})
                self.assertEqual(set(found), {(rule, path)})

    def test_every_rule_is_proved(self):
        self.assertEqual({rule for rule, _, _ in MISTAKES}, set(rules.RULES))

    def test_a_function_of_exactly_the_limit_passes(self):
        longest = "int f(void) {\n" + "    g();\n" * 68 + "}\n"
        self.assertEqual(findings({**CLEAN, "common/base/thing.c": CLEAN["common/base/thing.c"] + longest}), [])


if __name__ == "__main__":
    unittest.main()
