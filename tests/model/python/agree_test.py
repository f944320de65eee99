#!/usr/bin/python3
"""The independent model against the pure core in C, over random histories: the same messages are accepted, and the same
entries and records stand after each of them. CX_LONG=1: 100,000 histories, else 2,000. A history that differs is printed
with its seed; agree_test.py SEED plays it again."""

import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from law import Pack  # noqa: E402
from procedures import Refused  # noqa: E402
from subjects import Model  # noqa: E402
import datetime  # noqa: E402

SHORT, LONG = 2000, 100000


def status_of(told):
    return {"entries": sorted(told["entries"], key=str), "records": sorted(told["records"], key=str)}


def play(pack, history):
    """None: they agree; else what differs, at which step."""
    model = Model(pack)
    for number, step in enumerate(history["steps"]):
        line = step["line"]
        if line.startswith("day "):
            model.tick(datetime.date.fromisoformat(line[4:]))
        else:
            try:
                accepted = model.send(line)
            except Refused:
                accepted = False
            if accepted != (step["verdict"] == "OK"):
                return number, f"{'accepted' if accepted else 'refused'} here, {step['verdict']} there"
        for name, told in step["status"].items():
            mine = model.status(name)
            if mine != status_of(told):
                return number, f"{name}: {mine} here, {status_of(told)} there"
    return None


def main():
    program = pathlib.Path(os.environ.get("CX_BUILD", "build/release")) / "tests/property/print_histories"
    count = LONG if os.environ.get("CX_LONG") else SHORT
    first = int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("CX_SEED", "1"))
    count = 1 if len(sys.argv) > 1 else count
    pack, histories, steps, accepted = Pack("tests/model/pack"), 0, 0, 0
    with subprocess.Popen([str(program), str(count), str(first)], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            history = json.loads(line)
            differs = play(pack, history)
            if differs is not None:
                for step in history["steps"][: differs[0] + 1]:
                    print("   ", step["line"], "=>", step["verdict"])
                print(f"seed {history['seed']}: {differs[1]}")
                process.kill()
                return 1
            histories += 1
            steps += len(history["steps"])
            accepted += sum(step["verdict"] == "OK" for step in history["steps"])
    print(f"{histories} histories, {steps} lines, {accepted} messages accepted by both: the two models agree")
    return 0 if histories == count else 1


if __name__ == "__main__":
    sys.exit(main())
