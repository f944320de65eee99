"""Arithmetic and properties of dates, times and durations; temporal functions."""

from kit import Date, DateTime, Dur, N, Time
from model import Model

TABLES = "10.3.2.15 (Tables 56 and 57)"

m = Model("0441-date-arithmetic", TABLES, "dates and durations", labels=["Date and time", "Arithmetic"])
m.facts(
    "date",
    [
        ("over a leap day", 'date("2024-02-28") + duration("P2D")', Date("2024-03-01")),
        ("no leap day", 'date("2023-02-28") + duration("P1D")', Date("2023-03-01")),
        ("commutative", 'duration("P1D") + date("2023-12-31")', Date("2024-01-01")),
        ("back over a year", 'date("2024-01-01") - duration("P1D")', Date("2023-12-31")),
        ("hours are cut off", 'date("2024-01-01") + duration("PT25H")', Date("2024-01-02"), "the date of 2024-01-02T01:00:00"),
        ("an hour before midnight", 'date("2024-01-01") - duration("PT1H")', Date("2023-12-31")),
        ("months", 'date("2024-01-15") + duration("P13M")', Date("2025-02-15")),
        ("months back over a year", 'date("2024-01-15") - duration("P2M")', Date("2023-11-15")),
        ("to December", 'date("2024-11-30") + duration("P1M")', Date("2024-12-30")),
        ("years", 'date("2020-06-30") + @"P3Y"', Date("2023-06-30")),
        ("a negative duration", 'date("2024-03-01") + @"-P1D"', Date("2024-02-29")),
    ],
)
m.facts(
    "days and time duration",
    [
        ("between two dates", 'date("2024-03-01") - date("2024-02-01")', Dur("P29D")),
        ("between two dates backwards", 'date("2024-01-01") - date("2024-01-11")', Dur("-P10D")),
        ("a common year", 'date("2024-01-01") - date("2023-01-01")', Dur("P365D")),
    ],
)
m.facts(
    "Any",
    [
        ("date plus date", 'date("2024-01-01") + date("2024-01-01")', None),
        ("date plus number", 'date("2024-01-01") + 1', None),
        ("duration minus date", 'duration("P1D") - date("2024-01-01")', None),
    ],
)

m = Model("0442-date-and-time-arithmetic", TABLES, "dates with times, zones, times of day", labels=["Date and time", "Arithmetic"])
m.facts(
    "date and time",
    [
        ("over midnight", 'date and time("2024-12-24T23:59:00") + duration("PT1M")', DateTime("2024-12-25T00:00:00")),
        (
            "the offset stays",
            'date and time("2024-12-31T23:00:00+08:00") + duration("PT2H")',
            DateTime("2025-01-01T01:00:00+08:00"),
        ),
        ("months keep the time", 'date and time("2024-01-15T10:30:00") + duration("P1M")', DateTime("2024-02-15T10:30:00")),
        ("days back", 'date and time("2024-03-01T00:00:00Z") - duration("P1D")', DateTime("2024-02-29T00:00:00Z")),
    ],
)
m.facts(
    "days and time duration",
    [
        ("between two moments", 'date and time("2012-12-24T23:59:00") - date and time("2012-12-22T03:45:00")', Dur("P2DT20H14M")),
        ("between two zones", 'date and time("2024-01-01T08:00:00+08:00") - date and time("2024-01-01T00:00:00Z")', Dur("PT0S")),
        (
            "between two zones over a date line",
            'date and time("2024-01-02T00:00:00+14:00") - date and time("2024-01-01T00:00:00-10:00")',
            Dur("PT0S"),
        ),
        ("between two times", 'time("13:05:00") - time("09:35:00")', Dur("PT3H30M")),
        ("between two times backwards", 'time("09:35:00") - time("13:05:00")', Dur("-PT3H30M")),
    ],
)
m.facts(
    "time",
    [
        ("time over midnight", 'time("23:30:00") + duration("PT1H")', Time("00:30:00")),
        ("time before midnight", 'time("00:30:00") - duration("PT1H")', Time("23:30:00")),
        ("whole days vanish", 'time("10:00:00") + duration("P3DT1S")', Time("10:00:01")),
        ("the offset of a time stays", 'duration("PT1H") + time("10:00:00+08:00")', Time("11:00:00+08:00")),
    ],
)
m.facts(
    "Any",
    [
        ("only one with a zone", 'date and time("2024-01-01T00:00:00Z") - date and time("2024-01-01T00:00:00")', None),
        ("moment plus moment", 'date and time("2024-01-01T00:00:00Z") + date and time("2024-01-01T00:00:00Z")', None),
        ("time and months", 'time("10:00:00") + duration("P1M")', None),
    ],
)

m = Model(
    "0443-duration-arithmetic",
    "10.3.2.15 (Tables 57 and 59)",
    "durations with durations and numbers; the two kinds do not mix",
    labels=["Durations", "Arithmetic"],
)
m.facts(
    "days and time duration",
    [
        ("added", 'duration("PT20H") + duration("PT5H")', Dur("P1DT1H")),
        ("subtracted", 'duration("P1D") - duration("PT1H")', Dur("PT23H")),
        ("below zero", 'duration("PT1H") - duration("P1D")', Dur("-PT23H")),
        ("times a number", 'duration("PT8H") * 2.5', Dur("PT20H")),
        ("a number times it", '3 * duration("PT10H")', Dur("P1DT6H")),
        ("divided", 'duration("P1D") / 4', Dur("PT6H")),
        ("divided by zero", 'duration("P1D") / 0', None),
    ],
)
m.facts(
    "years and months duration",
    [
        ("months added", 'duration("P11M") + duration("P2M")', Dur("P1Y1M")),
        ("months subtracted", 'duration("P1Y") - duration("P14M")', Dur("-P2M")),
        ("months times a number", 'duration("P7M") * 3', Dur("P1Y9M")),
        ("years divided", 'duration("P3Y") / 2', Dur("P1Y6M")),
    ],
)
m.facts(
    "number",
    [
        ("ratio", 'duration("P1D") / duration("PT6H")', 4),
        ("ratio of months", 'duration("P1Y") / duration("P8M")', N("1.5")),
        ("ratio to nothing", 'duration("P1D") / duration("PT0S")', None),
    ],
)
m.facts(
    "Any",
    [
        ("two kinds added", 'duration("P1D") + duration("P1M")', None),
        ("number divided", '2 / duration("P1D")', None),
        ("squared", 'duration("P1D") * duration("P1D")', None),
        ("added to a number", 'duration("P1D") + 1', None),
    ],
)

m = Model(
    "0444-temporal-properties",
    "10.3.2.15 (Tables 64 to 66)",
    "components of dates, times and durations",
    labels=["Date and time", "Properties"],
)
m.input("day", "date")
m.input("moment", "date and time")
m.input("clock", "time")
m.decision("of the day", None, "[day.year, day.month, day.day, day.weekday]")
m.decision(
    "of the moment",
    None,
    "[moment.year, moment.month, moment.day, moment.weekday, moment.hour, moment.minute, moment.second, moment.time offset]",
)
m.decision("of the clock", None, "[clock.hour, clock.minute, clock.second, clock.time offset, clock.timezone]")
m.case("a Thursday", {"day": Date("2024-02-29")}, {"of the day": [2024, 2, 29, 4]})
m.case("a Sunday is seven", {"day": Date("2023-12-31")}, {"of the day": [2023, 12, 31, 7]})
m.case("a Monday is one", {"day": Date("2024-01-01")}, {"of the day": [2024, 1, 1, 1]})
m.case(
    "with an offset", {"moment": DateTime("2024-02-29T13:05:09+08:00")}, {"of the moment": [2024, 2, 29, 4, 13, 5, 9, Dur("PT8H")]}
)
m.case("in UTC", {"moment": DateTime("2000-01-01T00:00:00.5Z")}, {"of the moment": [2000, 1, 1, 6, 0, 0, N("0.5"), Dur("PT0S")]})
m.case("local", {"moment": DateTime("1999-12-31T23:59:59")}, {"of the moment": [1999, 12, 31, 5, 23, 59, 59, None]})
m.case("a time with an offset west", {"clock": Time("10:20:30-05:30")}, {"of the clock": [10, 20, 30, Dur("-PT5H30M"), None]})
m.case("a local time", {"clock": Time("10:20:30")}, {"of the clock": [10, 20, 30, None, None]})
m.facts(
    None,
    [
        (
            "days and time",
            '{ d: duration("P1DT26H3M4.5S"), r: [d.days, d.hours, d.minutes, d.seconds] }.r',
            [2, 2, 3, N("4.5")],
            "of the normalised duration",
        ),
        ("years and months", '{ d: duration("P1Y14M"), r: [d.years, d.months] }.r', [2, 2]),
        ("of the other kind", '{ d: duration("P1Y"), r: [d.days, d.hours] }.r', [None, None]),
        ("named zone", 'date and time("2024-07-01T08:00:00@Asia/Shanghai").timezone', "Asia/Shanghai"),
        ("offset of a named zone", 'date and time("2024-07-01T08:00:00@Asia/Shanghai").time offset', Dur("PT8H")),
    ],
)

m = Model(
    "0445-temporal-functions",
    "10.3.4.8 (Table 79)",
    "day of year, day of week, month of year, week of year",
    labels=["Date and time functions"],
)
m.input("day", "date")
NAMES = ("day number", "day name", "month name", "week number")
for name, function in zip(NAMES, ("day of year", "day of week", "month of year", "week of year")):
    m.decision(name, None, f"{function}(day)")
for day, values in (
    ("2019-09-17", (260, "Tuesday", "September", 38)),
    ("2003-12-29", (363, "Monday", "December", 1)),
    ("2004-01-04", (4, "Sunday", "January", 1)),
    ("2005-01-01", (1, "Saturday", "January", 53)),
    ("2005-01-03", (3, "Monday", "January", 1)),
    ("2024-02-29", (60, "Thursday", "February", 9)),
    ("2024-12-31", (366, "Tuesday", "December", 1)),
    ("2020-12-31", (366, "Thursday", "December", 53)),
):
    m.case(day, {"day": Date(day)}, dict(zip(NAMES, values)))
m.fact("of a date and time", "number", 'day of year(date and time("2023-12-31T23:59:59Z"))', 365)
m.fact("of a string", "string", 'day of week("2024-01-01")', None)

m = Model(
    "0446-is-now-today",
    "10.3.4.6 (Table 77) and 10.3.4.11 (Table 82)",
    "is(), now() and today()",
    labels=["Date and time functions"],
)
m.facts(
    "boolean",
    [
        ("date is no time", 'is(date("2012-12-25"), time("23:00:50"))', False),
        ("the same date", 'is(date("2012-12-25"), date("2012-12-25"))', True),
        ("UTC is not local", 'is(time("23:00:50Z"), time("23:00:50"))', False),
        ("UTC is an offset of zero", 'is(time("23:00:50Z"), time("23:00:50+00:00"))', True),
        ("a number is no string", 'is(1, "1")', False),
        ("null is null", "is(null, null)", True),
        ("is never null", 'is(null, "x")', False),
        ("now is a moment", "now() instance of date and time", True),
        ("today is a date", "today() instance of date", True),
        ("one evaluation has one now", "now() = now() and today() = today()", True),
    ],
)

m = Model(
    "0447-temporal-comparison",
    "10.3.2.3.4 to 10.3.2.3.8 and 10.3.2.15 (Tables 53 to 57)",
    "order and equality over zones; a date among dates and times",
    labels=["Date and time", "Comparison"],
)
m.facts(
    "boolean",
    [
        ("dates", '@"2023-12-31" < @"2024-01-01"', True),
        ("the same moment in two zones", '@"2024-01-01T08:00:00+08:00" = @"2024-01-01T00:00:00Z"', True),
        ("a later clock that is an earlier moment", '@"2024-01-01T09:00:00+08:00" < @"2024-01-01T02:00:00Z"', True),
        (
            "local and zoned, earlier",
            '@"2024-01-01T10:00:00" < @"2024-01-01T11:00:00+08:00"',
            True,
            "the local one takes the offset of the other",
        ),
        ("local and zoned, later", '@"2024-01-01T12:00:00" < @"2024-01-01T11:00:00+08:00"', False),
        ("times", '@"09:59:59" < @"10:00:00"', True),
        ("durations by their length", '@"PT36H" > @"P1DT11H59M"', True),
        ("months by their number", '@"P1Y" >= @"P12M"', True),
        ("two kinds of durations", '@"P1Y" < @"P400D"', None),
        ("date and time of day", '@"2024-01-01" < @"10:00:00"', None),
        ("date and text", '@"2024-01-01" < "2024-01-02"', None),
        ("between dates", '@"2024-02-29" between @"2024-02-01" and @"2024-02-29"', True),
    ],
)
m.facts(
    "days and time duration",
    [
        ("a date is midnight of UTC", 'date("2024-01-02") - date and time("2024-01-01T00:00:00Z")', Dur("P1D")),
        ("also against another zone", 'date("2024-01-02") - date and time("2024-01-01T00:00:00+08:00")', Dur("P1DT8H")),
        ("in the other order", 'date and time("2024-01-02T06:00:00Z") - date("2024-01-01")', Dur("P1DT6H")),
        ("a date has a zone, a local time has none", 'date("2024-01-02") - date and time("2024-01-01T00:00:00")', None),
        ("the shortest", 'min(@"PT2H", @"PT90M", @"P1D")', Dur("PT1H30M")),
    ],
)
