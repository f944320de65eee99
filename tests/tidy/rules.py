"""The tidy rules of docs/style: each a function of the tree that yields (path, line, what is wrong).

The registry RULES maps a rule's name to its function; tidy_test.py proves each by a seeded mistake.
"""

import os
import re

from tree import functions, includes

FILE_LINES, FUNCTION_LINES, MAIN_LINES = 320, 70, 40
BANNED = ("strcpy", "strcat", "sprintf", "vsprintf", "strtok", "gets", "atoi", "atol", "alloca")

# Who may include whom: the arrows of the architecture run downward only.
BELOW = {
    "common/base": [],
    "schemas": ["common/base", "common/wire"],
    "common/vault": ["common/base"],
    "common/wire": ["common/base", "schemas"],
    "common/rules": ["common/base"],
    "common/law": ["common/base", "common/rules", "schemas"],
    "common/bus": ["common/base"],
    "common/store": ["common/base", "schemas"],
    "common/run": ["common/base", "common/bus", "common/store", "common/wire", "common/vault", "common/law", "common/rules", "schemas"],
}
SHARED = ["services", "services/sink"]  # what services have in common: a file beside their folders, and the sinks' loop
PURE = ["common/base", "common/law", "common/rules", "schemas"]  # what a stage's decision may include besides itself

# A library's headers are included in its folder alone (tests and docs' examples may use it as an oracle or a client).
LIBRARIES = {
    r"librdkafka/": ["common/bus"],
    r"avro(\.h$|/)": ["common/wire"],
    r"libxml/": ["common/rules"],
    r"sodium(\.h$|/)": ["common/vault"],
    r"(libpq-fe|postgres_ext|pg_config)\.h$|libpq/": ["common/store"],
    r"hiredis/|hiredis\.h$": ["common/store"],
    r"log4c(\.h$|/)": ["common/base"],
    r"microhttpd\.h$": ["common/run"],
    r"curl/": ["common/run"],
    r"bid_": ["common/rules"],
}


def layer_of(path):
    parts = path.split("/")
    if parts[0] in ("common", "services") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def decision_files(tree):
    """The services' files that are in a library NAME_decide."""
    found = set()
    for file in tree.files:
        if re.match(r"services/[^/]+/CMakeLists\.txt$", file.path):
            for sources in re.findall(r"_decide\s+(?:STATIC|SOURCES)\s+([^)]*)", file.text):
                folder = os.path.dirname(file.path)
                found.update(f"{folder}/{name}" for name in re.findall(r"[\w.-]+\.[ch]\b", sources))
    return found | {name[:-1] + "h" for name in found}


def allowed(path, target, decisions):
    here, there = layer_of(path), layer_of(target)
    if here == there or here in ("tests", "docs"):
        return True
    if path in decisions:
        return there in PURE
    if here == "services" or here.startswith("services/"):
        return there.startswith("common/") or there in ("schemas", *SHARED)
    if here == "ops":
        return there != "tests"
    return there in BELOW.get(here, [])


def layers(tree):
    decisions = decision_files(tree)
    for file in tree.c():
        for line, quote, name in includes(file):
            if quote == '"' and "/" in name and not allowed(file.path, name, decisions):
                yield file.path, line, f"includes {name}: not below {layer_of(file.path)}"
            if quote == '"' and "/" not in name:
                yield file.path, line, f'includes "{name}": write the path from the root'


def libraries(tree):
    for file in tree.c():
        if layer_of(file.path) in ("tests", "docs"):
            continue
        for line, _, name in includes(file):
            for pattern, folders in LIBRARIES.items():
                if re.match(pattern, name) and layer_of(file.path) not in folders:
                    yield file.path, line, f"includes {name}, which only {' and '.join(folders)} may"


def file_length(tree):
    for file in tree.files:
        if file.path.endswith((".c", ".h", ".py", ".sh")) and len(file.lines) > FILE_LINES:
            yield file.path, len(file.lines), f"{len(file.lines)} lines; at most {FILE_LINES}"


def function_length(tree):
    for file in tree.c():
        for name, line, n in functions(file):
            most = MAIN_LINES if name == "main" else FUNCTION_LINES
            if n > most:
                yield file.path, line, f"{name}() has {n} lines; at most {most}"


def banned_calls(tree):
    pattern = re.compile(r"\b(" + "|".join(BANNED) + r")\s*\(")
    for file in tree.c():
        for n, line in enumerate(file.code.splitlines(), 1):
            for match in pattern.finditer(line):
                yield file.path, n, f"calls {match.group(1)}()"


def exits(tree):
    """exit() is main's: a library says what is wrong, and its caller decides. A forked process has no caller: _exit()."""
    for file in tree.c("common", "services", "ops"):
        if file.path.endswith("/main.c"):
            continue
        ends = r"(?<!\w)(exit|quick_exit)\s*\(" if re.search(r"\bfork\(\)", file.code) else r"(?<!\w)(_?exit|quick_exit)\s*\("
        for n, line in enumerate(file.code.splitlines(), 1):
            if re.search(ends, line):
                yield file.path, n, "calls exit() outside main.c"


def sleeps(tree):
    """Tests wait for a condition with a deadline."""
    for file in tree.files:
        if not file.path.startswith("tests/") or file.path.startswith(("tests/integration/lib/", "tests/tidy/")):
            continue
        if file.path.endswith(".py"):
            lines, pattern = file.lines, r"\b(time\.)?sleep\s*\("
        elif file.is_c:
            lines, pattern = file.code.splitlines(), r"(?<!\w)sleep\s*\("
        elif file.path.endswith(".sh"):
            lines, pattern = file.lines, r"^\s*sleep\s"
        else:
            continue
        for n, line in enumerate(lines, 1):
            if re.search(pattern, line):
                yield file.path, n, "sleeps"


def umbrellas(tree):
    """A header that only includes others hides who needs whom."""
    for file in tree.c():
        if file.path.endswith(".h") and any(includes(file)):
            rest = re.sub(r"^\s*#.*?(?<!\\)$", "", file.code, flags=re.M | re.S)
            if not rest.strip() and not re.search(r"^\s*#\s*define\s+\w+(\(|[ \t]+\S)", file.code, re.M):
                yield file.path, 1, "only includes other headers"


def machine_paths(tree):
    pattern = re.compile(r"(?<![\w.@$}~-])/(?:" + "|".join(("wo" + "rk", "ho" + "me", "ro" + "ot")) + r")/\w")
    for file in tree.text_files():
        for n, line in enumerate(file.lines, 1):
            if pattern.search(line):
                yield file.path, n, "names a path of somebody's machine"


def unfinished(tree):
    pattern = re.compile("|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bXX" + r"X\b", r"(?i:\bnot (?:yet )?impl" + r"emented\b)",
                                   r"(?i:\bplace" + r"holder\b)")))
    for file in tree.text_files():
        if file.path.endswith((".c", ".h", ".py", ".sh", ".md", ".cmake", "CMakeLists.txt", ".sql", ".in")) or file.path.startswith("ops/"):
            for n, line in enumerate(file.lines, 1):
                if pattern.search(line):
                    yield file.path, n, "is unfinished by its own word"


def dead_files(tree):
    """Each .c and each *_test.py is named by a CMakeLists.txt of its folder or one above; each header is included."""
    lists = {os.path.dirname(f.path): f.text for f in tree.files if os.path.basename(f.path) == "CMakeLists.txt"}
    included = {name for file in tree.c() for _, quote, name in includes(file) if quote == '"'}
    for file in tree.files:
        if file.path.endswith(".c") or re.search(r"_test\.(py|sh)$", file.path):
            if not named(file.path, lists) and not file.path.startswith("docs/"):
                yield file.path, 1, "no CMakeLists.txt names it"
        if file.path.endswith(".h") and file.path not in included:
            yield file.path, 1, "nothing includes it"


def named(path, lists):
    folder = os.path.dirname(path)
    while True:
        relative = os.path.relpath(path, folder or ".")
        text = lists.get(folder, "")
        if re.search(r"(?<![\w.-])" + re.escape(relative) + r"(?![\w.-])", text):
            return True
        stem = os.path.basename(path).rsplit(".", 1)[0].removesuffix("_test")
        if re.search(r"\$\{\w+\}(_test)?\.c\b", text) and re.search(r"(?<![\w.-])" + re.escape(stem) + r"(?![\w.-])", text):
            return True  # foreach(name a b c) ... ${name}.c
        if not folder:
            return False
        folder = os.path.dirname(folder)


RULES = {rule.__name__: rule for rule in (layers, libraries, file_length, function_length, banned_calls, exits, sleeps, umbrellas,
                                          machine_paths, unfinished, dead_files)}
