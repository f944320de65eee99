#!/usr/bin/python3
"""That no library and no program but the test of seeded mistakes holds one (common/base/mistake.h).

A build with mistakes in it asks cx_mistake_made which one to make: nothing else may know that name. The test's own
program must, or the search would find nothing anywhere.
"""

import os
import pathlib
import subprocess
import sys

NAME, OWN = b"cx_mistake_made", "test_mistakes"


def knows(path):
    symbols = subprocess.run(["nm", str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    return NAME in symbols


def is_program(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def main():
    build = pathlib.Path(os.environ["CX_BUILD"])
    looked, found = 0, []
    for path in sorted(build.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.suffix == ".o":
            continue
        if path.suffix == ".a" or (os.access(path, os.X_OK) and is_program(path)):
            looked += 1
            if knows(path):
                found.append(path.name)
    print(f"{looked} libraries and programs; with seeded mistakes: {', '.join(found) or 'none'}")
    return 0 if found == [OWN] and looked > 20 else 1


if __name__ == "__main__":
    sys.exit(main())
