"""Unary tests: grammar rules 7 to 16 (10.3.1.2), 7.3.2 and Table 55 (10.3.2.15)."""

from kit import Date, DateTime, Dur, N, Out, Table, Time
from model import Model

RULES = "7.3.2, 10.3.1.2 (rules 7 to 15) and 10.3.2.15 (Table 55)"


def collects(model, name, input_, type_, tests, values=None):
    """A rule-order table that answers with the texts of the tests that were satisfied."""
    column = (input_, type_) if values is None else (input_, type_, values)
    rules = [([test], ['"' + label + '"']) for label, test in tests]
    model.decision(name, None, Table("R", [column], [Out()], rules))


m = Model("0201-unary-comparisons", RULES, "a comparison operator before an endpoint", labels=["Unary tests"])
m.input("v", "number")
m.input("limit", "number")
collects(m, "hits", "v", "number", [
    ("lt", "< 10"), ("le", "<= 10"), ("gt", "> 10"), ("ge", ">= 10"), ("eq", "10"), ("negative", "< -2.5"), ("name", "> limit"),
    ("sum", "<= limit + 5"), ("product", ">= limit * 2")])
for about, v, limit, hits in [
        ("at the endpoint", 10, 10, ["le", "ge", "eq", "sum"]),
        ("a hair below", N("9.99999999999999999999"), 10, ["lt", "le", "sum"]),
        ("a hair above", N("10.00000000000000000001"), 3, ["gt", "ge", "name", "product"]),
        ("a negative endpoint is exclusive", N("-2.5"), 0, ["lt", "le", "sum"]),
        ("below a negative endpoint", -3, -10, ["lt", "le", "negative", "name", "product"]),
        ("precision is not considered", N("10.00"), 4, ["le", "ge", "eq", "name", "product"])]:
    m.case(about, {"v": v, "limit": limit}, {"hits": hits})

m = Model("0202-unary-intervals", RULES, "open and closed ends, in both spellings of open", labels=["Unary tests", "Intervals"])
m.input("v", "number")
collects(m, "hits", "v", "number", [
    ("[]", "[1..5]"), ("()", "(1..5)"), ("(]", "(1..5]"), ("[)", "[1..5)"), ("][", "]1..5["), ("]]", "]1..5]"), ("[[", "[1..5["),
    ("point", "[5..5]"), ("spaces", "[ 1 .. 5 ]"), ("sum", "[ 2 - 1 .. 2 + 3 ]"), ("negative", "[-3..-1]")])
for about, v, hits in [
        ("the start", 1, ["[]", "[)", "[[", "spaces", "sum"]),
        ("inside", 3, ["[]", "()", "(]", "[)", "][", "]]", "[[", "spaces", "sum"]),
        ("the end", 5, ["[]", "(]", "]]", "point", "spaces", "sum"]),
        ("between negatives", -2, ["negative"])]:
    m.case(about, {"v": v}, {"hits": hits})
m.case("outside of all", {"v": 6}, {"hits": None})

m = Model("0203-unary-intervals-of-dates", RULES, "intervals and comparisons of dates, times and dates with times", labels=["Unary tests", "Intervals", "Date and time"])
m.input("day", "date")
m.input("hour", "time")
m.input("moment", "date and time")
collects(m, "days", "day", "date", [
    ("leap", 'date("2024-02-29")'), ("at literal", '@"2024-02-29"'), ("winter", '[date("2023-12-01")..date("2024-03-01"))'),
    ("before", '< @"2024-01-01"'), ("since", '>= date(2024, 1, 1)')])
collects(m, "hours", "hour", "time", [
    ("office", '[time("09:00:00")..time("17:30:00")]'), ("late", '> @"17:30:00"'), ("noon", 'time("12:00:00")'), ("early", '< time("09:00:00")')])
collects(m, "moments", "moment", "date and time", [
    ("utc", 'date and time("2024-06-01T12:00:00Z")'), ("june", '[@"2024-06-01T00:00:00Z"..@"2024-07-01T00:00:00Z")'), ("other zone", '@"2024-06-01T20:00:00+08:00"')])
m.case("leap day", {"day": Date("2024-02-29")}, {"days": ["leap", "at literal", "winter", "since"]})
m.case("the open end of winter", {"day": Date("2024-03-01")}, {"days": ["since"]})
m.case("the start of winter", {"day": Date("2023-12-01")}, {"days": ["winter", "before"]})
m.case("the end of office hours", {"hour": Time("17:30:00")}, {"hours": ["office"]})
m.case("a second later", {"hour": Time("17:30:01")}, {"hours": ["late"]})
m.case("noon", {"hour": Time("12:00:00")}, {"hours": ["office", "noon"]})
m.case("before nine", {"hour": Time("08:59:59")}, {"hours": ["early"]})
m.case("the same moment in another zone is equal and in range", {"moment": DateTime("2024-06-01T12:00:00Z")}, {"moments": ["utc", "june", "other zone"]})
m.case("the first of July in Shanghai is still June in UTC", {"moment": DateTime("2024-07-01T07:59:59+08:00")}, {"moments": ["june"]})
m.case("eight o'clock there is midnight in UTC", {"moment": DateTime("2024-07-01T08:00:00+08:00")}, {"moments": None})

m = Model("0204-unary-durations-and-strings", RULES, "intervals of durations and of strings", labels=["Unary tests", "Intervals", "Durations", "Strings"])
m.input("delay", "days and time duration")
m.input("term", "years and months duration")
m.input("name", "string")
collects(m, "delays", "delay", "days and time duration", [
    ("day", 'duration("P1D")'), ("hours", 'duration("PT24H")'), ("week", '[duration("P1D")..duration("P7D")]'), ("over", '> @"P7D"')])
collects(m, "terms", "term", "years and months duration", [
    ("year", 'duration("P1Y")'), ("months", 'duration("P12M")'), ("long", '> @"P2Y11M"'), ("short", '< duration("P6M")')])
collects(m, "names", "name", "string", [
    ("a to m", '["a".."m"]'), ("before b", '< "b"'), ("after z", '> "z"'), ("one of", '"cat", "dog"')])
m.case("a day is twenty-four hours", {"delay": Dur("PT24H")}, {"delays": ["day", "hours", "week"]})
m.case("just over a week", {"delay": Dur("P7DT1S")}, {"delays": ["over"]})
m.case("a week in minutes", {"delay": Dur("PT10080M")}, {"delays": ["week"]})
m.case("a year is twelve months", {"term": Dur("P12M")}, {"terms": ["year", "months"]})
m.case("three years", {"term": Dur("P36M")}, {"terms": ["long"]})
m.case("a negative term is short", {"term": Dur("-P1M")}, {"terms": ["short"]})
m.case("a word inside", {"name": "cat"}, {"names": ["a to m", "one of"]})
m.case("a word that begins with the end is greater than the end", {"name": "ma"}, {"names": None})
m.case("upper case comes before lower case", {"name": "Zoe"}, {"names": ["before b"]})
m.case("a letter after z", {"name": "ä"}, {"names": ["after z"]})

m = Model("0205-unary-lists", RULES, "several tests separated by commas: one of them must hold", labels=["Unary tests"])
m.input("v", "number")
m.input("word", "string")
collects(m, "hits", "v", "number", [
    ("values", "1, 3, 5"), ("mixed", "1, [4..6], > 100"), ("outside", "< 0, > 10"), ("spread", "-1,\n        2 , 3"), ("list", "[1, 2, 8]")])
collects(m, "words", "word", "string", [
    ("plain", '"red", "blue"'), ("comma inside", '"red, blue"'), ("quote inside", r'"say \"no\"", "x"'), ("operator inside", '"< 5", "-"'), ("not inside", '"not(1)"')])
for about, v, hits in [
        ("one", 1, ["values", "mixed", "list"]), ("two", 2, ["spread", "list"]), ("three", 3, ["values", "spread"]), ("five", 5, ["values", "mixed"]),
        ("one hundred and one", 101, ["mixed", "outside"]), ("minus one", -1, ["outside", "spread"])]:
    m.case(about, {"v": v}, {"hits": hits})
for word, words in (("red", ["plain"]), ("red, blue", ["comma inside"]), ('say "no"', ["quote inside"]), ("< 5", ["operator inside"]),
                    ("-", ["operator inside"]), ("not(1)", ["not inside"])):
    m.case(f"the string {word}", {"word": word}, {"words": words})

m = Model("0206-unary-not", RULES + ", rule 15.b", "not(...) around one or several tests", labels=["Unary tests", "Negation"])
m.input("v", "number")
m.input("word", "string")
m.input("flag", "boolean")
collects(m, "hits", "v", "number", [
    ("value", "not(1)"), ("values", "not(1, 2, 3)"), ("interval", "not([2..4])"), ("comparison", "not(< 2)"), ("mixed", "not(1, [3..5], > 8)"), ("open", "not((2..4))")])
collects(m, "words", "word", "string", [("one", 'not("a")'), ("two", 'not("a", "b")'), ("spaces", 'not ( "c" )')])
collects(m, "flags", "flag", "boolean", [("not true", "not(true)"), ("not false", "not(false)"), ("true", "true"), ("false", "false")])
for about, v, hits in [
        ("one", 1, ["interval", "open"]), ("two", 2, ["value", "comparison", "mixed", "open"]),
        ("four", 4, ["value", "values", "comparison", "open"]), ("seven", 7, ["value", "values", "interval", "comparison", "mixed", "open"])]:
    m.case(about, {"v": v}, {"hits": hits})
for word, words in (("a", ["spaces"]), ("b", ["one", "spaces"]), ("c", ["one", "two"]), ("d", ["one", "two", "spaces"])):
    m.case(f"the string {word}", {"word": word}, {"words": words})
m.case("true", {"flag": True}, {"flags": ["not false", "true"]})
m.case("false", {"flag": False}, {"flags": ["not true", "false"]})

m = Model("0207-unary-question-mark", RULES + ", 7.3.2 d", "a boolean expression over '?', the value of the input expression", labels=["Unary tests", "?"])
m.input("v", "number")
m.input("word", "string")
collects(m, "hits", "v", "number", [
    ("range", "? > 3 and ? < 9"), ("either", "? < 0 or ? > 100"), ("modulo", "modulo(?, 2) = 0"), ("square", "? * ? = 25"), ("not", "not(? > 3)"), ("beside", "7, ? = 5")])
collects(m, "words", "word", "string", [
    ("contains", 'contains(?, "x")'), ("length", "string length(?) > 3"), ("starts", 'starts with(?, "a") and ends with(?, "z")'), ("in", '? in ("abc", "xyz")')])
for about, v, hits in [
        ("five", 5, ["range", "square", "beside"]), ("minus five", -5, ["either", "square", "not"]),
        ("eight", 8, ["range", "modulo"]), ("seven", 7, ["range", "beside"]), ("three", 3, ["not"]), ("a hundred and two", 102, ["either", "modulo"])]:
    m.case(about, {"v": v}, {"hits": hits})
for word, words in (("axz", ["contains", "starts"]), ("abcz", ["length", "starts"]), ("xyz", ["contains", "in"]), ("abc", ["in"])):
    m.case(f"the string {word}", {"word": word}, {"words": words})

m = Model("0208-unary-null", RULES + ", Table 50", "null as input and as test; a comparison with null is neither true nor false", labels=["Unary tests", "null"])
m.input("v", "number")
m.input("word", "string")
m.decision("kind", "string", Table("F", [("v", "number")], [Out()], [
    (["null"], ['"absent"']), (["< 0"], ['"negative"']), (["not(null)"], ['"present"'])]))
m.decision("small", "string", Table("F", [("v", "number")], [Out(default='"undecided"')], [
    (["< 5"], ['"small"']), (["not(< 5)"], ['"not small"'])]))
m.decision("word kind", "string", Table("F", [("word", "string")], [Out()], [
    (['""'], ['"empty"']), (["null"], ['"absent"']), (["? != null"], ['"text"'])]))
m.case("null matches the test null; neither < 5 nor its negation", {"v": None}, {"kind": "absent", "small": "undecided"})
m.case("a negative number", {"v": -1}, {"kind": "negative", "small": "small"})
m.case("zero is not null", {"v": 0}, {"kind": "present", "small": "small"})
m.case("five", {"v": 5}, {"kind": "present", "small": "not small"})
m.case("the empty string is not null", {"word": ""}, {"word kind": "empty"})
m.case("null is not the empty string", {"word": None}, {"word kind": "absent"})
m.case("a text", {"word": "null"}, {"word kind": "text"})

m = Model("0209-unary-endpoints-by-name", RULES + ", 10.3.2.7", "endpoints and values that are names, paths, or a list of values", labels=["Unary tests", "Intervals"])
m.struct("tLimits", [("low", "number"), ("high", "number")])
m.item("tNumbers", "number", collection=True)
m.input("v", "number")
m.input("limits", "tLimits")
m.input("black list", "tNumbers")
collects(m, "hits", "v", "number", [
    ("inside", "[limits.low..limits.high]"), ("above", "> limits.high"), ("equal", "limits.low"), ("listed", "black list"), ("not listed", "not(black list)"),
    ("either", "limits.high, black list")])
for about, v, hits in [
        ("the lower limit", 10, ["inside", "equal", "not listed"]), ("the upper limit", 20, ["inside", "not listed", "either"]),
        ("on the list", 25, ["above", "listed", "either"]), ("on the list and inside", 15, ["inside", "listed", "either"]), ("none of it", 5, ["not listed"])]:
    m.case(about, {"v": v, "limits": {"low": 10, "high": 20}, "black list": [15, 25]}, {"hits": hits})

m = Model("0210-in-operator", "10.3.1.2 (rule 49) and 10.3.2.15 (Table 55)", "the operator in, and between", labels=["in", "between"])
m.input("v", "number")
m.decision("in tests", "boolean", "v in (1, [5..7], > 100)")
m.decision("in interval", "boolean", "v in [5..7)")
m.decision("in comparison", "boolean", "v in <= 5")
m.decision("in list", "boolean", "v in ([1, 5, 101])")
m.decision("between", "boolean", "v between 5 and 7")
m.decision("both", "boolean", "v between 1 and 5 and v in (5, 101)")
for v, values in ((1, (True, False, True, True, False, False)), (5, (True, True, True, True, True, True)), (7, (True, False, False, False, True, False)),
                  (101, (True, False, False, True, False, False)), (4, (False, False, True, False, False, False))):
    m.case(f"the value {v}", {"v": v}, dict(zip(("in tests", "in interval", "in comparison", "in list", "between", "both"), values)))
m.case("null between two numbers is null", {"v": None}, {"between": None})
