"""Dumps of the stores: Redis as JSON, PostgreSQL's tables as copies of their keys, and of each event the message."""

import contextlib
import json
import pathlib
import struct

TABLES = {
    "events": "origin_partition, origin_offset, origin_index, message",
    "entries": "origin_partition, origin_offset, origin_index, number::bigint, version, state, entry",
    "records": "origin_partition, origin_offset, origin_index, number::bigint, version, state, department, event_id",
    "notices": "origin_partition, origin_offset, origin_index, department, notice",
    "dead_letters": "department, inbound_partition, inbound_offset, stage, event_id, reason",
}
SIGNATURE = b"PGCOPY\n\377\r\n\0"
SIZES = {4: struct.Struct(">i"), 8: struct.Struct(">q")}


def dump_redis(servers, folder):
    found = {"status": {}, "asof": {}}
    with servers.redis() as client:
        for kind in found:
            keys = list(client.scan_iter(f"cx:{kind}:*", count=10000))
            with client.pipeline(transaction=False) as pipe:
                for key in keys:
                    pipe.hgetall(key)
                rows = pipe.execute()
            for key, row in zip(keys, rows):
                name = key.decode().rpartition(":")[2].strip("{}")
                found[kind][name] = {k.decode(): v.decode() for k, v in row.items()}
    (pathlib.Path(folder) / "redis.json").write_text(json.dumps(found))


def dump_postgres(servers, folder):
    with contextlib.closing(servers.postgres()) as connection, connection.cursor() as cursor:
        for table, columns in TABLES.items():
            with open(pathlib.Path(folder) / f"{table}.copy", "wb") as file:
                cursor.copy_expert(f"COPY (SELECT {columns} FROM history.{table}) TO STDOUT (FORMAT binary)", file)


def write_table(folder, table, rows):
    """For the seeded mistakes."""
    with open(pathlib.Path(folder) / f"{table}.copy", "wb") as file:
        file.write(SIGNATURE + bytes(8))
        for row in rows:
            file.write(struct.pack(">h", len(row)))
            for value in row:
                file.write(struct.pack(">i", len(value)) + value)
        file.write(b"\xff\xff")


def read_raw(folder, table):
    """Rows of byte strings, as PostgreSQL wrote them."""
    data = (pathlib.Path(folder) / f"{table}.copy").read_bytes()
    assert data.startswith(SIGNATURE)
    rows, at, size = [], len(SIGNATURE) + 8, SIZES[4].unpack_from
    while True:
        columns = int.from_bytes(data[at:at + 2], "big", signed=True)
        at += 2
        if columns < 0:
            return rows
        row = []
        for _ in range(columns):
            n = size(data, at)[0]
            row.append(data[at + 4:at + 4 + n])
            at += 4 + n
        rows.append(row)


def number(field):
    return int.from_bytes(field, "big", signed=True)


def read_redis(folder):
    return json.loads((pathlib.Path(folder) / "redis.json").read_text())
