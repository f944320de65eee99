"""Item definitions, types and the versions of DMN."""

from kit import Date, N, Out, Table
from model import Model

m = Model(
    "0521-item-definitions",
    "7.3.3 and 10.3.2.9.4",
    "structures, collections, nesting; a value that does not conform becomes null",
    labels=["Item definition"],
)
m.struct("tAddress", [("city", "string"), ("code", "number")])
m.struct("tFirm", [("name", "string"), ("seat", "tAddress"), ("founded", "date"), ("partners", "*string")])
m.input("firm", "tFirm")
m.decision("seat", "string", 'firm.name + " in " + firm.seat.city')
m.decision("partner count", "number", "count(firm.partners)")
m.decision("founded in", "number", "firm.founded.year")
m.decision("as it is", "tFirm", "firm")
FIRM = {"name": "A", "seat": {"city": "石家庄", "code": 130100}, "founded": Date("1999-05-01"), "partners": ["x", "y"]}
m.case("all components", {"firm": FIRM}, {"seat": "A in 石家庄", "partner count": 2, "founded in": 1999, "as it is": FIRM})
LONE = {"name": "B", "seat": {"city": "深圳", "code": 440300}, "founded": Date("2024-02-29"), "partners": []}
m.case("an empty collection", {"firm": LONE}, {"seat": "B in 深圳", "partner count": 0, "founded in": 2024, "as it is": LONE})
m.facts(
    "number",
    [
        ("a string is no number", '"123"', None, "the conversion to the variable's type fails: null"),
        ("null conforms to any type", "null", None),
        ("a number is a number", "123", 123),
    ],
)
m.fact("a date is no string", "string", 'date("2024-01-01")', None)
m.fact("a component of another type", "tAddress", '{ city: "x", code: "y" }', None)
m.fact("a context of more entries conforms", "number", '{ c: { city: "x", code: 5, extra: 1 }, r: c.code }.r', 5)

m = Model(
    "0522-allowed-values",
    "7.3.3",
    "allowed values of a type, of its components and of the members of a collection",
    labels=["Item definition", "Allowed values"],
)
m.item("tGrade", "string", allowed='"minor", "general", "serious"')
m.item("tPercent", "number", allowed="[0..100]")
m.item("tGrades", "tGrade", collection=True)
m.input("text", "string")
m.input("share", "number")
m.decision("grade", "tGrade", "text")
m.decision("percent", "tPercent", "share")
m.decision("grades", "tGrades", '["minor", text]')
for about, text, grade in (("allowed", "general", "general"), ("not allowed", "grave", None), ("case matters", "Minor", None)):
    m.case(
        f"a grade that is {about}" if about != "case matters" else about,
        {"text": text},
        {"grade": grade, "grades": ["minor", grade] if grade else None},
    )
for share, percent in ((0, 0), (100, 100), (N("100.1"), None), (-1, None)):
    m.case(f"a share of {getattr(share, 'text', share)}", {"share": share}, {"percent": percent})

m = Model("0523-instance-of", "10.3.2.15 (Table 61) and 10.3.2.9", "instance of the types of FEEL", labels=["Types"])
m.facts(
    "boolean",
    [
        ("number", "123 instance of number", True),
        ("no string", "123 instance of string", False),
        ("string", '"abc" instance of string', True),
        ("boolean", "(1 = 1) instance of boolean", True),
        ("date", '@"2024-01-01" instance of date', True),
        ("date is no date and time", '@"2024-01-01" instance of date and time', False),
        ("time", '@"10:00:00" instance of time', True),
        ("date and time", '@"2024-01-01T10:00:00" instance of date and time', True),
        ("days and time duration", '@"P1D" instance of days and time duration', True),
        ("no years and months duration", '@"P1D" instance of years and months duration', False),
        ("anything", "123 instance of Any", True),
        ("null is nothing", "null instance of number", False),
        ("null is not even anything", "null instance of Any", False),
        ("list of numbers", "[123] instance of list<number>", True),
        ("list of strings", "[123] instance of list<string>", False),
        ("context", '{ a: 1, b: "x" } instance of context<a: number>', True),
        ("context of another type", '{ a: "1" } instance of context<a: number>', False),
    ],
)

for number, version in (("0531", "1.3"), ("0532", "1.4"), ("0533", "1.5")):
    m = Model(
        f"{number}-version-{version.replace('.', '-')}",
        "12.3.1",
        f"the namespace of DMN {version}",
        version=version,
        labels=["Versions"],
    )
    m.struct("tCase", [("amount", "number"), ("kind", "string", '"tax", "fee"')])
    m.input("Case", "tCase")
    m.bkm("doubled", [("n", "number")], "n * 2", "number")
    m.decision(
        "Level",
        "string",
        Table(
            "F",
            [("Case.amount", "number"), ("Case.kind", "string")],
            [Out(default='"none"')],
            [(["> 100", '"tax"'], ['"high"']), (["> 100", "-"], ['"middle"']), (["> 0", "-"], ['"low"'])],
        ),
    )
    m.decision("Twice", "number", "doubled(Case.amount)")
    for amount, kind, level in ((101, "tax", "high"), (101, "fee", "middle"), (1, "tax", "low"), (0, "fee", "none")):
        m.case(f"{kind} of {amount}", {"Case": {"amount": amount, "kind": kind}}, {"Level": level, "Twice": 2 * amount})

m = Model(
    "0534-type-constraint",
    "7.3.3",
    "a type constraint of DMN 1.5 constrains a collection as a whole",
    labels=["Item definition", "Allowed values"],
)
m.item("tFew", "number", collection=True, constraint="count(?) <= 3")
m.input("top", "number")
m.decision("few", "tFew", "for i in 1..top return i * 10")
m.item("tEven", "number", allowed="[0..100]", constraint="modulo(?, 2) = 0")
m.decision("even", "tEven", "top")
m.case("three are few", {"top": 3}, {"few": [10, 20, 30]})
m.case("four are not", {"top": 4}, {"few": None})

m.case("a single value passes both", {"top": 2}, {"few": [10, 20], "even": 2})
m.case("it must pass the constraint", {"top": 3}, {"even": None})
m.case("it must be among the allowed values", {"top": 102}, {"even": None})

m = Model(
    "0535-prefix-and-extensions",
    "6.3.16 and 12.3.1",
    "elements under a prefix; extensions of a vendor are ignored",
    labels=["Versions"],
    prefix="dmn",
)
m.extension = [
    "  <extensionElements>",
    '    <v:decision xmlns:v="urn:some-vendor" name="Answer"><v:decisionTable hitPolicy="NONE"/></v:decision>',
    "  </extensionElements>",
]
m.input("question", "string")
m.decision(
    "Answer",
    "number",
    Table(
        "P", [("question", "string")], [Out(values="42, 1, 0")], [(["-"], ["0"]), (['"all", "some"'], ["1"]), (['"all"'], ["42"])]
    ),
)
m.decision("Next", "number", "Answer + 1")
for question, answer in (("all", 42), ("some", 1), ("none", 0)):
    m.case(question, {"question": question}, {"Answer": answer, "Next": answer + 1})
