"""Range functions and properties: clauses 10.3.4.7 (Table 78) and 10.3.2.7."""

from kit import N
from model import Model

TABLE = "10.3.4.7 (Table 78)"


def relation(number, function, rows, more=()):
    """One model a function: each row is the arguments and what the relation's definition gives."""
    model = Model(f"{number}-range-{function.replace(' ', '-')}", TABLE, f"{function}()", labels=["Range functions"])
    for arguments, expected in rows:
        name = f"of {arguments}".replace("\"", "'")
        model.fact(name, "boolean", f"{function}({arguments})", expected)
    for name, expression, expected in more:
        model.fact(name, "boolean", expression, expected)


relation(
    "0451",
    "before",
    [
        ("1, 10", True),
        ("10, 1", False),
        ("5, 5", False),
        ("1, [1..10]", False),
        ("1, (1..10]", True),
        ("0, [1..10]", True),
        ("[1..10], 10", False),
        ("[1..10), 10", True),
        ("[1..10], 15", True),
        ("[1..10], [15..20]", True),
        ("[1..10], [10..20]", False),
        ("[1..10), [10..20]", True),
        ("[1..10], (10..20]", True),
    ],
    [
        ("dates", 'before(date("2023-12-31"), [date("2024-01-01")..date("2024-12-31")])', True),
        ("strings", 'before("a", "b")', True),
    ],
)
relation(
    "0452",
    "after",
    [
        ("10, 5", True),
        ("5, 10", False),
        ("12, [1..10]", True),
        ("10, [1..10)", True),
        ("10, [1..10]", False),
        ("[11..20], 12", False),
        ("[11..20], 10", True),
        ("(11..20], 11", True),
        ("[11..20], 11", False),
        ("[11..20], [1..10]", True),
        ("[1..10], [11..20]", False),
        ("[11..20], [1..11)", True),
        ("(11..20], [1..11]", True),
        ("[11..20], [1..11]", False),
    ],
)
relation(
    "0453",
    "meets",
    [
        ("[1..5], [5..10]", True),
        ("[1..5), [5..10]", False),
        ("[1..5], (5..10]", False),
        ("[1..5], [6..10]", False),
        ("[5..10], [1..5]", False),
    ],
)
relation(
    "0454",
    "met by",
    [
        ("[5..10], [1..5]", True),
        ("[5..10], [1..5)", False),
        ("(5..10], [1..5]", False),
        ("[6..10], [1..5]", False),
        ("[1..5], [5..10]", False),
    ],
)
relation(
    "0455",
    "overlaps",
    [
        ("[1..5], [3..8]", True),
        ("[3..8], [1..5]", True),
        ("[1..8], [3..5]", True),
        ("[3..5], [1..8]", True),
        ("[1..5], [6..8]", False),
        ("[1..5], [5..8]", True),
        ("[1..5], (5..8]", False),
        ("[1..5), [5..8]", False),
        ("[5..8], [1..5]", True),
        ("(5..8], [1..5]", False),
        ("(5..8], [1..5)", False),
    ],
    [("terms", 'overlaps([duration("P1D")..duration("P3D")], [duration("PT72H")..duration("P9D")])', True)],
)
relation(
    "0456",
    "overlaps before",
    [
        ("[1..5], [3..8]", True),
        ("[1..5], [6..8]", False),
        ("[1..5], [5..8]", True),
        ("[1..5], (5..8]", False),
        ("[1..5), [5..8]", False),
        ("[1..5), (1..5]", True),
        ("[1..5], (1..5]", True),
        ("[1..5), [1..5]", False),
        ("[1..5], [1..5]", False),
    ],
)
relation(
    "0457",
    "overlaps after",
    [
        ("[3..8], [1..5]", True),
        ("[6..8], [1..5]", False),
        ("[5..8], [1..5]", True),
        ("(5..8], [1..5]", False),
        ("[5..8], [1..5)", False),
        ("(1..5], [1..5)", True),
        ("(1..5], [1..5]", True),
        ("[1..5], [1..5)", False),
        ("[1..5], [1..5]", False),
    ],
)
relation(
    "0458",
    "finishes",
    [
        ("10, [1..10]", True),
        ("10, [1..10)", False),
        ("9, [1..10]", False),
        ("[5..10], [1..10]", True),
        ("[5..10), [1..10]", False),
        ("[5..10), [1..10)", True),
        ("[1..10], [1..10]", True),
        ("(1..10], [1..10]", True),
        ("[1..10], (1..10]", False),
    ],
)
relation(
    "0459",
    "finished by",
    [
        ("[1..10], 10", True),
        ("[1..10), 10", False),
        ("[1..10], [5..10]", True),
        ("[1..10], [5..10)", False),
        ("[1..10), [5..10)", True),
        ("[1..10], [1..10]", True),
        ("[1..10], (1..10]", True),
        ("(1..10], [1..10]", False),
    ],
)
relation(
    "0460",
    "includes",
    [
        ("[1..10], 5", True),
        ("[1..10], 12", False),
        ("[1..10], 1", True),
        ("[1..10], 10", True),
        ("(1..10], 1", False),
        ("[1..10), 10", False),
        ("[1..10], [4..6]", True),
        ("[1..10], [1..5]", True),
        ("(1..10], (1..5]", True),
        ("(1..10], [1..5]", False),
        ("[1..10], (1..10)", True),
        ("(1..10), [1..10]", False),
        ("[1..10], [1..10]", True),
        ("[1..10], [5..11]", False),
    ],
)
relation(
    "0461",
    "during",
    [
        ("5, [1..10]", True),
        ("12, [1..10]", False),
        ("1, [1..10]", True),
        ("10, [1..10)", False),
        ("1, (1..10]", False),
        ("[4..6], [1..10]", True),
        ("(1..5], (1..10]", True),
        ("[1..5], (1..10]", False),
        ("(1..10), [1..10]", True),
        ("[1..10], [1..10)", False),
    ],
    [("a date in a year", 'during(date("2024-02-29"), [date("2024-01-01")..date("2025-01-01")))', True)],
)
relation(
    "0462",
    "starts",
    [
        ("1, [1..10]", True),
        ("1, (1..10]", False),
        ("2, [1..10]", False),
        ("[1..5], [1..10]", True),
        ("(1..5], (1..10]", True),
        ("(1..5], [1..10]", False),
        ("[1..5], (1..10]", False),
        ("[1..10], [1..10]", True),
        ("[1..10), [1..10]", True),
        ("[1..10], [1..10)", False),
    ],
)
relation(
    "0463",
    "started by",
    [
        ("[1..10], 1", True),
        ("(1..10], 1", False),
        ("[1..10], 2", False),
        ("[1..10], [1..5]", True),
        ("(1..10], (1..5]", True),
        ("[1..10], (1..5]", False),
        ("(1..10], [1..5]", False),
        ("[1..10], [1..10)", True),
        ("[1..10), [1..10]", False),
    ],
)
relation(
    "0464",
    "coincides",
    [
        ("5, 5", True),
        ("3, 4", False),
        ("[1..5], [1..5]", True),
        ("(1..5), [1..5]", False),
        ("[1..5], [2..6]", False),
        ("5, 5.0", True),
    ],
    [("texts", 'coincides("a", "a")', True)],
)

m = Model(
    "0465-range-values",
    "10.3.2.7 (Table 42) and 10.3.2.15 (Table 67)",
    "a range is a value: its properties, equality and membership",
    labels=["Range"],
)
m.fact("of an interval", None, "{ r: (1..10], l: [r.start, r.end, r.start included, r.end included] }.l", [1, 10, False, True])
m.fact("of at most", None, "{ r: (<= 10), l: [r.start, r.end, r.start included, r.end included] }.l", [None, 10, False, True])
m.fact("of above", None, "{ r: (> 1), l: [r.start, r.end, r.start included, r.end included] }.l", [1, None, False, False])
m.facts(
    "boolean",
    [
        ("equal ranges", "[1..10] = [1.0..10.00]", True),
        ("a named range", "{ r: [1..10), b: includes(r, 10) }.b", False),
        ("a range of numbers", "[1..10] instance of range<number>", True),
        ("a range of strings", '["a".."z"] instance of range<number>', False),
    ],
)

m = Model(
    "0466-context-functions",
    "10.3.4.10 (Table 81)",
    "get value, get entries, context, context put, context merge",
    labels=["Context functions"],
)
m.facts(
    None,
    [
        ("value of a key", 'get value({ key1: "value1" }, "key1")', "value1"),
        ("value of no key", 'get value({ key1: "value1" }, "nothing")', None),
        ("value of a key with spaces", 'get value({ "a b": 3 }, "a b")', 3),
        ("entry by filter", 'get entries({ key1: "value1", key2: 2 })[key = "key1"].value', ["value1"]),
        ("number of entries", "count(get entries({ a: 1, b: null, c: [] }))", 3),
        ("context of entries", 'context([{ key: "a", value: 1 }, { key: "b", value: 2 }])', {"a": 1, "b": 2}),
        ("entries with something else", 'context([{ key: "a", value: 1, something: "else" }])', {"a": 1}),
        ("entry without a value", 'context([{ key: "a", value: 1 }, { key: "b" }])', None),
        ("there and back again", "context(get entries({ a: 1, b: [2] }))", {"a": 1, "b": [2]}),
        ("put a new entry", 'context put({ x: 1 }, "y", 2)', {"x": 1, "y": 2}),
        ("put over an entry", 'context put({ x: 1, y: 0 }, "y", 2)', {"x": 1, "y": 2}),
        ("put by one key in a list", 'context put({ x: 1 }, ["y"], 2)', {"x": 1, "y": 2}),
        ("put deeper", 'context put({ x: 1, y: { a: 0 } }, ["y", "a"], 2)', {"x": 1, "y": {"a": 2}}),
        ("put by no key", "context put({ x: 1 }, [], 2)", None),
        ("merged", "context merge([{ x: 1, y: 0 }, { y: 2 }, { z: 3 }])", {"x": 1, "y": 2, "z": 3}),
    ],
)
