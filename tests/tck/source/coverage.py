"""What the folder must cover: every hit policy, built-in function and type of DMN 1.5."""

import re

LEAST_MODELS, LEAST_CASES = 40, 400
POLICIES = ("UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
FUNCTIONS = {
    "conversion": "date, date and time, time, number, string, duration, years and months duration, range",
    "boolean": "not",
    "string": "substring, string length, upper case, lower case, substring before, substring after, replace, contains, starts with, "
    "ends with, matches, split, string join",
    "list": "list contains, count, min, max, sum, mean, all, any, sublist, append, concatenate, insert before, remove, list replace, "
    "reverse, index of, union, distinct values, flatten, product, median, stddev, mode",
    "numeric": "decimal, floor, ceiling, round up, round down, round half up, round half down, abs, modulo, sqrt, log, exp, odd, even",
    "date and time": "is",
    "range": "before, after, meets, met by, overlaps, overlaps before, overlaps after, finishes, finished by, includes, during, "
    "starts, started by, coincides",
    "temporal": "day of year, day of week, month of year, week of year",
    "sort": "sort",
    "context": "get value, get entries, context, context put, context merge",
    "miscellaneous": "now, today",
}
TYPES = (
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
    "Any",
)
BOXED = (
    "literalExpression",
    "context",
    "list",
    "relation",
    "invocation",
    "functionDefinition",
    "decisionTable",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
    "businessKnowledgeModel",
    "decisionService",
    "inputData",
    "itemDefinition",
    "allowedValues",
    "typeConstraint",
    "inputValues",
    "outputValues",
    "defaultOutputEntry",
    "annotationEntry",
)


def missing(models):
    """One line for each thing that no model covers."""
    dmn = "\n".join(m.dmn() for m in models)
    lines = []
    cases = sum(len(m.cases) for m in models)
    if len(models) < LEAST_MODELS or cases < LEAST_CASES:
        lines.append(f"only {len(models)} models and {cases} cases")
    lines += [f"hit policy {p}" for p in POLICIES if f'hitPolicy="{p}"' not in dmn]
    lines += [f"aggregation {a}" for a in AGGREGATIONS if f'aggregation="{a}"' not in dmn]
    for table, names in FUNCTIONS.items():
        lines += [f"{table} function {n}()" for n in names.split(", ") if not re.search(rf"(?<![\w ]){n}\(|(?<=[^\w]){n}\(", dmn)]
    lines += [f"type {t}" for t in TYPES if f'typeRef="{t}"' not in dmn]
    lines += [f"element {e}" for e in BOXED if f"<{e}" not in dmn]
    silent = [m.name for m in models if not m.cases or any(not case[2] for case in m.cases)]
    return lines + [f"a case that expects nothing: {name}" for name in silent]
