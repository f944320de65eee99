"""Literals, names and white space: clauses 10.3.1 and 10.3.2.3."""

from kit import Ctx, Date, DateTime, Dur, N, Time
from model import Model

m = Model("0301-number-literals", "10.3.1.2 (rules 35 to 37) and 10.3.2.3.1", "literal numbers", labels=["Number"])
m.facts(
    "number",
    [
        ("leading point", ".25", N("0.25")),
        ("leading zeros", "007", 7),
        ("negative fraction", "-.5", N("-0.5")),
        ("twenty digits", "12345678901234567890", N("12345678901234567890")),
    ],
)
m.facts(
    "boolean",
    [
        ("small", "0.000000000000000001 * 10 ** 18 = 1", True),
        ("minus zero", "-0 = 0", True, "there is no distinction between -0 and 0"),
        ("precision is not considered", "1.50 = 1.5", True),
        ("thirty-four digits differ in the last", "1234567890123456789012345678901234 = 1234567890123456789012345678901235", False),
        ("a double would not tell these apart", "9007199254740993 = 9007199254740992", False),
    ],
)

m = Model(
    "0302-string-literals",
    "10.3.1.2 (rules 33 and 64) and 10.3.2.3.2",
    "escapes and code points, also beyond the basic plane",
    labels=["String"],
)
m.facts(
    "string",
    [
        ("escaped quote", r'"a\"b"', 'a"b'),
        ("escaped apostrophe", r'"it' + "\\'" + 's"', "it's"),
        ("escaped backslash", r'"a\\b"', "a\\b"),
        ("newline and tab", r'"a\n\tb"', "a\n\tb"),
        ("four digits", r'"\u4FE1\u7528"', "信用"),
        ("six digits", r'"\U01F40E"', "\U0001f40e"),
        ("as it stands", '"诚信 \U0001f40e"', "诚信 \U0001f40e"),
        ("empty", '""', ""),
        ("comment signs inside a string", '"/* no */ // comment"', "/* no */ // comment"),
        ("keywords inside a string", '"if x then null"', "if x then null"),
    ],
)
m.facts(
    "boolean",
    [
        ("an escape equals the character", r'"\u0041" = "A"', True),
        (
            "a composed letter is not a letter with a mark",
            r'"\u00E9" = "e\u0301"',
            False,
            "equal means the same sequence of characters (Table 53)",
        ),
    ],
)

m = Model(
    "0303-temporal-literals",
    "10.3.1.2 (rules 60 and 65) and 10.3.2.3.4 to 10.3.2.3.8",
    "at-literals and their functions",
    labels=["Date and time"],
)
m.fact("a date", "date", '@"2024-02-29"', Date("2024-02-29"))
m.fact("a time", "time", '@"23:59:58"', Time("23:59:58"))
m.fact("a time with an offset", "time", '@"08:30:00+08:00"', Time("08:30:00+08:00"))
m.fact("a date and time", "date and time", '@"2024-02-29T12:00:00Z"', DateTime("2024-02-29T12:00:00Z"))
m.fact("a days and time duration", "days and time duration", '@"P1DT2H3M4S"', Dur("P1DT2H3M4S"))
m.fact("a years and months duration", "years and months duration", '@"P1Y6M"', Dur("P1Y6M"))
m.fact("a negative duration", "days and time duration", '@"-PT30M"', Dur("-PT30M"))
m.facts(
    "boolean",
    [
        ("literal and function agree", '@"2024-02-29" = date("2024-02-29")', True),
        ("hours are normalised", '@"P0DT25H" = @"P1DT1H"', True),
        ("months are normalised", '@"P0Y13M" = @"P1Y1M"', True),
        ("an offset of zero is UTC", '@"10:00:00+00:00" = @"10:00:00Z"', True),
        ("fractions of a second", '@"2024-01-01T00:00:00.123" < @"2024-01-01T00:00:00.124"', True),
    ],
)

m = Model(
    "0304-names",
    "10.3.1.4 and 10.3.1.6",
    "names are token sequences: spaces, operators and keywords inside; the longest match wins",
    labels=["Names"],
)
m.input("Monthly Income", "number")
m.input("Monthly", "number")
m.input("a", "number")
m.input("b", "number")
m.input("a-b", "number")
m.input("Profit and loss", "number")
m.input("what if?", "boolean")
m.input("税率", "number")
m.decision("plain", "number", "Monthly Income * 2")
m.decision("more spaces", "number", "Monthly    Income * 2", needs=["Monthly Income", "Monthly"])
m.decision("shorter name", "number", "Monthly * 2")
m.decision("name with minus", "number", "a-b")
m.decision("name with spaces around minus", "number", "a - b", needs=["a", "b", "a-b"])
m.decision("apart by parentheses", "number", "(a)-(b)")
m.decision("name with and", "number", "Profit and loss + 1")
m.decision("name with question mark", "string", 'if what if? then "yes" else "no"')
m.decision("name in Chinese", "number", "税率 * Monthly Income")
NAMED = {
    "Monthly Income": 100,
    "Monthly": 7,
    "a": 10,
    "b": 3,
    "a-b": 99,
    "Profit and loss": 41,
    "what if?": True,
    "税率": N("0.13"),
}
for name, value in (
    ("plain", 200),
    ("more spaces", 200),
    ("shorter name", 14),
    ("name with minus", 99),
    ("name with spaces around minus", 99),
    ("apart by parentheses", 7),
    ("name with and", 42),
    ("name with question mark", "yes"),
    ("name in Chinese", 13),
):
    m.case(name, NAMED, {name: value})

m = Model(
    "0305-white-space-and-comments",
    "10.3.1.2 (rules 61 and 62) and 10.3.1.4",
    "white space separates tokens, comments are ignored",
    labels=["Syntax"],
)
m.facts(
    "number",
    [
        ("line comment", "1 + // one\n 2", 3),
        ("block comment", "1 /* + 10 */ + 2", 3),
        ("block over lines", "/* first\n   second */ 7", 7),
        ("no spaces", "1+2*3", 7),
        ("many spaces", "  1   +\t2\n *  3  ", 7),
        ("no-break and ideographic space", "1\u00a0+\u30002", 3),
    ],
)

m = Model(
    "0306-contexts", "10.3.1.2 (rules 57 to 59), 10.3.1.5 and 10.3.2.6", "context literals, paths and nesting", labels=["Context"]
)
m.fact("entries", None, "{ a: 1, b: a + 1 }", {"a": 1, "b": 2}, "an entry may use an earlier one")
m.fact("string keys", None, '{ "a key": 1, b: 2 }', {"a key": 1, "b": 2})
m.facts(
    "number",
    [
        ("path", "{ a: { b: { c: 5 } } }.a.b.c", 5),
        ("key with a space", "{ first part: 2, second part: first part * 3 }.second part", 6),
        ("inner name hides outer", "{ a: 1, r: { a: 2, s: a }.s }.r", 2),
        ("missing entry", "{ a: 1 }.b", None),
    ],
)
m.fact("empty context", None, "count(get entries({})) = 0", True)
m.fact(
    "path into a list of contexts",
    None,
    "[{ x: 1 }, { x: 2 }].x",
    [1, 2],
    "10.3.2.5: a selection from a list is a list of selections",
)
m.decision("boxed", None, Ctx([("rate", "number", "0.05"), ("base", "number", "200"), ("tax", "number", "rate * base")]))
m.case("a boxed context without a result", {}, {"boxed": {"rate": N("0.05"), "base": 200, "tax": 10}})

m = Model("0307-lists", "10.3.1.5, 10.3.2.5 and 10.3.2.15 (Table 68)", "list literals, positions and filters", labels=["List"])
m.input("l", None)
m.decision("second", None, "l[2]")
m.decision("last", None, "l[-1]")
m.decision("tenth", None, "l[10]")
m.decision("large ones", None, "l[item > 10]")
for about, l, second, last, large in [
    ("four numbers", [5, 20, 10, 30], 20, 30, [20, 30]),
    ("one number", [7], None, 7, []),
    ("two equal numbers", [11, 11], 11, 11, [11, 11]),
]:
    m.case(about, {"l": l}, {"second": second, "last": last, "tenth": None, "large ones": large})
m.fact("nested", None, "[[1, 2], [3]]", [[1, 2], [3]], "nested lists are kept")
m.fact("empty list", None, "[]", [])
m.fact(
    "filter contexts",
    None,
    "[{ x: 1, y: 2 }, { x: 2, y: 3 }][x = 1]",
    [{"x": 1, "y": 2}],
    "entries of an item are in scope of the filter",
)
m.fact(
    "filter with null",
    None,
    "[{ x: 1, y: 2 }, { x: null, y: 3 }][x < 2]",
    [{"x": 1, "y": 2}],
    "only items for which the filter is true",
)
m.fact("filter a scalar", None, "3[item > 2]", [3], "10.3.2.9.4: to singleton list in a filter")
m.fact("filter a scalar away", None, "1[item > 2]", [])
m.fact("first of a scalar", "number", "9[1]", 9)
m.fact("negative position", "string", '["a", "b", "c"][-2]', "b")
m.fact("filter of a filter", "number", "[1, 2, 3, 4][item > 1][2]", 3)
m.fact("position that is computed", "string", '["a", "b", "c"][count([1, 2])]', "b")
m.fact(
    "item as an entry of the items",
    None,
    '[{ item: 1, k: "a" }, { item: 5, k: "b" }][item > 3].k',
    ["b"],
    "an entry called item hides the item",
)
m.fact("a name outside of the filter", None, "{ limit: 2, l: [{ n: 1 }, { n: 3 }], r: l[n > limit].n }.r", [3])
m.fact("position zero", "number", "[1, 2][0]", None)
m.fact("path into null", "number", "{ a: null }.a.b", None)
