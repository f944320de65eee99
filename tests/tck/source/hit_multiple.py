"""Multiple hit policies and their aggregations: clauses 8.2.10 and 10.3.2.10."""

from kit import Date, N, Out, Table
from model import Model

HIT = "8.2.10 and 10.3.2.10"

m = Model(
    "0111-hit-rule-order", HIT, "Rule order: the outputs of all matching rules, in the order of the rules", labels=["Hit policy: R"]
)
m.item("tMeasures", "string", collection=True)
m.input("Listed", "boolean")
m.input("Role", "string")
m.decision(
    "Measures",
    "tMeasures",
    Table(
        "R",
        [("Listed", "boolean"), ("Role", "string")],
        [Out()],
        [
            (["true", "-"], ['"no new licence"']),
            (["true", '"owner", "manager"'], ['"no tender"']),
            (["-", '"owner"'], ['"check"']),
            (["true", '"owner"'], ['"a measure that sorts first"']),
        ],
    ),
)
m.decision("How many", "number", "count(Measures)")
for about, listed, role, result in [
    ("all four", True, "owner", ["no new licence", "no tender", "check", "a measure that sorts first"]),
    ("the first two", True, "manager", ["no new licence", "no tender"]),
    ("a single hit is still a list", False, "owner", ["check"]),
    ("one hit of one rule", True, "clerk", ["no new licence"]),
]:
    m.case(about, {"Listed": listed, "Role": role}, {"Measures": result, "How many": len(result)})

m = Model(
    "0112-hit-rule-order-compound",
    HIT,
    "Rule order with two outputs: a list of contexts; no match gives null",
    labels=["Hit policy: R", "Multiple outputs"],
)
m.struct("tRow", [("code", "string"), ("days", "number")])
m.item("tRows", "tRow", collection=True)
m.input("n", "number")
m.decision(
    "rows",
    "tRows",
    Table(
        "R",
        [("n", "number")],
        [Out("code", "string"), Out("days", "number")],
        [
            (["> 10"], ['"C"', "30"]),
            (["> 5"], ['"A"', "n * 2"]),
            (["> 0"], ['"B"', "1"]),
        ],
        type="tRow",
    ),
)
for about, n, result in [
    ("three rows", 11, [("C", 30), ("A", 22), ("B", 1)]),
    ("two rows, an output that is computed", N("7.5"), [("A", 15), ("B", 1)]),
    ("one row", 1, [("B", 1)]),
]:
    m.case(about, {"n": n}, {"rows": [{"code": c, "days": d} for c, d in result]})
m.case("no rule matches: null, not an empty list", {"n": 0}, {"rows": None})

m = Model(
    "0113-hit-output-order",
    HIT,
    "Output order: all hits in the order of the output values, whatever the order of the rules",
    labels=["Hit policy: O"],
)
m.item("tOffices", "string", collection=True)
m.input("Sum", "number")
m.decision(
    "Offices",
    "tOffices",
    Table(
        "O",
        [("Sum", "number")],
        [Out(values='"province", "city", "county", "village"')],
        [
            (["-"], ['"village"']),
            ([">= 100"], ['"city"']),
            ([">= 10"], ['"county"']),
            ([">= 1000"], ['"province"']),
        ],
    ),
)
for about, number, result in [
    ("all, highest first", 1000, ["province", "city", "county", "village"]),
    ("three of them", 999, ["city", "county", "village"]),
    ("two of them", 10, ["county", "village"]),
    ("one of them", 9, ["village"]),
]:
    m.case(about, {"Sum": number}, {"Offices": result})

m = Model(
    "0114-hit-output-order-compound",
    "8.2.10",
    "Output order with a compound output is ordered by the columns from left to right",
    labels=["Hit policy: O", "Multiple outputs"],
)
m.struct("tStep", [("what", "string"), ("who", "string")])
m.item("tSteps", "tStep", collection=True)
m.input("age", "number")
m.decision(
    "steps",
    "tSteps",
    Table(
        "O",
        [("age", "number")],
        [Out("what", "string", '"stop", "warn", "tell"'), Out("who", "string", '"court", "office"')],
        [
            (["-"], ['"tell"', '"office"']),
            (["> 18"], ['"warn"', '"office"']),
            (["> 40"], ['"warn"', '"court"']),
            (["> 60"], ['"stop"', '"office"']),
        ],
        type="tStep",
    ),
)
EVERY = [("stop", "office"), ("warn", "court"), ("warn", "office"), ("tell", "office")]
for age, first in ((61, 0), (41, 1), (19, 2), (18, 3)):
    m.case(f"{4 - first} of the rules", {"age": age}, {"steps": [{"what": a, "who": b} for a, b in EVERY[first:]]})

m = Model(
    "0115-hit-collect",
    HIT,
    "Collect: all outputs in any order, so that only size and members are asked for",
    labels=["Hit policy: C"],
)
m.input("x", "number")
m.decision(
    "found",
    None,
    Table(
        "C",
        [("x", "number")],
        [Out()],
        [
            (["[1..5]"], ["10"]),
            (["[3..8]"], ["20"]),
            (["5, 7, 9"], ["40"]),
            (["[3..4]"], ["20"]),
        ],
    ),
)
m.decision("size", "number", "count(found)")
m.decision("total", "number", "sum(found)")
m.decision("has forty", "boolean", "list contains(found, 40)")
for about, x, size, total, forty in [
    ("equal outputs are not merged", 3, 3, 50, False),
    ("three different ones", 5, 3, 70, True),
    ("two", 7, 2, 60, True),
    ("one hit gives a list of one", 9, 1, 40, True),
]:
    m.case(about, {"x": x}, {"size": size, "total": total, "has forty": forty})
m.case("no hit: null", {"x": 100}, {"found": None})

m = Model("0116-hit-collect-sum", HIT, "C+: the sum of the outputs, exact in decimal", labels=["Hit policy: C+"])
m.input("owner", "boolean")
m.input("score", "number")
m.decision(
    "points",
    "number",
    Table(
        "C+",
        [("owner", "boolean"), ("score", "number")],
        [Out()],
        [
            (["true", "-"], ["0.1"]),
            (["-", ">= 50"], ["0.2"]),
            (["-", ">= 80"], ["score / 100"]),
            (["-", "< 10"], ["-7"]),
        ],
    ),
)
for about, owner, score, points in [
    ("0.1 and 0.2 are 0.3", True, 50, N("0.3")),
    ("an output that is computed", True, 85, N("1.15")),
    ("one hit", False, 60, N("0.2")),
    ("a negative output", True, 9, N("-6.9")),
    ("no hit: null, not zero", False, 20, None),
]:
    m.case(about, {"owner": owner, "score": score}, {"points": points})

m = Model("0117-hit-collect-min", HIT, "C<: the smallest of the outputs", labels=["Hit policy: C<"])
m.input("acts", "number")
m.input("serious", "boolean")
m.decision(
    "months",
    "number",
    Table(
        "C<",
        [("acts", "number"), ("serious", "boolean")],
        [Out()],
        [
            ([">= 1", "-"], ["12"]),
            ([">= 1", "false"], ["3"]),
            ([">= 3", "-"], ["6.5"]),
            ([">= 100", "-"], ["-1"]),
        ],
    ),
)
for about, acts, serious, months in [
    ("two hits", 1, False, 3),
    ("one hit", 2, True, 12),
    ("a fraction", 3, True, N("6.5")),
    ("a negative one is smaller", 100, False, -1),
]:
    m.case(about, {"acts": acts, "serious": serious}, {"months": months})
m.case("no hit: null", {"acts": 0, "serious": True}, {"months": None})

m = Model("0118-hit-collect-max", HIT, "C>: the largest of the outputs; dates are comparable too", labels=["Hit policy: C>"])
m.input("cause", "string")
m.decision(
    "longest",
    "number",
    Table(
        "C>",
        [("cause", "string")],
        [Out()],
        [
            (['"tax", "wage"'], ["24"]),
            (['not("food")'], ["12"]),
            (['"wage", "food"'], ["36"]),
        ],
    ),
)
m.decision(
    "latest",
    "date",
    Table(
        "C>",
        [("cause", "string")],
        [Out()],
        [
            (['"tax"'], ['date("2024-03-01")']),
            (["-"], ['date("2023-12-31")']),
        ],
    ),
)
for cause, longest, latest in (
    ("tax", 24, "2024-03-01"),
    ("wage", 36, "2023-12-31"),
    ("food", 36, "2023-12-31"),
    ("other", 12, "2023-12-31"),
):
    m.case(cause, {"cause": cause}, {"longest": longest, "latest": Date(latest)})

m = Model("0119-hit-collect-count", HIT, "C#: the number of outputs, equal ones counted each", labels=["Hit policy: C#"])
m.input("a", "number")
m.decision(
    "hits",
    "number",
    Table(
        "C#",
        [("a", "number")],
        [Out()],
        [
            (["> 0"], ['"x"']),
            (["> 1"], ['"x"']),
            (["> 2"], ['"y"']),
        ],
    ),
)
m.decision(
    "hits or none",
    "number",
    Table(
        "C#",
        [("a", "number")],
        [Out(default="0")],
        [
            (["> 0"], ['"x"']),
            (["> 2"], ['"y"']),
        ],
    ),
)
for a, hits, other in ((1, 1, 1), (2, 2, 1), (3, 3, 2), (N("0.5"), 1, 1)):
    m.case(f"{hits} of three", {"a": a}, {"hits": hits, "hits or none": other})
m.case("no rule matches: null without a default, else the default", {"a": 0}, {"hits": None, "hits or none": 0})
