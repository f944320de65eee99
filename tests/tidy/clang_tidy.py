#!/usr/bin/python3
"""clang_tidy.py BUILD CACHE: clang-tidy on every source of BUILD/compile_commands.json, two at a time.

A source that was clean is not looked at again while its preprocessed text, .clang-tidy and the tool are the same: CACHE
holds an empty file named after their hash. Exit 1 with a finding.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

# The analyser sees one source at a time: without being told it takes it for possible that a failure is CX_OK.
HINTS = """#include "common/base/error.h"
static inline cx_rc cx_is_failure(cx_rc rc) { if (rc == CX_OK) __builtin_unreachable(); return rc; }
#define cx_fail(...) cx_is_failure((cx_fail)(__VA_ARGS__))
#define cx_fail_in(...) cx_is_failure((cx_fail_in)(__VA_ARGS__))
"""
DEFINES_THEM = "common/base/error.c"
TOOL = ["clang-tidy", "--quiet", "--extra-arg=-Wno-unknown-warning-option"]


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


def use_hints(entry):
    """Sources of ours that can see error.h, but for the one that defines what the hints wrap."""
    command = entry.get("command") or " ".join(entry["arguments"])
    return "-I" in command and not entry["file"].endswith(DEFINES_THEM)


def examine(entry, build, cache, salt):
    """What clang-tidy says of one source; empty when it is clean."""
    mark = fingerprint(entry, salt)
    if mark and (cache / mark).exists():
        return ""
    told = [f"--extra-arg-before=-include{cache / 'hints.h'}"] if use_hints(entry) else []
    done = subprocess.run([*TOOL, *told, "-p", str(build), entry["file"]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode == 0:
        if mark:
            (cache / mark).touch()
        return ""
    return done.stdout.strip() or done.stderr.strip() or "clang-tidy failed"


def main(arguments):
    build, cache = pathlib.Path(arguments[0]), pathlib.Path(arguments[1])
    cache.mkdir(parents=True, exist_ok=True)
    cache = cache.resolve()
    (cache / "hints.h").write_text(HINTS, encoding="utf-8")
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    entries = [e for e in entries if not os.path.realpath(e["file"]).startswith(os.path.realpath(build))]
    salt = HINTS.encode() + output_of(["clang-tidy", "--version"], ".") + output_of(["clang-tidy", "--dump-config", "x.c"], ".")
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        found = [text for text in pool.map(lambda e: examine(e, build, cache, salt), entries) if text]
    print("\n\n".join(found))
    print(f"clang-tidy: {len(entries)} sources, {len(found)} with findings")
    return 1 if found or not entries else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
