"""Conversion and Boolean functions: clauses 10.3.4.1 and 10.3.4.2 (Tables 72 and 73)."""

from kit import Date, DateTime, Dur, N, Time
from model import Model

TABLE = "10.3.4.1 (Table 72)"

m = Model("0401-number-function", TABLE + ", note 1", "number(from, grouping separator, decimal separator)", labels=["Conversion"])
m.input("from", "string")
m.input("grouping", "string")
m.input("point", "string")
m.decision("converted", "number", "number(from, grouping, point)")
for about, text, grouping, point, value in [
    ("comma and point", "1,234,567.89", ",", ".", N("1234567.89")),
    ("point and comma", "1.234.567,89", ".", ",", N("1234567.89")),
    ("space and comma", "1 000,5", " ", ",", N("1000.5")),
    ("no grouping", "1000.25", None, ".", N("1000.25")),
    ("no decimal separator", "1,000", ",", None, 1000),
    ("neither", "42", None, None, 42),
    ("negative", "-1,000.5", ",", ".", N("-1000.5")),
    ("without whole digits", ".5", ",", ".", N("0.5")),
    ("same separators", "1,000", ",", ",", None),
    ("no such grouping separator", "1_000", "_", ".", None),
    ("no such decimal separator", "1;5", ",", ";", None),
    ("not a number", "twelve", ",", ".", None),
    ("scientific notation", "1e3", ",", ".", None),
    ("empty string", "", ",", ".", None),
    ("two decimal points", "1.2.3", ",", ".", None),
    ("null", None, ",", ".", None),
]:
    m.case(about, {"from": text, "grouping": grouping, "point": point}, {"converted": value})
m.fact(
    "named",
    "number",
    'number(from: "1 500,75", decimal separator: ",", grouping separator: " ")',
    N("1500.75"),
    "named parameters in any order",
)
m.fact(
    "named and left out",
    "number",
    'number(from: "12.5", decimal separator: ".")',
    N("12.5"),
    "a parameter that is left out is null",
)

m = Model("0402-string-function", TABLE, "string(from)", labels=["Conversion"])
m.facts(
    "string",
    [
        ("of a number", "string(1.1)", "1.1"),
        ("of a negative number", "string(-42)", "-42"),
        ("of a string", 'string("a \\"b\\"")', 'a "b"'),
        ("of a boolean", "string(1 = 1)", "true"),
        ("of null", "string(null)", None),
        ("of a date", 'string(date("2024-02-29"))', "2024-02-29"),
        ("of a time", 'string(time("08:05:00"))', "08:05:00"),
        ("of a date and time", 'string(date and time("2024-02-29T08:05:00Z"))', "2024-02-29T08:05:00Z"),
        ("of a days and time duration", 'string(duration("PT25H30M"))', "P1DT1H30M", "normalised"),
        ("of a years and months duration", 'string(duration("P14M"))', "P1Y2M", "normalised"),
        ("of a negative duration", 'string(duration("-P1D"))', "-P1D"),
        ("joined", '"Clause " + string(7 * 6)', "Clause 42"),
    ],
)

m = Model(
    "0403-date-function", TABLE, "date() of a string, of a date and time, of three numbers", labels=["Conversion", "Date and time"]
)
m.input("text", "string")
m.decision("day", "date", "date(text)")
for about, text, day in [
    ("a date", "2024-02-29", Date("2024-02-29")),
    ("no such day", "2023-02-29", None),
    ("no such month", "2024-13-01", None),
    ("one digit", "2024-2-9", None),
    ("without signs", "20240229", None),
    ("slashes", "2024/02/29", None),
    ("with a time", "2024-02-29T00:00:00", None),
    ("two digits of a year", "24-02-29", None),
    ("spaces around", " 2024-02-29", None),
    ("before the calendar", "0999-12-31", Date("0999-12-31")),
    ("null", None, None),
]:
    m.case(about, {"text": text}, {"day": day})
m.facts(
    "date",
    [
        ("three numbers", "date(2024, 2, 29)", Date("2024-02-29")),
        ("not a leap year", "date(2100, 2, 29)", None),
        ("month thirteen", "date(2024, 13, 1)", None),
        ("day zero", "date(2024, 1, 0)", None),
        ("named parameters", "date(day: 3, month: 2, year: 2024)", Date("2024-02-03")),
        ("of a date and time", 'date(date and time("2024-02-29T23:59:59Z"))', Date("2024-02-29")),
        (
            "of a date and time elsewhere",
            'date(date and time("2024-03-01T00:30:00+08:00"))',
            Date("2024-03-01"),
            "its own date, not that of UTC",
        ),
    ],
)

m = Model("0404-time-function", TABLE, "time() of a string, of a date and time, of numbers", labels=["Conversion", "Date and time"])
m.input("text", "string")
m.decision("clock", "time", "time(text)")
for about, text, clock in [
    ("local", "13:05:09", Time("13:05:09")),
    ("UTC", "13:05:09Z", Time("13:05:09Z")),
    ("offset", "13:05:09-05:30", Time("13:05:09-05:30")),
    ("hour twenty-five", "25:00:00", None),
    ("minute sixty", "10:60:00", None),
    ("without seconds", "10:30", None),
    ("one digit", "9:00:00", None),
    ("words", "noon", None),
]:
    m.case(about, {"text": text}, {"clock": clock})
m.facts(
    "time",
    [
        ("three numbers", "time(14, 30, 15)", Time("14:30:15")),
        ("with an offset", 'time(14, 30, 0, duration("PT8H"))', Time("14:30:00+08:00")),
        ("offset of zero", 'time(14, 30, 0, @"PT0H")', Time("14:30:00Z")),
        ("offset null", "time(14, 30, 0, null)", Time("14:30:00")),
        ("hour twenty-four and a minute", "time(24, 1, 0)", None),
        ("of a date and time", 'time(date and time("2024-02-29T11:00:00Z"))', Time("11:00:00Z")),
    ],
)

m = Model(
    "0405-date-and-time-function",
    TABLE,
    "date and time() of a string, of a date and a time",
    labels=["Conversion", "Date and time"],
)
m.input("text", "string")
m.decision("moment", "date and time", "date and time(text)")
for about, text, moment in [
    ("local", "2024-02-29T13:05:09", DateTime("2024-02-29T13:05:09")),
    ("UTC", "2024-02-29T13:05:09Z", DateTime("2024-02-29T13:05:09Z")),
    ("offset", "2024-02-29T13:05:09+08:00", DateTime("2024-02-29T13:05:09+08:00")),
    ("a date alone is midnight", "2024-02-29", DateTime("2024-02-29T00:00:00")),
    ("no such day", "2023-02-29T00:00:00", None),
    ("space for T", "2024-02-29 13:05:09", None),
    ("no such minute", "2024-02-29T13:61:00", None),
]:
    m.case(about, {"text": text}, {"moment": moment})
m.facts(
    "date and time",
    [
        ("date and clock", 'date and time(date("2024-02-29"), time("23:59:00"))', DateTime("2024-02-29T23:59:00")),
        (
            "clock with an offset",
            'date and time(date("2024-02-29"), time("23:59:00+08:00"))',
            DateTime("2024-02-29T23:59:00+08:00"),
        ),
        (
            "the time of the first is ignored",
            'date and time(date and time("2024-02-29T01:02:03"), time("10:00:00"))',
            DateTime("2024-02-29T10:00:00"),
        ),
    ],
)
m.fact(
    "in a named zone", "boolean", 'date and time("2024-07-01T08:00:00@Asia/Shanghai") = date and time("2024-07-01T00:00:00Z")', True
)
m.fact(
    "in another named zone",
    "boolean",
    'date and time("2024-01-01T09:00:00@Asia/Tokyo") = date and time("2024-01-01T08:00:00@Asia/Shanghai")',
    True,
)
m.fact("UTC by its name", "boolean", 'time("23:59:00Z") + duration("PT2M") = time("00:01:00@Etc/UTC")', True)
m.fact("no such zone", "date and time", 'date and time("2024-01-01T12:00:00@Nowhere/City")', None)

m = Model(
    "0406-duration-function", TABLE + " and 10.3.2.3.7, 10.3.2.3.8", "duration() of both kinds", labels=["Conversion", "Durations"]
)
m.input("text", "string")
m.decision("span", None, "duration(text)")
for about, text, span in [
    ("days and time", "P1DT2H3M4S", Dur("P1DT2H3M4S")),
    ("years and months", "P1Y2M", Dur("P1Y2M")),
    ("minutes only", "PT90M", Dur("PT1H30M")),
    ("months only", "P26M", Dur("P2Y2M")),
    ("negative", "-P1Y", Dur("-P1Y")),
    ("fraction of a second", "PT1.5S", Dur("PT1.5S")),
    ("both kinds at once", "P1Y2DT1H", None),
    ("nothing", "P", None),
    ("T without a time", "P1DT", None),
    ("no P", "1D", None),
    ("weeks", "P1W", None),
    ("fraction of a day", "P1.5D", None),
]:
    m.case(about, {"text": text}, {"span": span})
m.facts(
    "boolean",
    [
        ("twenty-four hours", 'duration("P1D") = duration("PT24H")', True),
        ("twelve months", 'duration("P1Y") = duration("P12M")', True),
        ("order", 'duration("PT23H59M59S") < duration("P1D")', True),
    ],
)

m = Model("0407-years-and-months-duration", TABLE, "years and months duration(from, to)", labels=["Conversion", "Durations"])
m.input("start", "date")
m.input("end", "date")
m.decision("passed", "years and months duration", "years and months duration(start, end)")
for about, start, end, passed in [
    ("years and months", "2011-12-22", "2013-08-24", "P1Y8M"),
    ("a day short of a month", "2024-01-15", "2024-02-14", "P0M"),
    ("a month to the day", "2024-01-15", "2024-02-15", "P1M"),
    ("a day short of a year", "2023-03-01", "2024-02-29", "P11M"),
    ("backwards", "2024-05-01", "2023-03-01", "-P1Y2M"),
    ("the same day", "2024-05-01", "2024-05-01", "P0M"),
]:
    m.case(about, {"start": Date(start), "end": Date(end)}, {"passed": Dur(passed)})
m.fact(
    "of dates and times",
    "years and months duration",
    'years and months duration(date and time("2020-01-01T12:00:00"), date and time("2021-03-01T12:00:00"))',
    Dur("P1Y2M"),
)

m = Model("0408-range-function", TABLE + " and 10.3.2.7", "range(from) of a string", labels=["Conversion", "Range"])
m.facts(
    "boolean",
    [
        ("closed and open", 'range("[18..21)") = [18..21)', True),
        ("open start", 'range("(18..21]").start included', False),
        ("of dates", 'during(@"2024-02-29", range("[@\\"2024-01-01\\"..@\\"2024-12-31\\"]"))', True),
        ("of strings", 'range("[\\"a\\"..\\"c\\"]").end = "c"', True),
        ("without an end", 'range("[2..)").start = 2 and range("[2..)").end = null', True),
    ],
)
m.facts(
    "Any",
    [
        ("empty string", 'range("")', None),
        ("no ends", 'range("[..]")', None),
        ("no literal ends", 'range("[a..b]")', None),
        ("no range", 'range("1 to 5")', None),
    ],
)
