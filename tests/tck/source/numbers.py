"""Numbers, comparison and logic: clauses 10.3.2.3.1, 10.3.2.4 and 10.3.2.15."""

from kit import N
from model import Model

m = Model(
    "0311-arithmetic", "10.3.1.2 and 10.3.2.15 (Tables 56 to 62)", "operators, precedence and associativity", labels=["Arithmetic"]
)
m.input("x", "number")
m.input("y", "number")
NAMES = ("sum", "difference", "product", "quotient", "power")
for name, operator in zip(NAMES, ("+", "-", "*", "/", "**")):
    m.decision(name, "number", f"x {operator} y")
for about, x, y, values in [
    ("whole numbers", 7, 2, (9, 5, 14, N("3.5"), 49)),
    ("a negative one", -8, 2, (-6, -10, -16, -4, 64)),
    ("fractions", N("0.5"), 2, (N("2.5"), N("-1.5"), 1, N("0.25"), N("0.25"))),
    ("a negative power", 4, -1, (3, 5, -4, -4, N("0.25"))),
    ("tenths are exact", N("0.1"), N("0.2"), (N("0.3"), N("-0.1"), N("0.02"), N("0.5"), None)),
]:
    expected = dict(zip(NAMES, values))
    if about.startswith("tenths"):
        del expected["power"]
    m.case(about, {"x": x, "y": y}, expected)
m.case("null on the left", {"x": None, "y": 2}, dict.fromkeys(NAMES))
m.case("null on the right", {"x": 2, "y": None}, dict.fromkeys(NAMES))
m.facts(
    "number",
    [
        ("from the left", "10 - 4 - 3", 3),
        ("division from the left", "24 / 4 / 2", 3),
        ("powers from the left", "2 ** 3 ** 2", 64, "10.3.1.2: all infix operators associate to the left"),
        ("multiplication first", "1 + 3 / 2 * 2 - 2 ** 3", -4),
        ("parentheses", "(1 + 2) * (3 + 4)", 21),
        ("negation binds strongest", "-2 ** 2", 4, "10.3.1.2: negation is the last alternative of rule 4"),
        ("minus minus", "5 - -3", 8),
        ("negated name", "{ v: 4, r: -v + 1 }.r", -3),
    ],
)

m = Model(
    "0312-decimal128",
    "10.3.2.3.1 and 10.3.2.15 (Tables 57 and 59)",
    "thirty-four digits, ties to the even neighbour, no infinity",
    labels=["Number", "Rounding"],
)
m.facts(
    "boolean",
    [
        ("a third has thirty-four digits", "1 / 3 = 0.3333333333333333333333333333333333", True),
        ("two thirds are rounded up", "2 / 3 = 0.6666666666666666666666666666666667", True),
        ("a third times three", "1 / 3 * 3 = 1", False, "0.333... times three is 0.999..., not 1"),
        ("a tie goes to the even neighbour below", "10 ** 34 + 5 = 10 ** 34", True),
        ("a tie goes to the even neighbour above", "10 ** 34 + 15 = 10 ** 34 + 20", True),
        ("above a tie is rounded up", "10 ** 34 + 6 = 10 ** 34 + 10", True),
        ("below a tie is rounded down", "10 ** 34 + 14 = 10 ** 34 + 10", True),
        ("all digits are used", "9999999999999999999999999999999999 + 1 = 10 ** 34", True),
        ("thirty-four digits times one", "1234567890123456789012345678901234 * 1 = 1234567890123456789012345678901234", True),
        ("square root of two by a power", "decimal(2 ** 0.5, 30) = 1.414213562373095048801688724210", True),
        ("large exponents", "10 ** 6144 / 10 ** 6143 = 10", True),
    ],
)
m.facts(
    "number",
    [
        ("division by zero", "1 / 0", None),
        ("zero by zero", "0 / 0", None),
        ("division by a zero with digits", "5 / 0.000", None),
        ("too large", "10 ** 6144 * 10", None, "a scale outside the range gives null"),
        ("null spreads", "1 / 0 + 1", None),
    ],
)

m = Model("0313-equality", "10.3.2.2 and 10.3.2.15 (Tables 52 and 53)", "equality needs values of one kind", labels=["Comparison"])
m.facts(
    "boolean",
    [
        ("numbers", "1 = 1.0", True),
        ("strings", '"a" = "A"', False),
        ("string and number", '"1" = 1', None, "different kinds: null"),
        ("boolean and string", 'true = "true"', None),
        ("date and string", 'date("2024-01-01") = "2024-01-01"', None),
        ("unequal kinds", '"1" != 1', None, "!= is the negation of =, and the negation of null is null"),
        ("null and null", "null = null", True),
        ("value and null", "0 = null", False),
        ("value is not null", '"" != null', True),
        ("lists", "[1, 2, 3] = [1, 2, 3]", True),
        ("order of a list", "[1, 2] = [2, 1]", False),
        ("length of a list", "[1, 2] = [1, 2, 3]", False),
        ("contexts in any order", "{ a: 1, b: 2 } = { b: 2, a: 1 }", True),
        ("contexts of other keys", "{ a: 1 } = { b: 1 }", False),
        ("ranges", "[1..3] = [1..3]", True),
        ("ranges of other ends", "[1..3] = [1..3)", False),
        ("booleans", "false = false", True),
    ],
)

m = Model(
    "0314-ordering", "10.3.2.15 (Tables 54 and 55)", "order of numbers and strings; other kinds have none", labels=["Comparison"]
)
m.input("p", "string")
m.input("q", "string")
m.decision("less", "boolean", "p < q")
m.decision("at least", "boolean", "p >= q")
for about, p, q, less in [
    ("letter by letter", "abc", "abd", True),
    ("a prefix comes first", "ab", "abc", True),
    ("upper case first", "Z", "a", True),
    ("digits are characters", "10", "9", True),
    ("the empty string comes first", "", "a", True),
    ("equal strings", "a", "a", False),
    ("by code point, not by UTF-16 unit", "\ufffd", "\U0001f40e", True),
    ("beyond the basic plane", "\U0001f40f", "\U0001f40e", False),
    ("Chinese by code point", "信", "诚", True),
]:
    m.case(about, {"p": p, "q": q}, {"less": less, "at least": not less})
m.facts(
    "boolean",
    [
        ("numbers by value", "2 < 10", True),
        ("negative numbers", "-2 < -10", False),
        ("number and string", '1 < "2"', None),
        ("null and number", "null < 1", None),
        ("greater or equal", "5 >= 5.0", True),
        ("less or equal of another kind", '1 <= "1"', None),
    ],
)

TRUTH = ("true", "false", "null")
VALUE = {"true": True, "false": False, "null": None}
m = Model("0315-conjunction", "10.3.2.4 and 10.3.2.15 (Table 50)", "and: false wins over null", labels=["Ternary logic"])
m.input("a", "boolean")
m.input("b", "boolean")
m.decision("a and b", "boolean", "(a) and (b)", needs=["a", "b"])
for x in TRUTH:
    for y in TRUTH:
        expected = False if "false" in (x, y) else None if "null" in (x, y) else True
        m.case(f"{x} and {y}", {"a": VALUE[x], "b": VALUE[y]}, {"a and b": expected})
m.facts(
    "boolean",
    [
        ("otherwise and true", "1 and true", None, "whatever is neither true nor false counts as null"),
        ("otherwise and false", '"x" and false', False),
        ("three of them", "true and null and false", False),
    ],
)

m = Model("0316-disjunction", "10.3.2.4 and 10.3.2.15 (Table 50)", "or: true wins over null", labels=["Ternary logic"])
m.input("a", "boolean")
m.input("b", "boolean")
m.decision("either", "boolean", "a or b")
for x in TRUTH:
    for y in TRUTH:
        expected = True if "true" in (x, y) else None if "null" in (x, y) else False
        m.case(f"{x} or {y}", {"a": VALUE[x], "b": VALUE[y]}, {"either": expected})
m.facts(
    "boolean",
    [
        ("otherwise or true", "[] or true", True),
        ("otherwise or false", '"x" or false', None),
        ("and binds stronger than or", "true or false and false", True),
        ("comparison binds stronger than and", "1 < 2 and 3 = 3", True),
    ],
)

m = Model(
    "0317-negation-and-if",
    "10.3.2.15 (Tables 49 and 51) and 10.3.4.2 (Table 73)",
    "not(), if and null propagation",
    labels=["Ternary logic", "if"],
)
m.input("c", "boolean")
m.decision("negated", "boolean", "not(c)")
m.decision("chosen", "string", 'if c then "then" else "else"')
for c, negated, chosen in ((True, False, "then"), (False, True, "else"), (None, None, "else")):
    m.case(f"the condition {c}", {"c": c}, {"negated": negated, "chosen": chosen})
m.facts(
    "boolean",
    [
        ("not of a number", "not(1)", None),
        ("not of a comparison", "not(1 > 2)", True),
        ("not of null compared", "not(null < 1)", None),
        ("twice", "not(not(true))", True),
    ],
)
m.facts(
    "number",
    [
        ("a string is no condition", 'if "true" then 1 else 2', 2, "only true chooses the first branch"),
        ("nested", "if 1 > 2 then 1 else if 2 > 1 then 2 else 3", 2),
        ("branch not taken", "if true then 1 else 1 / 0", 1),
        ("branch of null", "if false then 1 else null", None),
    ],
)
