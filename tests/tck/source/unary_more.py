"""Unary tests, lists, not, ?, null and names: grammar rules 7 to 16 (10.3.1.2), 7.3.2 and Table 55 (10.3.2.15)."""

from kit import Out, Table
from model import Model
from unary_kit import RULES, collects

m = Model("0205-unary-lists", RULES, "several tests separated by commas: one of them must hold", labels=["Unary tests"])
m.input("v", "number")
m.input("word", "string")
collects(
    m,
    "hits",
    "v",
    "number",
    [
        ("values", "1, 3, 5"),
        ("mixed", "1, [4..6], > 100"),
        ("outside", "< 0, > 10"),
        ("spread", "-1,\n        2 , 3"),
        ("list", "[1, 2, 8]"),
    ],
)
collects(
    m,
    "words",
    "word",
    "string",
    [
        ("plain", '"red", "blue"'),
        ("comma inside", '"red, blue"'),
        ("quote inside", r'"say \"no\"", "x"'),
        ("operator inside", '"< 5", "-"'),
        ("not inside", '"not(1)"'),
    ],
)
for about, v, hits in [
    ("one", 1, ["values", "mixed", "list"]),
    ("two", 2, ["spread", "list"]),
    ("three", 3, ["values", "spread"]),
    ("five", 5, ["values", "mixed"]),
    ("one hundred and one", 101, ["mixed", "outside"]),
    ("minus one", -1, ["outside", "spread"]),
]:
    m.case(about, {"v": v}, {"hits": hits})
for word, words in (
    ("red", ["plain"]),
    ("red, blue", ["comma inside"]),
    ('say "no"', ["quote inside"]),
    ("< 5", ["operator inside"]),
    ("-", ["operator inside"]),
    ("not(1)", ["not inside"]),
):
    m.case(f"the string {word}", {"word": word}, {"words": words})

m = Model("0206-unary-not", RULES + ", rule 15.b", "not(...) around one or several tests", labels=["Unary tests", "Negation"])
m.input("v", "number")
m.input("word", "string")
m.input("flag", "boolean")
collects(
    m,
    "hits",
    "v",
    "number",
    [
        ("value", "not(1)"),
        ("values", "not(1, 2, 3)"),
        ("interval", "not([2..4])"),
        ("comparison", "not(< 2)"),
        ("mixed", "not(1, [3..5], > 8)"),
        ("open", "not((2..4))"),
    ],
)
collects(m, "words", "word", "string", [("one", 'not("a")'), ("two", 'not("a", "b")'), ("spaces", 'not ( "c" )')])
collects(
    m, "flags", "flag", "boolean", [("not true", "not(true)"), ("not false", "not(false)"), ("true", "true"), ("false", "false")]
)
for about, v, hits in [
    ("one", 1, ["interval", "open"]),
    ("two", 2, ["value", "comparison", "mixed", "open"]),
    ("four", 4, ["value", "values", "comparison", "open"]),
    ("seven", 7, ["value", "values", "interval", "comparison", "mixed", "open"]),
]:
    m.case(about, {"v": v}, {"hits": hits})
for word, words in (("a", ["spaces"]), ("b", ["one", "spaces"]), ("c", ["one", "two"]), ("d", ["one", "two", "spaces"])):
    m.case(f"the string {word}", {"word": word}, {"words": words})
m.case("true", {"flag": True}, {"flags": ["not false", "true"]})
m.case("false", {"flag": False}, {"flags": ["not true", "false"]})

m = Model(
    "0207-unary-question-mark",
    RULES + ", 7.3.2 d",
    "a boolean expression over '?', the value of the input expression",
    labels=["Unary tests", "?"],
)
m.input("v", "number")
m.input("word", "string")
collects(
    m,
    "hits",
    "v",
    "number",
    [
        ("range", "? > 3 and ? < 9"),
        ("either", "? < 0 or ? > 100"),
        ("modulo", "modulo(?, 2) = 0"),
        ("square", "? * ? = 25"),
        ("not", "not(? > 3)"),
        ("beside", "7, ? = 5"),
    ],
)
collects(
    m,
    "words",
    "word",
    "string",
    [
        ("contains", 'contains(?, "x")'),
        ("length", "string length(?) > 3"),
        ("starts", 'starts with(?, "a") and ends with(?, "z")'),
        ("in", '? in ("abc", "xyz")'),
    ],
)
for about, v, hits in [
    ("five", 5, ["range", "square", "beside"]),
    ("minus five", -5, ["either", "square", "not"]),
    ("eight", 8, ["range", "modulo"]),
    ("seven", 7, ["range", "beside"]),
    ("three", 3, ["not"]),
    ("a hundred and two", 102, ["either", "modulo"]),
]:
    m.case(about, {"v": v}, {"hits": hits})
for word, words in (("axz", ["contains", "starts"]), ("abcz", ["length", "starts"]), ("xyz", ["contains", "in"]), ("abc", ["in"])):
    m.case(f"the string {word}", {"word": word}, {"words": words})

m = Model(
    "0208-unary-null",
    RULES + ", Table 50",
    "null as input and as test; a comparison with null is neither true nor false",
    labels=["Unary tests", "null"],
)
m.input("v", "number")
m.input("word", "string")
m.decision(
    "kind",
    "string",
    Table("F", [("v", "number")], [Out()], [(["null"], ['"absent"']), (["< 0"], ['"negative"']), (["not(null)"], ['"present"'])]),
)
m.decision(
    "small",
    "string",
    Table("F", [("v", "number")], [Out(default='"undecided"')], [(["< 5"], ['"small"']), (["not(< 5)"], ['"not small"'])]),
)
m.decision(
    "word kind",
    "string",
    Table("F", [("word", "string")], [Out()], [(['""'], ['"empty"']), (["null"], ['"absent"']), (["? != null"], ['"text"'])]),
)
m.case("null matches the test null; neither < 5 nor its negation", {"v": None}, {"kind": "absent", "small": "undecided"})
m.case("a negative number", {"v": -1}, {"kind": "negative", "small": "small"})
m.case("zero is not null", {"v": 0}, {"kind": "present", "small": "small"})
m.case("five", {"v": 5}, {"kind": "present", "small": "not small"})
m.case("the empty string is not null", {"word": ""}, {"word kind": "empty"})
m.case("null is not the empty string", {"word": None}, {"word kind": "absent"})
m.case("a text", {"word": "null"}, {"word kind": "text"})

m = Model(
    "0209-unary-endpoints-by-name",
    RULES + ", 10.3.2.7",
    "endpoints and values that are names, paths, or a list of values",
    labels=["Unary tests", "Intervals"],
)
m.struct("tLimits", [("low", "number"), ("high", "number")])
m.item("tNumbers", "number", collection=True)
m.input("v", "number")
m.input("limits", "tLimits")
m.input("black list", "tNumbers")
collects(
    m,
    "hits",
    "v",
    "number",
    [
        ("inside", "[limits.low..limits.high]"),
        ("above", "> limits.high"),
        ("equal", "limits.low"),
        ("listed", "black list"),
        ("not listed", "not(black list)"),
        ("either", "limits.high, black list"),
    ],
)
for about, v, hits in [
    ("the lower limit", 10, ["inside", "equal", "not listed"]),
    ("the upper limit", 20, ["inside", "not listed", "either"]),
    ("on the list", 25, ["above", "listed", "either"]),
    ("on the list and inside", 15, ["inside", "listed", "either"]),
    ("none of it", 5, ["not listed"]),
]:
    m.case(about, {"v": v, "limits": {"low": 10, "high": 20}, "black list": [15, 25]}, {"hits": hits})

m = Model(
    "0210-in-operator", "10.3.1.2 (rule 49) and 10.3.2.15 (Table 55)", "the operator in, and between", labels=["in", "between"]
)
m.input("v", "number")
m.decision("in tests", "boolean", "v in (1, [5..7], > 100)")
m.decision("in interval", "boolean", "v in [5..7)")
m.decision("in comparison", "boolean", "v in <= 5")
m.decision("in list", "boolean", "v in ([1, 5, 101])")
m.decision("between", "boolean", "v between 5 and 7")
m.decision("both", "boolean", "v between 1 and 5 and v in (5, 101)")
for v, values in (
    (1, (True, False, True, True, False, False)),
    (5, (True, True, True, True, True, True)),
    (7, (True, False, False, False, True, False)),
    (101, (True, False, False, True, False, False)),
    (4, (False, False, True, False, False, False)),
):
    m.case(
        f"the value {v}", {"v": v}, dict(zip(("in tests", "in interval", "in comparison", "in list", "between", "both"), values))
    )
m.case("null between two numbers is null", {"v": None}, {"between": None})
