"""The source tree as the tidy rules see it: files, C text without comments and strings, functions."""

import pathlib
import re
import subprocess

BINARY = (".avro", ".png", ".svg", ".ico", ".bin")
C = (".c", ".h")


class File:
    def __init__(self, root, path):
        self.path = path  # relative to the root, with slashes
        self.data = (root / path).read_bytes()
        self.text = self.data.decode("utf-8", "replace")
        self.lines = self.text.splitlines()
        self.is_c = path.endswith(C)
        self.code = strip(self.text) if self.is_c else ""


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=self.root,
                                stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
        self.files = [File(self.root, p) for p in sorted(set(listed)) if p and (self.root / p).is_file()]
        self.by_path = {f.path: f for f in self.files}

    def c(self, *folders):
        """The C files, or those under the folders."""
        return [f for f in self.files if f.is_c and (not folders or f.path.startswith(tuple(x + "/" for x in folders)))]

    def text_files(self):
        return [f for f in self.files if not f.path.endswith(BINARY) and b"\0" not in f.data]


# Comments, strings and characters; what is kept is their length in lines.
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def strip(text):
    """C text with comments blanked and literals emptied, line by line the same; names in #include "..." stay."""
    kept = []
    for line in TOKEN.sub(blank, text).splitlines():
        kept.append(line)
    original = text.splitlines()
    return "\n".join(original[i] if re.match(r"\s*#\s*include", line) else line for i, line in enumerate(kept))


def blank(match):
    token = match.group(0)
    if token[0] == "/":
        return " " + "\n" * token.count("\n")
    return token[0] * 2


HEAD = re.compile(r"^[A-Za-z_][^;=]*\)\s*(?:__attribute__\s*\(\(.*\)\)\s*)?\{\s*$", re.S)


def functions(file):
    """(name, first line, number of lines) of each function defined at column 0 in formatted C."""
    lines = file.code.splitlines()
    start = None
    i = 0
    while i < len(lines):
        line = lines[i]
        if start is None and re.match(r"[A-Za-z_]", line) and not re.match(r"(typedef|struct|enum|union|extern \"C\")\b[^(]*$", line):
            start = i
        if start is not None:
            head = "\n".join(lines[start:i + 1])
            if HEAD.match(head):
                end = next((k for k in range(i, len(lines)) if lines[k].startswith("}")), len(lines) - 1)
                yield name_of(head), start + 1, end - start + 1
                start, i = None, end
            elif line.rstrip().endswith((";", "}")) or line.startswith(("#", "}")) or "{" in line or not line.strip():
                start = None
        i += 1


def name_of(head):
    found = re.search(r"(\w+)\s*\(", head)
    return found.group(1) if found else "?"


INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def includes(file):
    """(line number, '<' or '"', name) of each #include."""
    for match in INCLUDE.finditer(file.code):
        yield file.code.count("\n", 0, match.start()) + 1, match.group(1), match.group(2)
