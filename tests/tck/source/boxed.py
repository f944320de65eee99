"""XML lines of each boxed expression."""

from xml.sax.saxutils import quoteattr

import kit
from kit import as_boxed, text_element, type_attribute, variable_line, wrap


def lines(expression, indent):
    expression = as_boxed(expression)
    return WRITERS[type(expression)](expression, indent)


def literal(e, indent):
    return text_element("literalExpression", e.body, indent, type_attribute(e.type))


def context(e, indent):
    inner = []
    for name, type_, body in e.entries:
        entry = variable_line(name, type_, indent + 2) + lines(body, indent + 2)
        inner += wrap("contextEntry", entry, indent + 1)
    if e.result is not None:
        inner += wrap("contextEntry", lines(e.result, indent + 2), indent + 1)
    return wrap("context", inner, indent)


def boxed_list(e, indent):
    inner = []
    for item in e.items:
        inner += lines(item, indent + 1)
    return wrap("list", inner, indent)


def relation(e, indent):
    inner = []
    for name, type_ in e.columns:
        inner += variable_line(name, type_, indent + 1, "column")
    for row in e.rows:
        cells = []
        for cell in row:
            cells += lines(cell, indent + 2)
        inner += wrap("row", cells, indent + 1)
    return wrap("relation", inner, indent)


def invocation(e, indent):
    inner = lines(e.function, indent + 1)
    for name, body in e.bindings:
        inner += wrap("binding", variable_line(name, None, indent + 2, "parameter") + lines(body, indent + 2), indent + 1)
    return wrap("invocation", inner, indent)


def function(e, indent, tag="functionDefinition"):
    inner = []
    for name, type_ in e.parameters:
        inner += variable_line(name, type_, indent + 1, "formalParameter")
    return wrap(tag, inner + lines(e.body, indent + 1), indent)


def conditional(e, indent):
    inner = []
    for tag, part in (("if", e.test), ("then", e.then), ("else", e.otherwise)):
        inner += wrap(tag, lines(part, indent + 2), indent + 1)
    return wrap("conditional", inner, indent)


def filtered(e, indent):
    inner = wrap("in", lines(e.source, indent + 2), indent + 1) + wrap("match", lines(e.match, indent + 2), indent + 1)
    return wrap("filter", inner, indent)


def iterator(e, indent):
    last = "return" if e.kind == "for" else "satisfies"
    inner = wrap("in", lines(e.source, indent + 2), indent + 1) + wrap(last, lines(e.body, indent + 2), indent + 1)
    return wrap(e.kind, inner, indent, f" iteratorVariable={quoteattr(e.variable)}")


def clause(values, tag, indent):
    return text_element(tag, values, indent) if values else []


def table(e, indent):
    inner = []
    for expression, type_, *values in e.inputs:
        part = text_element("inputExpression", expression, indent + 2, type_attribute(type_))
        part += clause(values[0] if values else None, "inputValues", indent + 2)
        inner += wrap("input", part, indent + 1)
    for out in e.outputs:
        name = f" name={quoteattr(out.name)}" if out.name else ""
        part = clause(out.values, "outputValues", indent + 2) + clause(out.default, "defaultOutputEntry", indent + 2)
        inner += wrap("output", part, indent + 1, name + type_attribute(out.type))
    if e.annotation:
        inner.append(f"{'  ' * (indent + 1)}<annotation name={quoteattr(e.annotation)}/>")
    for number, (tests, outputs, *note) in enumerate(e.rules, 1):
        part = []
        for test in tests:
            part += one_line("inputEntry", test, indent + 2)
        for output in outputs:
            part += one_line("outputEntry", output, indent + 2)
        if note:
            part += one_line("annotationEntry", note[0], indent + 2)
        part.insert(0, f"{'  ' * (indent + 2)}<description>rule {number}</description>")
        inner += wrap("rule", part, indent + 1)
    attributes = kit.POLICIES[e.policy] + type_attribute(e.type)
    return wrap("decisionTable", inner, indent, attributes)


def one_line(tag, body, indent):
    """A cell of a rule fits a line: the rules read as a table does."""
    return [f"{'  ' * indent}<{tag}><text>{kit.feel(body)}</text></{tag}>"]


WRITERS = {
    kit.L: literal,
    kit.Ctx: context,
    kit.Lst: boxed_list,
    kit.Rel: relation,
    kit.Inv: invocation,
    kit.Fn: function,
    kit.Cond: conditional,
    kit.Filt: filtered,
    kit.Iter: iterator,
    kit.Table: table,
}


def texts(expression):
    """Every FEEL text inside an expression, to find out what it requires."""
    expression = as_boxed(expression)
    if isinstance(expression, kit.L):
        return [expression.body]
    found = []
    if isinstance(expression, kit.Table):
        found += [column[0] for column in expression.inputs]
        for rule in expression.rules:
            found += list(rule[0]) + list(rule[1])
        return found + [out.default for out in expression.outputs if out.default]
    for part in parts(expression):
        found += texts(part)
    return found


def parts(e):
    if isinstance(e, kit.Ctx):
        return [body for _, _, body in e.entries] + ([e.result] if e.result is not None else [])
    if isinstance(e, kit.Lst):
        return e.items
    if isinstance(e, kit.Rel):
        return [cell for row in e.rows for cell in row]
    if isinstance(e, kit.Inv):
        return [e.function] + [body for _, body in e.bindings]
    if isinstance(e, kit.Fn):
        return [e.body]
    if isinstance(e, kit.Cond):
        return [e.test, e.then, e.otherwise]
    if isinstance(e, kit.Filt):
        return [e.source, e.match]
    return [e.source, e.body]
