#!/usr/bin/python3
"""How an Avro type is written in C: names, declarations, forms of unions (the contract of common/wire/type.h)."""
import re

from avro_schema import SchemaError

KEYWORDS = set(
    "auto break case char const continue default do double else enum extern float for goto if inline int long "
    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile "
    "while bool true false".split()
)
SCALARS = {
    ("boolean", None): ("bool", "boolean"),
    ("int", None): ("int32_t", "int"),
    ("int", "date"): ("cx_date", "date"),
    ("long", None): ("int64_t", "long"),
    ("long", "timestamp-millis"): ("cx_time", "time"),
    ("float", None): ("float", "float"),
    ("double", None): ("double", "double"),
    ("bytes", None): ("cx_view", "bytes"),
    ("string", None): ("cx_view", "view"),
}


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def ident(name):
    return name + "_" if name in KEYWORDS else name


def c_name(type_):
    """The name of a type's C type and, with a prefix, of its table."""
    if type_.fullname:
        return "cx_" + snake(type_.short)
    return SCALARS[type_.kind, type_.logical][0]


def array_name(item):
    if item.fullname:
        return f"cx_{snake(item.short)}_array"
    if item.kind in ("union", "array"):
        raise SchemaError(f"an array of {item.kind}s has no place in a generated struct")
    return f"cx_{SCALARS[item.kind, item.logical][1]}_array"


def declare(type_, name):
    """A C declaration of `name` that holds a value of the type."""
    if type_.kind == "fixed":
        return f"uint8_t {name}[{type_.size}]"
    if type_.kind == "array":
        return f"{array_name(type_.item)} {name}"
    return f"{c_name(type_)} {name}"


def union_form(union):
    """(form, the branch that is not null) of a union."""
    rest = [b for b in union.branches if b.kind != "null"]
    if len(union.branches) != 2 or len(rest) != 1:
        return "TAG", None
    kind = rest[0].kind
    form = {"record": "POINTER", "fixed": "POINTER", "string": "VIEW", "bytes": "VIEW"}.get(kind, "FLAG")
    return form, rest[0]


def branch_name(branch):
    return snake(branch.short) if branch.fullname else branch.kind


def kind_enum(record, field):
    return f"cx_{snake(record.short)}_{field.name}_kind"


def pointer_to(type_, name):
    return f"const uint8_t *{name}" if type_.kind == "fixed" else f"{c_name(type_)} *{name}"


def member(record, field):
    """The lines that declare a field in its struct."""
    name, type_ = ident(field.name), field.type
    if type_.kind != "union":
        return [f"    {declare(type_, name)};"]
    form, rest = union_form(type_)
    if form == "POINTER":
        return [f"    {pointer_to(rest, name)}; /* NULL: null */"]
    if form == "VIEW":
        return [f"    {declare(rest, name)}; /* p NULL: null */"]
    if form == "FLAG":
        return [f"    bool has_{field.name};", f"    {declare(rest, name)};"]
    lines = [f"    {kind_enum(record, field)} {field.name}_kind;", "    union {"]
    for b in (b for b in type_.branches if b.kind != "null"):
        inner = ident(snake(b.short)) if b.fullname else b.kind + "_"
        text = pointer_to(b, inner) if b.kind in ("record", "fixed") else declare(b, inner)
        lines.append(f"        {text};")
    return lines + [f"    }} {name};"]
