"""Single hit policies: clauses 8.2.10, 8.2.11 and 10.3.2.10."""

from kit import N, Out, Table
from model import Model

HIT = "8.2.10 and 10.3.2.10"

m = Model(
    "0101-hit-unique",
    HIT,
    "Unique is the default policy; at most one rule matches, and no match gives null",
    labels=["Hit policy: U"],
)
m.input("Fine", "number")
m.input("Repeated", "boolean")
m.decision(
    "Grade",
    "string",
    Table(
        "",
        [("Fine", "number"), ("Repeated", "boolean")],
        [Out()],
        [
            (["[0..1000)", "false"], ['"minor"']),
            (["[0..1000)", "true"], ['"general"']),
            (["[1000..50000]", "-"], ['"general"']),
            (["> 50000", "-"], ['"serious"']),
        ],
    ),
)
for about, fine, repeated, grade in [
    ("the lower end belongs to a closed start", 0, False, "minor"),
    ("just below an open end", N("999.99"), False, "minor"),
    ("an open end does not contain its endpoint", 1000, False, "general"),
    ("the second column tells two rules apart", 500, True, "general"),
    ("a closed end contains its endpoint", 50000, True, "general"),
    ("above the last interval", N("50000.01"), False, "serious"),
    ("no rule matches: null", -1, False, None),
]:
    m.case(about, {"Fine": fine, "Repeated": repeated}, {"Grade": grade})

m = Model(
    "0102-hit-unique-default",
    "8.2.11 and 10.3.2.10",
    "the default output entry is the result when no rule matches",
    labels=["Hit policy: U", "Default output"],
)
m.input("Months overdue", "number")
m.decision(
    "Reminder",
    "string",
    Table(
        "U",
        [("Months overdue", "number")],
        [Out(values='"none", "letter", "visit"', default='"none"')],
        [
            (["[1..3]"], ['"letter"']),
            (["(3..12]"], ['"visit"']),
        ],
    ),
)
m.decision(
    "Fee",
    "number",
    Table(
        "U",
        [("Months overdue", "number")],
        [Out(default="Months overdue * 10")],
        [
            (["< 0"], ["0"]),
        ],
    ),
)
for about, months, reminder, fee in [
    ("a match: the default is not used", 2, "letter", 20),
    ("a match in one table, none in the other", -1, "none", 0),
    ("beyond every rule", 13, "none", 130),
    ("the default may be any expression in scope", N("0.5"), "none", 5),
]:
    m.case(about, {"Months overdue": months}, {"Reminder": reminder, "Fee": fee})

m = Model("0103-hit-any", HIT, "Any: several rules may match as long as their outputs are equal", labels=["Hit policy: A"])
m.input("Court ruling", "boolean")
m.input("Paid", "boolean")
m.input("Days", "number")
m.decision(
    "Keep on list",
    "boolean",
    Table(
        "A",
        [("Court ruling", "boolean"), ("Paid", "boolean"), ("Days", "number")],
        [Out()],
        [
            (["true", "false", "-"], ["true"]),
            (["-", "false", "> 30"], ["1 + 1 = 2"]),
            (["-", "true", "-"], ["false"]),
            (["false", "-", "<= 30"], ["false"]),
        ],
    ),
)
for about, ruling, paid, days, keep in [
    ("two rules match with equal outputs", True, False, 31, True),
    ("one rule matches", True, False, 30, True),
    ("equal outputs need not be equal texts", True, False, 400, True),
    ("two others match", False, True, 10, False),
    ("only the third", False, True, 31, False),
    ("only the fourth", False, False, 30, False),
]:
    m.case(about, {"Court ruling": ruling, "Paid": paid, "Days": days}, {"Keep on list": keep})

m = Model(
    "0104-hit-priority",
    HIT,
    "Priority: among the matching rules the output that comes first in the output values wins, whatever the order of the rules",
    labels=["Hit policy: P"],
)
m.input("Amount", "number")
m.input("Region", "string")
m.decision(
    "Route",
    "string",
    Table(
        "P",
        [("Amount", "number"), ("Region", "string")],
        [Out(values='"court", "bureau", "window"')],
        [
            (["-", "-"], ['"window"']),
            (["> 1000", "-"], ['"bureau"']),
            (["-", '"north"'], ['"bureau"']),
            (["> 5000", '"north", "east"'], ['"court"']),
        ],
    ),
)
for about, amount, region, route in [
    ("one rule matches", 10, "south", "window"),
    ("a later rule has the higher priority", 1001, "south", "bureau"),
    ("two rules of equal output", 2000, "north", "bureau"),
    ("all four match", 6000, "north", "court"),
    ("the highest of three", 6000, "east", "court"),
    ("the exact bound is not above itself", 5000, "east", "bureau"),
]:
    m.case(about, {"Amount": amount, "Region": region}, {"Route": route})

m = Model(
    "0105-hit-priority-compound",
    "8.2.10",
    "Priority with a compound output: columns further to the left decide first, columns without output values do not count",
    labels=["Hit policy: P", "Multiple outputs"],
)
m.struct("tAction", [("Level", "string"), ("Office", "string"), ("Note", "string")])
m.input("Score", "number")
m.input("Urgent", "boolean")
m.decision(
    "Action",
    "tAction",
    Table(
        "P",
        [("Score", "number"), ("Urgent", "boolean")],
        [Out("Level", "string", '"refuse", "refer", "accept"'), Out("Office", "string", '"city", "county"'), Out("Note", "string")],
        [
            (["-", "-"], ['"accept"', '"county"', '"z"']),
            (["< 60", "-"], ['"refer"', '"county"', '"y"']),
            (["< 60", "true"], ['"refer"', '"city"', '"x"']),
            (["< 20", "-"], ['"refuse"', '"county"', '"a"']),
        ],
        type="tAction",
    ),
)
for about, score, urgent, action in [
    ("only the general rule", 60, True, ("accept", "county", "z")),
    ("the first column decides", 59, False, ("refer", "county", "y")),
    ("equal in the first column: the second decides", 59, True, ("refer", "city", "x")),
    ("the first column outweighs the second", 19, True, ("refuse", "county", "a")),
]:
    m.case(about, {"Score": score, "Urgent": urgent}, {"Action": dict(zip(("Level", "Office", "Note"), action))})

m = Model(
    "0106-hit-first", HIT, "First: the first matching rule in rule order, even if later ones match too", labels=["Hit policy: F"]
)
m.input("Kind", "string")
m.input("Value", "number")
m.decision(
    "First answer",
    "string",
    Table(
        "F",
        [("Kind", "string"), ("Value", "number")],
        [Out()],
        [
            (['"tax"', "> 100000"], ['"a"']),
            (['"tax"', "> 1000"], ['"b"']),
            (['"tax", "fee"', "-"], ['"c"']),
            (["-", "-"], ['"rest"']),
        ],
    ),
)
m.decision("Length of answer", "number", "string length(First answer)")
for about, kind, value, answer in [
    ("the first of four that match", "tax", 100001, "a"),
    ("the second", "tax", 100000, "b"),
    ("a list of values", "fee", 100001, "c"),
    ("the catch-all comes last", "other", 0, "rest"),
    ("a bound that is not passed", "tax", 1000, "c"),
]:
    m.case(about, {"Kind": kind, "Value": value}, {"First answer": answer, "Length of answer": len(answer)})

m = Model(
    "0107-hit-first-compound-default",
    "8.2.10 and 8.2.11",
    "First with several outputs and a default for each of them",
    labels=["Hit policy: F", "Multiple outputs", "Default output"],
)
m.struct("tTerm", [("months", "number"), ("reason", "string")])
m.input("grade", "string")
m.decision(
    "term",
    "tTerm",
    Table(
        "F",
        [("grade", "string")],
        [Out("months", "number", default="0"), Out("reason", "string", default='"not listed"')],
        [
            (['"serious"'], ["36", '"serious act"']),
            (['"general"'], ["12", '"general act"']),
            (['"serious", "general", "minor"'], ["3", '"minor act"']),
        ],
        type="tTerm",
    ),
)
m.decision("months of term", "number", "term.months")
for grade, months, reason in [
    ("serious", 36, "serious act"),
    ("general", 12, "general act"),
    ("minor", 3, "minor act"),
    ("unknown", 0, "not listed"),
]:
    m.case(f"{grade}", {"grade": grade}, {"term": {"months": months, "reason": reason}, "months of term": months})
