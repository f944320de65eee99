#!/usr/bin/python3
"""chengxin dmn as its users call it: what it prints, in text and as JSON, and its exit codes. argv: the program."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHENGXIN = sys.argv.pop(1)
HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m">\n'
MODEL = HEAD + """<inputData id="i" name="amount"><variable name="amount" typeRef="number"/></inputData>
<inputData id="j" name="never read"/>
<decision id="d" name="grade"><informationRequirement><requiredInput href="#i"/></informationRequirement>
<informationRequirement><requiredInput href="#j"/></informationRequirement>
<decisionTable hitPolicy="UNIQUE"><input><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
<output typeRef="string"/>
<rule id="r1"><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>"a"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>[6..9]</text></inputEntry><outputEntry><text>"b"</text></outputEntry>
<annotationEntry><text>six to nine</text></annotationEntry></rule>
<rule id="r3"><inputEntry><text>&gt;= 9</text></inputEntry><outputEntry><text>"c"</text></outputEntry></rule>
</decisionTable></decision></definitions>
"""
WHOLE = MODEL.replace("&lt; 5", "&lt; 6").replace("[6..9]", "[6..9)").replace('<informationRequirement><requiredInput href="#j"/>'
                                                                         "</informationRequirement>", "")


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run_dmn(self, *arguments, code=0, given=""):
        done = subprocess.run([CHENGXIN, "dmn", *arguments], input=given, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code in (0, 3) else done.stderr

    def test_check(self):
        faults = self.file("faults.dmn", MODEL)
        text = self.run_dmn("check", faults, code=3)
        for words in ('GAP: no rule matches amount = 5', 'faults.dmn:9: decision "grade": CONTRADICTION r2 r3',
                      "for example amount = 9", "UNUSED never read", "3 findings, 2 of them must be mended or waived"):
            self.assertIn(words, text)
        rows = [json.loads(line) for line in self.run_dmn("check", faults, "--json", code=3).splitlines()]
        self.assertEqual([(r["kind"], r["refuses"]) for r in rows], [("GAP", True), ("CONTRADICTION", True), ("UNUSED", False)])
        self.assertEqual(rows[0]["example"], {"amount": 5})
        self.assertEqual(self.run_dmn("check", self.file("whole.dmn", WHOLE)),
                         "0 findings, 0 of them must be mended or waived\n")

    def test_eval(self):
        whole = self.file("whole.dmn", WHOLE)
        answer = json.loads(self.run_dmn("eval", whole, "grade", "--input", "-", "--json", given='{"amount": 7}'))
        self.assertEqual((answer["model"], answer["decision"], answer["result"], answer["warnings"]), ("m", "grade", "b", []))
        why = answer["explanation"][0]
        self.assertEqual((why["table"], why["inputs"], why["rules"][0]["id"], why["rules"][0]["annotation"]),
                         ("d", {"amount": 7}, "r2", "six to nine"))
        self.assertEqual(why["rules"][0]["tests"], [{"input": "amount", "test": "[6..9)", "matched": True}])
        self.assertFalse(why["nearest"]["tests"][0]["matched"])
        given = self.file("input.json", '{"amount": "text"}')
        answer = json.loads(self.run_dmn("eval", whole, "grade", "--input", given))
        self.assertIsNone(answer["result"])
        self.assertIn("amount", answer["warnings"][0])
        self.assertIn('its inputs: "amount"', self.run_dmn("eval", whole, "grade", code=2, given='{"other": 1}'))
        self.assertIn("grade", self.run_dmn("eval", whole, "nothing", code=1))

    def test_bench(self):
        whole = self.file("whole.dmn", WHOLE)
        inputs = self.file("inputs.jsonl", '{"amount": 7}\n{"amount": 9}\n\n{"amount": null}\n')
        bench = ("bench", whole, "--decision", "grade", "--inputs", inputs)
        self.assertEqual(self.run_dmn(*bench, "--print"), '"b"\n"c"\nnull\n')
        self.assertEqual(self.run_dmn(*bench, "--print", "--rows"), '"b"\n"c"\nnull\n')
        figures = json.loads(self.run_dmn(*bench, "--seconds", "1", "--json"))
        self.assertEqual(figures["allocations"], 0)
        self.assertGreater(figures["evaluations"], 1000)
        self.assertAlmostEqual(figures["rate"] * figures["ns"] / 1e9, 1, places=2)
        self.assertIn(" 0 heap allocations", self.run_dmn(*bench, "--seconds", "1"))
        broken = self.file("broken.jsonl", '{"amount": 7}\n{"amount": \n')
        self.assertIn("line 2", self.run_dmn("bench", whole, "--decision", "grade", "--inputs", broken, code=1))

    def test_errors_have_a_place(self):
        wrong = self.file("wrong.dmn", MODEL.replace("[6..9]", "[6.."))
        for verb in (("check", wrong), ("eval", wrong, "grade")):
            self.assertIn('wrong.dmn:9: decision "grade", rule 2, column "amount": ', self.run_dmn(*verb, code=1))

    def test_help_and_usage(self):
        for verb in ((), ("check",), ("eval",), ("tck",), ("bench",)):
            self.assertIn("usage: chengxin dmn", self.run_dmn(*verb, "--help"))
        for wrong in ((), ("analyse",), ("check",), ("eval", "m"), ("tck",), ("bench", "m"), ("check", "m", "--what")):
            self.assertIn("usage: chengxin dmn", self.run_dmn(*wrong, code=2))

    def test_tck(self):
        case = pathlib.Path(__file__).parent / "0101-hit-unique"
        lines = [json.loads(line) for line in self.run_dmn("tck", str(case), "--json").splitlines()]
        self.assertEqual(lines[-1], {"cases": 7, "passed": 7, "failed": 0, "skipped": 0})
        self.assertTrue(all(line["passed"] and line["expected"] == line["actual"] for line in lines[:-1]))
        self.assertEqual(self.run_dmn("tck", str(case)).splitlines()[-1], "7 passed, 0 failed, 0 skipped")
        self.run_dmn("tck", str(self.folder), code=1)  # no case at all is no success


if __name__ == "__main__":
    unittest.main()
