#!/usr/bin/python3
"""Writes types.h, types.c and self-contained .avsc files from the schemas named on the command line.

    generate.py --out DIR Name.avsc ...        (in order: later files use the types of earlier ones)

The C of an Avro type, and how the tables describe it, is said in common/wire/type.h.
"""
import argparse
import json
import os
import re
import sys

from avro_schema import Schemas, SchemaError, canonical, encode_default, fingerprint, inline
from c_form import SCALARS, array_name, branch_name, c_name, declare, ident, kind_enum, member, union_form

def comment(text, indent=""):
    return [f"{indent}/* {text.replace('*/', '* /')} */"] if text else []


def header_enum(type_):
    name, prefix = c_name(type_), c_name(type_).upper()
    values = [f"    {prefix}_{s} = {i}," for i, s in enumerate(type_.symbols)]
    return comment(type_.raw.get("doc")) + [
        f"typedef enum {name} {{", *values, f"}} {name};", f"enum {{ {prefix}_COUNT = {len(type_.symbols)} }};",
        '/* The symbol, or "?" for what is none. */', f"const char *{name}_name({name} value);",
        "/* false when no symbol is called so. */", f"bool {name}_by_name(cx_view name, {name} *out);", ""]


def header_record(type_):
    lines = []
    for f in type_.fields:
        if f.type.kind == "union" and union_form(f.type)[0] == "TAG":
            name = kind_enum(type_, f)
            lines += [f"typedef enum {name} {{"]
            prefix = name.upper().removesuffix("_KIND")
            lines += [f"    {prefix}_{branch_name(b).upper()} = {i}," for i, b in enumerate(f.type.branches)]
            lines += [f"}} {name};", f"enum {{ {prefix}_KINDS = {len(f.type.branches)} }};"]
    lines += comment(type_.raw.get("doc")) + [f"struct {c_name(type_)} {{"]
    for f in type_.fields:
        lines += comment(f.doc, "    ") + member(type_, f)
    if not type_.fields:
        lines += ["    char empty; /* a record without fields */"]
    return lines + ["};", ""]


def arrays_of(schemas):
    items = {}
    for record in (t for t in schemas.complete if t.kind == "record"):
        for f in record.fields:
            for t in f.type.branches if f.type.kind == "union" else [f.type]:
                if t.kind == "array":
                    items[array_name(t.item)] = t.item
    return items


def table_name(type_, names):
    """The table of a named type: a record's is public, so it must not clash with a C type's name."""
    name = c_name(type_) + "_type"
    return c_name(type_) + "_record_type" if name in names else name


def header(schemas, tops, names):
    records = [t for t in schemas.complete if t.kind == "record"]
    out = ["/* Generated from schemas/ by schemas/generate.py: the structs and enumerations of every schema.",
           " * How a type lies in C: common/wire/type.h. */",
           "#ifndef CX_SCHEMAS_TYPES_H", "#define CX_SCHEMAS_TYPES_H", "",
           '#include "common/base/time.h"', '#include "common/base/view.h"', "", "typedef struct cx_type cx_type;", ""]
    out += [f"typedef struct {c_name(r)} {c_name(r)};" for r in records] + [""]
    for t in (t for t in schemas.complete if t.kind == "enum"):
        out += header_enum(t)
    for name, item in arrays_of(schemas).items():
        text = f"uint8_t (*items)[{item.size}]" if item.kind == "fixed" else f"{c_name(item)} *items"
        out += [f"typedef struct {name} {{", f"    {text};", "    size_t n;", f"}} {name};"]
    out += [""]
    for r in records:
        out += header_record(r)
    out += [f"extern const cx_type {table_name(r, names)};" for r in records]
    out += ["", "/* Each schema that has a file of its own, in the order of the files. */",
            f"enum {{ CX_SCHEMA_TYPES = {len(tops)} }};",
            "extern const cx_type *const cx_schema_types[CX_SCHEMA_TYPES];",
            '/* Their files\' names, "CreditEvent.avsc". */', "extern const char *const cx_schema_files[CX_SCHEMA_TYPES];",
            "", "#endif", ""]
    return "\n".join(out)


def literal(text, indent="        "):
    pieces = re.findall(r".{1,90}", text, re.S) or [""]
    escape = lambda s: s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("?", "\\?")
    return "\n".join(f'{indent}"{escape(p)}"' for p in pieces)


class Tables:
    """types.c, written from the leaves up."""

    def __init__(self, schemas, tops, names):
        self.schemas, self.tops, self.names, self.out, self.done = schemas, tops, names, [], {}

    def strings(self, name, values):
        self.out.append(f"static const char *const {name}[] = {{" + ", ".join(f'"{v}"' for v in values) + ", NULL};")

    def common(self, type_, c, name):
        logical = {"date": "DATE", "timestamp-millis": "TIMESTAMP_MILLIS"}.get(type_.logical, "NONE")
        size = f"sizeof({c}), .align = _Alignof({c})" if c else "0, .align = 1"
        text = f'.kind = CX_AVRO_{type_.kind.upper()}, .logical = CX_LOGICAL_{logical}, .size = {size}, .name = "{name}"'
        if type_.aliases:
            self.strings(f"{c_name(type_)}_aliases", type_.aliases)
            text += f", .aliases = {c_name(type_)}_aliases"
        return text

    def ref(self, type_):
        """The address of a type's table; written first where it is not there yet."""
        if type_.kind == "record":
            return "&" + table_name(type_, self.names)
        key = type_.fullname or (type_.kind, type_.logical)
        if type_.kind == "array":
            key = array_name(type_.item)
        if key not in self.done:
            self.done[key] = getattr(self, "write_" + type_.kind, self.write_primitive)(type_)
        return "&" + self.done[key]

    def emit(self, name, text):
        self.out.append(f"static const cx_type {name} = {{{text}}};")
        return name

    def write_primitive(self, type_):
        c = None if type_.kind == "null" else c_name(type_)
        suffix = SCALARS[type_.kind, type_.logical][1] if c else "null"
        name = "string" if suffix == "view" else suffix
        return self.emit(f"type_{name}", self.common(type_, c, type_.kind))

    def write_fixed(self, type_):
        return self.emit(f"{c_name(type_)}_fixed", self.common(type_, f"uint8_t[{type_.size}]", type_.fullname))

    def write_enum(self, type_):
        name = c_name(type_)
        self.strings(f"{name}_symbols", type_.symbols)
        default = type_.symbols.index(type_.raw["default"]) if "default" in type_.raw else -1
        text = self.common(type_, name, type_.fullname)
        self.emit(f"{name}_enum", f"{text}, .symbols = {name}_symbols, .symbols_n = {len(type_.symbols)}, .default_symbol = {default}")
        self.out += [
            f"const char *{name}_name({name} value) {{",
            f'    return (uint32_t)value < {len(type_.symbols)} ? {name}_symbols[value] : "?";', "}",
            f"bool {name}_by_name(cx_view name, {name} *out) {{",
            f"    for (uint32_t i = 0; i < {len(type_.symbols)}; i++)", f"        if (cx_view_is(name, {name}_symbols[i])) {{",
            f"            *out = ({name})i;", "            return true;", "        }", "    return false;", "}"]
        return f"{name}_enum"

    def write_array(self, type_):
        item = self.ref(type_.item)
        name = array_name(type_.item)
        return self.emit(f"{name}_table", f"{self.common(type_, name, 'array')}, .item = {item}")

    def write_union(self, record, field):
        base = f"{c_name(record)}_{field.name}"
        refs = ", ".join(self.ref(b) for b in field.type.branches)
        self.out.append(f"static const cx_type *const {base}_branches[] = {{{refs}}};")
        text = f"{self.common(field.type, None, 'union')}, .branches = {base}_branches, .branches_n = {len(field.type.branches)}"
        return "&" + self.emit(f"{base}_union", text)

    def field(self, record, field):
        struct, name, type_ = c_name(record), ident(field.name), field.type
        form = union_form(type_)[0] if type_.kind == "union" else "PLAIN"
        ref = self.write_union(record, field) if type_.kind == "union" else self.ref(type_)
        text = f'{{.name = "{field.name}", .type = {ref}, .form = CX_FORM_{form}, .offset = offsetof({struct}, {name})'
        tag = {"FLAG": f"has_{field.name}", "TAG": f"{field.name}_kind"}.get(form)
        if tag:
            text += f", .tag = offsetof({struct}, {tag})"
        if field.aliases:
            self.strings(f"{struct}_{field.name}_aliases", field.aliases)
            text += f", .aliases = {struct}_{field.name}_aliases"
        if "default" in field.raw:
            data = encode_default(type_, field.raw["default"])
            values = ", ".join(map(str, data)) or "0"
            self.out.append(f"static const uint8_t {struct}_{field.name}_default[] = {{{values}}};")
            text += f", .default_bytes = {struct}_{field.name}_default, .default_n = {len(data)}"
        return text + "},"

    def write_record(self, type_):
        name = c_name(type_)
        rows = [self.field(type_, f) for f in type_.fields]
        text = self.common(type_, name, type_.fullname)
        if rows:
            self.out += [f"static const cx_field {name}_fields[] = {{", *("    " + r for r in rows), "};"]
            text += f", .fields = {name}_fields, .fields_n = {len(rows)}"
        if type_ in self.tops:
            text += f",\n    .json =\n{literal(json.dumps(inline(type_), ensure_ascii=False, separators=(',', ':')))}"
            text += f",\n    .fingerprint = UINT64_C(0x{fingerprint(canonical(type_)):016x})"
        self.out.append(f"const cx_type {table_name(type_, self.names)} = {{{text}}};")

    def text(self, files):
        self.out += ["/* Generated from schemas/ by schemas/generate.py: the tables that describe types.h. */",
                     '#include "schemas/types.h"', "", '#include "common/wire/type.h"', ""]
        for t in self.schemas.complete:
            if t.kind == "record":
                self.write_record(t)
            else:
                self.ref(t)
        rows = ", ".join("&" + table_name(t, self.names) for t in self.tops)
        names = ", ".join(f'"{name}"' for name in files)
        self.out += [f"const cx_type *const cx_schema_types[CX_SCHEMA_TYPES] = {{{rows}}};",
                     f"const char *const cx_schema_files[CX_SCHEMA_TYPES] = {{{names}}};", ""]
        return "\n".join(self.out)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", required=True)
    options.add_argument("--only-schemas", action="store_true", help="write the self-contained .avsc files and their fingerprints alone")
    options.add_argument("schemas", nargs="+")
    args = options.parse_args()
    schemas, files = Schemas(), {}
    try:
        tops = [schemas.load(path) for path in args.schemas]
        for path, type_ in zip(args.schemas, tops):
            files[os.path.basename(path)] = json.dumps(inline(type_), ensure_ascii=False, indent=2) + "\n"
        if args.only_schemas:  # for clients that take the CRC-64-AVRO as given: "Name 0123456789abcdef"
            files["fingerprints"] = "".join(
                f"{os.path.basename(path)[:-5]} {fingerprint(canonical(t)):016x}\n" for path, t in zip(args.schemas, tops))
        else:
            names = {c_name(t) for t in schemas.complete if t.kind != "fixed"}
            files["types.h"] = header(schemas, tops, names)
            files["types.c"] = Tables(schemas, tops, names).text([os.path.basename(p) for p in args.schemas])
    except SchemaError as error:
        sys.exit(f"generate.py: {error}")
    os.makedirs(args.out, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(args.out, name), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
