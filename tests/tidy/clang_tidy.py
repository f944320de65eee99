#!/usr/bin/python3
"""clang_tidy.py BUILD CACHE: clang-tidy on every source of BUILD/compile_commands.json, two at a time.

A source that was clean is not looked at again while its preprocessed text, .clang-tidy and the tool are the same: CACHE
holds an empty file named after their hash. A source that is compiled in several ways is looked at in the first. The analyser,
nineteen twentieths of the time, goes less deep unless CX_LONG is set. Exit 1 with a finding.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

TOOL = ["clang-tidy", "--quiet", "--extra-arg=-Wno-unknown-warning-option"]
if not os.environ.get("CX_LONG"):
    TOOL += ["--extra-arg=-Xclang", "--extra-arg=-analyzer-config", "--extra-arg=-Xclang", "--extra-arg=mode=shallow"]


def output_of(command, folder):
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def fingerprint(entry, salt):
    """The hash of what the compiler would see; a source that cannot be preprocessed has none."""
    command = shlex.split(entry["command"]) if "command" in entry else list(entry["arguments"])
    if "-o" in command:
        at = command.index("-o")
        del command[at:at + 2]
    if "-MF" in command:
        at = command.index("-MF")
        del command[at:at + 2]
    text = output_of([c for c in command if c not in ("-c", "-MD")] + ["-E"], entry["directory"])
    return hashlib.sha256(salt + text).hexdigest() if text else None


def examine(entry, build, cache, salt):
    """What clang-tidy says of one source; empty when it is clean."""
    mark = fingerprint(entry, salt)
    if mark and (cache / mark).exists():
        return ""
    done = subprocess.run([*TOOL, "-p", str(build), entry["file"]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode == 0:
        if mark:
            (cache / mark).touch()
        return ""
    return done.stdout.strip() or done.stderr.strip() or "clang-tidy failed"


def main(arguments):
    build, cache = pathlib.Path(arguments[0]), pathlib.Path(arguments[1])
    cache.mkdir(parents=True, exist_ok=True)
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    ours = {os.path.realpath(e["file"]): e for e in reversed(entries)}
    entries = [e for file, e in sorted(ours.items()) if not file.startswith(os.path.realpath(build) + os.sep)]
    salt = " ".join(TOOL).encode() + output_of(["clang-tidy", "--version"], ".") + output_of(["clang-tidy", "--dump-config", "x.c"], ".")
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        found = [text for text in pool.map(lambda e: examine(e, build, cache, salt), entries) if text]
    print("\n\n".join(found))
    print(f"clang-tidy: {len(entries)} sources, {len(found)} with findings")
    return 1 if found or not entries else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
