#!/usr/bin/python3
"""tidy.py [FOLDER] [RULE...]: checks a source tree by the rules of rules.py; prints each finding; exit 1 if there is one."""

import sys

import rules
import tree


def main(arguments):
    root = arguments[0] if arguments else "."
    chosen = arguments[1:] or list(rules.RULES)
    source = tree.Tree(root)
    found = [(path, line, text, name) for name in chosen for path, line, text in rules.RULES[name](source)]
    for path, line, text, name in sorted(found):
        print(f"{path}:{line}: {text} [{name}]")
    print(f"tidy: {len(source.files)} files, {len(chosen)} rules, {len(found)} findings")
    return 1 if found or not source.files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
