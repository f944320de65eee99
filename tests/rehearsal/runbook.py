"""docs/runbook.md: its sections, and the commands in them."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATH = ROOT / "docs" / "runbook.md"


def anchor(heading):
    """As GitHub makes it."""
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def sections():
    """anchor -> the text of each section, in order."""
    parts = re.split(r"^## (.+)$", PATH.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {anchor(heading): text for heading, text in zip(parts[::2], parts[1::2])}


def commands(text):
    """The blocks that are to be typed."""
    return re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


# What is not broken in a rehearsal, because it takes many minutes, many events or another version: its commands are typed all the same.
ONLY_TYPED = {"chengxin-service-restarts", "chengxin-feed-stalled", "chengxin-group-rewound", "chengxin-position-lost", "chengxin-bus-errors",
              "chengxin-retrying", "chengxin-batches-aborted", "chengxin-rebalancing", "chengxin-commit-slow", "chengxin-restore-slow",
              "chengxin-memory-high", "chengxin-packs-differ", "chengxin-versions-differ", "a-store-was-lost", "chengxin-queries-unusual",
              "chengxin-queries-refused", "a-topic-has-other-partitions-than-declared"}
# What a test of another part types: section -> the file that does.
TYPED_ELSEWHERE = {"a-leak": "tests/integration/query/leak.py", "a-leak-drill": "tests/integration/query/leak.py"}
