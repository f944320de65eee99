#!/usr/bin/python3
"""pure.py BUILD [ALLOW]: that decisions are pure, by what their machine code calls.

For each library lib*_decide.a, and cx_law: takes its objects, follows each undefined symbol to the object of the project
that defines it, and so on; whatever of the C library or of others is called on the way must be in nm_allow.txt. None of
the library's own objects may hold writable data, either: a decision remembers nothing. Exit 1 with a finding.
"""

import collections
import pathlib
import re
import subprocess
import sys

PURE = re.compile(r"lib\w*_decide\.a$|libcx_law\.a$")
Object = collections.namedtuple("Object", "archive name defined undefined writable")


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def objects_of(archive):
    """The objects of a static library with their symbols, by nm, and the size of their writable sections, by size."""
    found = []
    for block in run("nm", "-P", str(archive)).split("\n" + str(archive)):
        head, _, rest = block.partition("\n")
        name = re.search(r"\[(.*)\]:", head)
        if name is None:
            continue
        rows = [line.split() for line in rest.splitlines() if line.strip()]
        defined = {row[0] for row in rows if row[1] not in "Uw"}
        found.append([name.group(1), defined, {row[0] for row in rows if row[1] in "Uw"}])
    sizes = writable_sizes(archive)
    return [Object(archive.name, name, defined, undefined, sizes.get(name, 0)) for name, defined, undefined in found]


def writable_sizes(archive):
    """Bytes of .data, .bss and thread-local data by object; .data.rel.ro is constant tables of addresses."""
    sizes, name = collections.Counter(), None
    for line in run("size", "-A", str(archive)).splitlines():
        head = re.match(r"(\S+)\s+\(ex .*\):", line)
        section = re.match(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)\S*\s+(\d+)", line)
        if head:
            name = head.group(1)
        elif section:
            sizes[name] += int(section.group(2))
    return sizes


def allow_list(path):
    """symbol -> the set of objects that may call it (empty: all), and the objects that load (see the file)."""
    allowed, loaders = {}, set()
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if words and words[0] == "@load":
            loaders.update(words[1:])
        elif words:
            allowed[words[0]] = set(words[1:])
    return allowed, loaders


def check(archive, by_symbol, allowed, loaders):
    """What is wrong with one library."""
    waiting = [one for one in objects_of(archive) if one.name not in loaders]
    for one in waiting:
        if one.writable:
            yield f"{archive.name}: {one.name} has {one.writable} bytes of writable data"
    why = {key(one): one.name for one in waiting}
    seen = set()
    while waiting:
        one = waiting.pop()
        if key(one) in seen:
            continue
        seen.add(key(one))
        for symbol in sorted(one.undefined - one.defined):
            if symbol in by_symbol and by_symbol[symbol].name not in loaders:
                other = by_symbol[symbol]
                why.setdefault(key(other), f"{why[key(one)]} -> {other.name}")
                waiting.append(other)
            elif not may_call(one.name, symbol, allowed):
                yield f"{archive.name}: calls {symbol} ({why[key(one)]})"


def may_call(name, symbol, allowed):
    entry = next((e for e in allowed if e == symbol or (e.endswith("*") and symbol.startswith(e[:-1]))), None)
    return entry is not None and (not allowed[entry] or name in allowed[entry])


def key(one):
    return one.archive, one.name


def main(arguments):
    build = pathlib.Path(arguments[0])
    allowed, loaders = allow_list(arguments[1] if len(arguments) > 1 else pathlib.Path(__file__).with_name("nm_allow.txt"))
    archives = sorted(build.rglob("*.a"))
    pure = [a for a in archives if PURE.search(a.name)]
    own = [one for a in archives for one in objects_of(a)]
    by_symbol = {symbol: one for one in own for symbol in one.defined if symbol not in allowed}  # malloc is the C library's
    findings = sorted({text for archive in pure for text in check(archive, by_symbol, allowed, loaders)})
    print(*findings, sep="\n")
    print(f"pure: {len(pure)} libraries ({', '.join(a.name for a in pure)}), {len(findings)} findings")
    return 1 if findings or not pure else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
