"""Boxed expressions, business knowledge models, functions, decision services."""

from kit import Cond, Ctx, Filt, Fn, Inv, Iter, L, Lst, N, Out, Rel, Table
from model import Model

m = Model(
    "0501-bkm-literal",
    "6.3.9, 7.3.6 and 10.3.2.13.2",
    "a business knowledge model called by position and by name",
    labels=["Business knowledge model"],
)
m.input("principal", "number")
m.input("rate", "number")
m.bkm("interest", [("amount", "number"), ("percent", "number")], "amount * percent / 100", "number")
m.bkm("with interest", [("amount", "number"), ("percent", "number")], "amount + interest(amount, percent)", "number")
m.decision("by position", "number", "interest(principal, rate)")
m.decision("by name", "number", "interest(percent: rate, amount: principal)")
m.decision("one calls the other", "number", "with interest(principal, rate)")
for about, principal, rate, value, total in [
    ("five percent", 200, 5, 10, 210),
    ("a fraction", N("0.3"), N("0.1"), N("0.0003"), N("0.3003")),
    ("nothing", 0, 7, 0, 0),
    ("null spreads", None, 7, None, None),
]:
    m.case(about, {"principal": principal, "rate": rate}, {"by position": value, "by name": value, "one calls the other": total})

m = Model(
    "0502-bkm-decision-table",
    "6.3.9 and 10.2.1.7",
    "a decision table as the logic of a business knowledge model",
    labels=["Business knowledge model", "Decision table"],
)
m.input("Person age", "number")
m.input("Deeds", "number")
m.bkm(
    "class of",
    [("age", "number"), ("deeds", "number")],
    Table(
        "U",
        [("age", "number"), ("deeds", "number")],
        [Out(default='"none"')],
        [(["< 18", "-"], ['"protected"']), ([">= 18", "0"], ['"clean"']), ([">= 18", "[1..2]"], ['"noted"'])],
    ),
    "string",
)
m.decision("Class", "string", "class of(Person age, Deeds)")
m.decision("Upper class", "string", "upper case(class of(deeds: Deeds, age: Person age))")
for age, deeds, answer in ((17, 9, "protected"), (18, 0, "clean"), (40, 2, "noted"), (40, 3, "none")):
    m.case(f"{age} years, {deeds} deeds", {"Person age": age, "Deeds": deeds}, {"Class": answer, "Upper class": answer.upper()})

m = Model(
    "0503-boxed-invocation",
    "7.3.6, 7.3.7 and 10.2.1.3",
    "bindings by the names of the parameters, in any order",
    labels=["Boxed invocation"],
)
m.input("a", "number")
m.input("b", "number")
m.bkm("minus", [("first", "number"), ("second", "number")], "first - second", "number")
m.decision("difference", "number", Inv("minus", [("first", "a"), ("second", "b")]), needs=["a", "b", "minus"])
m.decision("turned", "number", Inv("minus", [("second", "a"), ("first", "b * 10")]), needs=["a", "b", "minus"])
m.decision(
    "twice",
    "number",
    Inv("minus", [("first", Inv("minus", [("first", "a"), ("second", "1")])), ("second", "b")]),
    needs=["a", "b", "minus"],
)
for a, b in ((10, 3), (0, 0), (-1, 5)):
    m.case(f"{a} and {b}", {"a": a, "b": b}, {"difference": a - b, "turned": 10 * b - a, "twice": a - 1 - b})

m = Model(
    "0504-boxed-context",
    "10.2.1.4 and 10.3.2.11",
    "entries in order, with a result, with a function among them",
    labels=["Boxed context"],
)
m.input("gross", "number")
m.decision(
    "net",
    "number",
    Ctx(
        [
            ("allowance", "number", "5000"),
            ("taxable", "number", "if gross > allowance then gross - allowance else 0"),
            ("tax", "number", "taxable * 0.03"),
        ],
        L("gross - tax"),
    ),
)
m.decision("report", None, Ctx([("over", "boolean", "gross > 5000"), ("parts", None, Lst(["gross / 2", "gross / 4"]))]))
m.decision(
    "by function",
    "number",
    Ctx([("double", None, Fn([("x", "number")], "x * 2")), ("four times", "number", "double(double(gross))")], L("four times + 1")),
)
for gross, net, over, parts, four in (
    (6000, 5970, True, [3000, 1500], 24001),
    (5000, 5000, False, [2500, 1250], 20001),
    (0, 0, False, [0, 0], 1),
):
    m.case(f"gross {gross}", {"gross": gross}, {"net": net, "report": {"over": over, "parts": parts}, "by function": four})

m = Model(
    "0505-boxed-list-and-relation",
    "10.2.1.5 and 10.2.1.6",
    "a boxed list and a relation, which is a list of contexts",
    labels=["Boxed list", "Relation"],
)
m.input("k", "number")
m.decision("multiples", None, Lst(["k", "k * 2", Lst(["k * 3"])]))
m.decision("tariff", None, Rel([("class", "string"), ("fee", "number")], [['"a"', "10"], ['"b"', "k"], ['"c"', "k + 1"]]))
m.decision("fee of b", None, 'tariff[class = "b"].fee')
m.decision("dear ones", "number", "count(tariff[fee > 10])")
for k, dear in ((5, 0), (10, 1), (11, 2)):
    m.case(
        f"k is {k}",
        {"k": k},
        {
            "multiples": [k, 2 * k, [3 * k]],
            "fee of b": [k],
            "dear ones": dear,
            "tariff": [{"class": "a", "fee": 10}, {"class": "b", "fee": k}, {"class": "c", "fee": k + 1}],
        },
    )

m = Model(
    "0506-boxed-conditional-filter-iterator",
    "10.2.1.8 to 10.2.1.10",
    "boxed conditional, filter, for, some and every",
    labels=["Boxed conditional", "Boxed filter", "Boxed iterator"],
    version="1.4",
)
m.item("tNumbers", "number", collection=True)
m.input("numbers", "tNumbers")
m.decision("size class", "string", Cond("count(numbers) > 2", '"many"', '"few"'))
m.decision("positive", None, Filt("numbers", "item > 0"))
m.decision("tenfold", None, Iter("for", "n", "numbers", "n * 10"))
m.decision("some negative", "boolean", Iter("some", "n", "numbers", "n < 0"))
m.decision("every small", "boolean", Iter("every", "n", "numbers", "n < 100"))
for about, numbers, values in [
    ("three numbers", [1, -2, 3], ("many", [1, 3], [10, -20, 30], True, True)),
    ("two numbers", [0, 100], ("few", [100], [0, 1000], False, False)),
    ("no numbers", [], ("few", [], [], False, True)),
]:
    m.case(about, {"numbers": numbers}, dict(zip(("size class", "positive", "tenfold", "some negative", "every small"), values)))

m = Model(
    "0507-function-definitions",
    "10.3.2.8, 10.3.2.13.2 and 10.3.2.13.4",
    "functions are values with their scope; types of parameters are checked",
    labels=["Functions"],
)
m.facts(
    "number",
    [
        ("called in place", "(function(x, y) x - y)(10, 3)", 7),
        ("by names", "{ f: function(x, y) x - y, r: f(y: 10, x: 3) }.r", -7),
        ("closure", "{ k: 10, f: function(x) x * k, r: f(4) }.r", 40),
        ("parameter hides a name", "{ x: 1, f: function(x) x + 1, r: f(5) + x }.r", 7),
        (
            "of another type",
            '{ f: function(x: number) 1, r: f("a") }.r',
            None,
            "an argument that does not conform makes the call null",
        ),
        ("too few arguments", "{ f: function(x, y) 1, r: f(1) }.r", None),
        ("no function", "{ f: 3, r: f(1) }.r", None),
        ("singleton list for a number", "{ f: function(x: number) x + 1, r: f([41]) }.r", 42, "10.3.2.9.4: from singleton list"),
    ],
)

m = Model(
    "0511-decision-service",
    "6.3.10 and 10.4",
    "a decision service is a function of its input data and input decisions",
    labels=["Decision service"],
)
m.input("wage", "number")
m.input("years", "number")
m.decision("base", "number", "wage * 2", needs=["wage"])
m.decision("bonus", "number", "if years > 5 then base / 10 else 0", needs=["years", "base"])
m.decision("award", "number", "base + bonus", needs=["base", "bonus"])
m.service("award service", ["award"], ["base", "bonus"], [], ["wage", "years"])
m.service("bonus from base", ["bonus"], [], ["base"], ["years"])
m.service("two outputs", ["base", "bonus"], [], [], ["wage", "years"])
m.decision("by the service", "number", "award service(100, 6)", needs=["award service"])
m.decision("with another base", "number", "bonus from base(years: 9, base: 1000)", needs=["bonus from base"])
m.decision("an output of two", "number", "two outputs(wage: 50, years: 7).bonus", needs=["two outputs"])
m.case("the decisions by themselves", {"wage": 100, "years": 6}, {"base": 200, "bonus": 20, "award": 220})
m.case("no bonus", {"wage": 100, "years": 5}, {"award": 200})
m.case("the service called as a function", {}, {"by the service": 220})
m.case("an input decision is a parameter and is not evaluated", {}, {"with another base": 100})
m.case("several outputs are a context", {}, {"an output of two": 10})
m.case("the service itself", {"wage": 10, "years": 9}, {"award": 22}, service="award service")
