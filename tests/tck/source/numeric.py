"""Numeric functions: clause 10.3.4.5 (Table 76)."""

from kit import Dur, N
from model import Model

TABLE = "10.3.4.5 (Table 76)"

m = Model(
    "0431-decimal-floor-ceiling",
    TABLE,
    "decimal rounds half even, floor down, ceiling up, at any scale",
    labels=["Numeric functions", "Rounding"],
)
m.input("n", "number")
m.input("scale", "number")
NAMES = ("even", "down", "up")
for name, function in zip(NAMES, ("decimal", "floor", "ceiling")):
    m.decision(name, "number", f"{function}(n, scale)")
for about, n, scale, values in [
    ("a tie to the even one below", N("2.5"), 0, (2, 2, 3)),
    ("a tie to the even one above", N("1.5"), 0, (2, 1, 2)),
    ("a negative tie", N("-2.5"), 0, (-2, -3, -2)),
    ("a tie of hundredths below", N("0.505"), 2, (N("0.5"), N("0.5"), N("0.51"))),
    ("a tie of hundredths above", N("0.515"), 2, (N("0.52"), N("0.51"), N("0.52"))),
    ("no tie", N("-1.56"), 1, (N("-1.6"), N("-1.6"), N("-1.5"))),
    ("a negative scale", N("1250"), -2, (1200, 1200, 1300)),
    ("a larger scale changes nothing", N("1.5"), 5, (N("1.5"),) * 3),
    ("just above a tie", N("2.50001"), 0, (3, 2, 3)),
    ("scale null", 1, None, (None,) * 3),
    ("n null", None, 0, (None,) * 3),
]:
    m.case(about, {"n": n, "scale": scale}, dict(zip(NAMES, values)))
m.facts(
    "number",
    [
        ("floor without a scale", "floor(-1.5)", -2),
        ("ceiling without a scale", "ceiling(-1.5)", -1),
        ("a third in hundredths", "decimal(1 / 3, 2)", N("0.33")),
    ],
)

m = Model("0432-rounding", TABLE, "round up, round down, round half up, round half down", labels=["Numeric functions", "Rounding"])
m.input("n", "number")
m.input("scale", "number")
NAMES = ("away", "toward zero", "half away", "half toward zero")
for name, function in zip(NAMES, ("round up", "round down", "round half up", "round half down")):
    m.decision(name, "number", f"{function}(n, scale)")
for about, n, scale, values in [
    ("a tie", N("5.5"), 0, (6, 5, 6, 5)),
    ("a negative tie", N("-5.5"), 0, (-6, -5, -6, -5)),
    ("below a tie", N("1.121"), 2, (N("1.13"), N("1.12"), N("1.12"), N("1.12"))),
    ("above a tie, negative", N("-1.126"), 2, (N("-1.13"), N("-1.12"), N("-1.13"), N("-1.13"))),
    ("a tie of two even neighbours", N("2.5"), 0, (3, 2, 3, 2)),
    ("nothing to round", 7, 0, (7, 7, 7, 7)),
    ("hundreds", 1250, -2, (1300, 1200, 1300, 1200)),
    ("a tie just passed", N("2.50000001"), 0, (3, 2, 3, 3)),
    ("scale null", N("5.5"), None, (None,) * 4),
    ("n null", None, 0, (None,) * 4),
]:
    m.case(about, {"n": n, "scale": scale}, dict(zip(NAMES, values)))

m = Model("0433-modulo-odd-even", TABLE, "modulo follows the sign of the divisor; odd and even", labels=["Numeric functions"])
m.input("dividend", "number")
m.input("divisor", "number")
m.decision("remainder", "number", "modulo(dividend, divisor)")
for dividend, divisor, remainder in (
    (12, 5, 2),
    (-12, 5, 3),
    (12, -5, -3),
    (-12, -5, -2),
    (N("10.1"), N("4.5"), N("1.1")),
    (N("-10.1"), N("4.5"), N("3.4")),
    (N("10.1"), N("-4.5"), N("-3.4")),
    (N("-10.1"), N("-4.5"), N("-1.1")),
    (10, 5, 0),
    (0, 7, 0),
    (3, 10, 3),
    (10, 0, None),
    (None, 5, None),
):
    show = [str(getattr(v, "text", v)) for v in (dividend, divisor)]
    m.case(f"modulo({show[0]}, {show[1]})", {"dividend": dividend, "divisor": divisor}, {"remainder": remainder})
m.input("k", "number")
m.decision("is odd", "boolean", "odd(k)")
m.decision("is even", "boolean", "even(k)")
for k, odd in ((5, True), (2, False), (0, False), (-3, True), (-4, False), (N("3.0"), True)):
    m.case(f"odd and even of {getattr(k, 'text', k)}", {"k": k}, {"is odd": odd, "is even": not odd})

m = Model("0434-abs-sqrt-log-exp", TABLE, "abs of numbers and durations, sqrt, log, exp", labels=["Numeric functions"])
m.facts(
    "number",
    [
        ("positive", "abs(10)", 10),
        ("negative", "abs(-10.5)", N("10.5")),
        ("square root", "sqrt(16)", 4),
        ("square root of a fraction", "sqrt(0.25)", N("0.5")),
        ("square root of zero", "sqrt(0)", 0),
        ("square root of a negative number", "sqrt(-1)", None),
        ("logarithm of one", "log(1)", 0),
        ("logarithm of zero", "log(0)", None, "there is no such number"),
        ("logarithm of a negative number", "log(-1)", None),
        ("exponential of zero", "exp(0)", 1),
        ("absolute value of a string", 'abs("1")', None),
    ],
)
m.facts(
    "boolean",
    [
        ("square root in thirty-four digits", "sqrt(2) = 1.414213562373095048801688724209698", True),
        ("logarithm of ten", "decimal(log(10), 30) = 2.302585092994045684017991454684", True),
        ("Euler's number", "decimal(exp(1), 30) = 2.718281828459045235360287471353", True),
        ("exponential of a negative number", "decimal(exp(-1), 30) = 0.367879441171442321595523770161", True),
    ],
)
m.fact("a days and time duration", "days and time duration", 'abs(@"-PT5H")', Dur("PT5H"))
m.fact("a years and months duration", "years and months duration", 'abs(duration("-P1Y2M"))', Dur("P1Y2M"))
