#!/usr/bin/python3
"""Writes the models and cases of this folder from the modules beside this file.

generate.py            writes every NNNN-name folder
generate.py --check    writes nothing; exits 1 if a committed file differs from what would be written,
                       or if the models together leave out something that `coverage.py` asks for
"""

import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent
TOOLS = {"generate", "kit", "boxed", "model", "coverage", "unary_kit"}

sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True


def main():
    check = "--check" in sys.argv[1:]
    for path in sorted(HERE.glob("*.py")):
        if path.stem not in TOOLS:
            importlib.import_module(path.stem)
    import coverage
    import model

    wrong = []
    names = [m.name for m in model.ALL]
    numbers = {name[:4] for name in names}
    assert len(numbers) == len(names), "two models share a number"
    for m in model.ALL:
        folder = TARGET / m.name
        for file, content in ((f"{m.name}.dmn", m.dmn()), (f"{m.name}-test-01.xml", m.tests())):
            path = folder / file
            if not check:
                folder.mkdir(exist_ok=True)
                path.write_text(content, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != content:
                wrong.append(str(path.relative_to(TARGET)))
    stale = [p.name for p in TARGET.glob("[0-9]*") if p.name not in names]
    print(f"{len(names)} models, {sum(len(m.cases) for m in model.ALL)} cases")
    for name in wrong:
        print(f"differs from its source: {name}")
    for name in stale:
        print(f"has no source: {name}")
    uncovered = coverage.missing(model.ALL)
    for what in uncovered:
        print(f"not covered: {what}")
    return 1 if wrong or uncovered or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
