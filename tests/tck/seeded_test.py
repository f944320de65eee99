#!/usr/bin/python3
"""seeded_test.py CHENGXIN FOLDER: proves that the cases can fail.

Copies the folder with every expected value made wrong and runs the copy: not one result may pass, and as many
must fail as pass in the folder itself.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

CASES = "{http://www.omg.org/spec/DMN/20160719/testcase}"
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


def spoil_value(value):
    """Another value of the same type; of null, the number 0."""
    kind, text = value.get(INSTANCE + "type", ""), value.text or ""
    if value.get(INSTANCE + "nil") == "true":
        del value.attrib[INSTANCE + "nil"]
        value.set(INSTANCE + "type", "xsd:decimal")
        value.text = "0"
    elif kind == "xsd:boolean":
        value.text = "false" if text == "true" else "true"
    elif kind == "xsd:decimal":
        value.text = "1" if text == "0" else "-" + text.lstrip("-") if not text.startswith("-") else text[1:]
    elif kind == "xsd:duration":
        value.text = text[1:] if text.startswith("-") else "P77D" if text in ("PT0S", "P0M") else "-" + text
    elif kind in ("xsd:date", "xsd:dateTime"):
        value.text = re.sub(r"^\d{4}", "1904", text)  # a leap year too
    elif kind == "xsd:time":
        value.text = re.sub(r"^\d\d:\d\d:\d\d", "07:08:09", text)
    else:
        value.text = text + "!"


def spoil(expected):
    """The first scalar inside becomes another one; an empty list becomes a list of one."""
    value = next(expected.iter(CASES + "value"), None)
    if value is not None:
        return spoil_value(value)
    item = ElementTree.SubElement(next(expected.iter(CASES + "list")), CASES + "item")
    ElementTree.SubElement(item, CASES + "value", {INSTANCE + "type": "xsd:decimal"}).text = "1"
    return None


def copy_spoiled(source, target):
    ElementTree.register_namespace("", CASES[1:-1])
    ElementTree.register_namespace("xsi", INSTANCE[1:-1])
    for path in sorted(source.glob("[0-9]*/*-test-*.xml")):
        tree = ElementTree.parse(path)
        tree.getroot().set("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
        for expected in tree.iter(CASES + "expected"):
            spoil(expected)
        folder = target / path.parent.name
        folder.mkdir()
        tree.write(folder / path.name, encoding="UTF-8", xml_declaration=True)
        for model in path.parent.glob("*.dmn"):
            (folder / model.name).write_bytes(model.read_bytes())


def counts(chengxin, folder):
    done = subprocess.run([chengxin, "dmn", "tck", str(folder)], capture_output=True, text=True, check=False)
    found = re.search(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", done.stdout, re.MULTILINE)
    if found is None:
        sys.exit(f"no count in the output:\n{done.stdout[-500:]}{done.stderr[-500:]}")
    return [int(n) for n in found.groups()], done


def main():
    chengxin, source = sys.argv[1], pathlib.Path(sys.argv[2])
    (passed, failed, skipped), done = counts(chengxin, source)
    with tempfile.TemporaryDirectory() as target:
        copy_spoiled(source, pathlib.Path(target))
        (wrongly, caught, left), spoiled = counts(chengxin, target)
    print(f"as they are: {passed} passed, {failed} failed, {skipped} skipped; spoiled: {wrongly} passed, {caught} failed")
    if wrongly:
        print("\n".join(line for line in spoiled.stdout.splitlines() if line.startswith("ok")))
    good = passed > 0 and wrongly == 0 and left == 0 and caught == passed + failed + skipped and spoiled.returncode != 0
    return 0 if good and (done.returncode == 0) == (failed == 0) else 1


if __name__ == "__main__":
    sys.exit(main())
