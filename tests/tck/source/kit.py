"""Boxed expressions and values of DMN, written out as XML.

The classes below only say what a model holds; `model.py` turns them into a .dmn and a test file.
Nothing here evaluates anything: every expected value is decided by hand in the modules that use it.
"""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

# --- values, as the test files spell them -------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """A value with a type of XML Schema: N("1.5"), Date("2024-02-29") ..."""

    kind: str
    text: str


def N(text):
    return Typed("decimal", str(text))


def Date(text):
    return Typed("date", text)


def Time(text):
    return Typed("time", text)


def DateTime(text):
    return Typed("dateTime", text)


def Dur(text):
    return Typed("duration", text)


def scalar(value):
    """The <value> element of a scalar, or None where the value is a list or a context."""
    if value is None:
        return '<value xsi:nil="true"/>'
    if isinstance(value, bool):
        return f'<value xsi:type="xsd:boolean">{"true" if value else "false"}</value>'
    if isinstance(value, (int,)):
        return f'<value xsi:type="xsd:decimal">{value}</value>'
    if isinstance(value, str):
        return f'<value xsi:type="xsd:string">{text(value)}</value>'
    if isinstance(value, Typed):
        return f'<value xsi:type="xsd:{value.kind}">{text(value.text)}</value>'
    return None


def value_lines(value, indent):
    """The content of an inputNode, an expected, an item or a component."""
    pad = "  " * indent
    one = scalar(value)
    if one is not None:
        return [pad + one]
    lines = []
    if isinstance(value, list):
        if not value:
            return [pad + "<list/>"]
        lines.append(pad + "<list>")
        for item in value:
            lines += [f"{pad}  <item>", *value_lines(item, indent + 2), f"{pad}  </item>"]
        lines.append(pad + "</list>")
        return lines
    for name, part in value.items():
        lines += [f"{pad}<component name={quoteattr(name)}>", *value_lines(part, indent + 1), f"{pad}</component>"]
    return lines


def text(string):
    """Text of an element; control characters as references so that they survive the reading."""
    out = escape(string)
    for control in "\r\t\n":
        out = out.replace(control, f"&#{ord(control)};")
    return out


def feel(string):
    """FEEL text keeps its line ends: a multi-line expression stays readable."""
    return escape(string)


# --- boxed expressions ----------------------------------------------------------------------------


@dataclass
class L:
    """A literal expression (7.3.5)."""

    body: str
    type: str = None


@dataclass
class Ctx:
    """A boxed context (10.2.1.4): entries (name, type, expression), and a result or none."""

    entries: list
    result: object = None


@dataclass
class Lst:
    """A boxed list (10.2.1.5)."""

    items: list


@dataclass
class Rel:
    """A relation (10.2.1.6)."""

    columns: list
    rows: list


@dataclass
class Inv:
    """A boxed invocation (7.3.6)."""

    function: str
    bindings: list


@dataclass
class Fn:
    """A function definition (10.2.1.7): parameters (name, type) and a body."""

    parameters: list
    body: object


@dataclass
class Cond:
    """A boxed conditional (10.2.1.8)."""

    test: object
    then: object
    otherwise: object


@dataclass
class Filt:
    """A boxed filter (10.2.1.9)."""

    source: object
    match: object


@dataclass
class Iter:
    """A boxed iterator (10.2.1.10): kind is for, some or every."""

    kind: str
    variable: str
    source: object
    body: object


@dataclass
class Out:
    """An output clause (8.3.2)."""

    name: str = None
    type: str = None
    values: str = None
    default: str = None


@dataclass
class Table:
    """A decision table: inputs (expression, type[, values]), rules (tests, outputs[, annotation])."""

    policy: str
    inputs: list
    outputs: list
    rules: list
    annotation: str = None
    type: str = None
    texts: list = field(default_factory=list)


POLICIES = {
    "": "",
    "U": ' hitPolicy="UNIQUE"',
    "A": ' hitPolicy="ANY"',
    "P": ' hitPolicy="PRIORITY"',
    "F": ' hitPolicy="FIRST"',
    "R": ' hitPolicy="RULE ORDER"',
    "O": ' hitPolicy="OUTPUT ORDER"',
    "C": ' hitPolicy="COLLECT"',
    "C+": ' hitPolicy="COLLECT" aggregation="SUM"',
    "C<": ' hitPolicy="COLLECT" aggregation="MIN"',
    "C>": ' hitPolicy="COLLECT" aggregation="MAX"',
    "C#": ' hitPolicy="COLLECT" aggregation="COUNT"',
}


def as_boxed(expression):
    return L(expression) if isinstance(expression, str) else expression


def type_attribute(name):
    return f" typeRef={quoteattr(name)}" if name else ""


def text_element(tag, body, indent, attributes=""):
    pad = "  " * indent
    return [f"{pad}<{tag}{attributes}>", f"{pad}  <text>{feel(body)}</text>", f"{pad}</{tag}>"]


def wrap(tag, inner, indent, attributes=""):
    pad = "  " * indent
    if not inner:
        return [f"{pad}<{tag}{attributes}/>"]
    return [f"{pad}<{tag}{attributes}>", *inner, f"{pad}</{tag}>"]


def variable_line(name, type_, indent, tag="variable"):
    return [f"{'  ' * indent}<{tag} name={quoteattr(name)}{type_attribute(type_)}/>"]
