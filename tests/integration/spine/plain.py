"""Avro to tuples, by functions made once for a schema: python3-avro takes milliseconds for a message of the spine."""


def read_long(data, at):
    byte = data[at]
    at += 1
    number, shift = byte & 127, 7
    while byte > 127:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
    return (number >> 1) ^ -(number & 1), at


class Reader:
    """`on` maps the name of a record to a function of its value, a dict; `text` is applied to each string."""

    def __init__(self, schema, on, text):
        self.on, self.text, self.named = on, text, {}
        self.read = self.of(schema)

    def decode(self, message):
        value, at = self.read(message, 10)
        assert at == len(message)
        return value

    def of(self, schema):
        kind = schema.type
        if kind in ("record", "enum", "fixed"):
            if schema.fullname not in self.named:
                self.named[schema.fullname] = getattr(self, "of_" + kind)(schema)
            return self.named[schema.fullname]
        return getattr(self, "of_" + kind)(schema)

    def of_record(self, schema):
        fields = [(f.name, self.of(f.type)) for f in schema.fields]
        change = self.on.get(schema.name)

        def read(data, at):
            value = {}
            for name, field in fields:
                value[name], at = field(data, at)
            return (change(value) if change else value), at
        return read

    def of_union(self, schema):
        branches = [(s.name if s.type == "record" else s.type, self.of(s)) for s in schema.schemas]

        def read(data, at):
            index, at = read_long(data, at)
            name, branch = branches[index]
            value, at = branch(data, at)
            return (name, value), at
        return read

    def of_array(self, schema):
        item = self.of(schema.items)

        def read(data, at):
            values, (count, at) = [], read_long(data, at)
            while count:
                if count < 0:
                    count, (_, at) = -count, read_long(data, at)
                for _ in range(count):
                    value, at = item(data, at)
                    values.append(value)
                count, at = read_long(data, at)
            return values, at
        return read

    def of_enum(self, schema):
        symbols = schema.symbols

        def read(data, at):
            index, at = read_long(data, at)
            return symbols[index], at
        return read

    def of_fixed(self, schema):
        size = schema.size
        return lambda data, at: (data[at:at + size], at + size)

    def of_bytes(self, _):
        def read(data, at):
            size, at = read_long(data, at)
            return data[at:at + size], at + size
        return read

    def of_string(self, _):
        text = self.text

        def read(data, at):
            size, at = read_long(data, at)
            return text(data[at:at + size].decode()), at + size
        return read

    def of_long(self, _):
        return read_long

    of_int = of_long

    def of_boolean(self, _):
        return lambda data, at: (data[at] == 1, at + 1)

    def of_null(self, _):
        return lambda data, at: (None, at)
