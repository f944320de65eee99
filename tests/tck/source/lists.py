"""List functions and sort: clauses 10.3.4.4 and 10.3.4.9 (Tables 75 and 80)."""

from kit import Date, N
from model import Model

TABLE = "10.3.4.4 (Table 75)"

m = Model("0421-list-count-min-max", TABLE, "list contains, count, min, max", labels=["List functions"])
m.item("tNumbers", "number", collection=True)
m.input("numbers", "tNumbers")
m.decision("how many", "number", "count(numbers)")
m.decision("smallest", "number", "min(numbers)")
m.decision("largest", "number", "max(numbers)")
m.decision("has two", "boolean", "list contains(numbers, 2)")
for about, numbers, values in [
    ("three", [1, 2, 3], (3, 1, 3, True)),
    ("none", [], (0, None, None, False)),
    ("one", [-5], (1, -5, -5, False)),
    ("equal ones", [2, 2, N("2.0")], (3, 2, 2, True)),
    ("fractions", [N("0.1"), N("-0.1"), N("0.05")], (3, N("-0.1"), N("0.1"), False)),
]:
    m.case(about, {"numbers": numbers}, dict(zip(("how many", "smallest", "largest", "has two"), values)))
m.fact("least of arguments", "number", "min(5, 2, 9)", 2)
m.fact("most of strings", "string", 'max(["a", "bb", "B"])', "bb")
m.fact("latest date", "date", 'max(date("2024-01-31"), date("2023-12-31"), date("2024-02-01"))', Date("2024-02-01"))
m.fact("not comparable", "Any", 'max([1, "a"])', None)
m.fact("one argument", "number", "min(7)", 7)
m.fact("nested lists count once", "number", "count([1, [2, 3]])", 2)
m.fact("contains null", "boolean", "list contains([1, null], null)", True)
m.fact("contains no null", "boolean", "list contains([1, 2], null)", False)
m.fact("contains a list", "boolean", "list contains([[1], [2]], [2])", True)

m = Model("0422-list-arithmetic", TABLE, "sum, mean, product, median, stddev, mode", labels=["List functions"])
m.input("n", None)
NAMES = ("total", "average", "all multiplied", "middle", "modes")
for name, function in zip(NAMES, ("sum", "mean", "product", "median", "mode")):
    m.decision(name, None, f"{function}(n)")
for about, numbers, values in [
    ("an odd number of them", [8, 2, 5, 3, 2], (20, 4, 480, 3, [2])),
    ("an even number of them", [6, 1, 2, 3], (12, 3, 36, N("2.5"), [1, 2, 3, 6])),
    ("two modes, ascending", [6, 1, 9, 6, 1], (23, N("4.6"), 324, 6, [1, 6])),
    ("one", [7], (7, 7, 7, 7, [7])),
    ("none", [], (None, None, None, None, [])),
    ("tenths", [N("0.1"), N("0.2"), N("0.3")], (N("0.6"), N("0.2"), N("0.006"), N("0.2"), [N("0.1"), N("0.2"), N("0.3")])),
]:
    m.case(about, {"n": numbers}, dict(zip(NAMES, values)))
m.fact("of arguments", None, "[sum(1, 2, 3), mean(1, 2, 3), product(2, 3, 4), median(8, 2, 5, 3, 4)]", [6, 2, 24, 4])
m.fact("mean in thirty-four digits", "boolean", "mean(1, 1, 2) = 1.333333333333333333333333333333333", True)
m.fact("standard deviation of a sample", "boolean", "stddev(2, 4, 7, 5) = 2.081665999466132735282297706979931", True)
m.fact(
    "standard deviation of a list",
    "number",
    "decimal(stddev([2, 4, 4, 4, 5, 5, 7, 9, 5, 5]), 6)",
    N("1.885618"),
    "the square root of 32/9",
)
m.fact("standard deviation of one", "number", "stddev([47])", None)
m.fact("standard deviation of none", "number", "stddev([])", None)
m.fact("a string among numbers", "number", 'sum([1, "2"])', None)

m = Model("0423-list-all-any", TABLE, "all and any with null among the items", labels=["List functions", "Ternary logic"])
m.input("b", None)
m.decision("all of them", "boolean", "all(b)")
m.decision("any of them", "boolean", "any(b)")
for about, items, all_, any_ in [
    ("all true", [True, True], True, True),
    ("one false", [True, False], False, True),
    ("all false", [False, False], False, False),
    ("none", [], True, False),
    ("true and null", [True, None], None, True),
    ("false and null", [False, None], False, None),
    ("all three", [False, None, True], False, True),
    ("only null", [None], None, None),
    ("a number", [0], None, None),
]:
    m.case(about, {"b": items}, {"all of them": all_, "any of them": any_})
m.fact("all of arguments", "boolean", "all(true, true, false)", False)
m.fact("any of arguments", "boolean", "any(false, true)", True)

m = Model(
    "0424-list-building",
    TABLE + ", note 1",
    "sublist, append, concatenate, insert before, remove, reverse, list replace",
    labels=["List functions"],
)
m.facts(
    None,
    [
        ("from a position", "sublist([4, 5, 6], 2)", [5, 6]),
        ("from a position, so many", "sublist([4, 5, 6], 1, 2)", [4, 5]),
        ("from the end", "sublist([4, 5, 6], -2)", [5, 6]),
        ("from the end, so many", "sublist([4, 5, 6], -3, 2)", [4, 5]),
        ("from position zero", "sublist([4, 5, 6], 0)", None),
        ("from beyond the end", "sublist([4, 5, 6], 4)", None),
        ("no length at all", "sublist([4, 5, 6], 1, 0)", None),
        ("one appended", "append([1], 2)", [1, 2]),
        ("several appended", "append([1], 2, 3, null)", [1, 2, 3, None]),
        ("a list appended is one item", "append([1], [2, 3])", [1, [2, 3]]),
        ("two lists in one", "concatenate([1, 2], [3])", [1, 2, 3]),
        ("three lists, one empty", "concatenate([1], [], [2, [3]])", [1, 2, [3]]),
        ("before the first", "insert before([1, 3], 1, 2)", [2, 1, 3]),
        ("before the last", "insert before([1, 2, 3], -1, 9)", [1, 2, 9, 3]),
        ("before nothing", "insert before([1, 2], 3, 9)", None, "position 3 is outside of [-2..2]"),
        ("second removed", "remove([1, 2, 3], 2)", [1, 3]),
        ("last removed", "remove([1, 2, 3], -1)", [1, 2]),
        ("none removed", "remove([1, 2, 3], 4)", None),
        ("backwards", "reverse([1, 2, [3, 4]])", [[3, 4], 2, 1]),
        ("empty backwards", "reverse([])", []),
        ("third replaced", "list replace([2, 4, 7, 8], 3, 6)", [2, 4, 6, 8]),
        ("last replaced", "list replace([2, 4], -1, 6)", [2, 6]),
        ("replaced where it matches", "list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", [5, 5, 7, 8]),
    ],
)

m = Model("0425-list-duplicates", TABLE, "index of, union, distinct values, flatten", labels=["List functions"])
m.facts(
    None,
    [
        ("both positions", "index of([1, 2, 3, 2], 2)", [2, 4]),
        ("no position", "index of([1, 2, 3], 5)", []),
        ("positions of null", "index of([1, null, 2, null], null)", [2, 4]),
        ("position of a list", "index of([[1], [2]], [2])", [2]),
        ("both lists once", "union([1, 2], [2, 3])", [1, 2, 3]),
        ("three lists once", 'union(["a"], ["b", "a"], ["c", "b"])', ["a", "b", "c"]),
        ("each once, in order of appearance", "distinct values([1, 2, 3, 2, 1])", [1, 2, 3]),
        ("null once", "distinct values([null, 1, null])", [None, 1]),
        ("contexts once", "distinct values([{ a: 1 }, { a: 2 }, { a: 1 }])", [{"a": 1}, {"a": 2}]),
        ("equal numbers once", "count(distinct values([1, 1.0, 1.00]))", 1),
        ("all levels flat", "flatten([[1, 2], [[3]], 4])", [1, 2, 3, 4]),
        ("empty lists vanish", "flatten([[], [[], [1]]])", [1]),
    ],
)

m = Model("0426-sort", "10.3.4.9 (Table 80)", "sort(list, precedes)", labels=["List functions", "Functions"])
m.facts(
    None,
    [
        ("ascending", "sort([3, 1, 4, 5, 2], function(x, y) x < y)", [1, 2, 3, 4, 5]),
        ("descending", "sort([3, 1, 4], function(x, y) x > y)", [4, 3, 1]),
        ("by names", "sort(precedes: function(a, b) a < b, list: [2, 1])", [1, 2]),
        ("strings by length", 'sort(["ccc", "a", "bb"], function(x, y) string length(x) < string length(y))', ["a", "bb", "ccc"]),
        ("contexts by an entry", "sort([{ n: 2 }, { n: 1 }], function(x, y) x.n < y.n)", [{"n": 1}, {"n": 2}]),
        ("nothing to sort", "sort([], function(x, y) x < y)", []),
    ],
)

m = Model("0427-loops-and-quantifiers", "10.3.2.14 and 10.3.2.15 (Table 49)", "for, some, every", labels=["Iteration"])
m.facts(
    None,
    [
        ("squares", "for i in [1, 2, 3] return i * i", [1, 4, 9]),
        ("over a range", "for i in 2..4 return i", [2, 3, 4]),
        ("downwards", "for i in 3..1 return i", [3, 2, 1]),
        ("two variables", "for i in [1, 2], j in [10, 20] return i + j", [11, 21, 12, 22], "the last variable runs fastest"),
        ("factorials by partial", "for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ("over nothing", "for i in [] return 1", []),
    ],
)
m.facts(
    "boolean",
    [
        ("some", "some x in [1, 5, 9] satisfies x > 8", True),
        ("none", "some x in [1, 5, 9] satisfies x > 9", False),
        ("some of nothing", "some x in [] satisfies true", False),
        ("some or null", "some x in [1, null] satisfies x > 3", None, "false or null is null"),
        ("every", "every x in [1, 5, 9] satisfies x > 0", True),
        ("not every", "every x in [1, 5, 9] satisfies x > 1", False),
        ("every of nothing", "every x in [] satisfies false", True),
        ("every or null", "every x in [5, null] satisfies x > 3", None, "true and null is null"),
        ("pairs", "some x in [1, 2], y in [3, 4] satisfies x * y = 8", True),
    ],
)
