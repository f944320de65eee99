"""Unary tests, comparisons and intervals: grammar rules 7 to 16 (10.3.1.2), 7.3.2 and Table 55 (10.3.2.15)."""

from kit import Date, DateTime, Dur, N, Time
from model import Model
from unary_kit import RULES, collects

m = Model("0201-unary-comparisons", RULES, "a comparison operator before an endpoint", labels=["Unary tests"])
m.input("v", "number")
m.input("limit", "number")
collects(
    m,
    "hits",
    "v",
    "number",
    [
        ("lt", "< 10"),
        ("le", "<= 10"),
        ("gt", "> 10"),
        ("ge", ">= 10"),
        ("eq", "10"),
        ("negative", "< -2.5"),
        ("name", "> limit"),
        ("sum", "<= limit + 5"),
        ("product", ">= limit * 2"),
    ],
)
for about, v, limit, hits in [
    ("at the endpoint", 10, 10, ["le", "ge", "eq", "sum"]),
    ("a hair below", N("9.99999999999999999999"), 10, ["lt", "le", "sum"]),
    ("a hair above", N("10.00000000000000000001"), 3, ["gt", "ge", "name", "product"]),
    ("a negative endpoint is exclusive", N("-2.5"), 0, ["lt", "le", "sum"]),
    ("below a negative endpoint", -3, -10, ["lt", "le", "negative", "name", "product"]),
    ("precision is not considered", N("10.00"), 4, ["le", "ge", "eq", "name", "product"]),
]:
    m.case(about, {"v": v, "limit": limit}, {"hits": hits})

m = Model("0202-unary-intervals", RULES, "open and closed ends, in both spellings of open", labels=["Unary tests", "Intervals"])
m.input("v", "number")
collects(
    m,
    "hits",
    "v",
    "number",
    [
        ("[]", "[1..5]"),
        ("()", "(1..5)"),
        ("(]", "(1..5]"),
        ("[)", "[1..5)"),
        ("][", "]1..5["),
        ("]]", "]1..5]"),
        ("[[", "[1..5["),
        ("point", "[5..5]"),
        ("spaces", "[ 1 .. 5 ]"),
        ("sum", "[ 2 - 1 .. 2 + 3 ]"),
        ("negative", "[-3..-1]"),
    ],
)
for about, v, hits in [
    ("the start", 1, ["[]", "[)", "[[", "spaces", "sum"]),
    ("inside", 3, ["[]", "()", "(]", "[)", "][", "]]", "[[", "spaces", "sum"]),
    ("the end", 5, ["[]", "(]", "]]", "point", "spaces", "sum"]),
    ("between negatives", -2, ["negative"]),
]:
    m.case(about, {"v": v}, {"hits": hits})
m.case("outside of all", {"v": 6}, {"hits": None})

m = Model(
    "0203-unary-intervals-of-dates",
    RULES,
    "intervals and comparisons of dates, times and dates with times",
    labels=["Unary tests", "Intervals", "Date and time"],
)
m.input("day", "date")
m.input("hour", "time")
m.input("moment", "date and time")
collects(
    m,
    "days",
    "day",
    "date",
    [
        ("leap", 'date("2024-02-29")'),
        ("at literal", '@"2024-02-29"'),
        ("winter", '[date("2023-12-01")..date("2024-03-01"))'),
        ("before", '< @"2024-01-01"'),
        ("since", '>= date(2024, 1, 1)'),
    ],
)
collects(
    m,
    "hours",
    "hour",
    "time",
    [
        ("office", '[time("09:00:00")..time("17:30:00")]'),
        ("late", '> @"17:30:00"'),
        ("noon", 'time("12:00:00")'),
        ("early", '< time("09:00:00")'),
    ],
)
collects(
    m,
    "moments",
    "moment",
    "date and time",
    [
        ("utc", 'date and time("2024-06-01T12:00:00Z")'),
        ("june", '[@"2024-06-01T00:00:00Z"..@"2024-07-01T00:00:00Z")'),
        ("other zone", '@"2024-06-01T20:00:00+08:00"'),
    ],
)
m.case("leap day", {"day": Date("2024-02-29")}, {"days": ["leap", "at literal", "winter", "since"]})
m.case("the open end of winter", {"day": Date("2024-03-01")}, {"days": ["since"]})
m.case("the start of winter", {"day": Date("2023-12-01")}, {"days": ["winter", "before"]})
m.case("the end of office hours", {"hour": Time("17:30:00")}, {"hours": ["office"]})
m.case("a second later", {"hour": Time("17:30:01")}, {"hours": ["late"]})
m.case("noon", {"hour": Time("12:00:00")}, {"hours": ["office", "noon"]})
m.case("before nine", {"hour": Time("08:59:59")}, {"hours": ["early"]})
m.case(
    "the same moment in another zone is equal and in range",
    {"moment": DateTime("2024-06-01T12:00:00Z")},
    {"moments": ["utc", "june", "other zone"]},
)
m.case(
    "the first of July in Shanghai is still June in UTC", {"moment": DateTime("2024-07-01T07:59:59+08:00")}, {"moments": ["june"]}
)
m.case("eight o'clock there is midnight in UTC", {"moment": DateTime("2024-07-01T08:00:00+08:00")}, {"moments": None})

m = Model(
    "0204-unary-durations-and-strings",
    RULES,
    "intervals of durations and of strings",
    labels=["Unary tests", "Intervals", "Durations", "Strings"],
)
m.input("delay", "days and time duration")
m.input("term", "years and months duration")
m.input("name", "string")
collects(
    m,
    "delays",
    "delay",
    "days and time duration",
    [
        ("day", 'duration("P1D")'),
        ("hours", 'duration("PT24H")'),
        ("week", '[duration("P1D")..duration("P7D")]'),
        ("over", '> @"P7D"'),
    ],
)
collects(
    m,
    "terms",
    "term",
    "years and months duration",
    [("year", 'duration("P1Y")'), ("months", 'duration("P12M")'), ("long", '> @"P2Y11M"'), ("short", '< duration("P6M")')],
)
collects(
    m,
    "names",
    "name",
    "string",
    [("a to m", '["a".."m"]'), ("before b", '< "b"'), ("after z", '> "z"'), ("one of", '"cat", "dog"')],
)
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
