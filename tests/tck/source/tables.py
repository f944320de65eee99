"""What else a decision table can be: clauses 8.2 and 8.3."""

from kit import Date, Dur, N, Out, Table
from model import Model

m = Model(
    "0121-table-input-values",
    "8.2.4 and 10.3.2.10",
    "input values: '-' is satisfied only by a value that satisfies the input values",
    labels=["Allowed values"],
)
m.input("Colour", "string")
m.input("Speed", "number")
m.decision(
    "Sign",
    "string",
    Table(
        "U",
        [("Colour", "string", '"red", "green"'), ("Speed", "number", "[0..120]")],
        [Out()],
        [
            (['"red"', "-"], ['"stop"']),
            (['"green"', "< 50"], ['"slow"']),
            (['"green"', ">= 50"], ['"fast"']),
        ],
    ),
)
m.case("both values are allowed", {"Colour": "red", "Speed": 120}, {"Sign": "stop"})
m.case("another rule", {"Colour": "green", "Speed": 49}, {"Sign": "slow"})
m.case("and a third", {"Colour": "green", "Speed": 50}, {"Sign": "fast"})
m.case("a value outside the input values satisfies no '-'", {"Colour": "red", "Speed": 121}, {"Sign": None})
m.case("a string that is not among the input values", {"Colour": "blue", "Speed": 10}, {"Sign": None})

m = Model(
    "0122-table-annotations",
    "8.2.10 and 8.3.3",
    "annotations are ignored: rules that differ only in them are equal under Any",
    labels=["Hit policy: A", "Annotations"],
)
m.input("Kind", "string")
m.decision(
    "Basis met",
    "boolean",
    Table(
        "A",
        [("Kind", "string")],
        [Out()],
        [
            (['"loan", "rent"'], ["true"], "contract law"),
            (['"rent", "sale"'], ["true"], "a text with \"quotes\" and <tags> & signs"),
            (['not("loan", "rent", "sale")'], ["false"], ""),
        ],
        annotation="Source",
    ),
)
for kind, met in (("loan", True), ("rent", True), ("sale", True), ("gift", False)):
    m.case(kind, {"Kind": kind}, {"Basis met": met})

m = Model(
    "0123-table-without-inputs", "8.3.3", "a rule without input entries always applies", labels=["Hit policy: C+", "Hit policy: F"]
)
m.decision("Sum of constants", "number", Table("C+", [], [Out()], [([], ["1"]), ([], ["2"]), ([], ["39"])]))
m.decision("First of constants", "string", Table("F", [], [Out()], [([], ['"one"']), ([], ['"two"'])]))
m.case("all rules apply", {}, {"Sum of constants": 42})
m.case("the first of them", {}, {"First of constants": "one"})

m = Model(
    "0124-table-input-expressions",
    "8.2.3 and 10.3.2.10",
    "an input expression may be any expression: arithmetic, a path, a function call, a comparison",
    labels=["Input expressions"],
)
m.struct("tPerson", [("name", "string"), ("born", "date")])
m.input("Person", "tPerson")
m.input("Debt", "number")
m.input("Income", "number")
m.decision(
    "Verdict",
    "string",
    Table(
        "F",
        [
            ("Debt / Income", "number"),
            ("Person.born.year", "number"),
            ("string length(Person.name)", "number"),
            ("Debt > 1000", "boolean"),
        ],
        [Out()],
        [
            (["> 2", "-", "-", "true"], ['"over " + Person.name']),
            (["-", "< 1960", "-", "-"], ['"elder"']),
            (["(0.5..2]", "-", "> 3", "-"], ['"watch"']),
            (["-", "-", "-", "false"], ['"fine"']),
        ],
    ),
)
for about, name, born, debt, income, verdict in [
    ("quotient above two", "Li", "1990-01-01", 3000, 1000, "over Li"),
    ("an output made of an input", "王小明", "1990-01-01", 2001, 1000, "over 王小明"),
    ("a path into a date", "Li", "1959-12-31", 500, 1000, "elder"),
    ("the length of a name", "Wang", "1960-01-01", 2000, 1000, "watch"),
    ("a comparison as input", "Li", "1960-01-01", 1000, 900, "fine"),
    ("nothing matches", "Li", "1960-01-01", 2000, 1000, None),
]:
    m.case(about, {"Person": {"name": name, "born": Date(born)}, "Debt": debt, "Income": income}, {"Verdict": verdict})

m = Model("0125-table-mixed-columns", "8.2.7 and 10.3.2.10", "five columns of five types in one table", labels=["Data types"])
m.input("code", "string")
m.input("amount", "number")
m.input("upheld", "boolean")
m.input("decided", "date")
m.input("objection period", "days and time duration")
m.decision(
    "listing",
    "string",
    Table(
        "U",
        [
            ("code", "string"),
            ("amount", "number"),
            ("upheld", "boolean"),
            ("decided", "date"),
            ("objection period", "days and time duration"),
        ],
        [Out()],
        [
            (['"T1", "T2"', ">= 100000", "true", '>= date("2020-01-01")', '>= duration("P10D")'], ['"serious"']),
            (['"T1", "T2"', "< 100000", "true", '>= date("2020-01-01")', '>= duration("P10D")'], ['"general"']),
            (['not("T1", "T2")', "-", "true", "-", "-"], ['"other"']),
            (["-", "-", "false", "-", "-"], ['"none"']),
        ],
    ),
)
DAYS = {"short": "P9DT23H", "long": "P10D"}
for about, code, amount, upheld, decided, period, result in [
    ("all five at their bounds", "T2", 100000, True, "2020-01-01", "long", "serious"),
    ("below the amount", "T1", N("99999.99"), True, "2020-01-01", "long", "general"),
    ("a day too early: no rule", "T1", 5, True, "2019-12-31", "long", None),
    ("an hour too short: no rule", "T1", 5, True, "2024-05-05", "short", None),
    ("another code", "X", 5, True, "2019-12-31", "short", "other"),
    ("not upheld", "T1", 1000000, False, "2024-01-01", "long", "none"),
]:
    m.case(
        about,
        {"code": code, "amount": amount, "upheld": upheld, "decided": Date(decided), "objection period": Dur(DAYS[period])},
        {"listing": result},
    )

m = Model("0126-table-chain", "6.3.7 and 10.4", "five tables, each reading the one before it", labels=["Requirements"])
m.input("start", "number")
m.decision("one", "number", Table("U", [("start", "number")], [Out()], [(["< 10"], ["start + 1"]), ([">= 10"], ["start - 1"])]))
m.decision(
    "two",
    "string",
    Table("U", [("one", "number")], [Out()], [(["< 5"], ['"low"']), (["[5..9]"], ['"mid"']), (["> 9"], ['"high"'])]),
)
m.decision("three", "boolean", Table("U", [("two", "string")], [Out()], [(['"low", "mid"'], ["false"]), (['"high"'], ["true"])]))
m.decision(
    "four",
    "number",
    Table(
        "C+",
        [("three", "boolean"), ("one", "number")],
        [Out()],
        [(["true", "-"], ["one"]), (["-", "> 3"], ["100"]), (["false", "-"], ["7"])],
    ),
)
m.decision(
    "five", "string", Table("F", [("four", "number")], [Out(default='"rest"')], [(["> 100"], ['two + "+"']), (["7"], ["two"])])
)
for start, five, four in ((0, "low", 7), (3, "low+", 107), (10, "mid+", 107), (11, "high+", 110), (N("9.5"), "high+", N("110.5"))):
    m.case(f"from {start if isinstance(start, int) else start.text}", {"start": start}, {"five": five, "four": four})

m = Model(
    "0127-table-output-expressions",
    "8.2.9 and 10.3.2.10",
    "output entries are expressions of any type: lists, contexts, null",
    labels=["Output entries"],
)
m.input("k", "number")
m.decision(
    "answer",
    None,
    Table(
        "U",
        [("k", "number")],
        [Out()],
        [
            (["1"], ["[k, k + 1]"]),
            (["2"], ['{ name: "two", value: k }']),
            (["3"], ["null"]),
            (["4"], ["if k > 3 then \"yes\" else \"no\""]),
            (["5"], ["max(k, 3, 4)"]),
        ],
    ),
)
for k, answer in ((1, [1, 2]), (2, {"name": "two", "value": 2}), (3, None), (4, "yes"), (5, 5)):
    m.case(f"output entry {k}", {"k": k}, {"answer": answer})
