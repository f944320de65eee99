"""Boxed expressions, business knowledge models, decision services, item definitions, versions."""

from kit import Cond, Ctx, Date, Filt, Fn, Inv, Iter, L, Lst, N, Out, Rel, Table
from model import Model

m = Model("0501-bkm-literal", "6.3.9, 7.3.6 and 10.3.2.13.2", "a business knowledge model called by position and by name", labels=["Business knowledge model"])
m.input("principal", "number")
m.input("rate", "number")
m.bkm("interest", [("amount", "number"), ("percent", "number")], "amount * percent / 100", "number")
m.bkm("with interest", [("amount", "number"), ("percent", "number")], "amount + interest(amount, percent)", "number")
m.decision("by position", "number", "interest(principal, rate)")
m.decision("by name", "number", "interest(percent: rate, amount: principal)")
m.decision("one calls the other", "number", "with interest(principal, rate)")
for about, principal, rate, value, total in [
        ("five percent", 200, 5, 10, 210), ("a fraction", N("0.3"), N("0.1"), N("0.0003"), N("0.3003")), ("nothing", 0, 7, 0, 0), ("null spreads", None, 7, None, None)]:
    m.case(about, {"principal": principal, "rate": rate}, {"by position": value, "by name": value, "one calls the other": total})

m = Model("0502-bkm-decision-table", "6.3.9 and 10.2.1.7", "a decision table as the logic of a business knowledge model", labels=["Business knowledge model", "Decision table"])
m.input("Person age", "number")
m.input("Deeds", "number")
m.bkm("class of", [("age", "number"), ("deeds", "number")], Table("U", [("age", "number"), ("deeds", "number")], [Out(default='"none"')], [
    (["< 18", "-"], ['"protected"']), ([">= 18", "0"], ['"clean"']), ([">= 18", "[1..2]"], ['"noted"'])]), "string")
m.decision("Class", "string", "class of(Person age, Deeds)")
m.decision("Upper class", "string", "upper case(class of(deeds: Deeds, age: Person age))")
for age, deeds, answer in ((17, 9, "protected"), (18, 0, "clean"), (40, 2, "noted"), (40, 3, "none")):
    m.case(f"{age} years, {deeds} deeds", {"Person age": age, "Deeds": deeds}, {"Class": answer, "Upper class": answer.upper()})

m = Model("0503-boxed-invocation", "7.3.6, 7.3.7 and 10.2.1.3", "bindings by the names of the parameters, in any order", labels=["Boxed invocation"])
m.input("a", "number")
m.input("b", "number")
m.bkm("minus", [("first", "number"), ("second", "number")], "first - second", "number")
m.decision("difference", "number", Inv("minus", [("first", "a"), ("second", "b")]), needs=["a", "b", "minus"])
m.decision("turned", "number", Inv("minus", [("second", "a"), ("first", "b * 10")]), needs=["a", "b", "minus"])
m.decision("twice", "number", Inv("minus", [("first", Inv("minus", [("first", "a"), ("second", "1")])), ("second", "b")]), needs=["a", "b", "minus"])
for a, b in ((10, 3), (0, 0), (-1, 5)):
    m.case(f"{a} and {b}", {"a": a, "b": b}, {"difference": a - b, "turned": 10 * b - a, "twice": a - 1 - b})

m = Model("0504-boxed-context", "10.2.1.4 and 10.3.2.11", "entries in order, with a result, with a function among them", labels=["Boxed context"])
m.input("gross", "number")
m.decision("net", "number", Ctx([("allowance", "number", "5000"), ("taxable", "number", "if gross > allowance then gross - allowance else 0"), ("tax", "number", "taxable * 0.03")], L("gross - tax")))
m.decision("report", None, Ctx([("over", "boolean", "gross > 5000"), ("parts", None, Lst(["gross / 2", "gross / 4"]))]))
m.decision("by function", "number", Ctx([("double", None, Fn([("x", "number")], "x * 2")), ("four times", "number", "double(double(gross))")], L("four times + 1")))
for gross, net, over, parts, four in ((6000, 5970, True, [3000, 1500], 24001), (5000, 5000, False, [2500, 1250], 20001), (0, 0, False, [0, 0], 1)):
    m.case(f"gross {gross}", {"gross": gross}, {"net": net, "report": {"over": over, "parts": parts}, "by function": four})

m = Model("0505-boxed-list-and-relation", "10.2.1.5 and 10.2.1.6", "a boxed list and a relation, which is a list of contexts", labels=["Boxed list", "Relation"])
m.input("k", "number")
m.decision("multiples", None, Lst(["k", "k * 2", Lst(["k * 3"])]))
m.decision("tariff", None, Rel([("class", "string"), ("fee", "number")], [['"a"', "10"], ['"b"', "k"], ['"c"', "k + 1"]]))
m.decision("fee of b", None, 'tariff[class = "b"].fee')
m.decision("dear ones", "number", "count(tariff[fee > 10])")
for k, dear in ((5, 0), (10, 1), (11, 2)):
    m.case(f"k is {k}", {"k": k}, {"multiples": [k, 2 * k, [3 * k]], "fee of b": [k], "dear ones": dear,
                                  "tariff": [{"class": "a", "fee": 10}, {"class": "b", "fee": k}, {"class": "c", "fee": k + 1}]})

m = Model("0506-boxed-conditional-filter-iterator", "10.2.1.8 to 10.2.1.10", "boxed conditional, filter, for, some and every", labels=["Boxed conditional", "Boxed filter", "Boxed iterator"], version="1.4")
m.item("tNumbers", "number", collection=True)
m.input("numbers", "tNumbers")
m.decision("size class", "string", Cond("count(numbers) > 2", '"many"', '"few"'))
m.decision("positive", None, Filt("numbers", "item > 0"))
m.decision("tenfold", None, Iter("for", "n", "numbers", "n * 10"))
m.decision("some negative", "boolean", Iter("some", "n", "numbers", "n < 0"))
m.decision("every small", "boolean", Iter("every", "n", "numbers", "n < 100"))
for about, numbers, values in [
        ("three numbers", [1, -2, 3], ("many", [1, 3], [10, -20, 30], True, True)), ("two numbers", [0, 100], ("few", [100], [0, 1000], False, False)), ("no numbers", [], ("few", [], [], False, True))]:
    m.case(about, {"numbers": numbers}, dict(zip(("size class", "positive", "tenfold", "some negative", "every small"), values)))

m = Model("0507-function-definitions", "10.3.2.8, 10.3.2.13.2 and 10.3.2.13.4", "functions are values with their scope; types of parameters are checked", labels=["Functions"])
m.facts("number", [
    ("called in place", "(function(x, y) x - y)(10, 3)", 7),
    ("by names", "{ f: function(x, y) x - y, r: f(y: 10, x: 3) }.r", -7),
    ("closure", "{ k: 10, f: function(x) x * k, r: f(4) }.r", 40),
    ("parameter hides a name", "{ x: 1, f: function(x) x + 1, r: f(5) + x }.r", 7),
    ("of another type", '{ f: function(x: number) 1, r: f("a") }.r', None, "an argument that does not conform makes the call null"),
    ("too few arguments", "{ f: function(x, y) 1, r: f(1) }.r", None),
    ("no function", "{ f: 3, r: f(1) }.r", None),
    ("singleton list for a number", "{ f: function(x: number) x + 1, r: f([41]) }.r", 42, "10.3.2.9.4: from singleton list"),
])

m = Model("0511-decision-service", "6.3.10 and 10.4", "a decision service is a function of its input data and input decisions", labels=["Decision service"])
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

m = Model("0521-item-definitions", "7.3.3 and 10.3.2.9.4", "structures, collections, nesting; a value that does not conform becomes null", labels=["Item definition"])
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
m.facts("number", [
    ("a string is no number", '"123"', None, "the conversion to the variable's type fails: null"),
    ("null conforms to any type", "null", None),
    ("a number is a number", "123", 123),
])
m.fact("a date is no string", "string", 'date("2024-01-01")', None)
m.fact("a component of another type", "tAddress", '{ city: "x", code: "y" }', None)
m.fact("a context of more entries conforms", "number", '{ c: { city: "x", code: 5, extra: 1 }, r: c.code }.r', 5)

m = Model("0522-allowed-values", "7.3.3", "allowed values of a type, of its components and of the members of a collection", labels=["Item definition", "Allowed values"])
m.item("tGrade", "string", allowed='"minor", "general", "serious"')
m.item("tPercent", "number", allowed="[0..100]")
m.item("tGrades", "tGrade", collection=True)
m.input("text", "string")
m.input("share", "number")
m.decision("grade", "tGrade", "text")
m.decision("percent", "tPercent", "share")
m.decision("grades", "tGrades", '["minor", text]')
for about, text, grade in (("allowed", "general", "general"), ("not allowed", "grave", None), ("case matters", "Minor", None)):
    m.case(f"a grade that is {about}" if about != "case matters" else about, {"text": text}, {"grade": grade, "grades": ["minor", grade] if grade else None})
for share, percent in ((0, 0), (100, 100), (N("100.1"), None), (-1, None)):
    m.case(f"a share of {getattr(share, 'text', share)}", {"share": share}, {"percent": percent})

m = Model("0523-instance-of", "10.3.2.15 (Table 61) and 10.3.2.9", "instance of the types of FEEL", labels=["Types"])
m.facts("boolean", [
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
    ("list of numbers", "[123] instance of list<number>", True),
    ("list of strings", "[123] instance of list<string>", False),
    ("context", '{ a: 1, b: "x" } instance of context<a: number>', True),
    ("context of another type", '{ a: "1" } instance of context<a: number>', False),
])

for number, version in (("0531", "1.3"), ("0532", "1.4"), ("0533", "1.5")):
    m = Model(f"{number}-version-{version.replace('.', '-')}", "12.3.1", f"the namespace of DMN {version}", version=version, labels=["Versions"])
    m.struct("tCase", [("amount", "number"), ("kind", "string", '"tax", "fee"')])
    m.input("Case", "tCase")
    m.bkm("doubled", [("n", "number")], "n * 2", "number")
    m.decision("Level", "string", Table("F", [("Case.amount", "number"), ("Case.kind", "string")], [Out(default='"none"')], [
        (["> 100", '"tax"'], ['"high"']), (["> 100", "-"], ['"middle"']), (["> 0", "-"], ['"low"'])]))
    m.decision("Twice", "number", "doubled(Case.amount)")
    for amount, kind, level in ((101, "tax", "high"), (101, "fee", "middle"), (1, "tax", "low"), (0, "fee", "none")):
        m.case(f"{kind} of {amount}", {"Case": {"amount": amount, "kind": kind}}, {"Level": level, "Twice": 2 * amount})

m = Model("0534-type-constraint", "7.3.3", "a type constraint of DMN 1.5 constrains a collection as a whole", labels=["Item definition", "Allowed values"])
m.item("tFew", "number", collection=True, constraint="count(?) <= 3")
m.input("top", "number")
m.decision("few", "tFew", "for i in 1..top return i * 10")
m.case("three are few", {"top": 3}, {"few": [10, 20, 30]})
m.case("four are not", {"top": 4}, {"few": None})

m = Model("0535-prefix-and-extensions", "6.3.16 and 12.3.1", "elements under a prefix; extensions of a vendor are ignored", labels=["Versions"], prefix="dmn")
m.extension = [
    "  <extensionElements>",
    '    <v:decision xmlns:v="urn:some-vendor" name="Answer"><v:decisionTable hitPolicy="NONE"/></v:decision>',
    "  </extensionElements>",
]
m.input("question", "string")
m.decision("Answer", "number", Table("P", [("question", "string")], [Out(values="42, 1, 0")], [(["-"], ["0"]), (['"all", "some"'], ["1"]), (['"all"'], ["42"])]))
m.decision("Next", "number", "Answer + 1")
for question, answer in (("all", 42), ("some", 1), ("none", 0)):
    m.case(question, {"question": question}, {"Answer": answer, "Next": answer + 1})
