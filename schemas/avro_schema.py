#!/usr/bin/python3
"""Avro schemas as the build needs them: read, made self-contained, fingerprinted; defaults encoded.

Standard library only: a build needs nothing else. Rules: Apache Avro 1.11 specification.
"""
import json
import struct

PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")


class SchemaError(Exception):
    """A schema that cannot be used; the text says where."""


class Type:
    """One Avro type. Named types are shared: the same object wherever they are used."""

    def __init__(self, kind, **attributes):
        self.kind = kind
        self.logical = None
        self.fullname = None
        self.raw = {}
        self.aliases = []
        self.__dict__.update(attributes)

    @property
    def short(self):
        return self.fullname.rsplit(".", 1)[-1]


class Field:
    def __init__(self, raw, type_):
        self.name = raw["name"]
        self.raw = raw
        self.type = type_
        self.aliases = raw.get("aliases", [])
        self.doc = raw.get("doc")


class Schemas:
    """All files of a folder, in their order: a later file uses the earlier ones' types by name."""

    def __init__(self):
        self.named = {}
        self.complete = []  # named types, each after those it holds by value
        self.open = []

    def load(self, path):
        with open(path, encoding="utf-8") as file:
            try:
                return self.parse(json.load(file), "")
            except (SchemaError, json.JSONDecodeError, KeyError) as error:
                raise SchemaError(f"{path}: {error}") from error

    def full(self, name, namespace):
        return name if "." in name or not namespace else f"{namespace}.{name}"

    def parse(self, raw, namespace):
        if isinstance(raw, list):
            return self.parse_union(raw, namespace)
        if isinstance(raw, str):
            return self.by_name(raw, namespace)
        kind = raw["type"]
        if kind in ("record", "enum", "fixed"):
            return self.parse_named(kind, raw, namespace)
        if kind == "array":
            return Type("array", item=self.parse(raw["items"], namespace), raw=raw)
        if kind not in PRIMITIVES:
            raise SchemaError(f"type {kind!r} has no place in a generated struct")
        logical = raw.get("logicalType")
        if (kind, logical) not in (("int", "date"), ("long", "timestamp-millis"), (kind, None)):
            raise SchemaError(f"logical type {logical} of {kind} is not known")
        return Type(kind, logical=logical, raw=raw)

    def parse_union(self, raw, namespace):
        branches = [self.parse(branch, namespace) for branch in raw]
        keys = [b.fullname or b.kind for b in branches]
        if "union" in keys or len(set(keys)) != len(keys):
            raise SchemaError(f"union {keys} repeats a type or holds a union")
        return Type("union", branches=branches)

    def by_name(self, name, namespace):
        if name in PRIMITIVES:
            return Type(name)
        full = self.full(name, namespace)
        if full in self.open:
            raise SchemaError(f"{full} contains itself")
        if full not in self.named:
            raise SchemaError(f"{full} is not defined before its use")
        return self.named[full]

    def parse_named(self, kind, raw, namespace):
        namespace = raw.get("namespace", namespace)
        type_ = Type(kind, fullname=self.full(raw["name"], namespace), raw=raw)
        namespace = type_.fullname.rpartition(".")[0]
        type_.aliases = [self.full(a, namespace) for a in raw.get("aliases", [])]
        if type_.fullname in self.named:
            raise SchemaError(f"{type_.fullname} is defined twice")
        self.named[type_.fullname] = type_
        if kind == "record":
            self.open.append(type_.fullname)
            type_.fields = [Field(f, self.parse(f["type"], namespace)) for f in raw["fields"]]
            self.open.pop()
        elif kind == "enum":
            type_.symbols = raw["symbols"]
            if raw.get("default", type_.symbols[0]) not in type_.symbols:
                raise SchemaError(f"{type_.fullname}: its default is no symbol of it")
        else:
            type_.size = raw["size"]
        self.complete.append(type_)
        return type_


def inline(type_, seen=None, namespace=""):
    """The schema as one JSON value: each named type is defined where it is first used."""
    seen = set() if seen is None else seen
    if type_.kind == "union":
        return [inline(b, seen, namespace) for b in type_.branches]
    if type_.kind == "array":
        return {**type_.raw, "items": inline(type_.item, seen, namespace)}
    if type_.fullname is None:
        return type_.raw or type_.kind
    own = type_.fullname.rpartition(".")[0]
    if type_.fullname in seen:
        return type_.short if own == namespace else type_.fullname
    seen.add(type_.fullname)
    out = {k: v for k, v in type_.raw.items() if k not in ("name", "namespace", "fields")}
    head = {"type": out.pop("type"), "name": type_.short}
    if own != namespace:
        head["namespace"] = own
    out = {**head, **out}
    if type_.kind == "record":
        out["fields"] = [{**f.raw, "type": inline(f.type, seen, own)} for f in type_.fields]
    return out


def canonical(type_, seen=None):
    """Parsing Canonical Form."""
    seen = set() if seen is None else seen
    quote = lambda text: json.dumps(text, ensure_ascii=False)
    if type_.kind == "union":
        return "[" + ",".join(canonical(b, seen) for b in type_.branches) + "]"
    if type_.kind == "array":
        return '{"type":"array","items":' + canonical(type_.item, seen) + "}"
    if type_.fullname is None or type_.fullname in seen:
        return quote(type_.fullname or type_.kind)
    seen.add(type_.fullname)
    head = f'{{"name":{quote(type_.fullname)},"type":{quote(type_.kind)}'
    if type_.kind == "record":
        fields = (f'{{"name":{quote(f.name)},"type":{canonical(f.type, seen)}}}' for f in type_.fields)
        return head + ',"fields":[' + ",".join(fields) + "]}"
    if type_.kind == "enum":
        return head + ',"symbols":[' + ",".join(map(quote, type_.symbols)) + "]}"
    return head + f',"size":{type_.size}}}'


EMPTY = 0xC15D213AA4D7A795


def _table():
    table = []
    for i in range(256):
        fp = i
        for _ in range(8):
            fp = (fp >> 1) ^ (EMPTY if fp & 1 else 0)
        table.append(fp)
    return table


def fingerprint(text):
    """CRC-64-AVRO of a canonical form."""
    table, fp = _table(), EMPTY
    for byte in text.encode("utf-8"):
        fp = (fp >> 8) ^ table[(fp ^ byte) & 0xFF]
    return fp


def varint(n):
    n = (n << 1) ^ (n >> 63)
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 0x7F:
        out.append((n & 0x7F) | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def encode_default(type_, value):
    """A default of the schema's JSON as Avro bytes of the type; a union's is of its first branch."""
    kind = type_.kind
    if kind == "union":
        return varint(0) + encode_default(type_.branches[0], value)
    if kind == "null" and value is None:
        return b""
    if kind == "boolean" and isinstance(value, bool):
        return b"\1" if value else b"\0"
    bits = {"int": 31, "long": 63}.get(kind)
    if bits and isinstance(value, int) and not isinstance(value, bool) and -(1 << bits) <= value < 1 << bits:
        return varint(value)
    if kind in ("float", "double") and isinstance(value, (int, float)) and not isinstance(value, bool):
        return struct.pack("<f" if kind == "float" else "<d", value)
    if kind == "string" and isinstance(value, str):
        return varint(len(value.encode("utf-8"))) + value.encode("utf-8")
    if kind in ("bytes", "fixed") and isinstance(value, str):
        data = value.encode("latin-1")
        if kind == "bytes":
            return varint(len(data)) + data
        if len(data) == type_.size:
            return data
    if kind == "enum" and value in type_.symbols:
        return varint(type_.symbols.index(value))
    if kind == "array" and isinstance(value, list):
        items = b"".join(encode_default(type_.item, v) for v in value)
        return (varint(len(value)) + items if value else b"") + varint(0)
    if kind == "record" and isinstance(value, dict):
        missing = [f.name for f in type_.fields if f.name not in value and "default" not in f.raw]
        if not missing:
            return b"".join(encode_default(f.type, value.get(f.name, f.raw.get("default"))) for f in type_.fields)
    raise SchemaError(f"default {value!r} is no {type_.fullname or kind}")
