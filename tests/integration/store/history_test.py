#!/usr/bin/python3
"""The history sink on real servers: what it writes, its fence, and every way in which the connection can go."""

import contextlib
import datetime
import unittest

import psycopg2

import spine
from cxtest import servers, services
from proxy import Proxy
from cxtest.waiting import wait_until
from spine import DAY, START, Log, subject_of


def count(connection, table, where="true"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM history.{table} WHERE {where}")
        return cursor.fetchone()[0]


def rows(connection, sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [c.name for c in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


class HistoryTest(unittest.TestCase):
    def setUp(self):
        self.servers = servers.shared()
        services.apply_schema(self.servers)
        services.write_config(self.servers)
        self.log = Log(self.servers)
        self.auditor = self.servers.postgres("cx_auditor")
        self.running = []

    def tearDown(self):
        for service in self.running:
            service.stop()
        self.auditor.close()

    def start(self, slot=0, ready=True, **environment):
        service = services.Service(self.servers, "history", slot, **environment)
        self.running.append(service)
        return service.start(ready=ready)

    def await_rows(self, table, n, deadline=30):
        try:
            wait_until(lambda: count(self.auditor, table) >= n, deadline, f"{n} rows in {table}")
        except AssertionError:
            for service in self.running:
                print(service.log_tail())
            raise
        self.assertEqual(n, count(self.auditor, table))

    def test_columns_say_what_was_sent(self):
        self.start()
        origin = self.log.record(1)
        listed = self.log.decision(1)
        self.log.flush()
        self.await_rows("events", 2)
        self.await_rows("notices", 1)
        event = rows(self.auditor, "SELECT * FROM history.events WHERE event_id = 'R-1'")[0]
        self.assertEqual((1, *origin, 0), (event["generation"], event["origin_partition"], event["origin_offset"],
                                           event["origin_index"]))
        self.assertEqual((subject_of(1), "Record", "market", "OK", "classification", "r7", spine.PACK, ["M1"], DAY),
                         (bytes(event["subject"]), event["kind"], event["department"], event["verdict"],
                          event["decision_table"], event["rule"], bytes(event["pack"]), event["measures"],
                          event["happened_on"]))
        self.assertEqual((START, START, datetime.date(2027, 1, 4)),
                         (event["known_at"], event["effective"], event["display_until"]))
        self.assertEqual(5000000, event["body"]["amount"])
        self.assertTrue(bytes(event["message"]).startswith(b"\xc3\x01"))
        record = rows(self.auditor, "SELECT * FROM history.records")[0]
        self.assertEqual(("R-1", "IN_FORCE", 5000000, [{"name": "amount", "value": 5000000}, {"name": "kind", "value": "FINE"}]),
                         (record["event_id"], record["state"], record["amount"], record["facts"]))
        entry = rows(self.auditor, "SELECT * FROM history.entries")[0]
        self.assertEqual((f"e.{listed[0]}.{listed[1]}.0", "NOTIFIED", "IN_FORCE", ["R-1"], DAY, datetime.date(2027, 1, 5), None),
                         (entry["entry"], entry["from_state"], entry["state"], entry["rests_on"], entry["starts_on"],
                          entry["until"], entry["organisation"]))
        told = rows(self.auditor, "SELECT * FROM history.notices")[0]
        self.assertEqual(("tax", "IMPOSE", "M1", f"m.{listed[0]}.{listed[1]}.0.0"),
                         (told["department"], told["kind"], told["measure"], told["measure_id"]))

    def test_other_topics_and_ticks(self):
        self.start()
        rejection = {"event_id": "X-1", "partition": 0, "offset": 77, "reason": "WRONG_CHECK_DIGIT", "text": "t",
                     "stage": "intake", "field": "subject.id", "because": "", "body": b"canary-4711"}
        self.log.send("credit.rejected.market", "Rejection", rejection, 0)
        access = {"instance": "i", "sequence": 1, "at": START, "who": "auditor", "purpose": "AUDIT", "question": "STATUS",
                  "subject": subject_of(1), "target": "", "allowed": True, "reason": "", "token": "t-1", "official": "N-1", "matter": "C-1"}
        self.log.send("credit.access", "Access", access, 0)
        expired = spine.entry(5, "e.1.1.0", "EXPIRED")
        due = START + datetime.timedelta(days=365)
        tick = due + datetime.timedelta(seconds=1)
        self.log.tick(tick, [(5, [spine.entry_change("EXPIRY", "IN_FORCE", expired)], due)])
        self.log.flush()
        self.await_rows("dead_letters", 1)
        self.await_rows("access", 1)
        self.await_rows("events", 1)
        letter = rows(self.auditor, "SELECT * FROM history.dead_letters")[0]
        self.assertEqual(("market", 0, 77, "intake", "WRONG_CHECK_DIGIT", "subject.id"),
                         (letter["department"], letter["inbound_partition"], letter["inbound_offset"], letter["stage"],
                          letter["reason"], letter["field"]))
        walked = rows(self.auditor, "SELECT * FROM history.events")[0]
        self.assertEqual(("Tick", None, due, tick, 1), (walked["kind"], walked["department"], walked["effective"],
                                                        walked["known_at"], walked["origin_index"]))
        wait_until(lambda: count(self.auditor, "offsets", f"topic = 'credit.decided' AND tick = '{tick}'") == 4, 10,
                   "the tick of every partition")
        dump = self.servers.script("psql", "-c", "SELECT * FROM history.dead_letters")
        self.assertNotIn("canary-4711", dump)

    def test_times_that_no_calendar_holds(self):
        self.start()
        for n, at in enumerate((-(2**62), -1, 253402300800000, 2**62)):
            issued = START + datetime.timedelta(days=77)  # the one time that a department writes as it likes
            head = {**spine.header(n, f"T-{n}"), "issued_at": issued}
            value = spine.decided(subject_of(n), self.log.origin(0), START, spine.RECORD_BODY, head)
            before, after = spine.encode("Decided", value).split(zigzag(int(issued.timestamp() * 1000)))
            self.log.producer.produce("credit.decided", before + zigzag(at) + after, key=subject_of(n), partition=0,
                                      timestamp=1767571200000)
        self.log.flush()
        self.await_rows("events", 4)
        found = [r["t"] for r in rows(self.auditor, "SELECT issued_at::text AS t FROM history.events ORDER BY event_id")]
        self.assertEqual(["-infinity", "1969-12-31 23:59:59.999+00", "infinity", "infinity"], found)

    def test_two_writers_the_older_is_refused(self):
        first = self.start()
        for n in range(200):
            self.log.record(n)
        self.log.flush()
        self.await_rows("events", 200)
        first.pause()  # a zombie: it still believes that the partitions are its own
        with contextlib.closing(self.servers.postgres()) as owner:
            old_backend = rows(owner, "SELECT pid FROM history.offsets LIMIT 1")[0]["pid"]
        second = self.start(slot=1, ready=False)
        for n in range(200, 400):
            self.log.record(n)
        self.log.flush()
        self.await_rows("events", 400, 60)
        self.assertEqual(0, len(rows(self.auditor, "SELECT 1 FROM pg_stat_activity WHERE pid = %s", old_backend)))
        first.resume()
        for n in range(400, 500):
            self.log.record(n)
        self.log.flush()
        self.await_rows("events", 500, 60)
        self.assertEqual(500, rows(self.auditor, "SELECT count(DISTINCT (origin_partition, origin_offset)) AS n FROM history.events")[0]["n"])
        second.stop()

    def test_an_older_epoch_moves_nothing(self):
        """The fence by itself, as SQL: take, take again, and the first may not advance."""
        old, new = self.servers.postgres("cx_history"), self.servers.postgres("cx_history")
        take = "SELECT next_offset, chain_n, epoch FROM history.take(1, 't', 0)"
        self.assertEqual([{"next_offset": 0, "chain_n": 0, "epoch": 1}], rows(old, take))
        pid = rows(old, "SELECT pg_backend_pid() AS pid")[0]["pid"]
        self.assertEqual([{"next_offset": 0, "chain_n": 0, "epoch": 2}], rows(new, take))
        wait_until(lambda: not rows(self.auditor, "SELECT 1 FROM pg_stat_activity WHERE pid = %s", pid), 5, "the old backend gone")
        with self.assertRaises(psycopg2.OperationalError):
            rows(old, "SELECT 1")
        third = self.servers.postgres("cx_history")
        head = "ab" * 32
        advance = ("SELECT history.advance(1, '{t}', '{0}', %s, %s, '{5}', '{NULL}', '{NULL}', '{3}', '{2}', "
                   f"'{{{head}}}', '{{{head}}}') AS n")
        self.assertEqual([{"n": 0}], rows(third, advance, [1], [0]))  # the older epoch
        self.assertEqual([], rows(third, "SELECT * FROM history.keep(1, 't', 0, 1)"))
        self.assertEqual([{"n": 0}], rows(third, advance, [2], [3]))  # not where it stands
        self.assertEqual([{"n": 1}], rows(third, advance, [2], [0]))
        self.assertEqual([{"next_offset": 5, "tick_ms": None, "chain_n": 3, "chain_from": 2, "chain_head": head, "chain_peaks": head}],
                         rows(third, "SELECT * FROM history.keep(1, 't', 0, 2)"))

    def test_commit_of_unknown_outcome(self):
        """The connection is cut just before, and just after, the server got COMMIT: each row stands once."""
        proxy = Proxy(self.servers.env["CX_PG_SOCKET_DIR"], self.servers.env["CX_PG_PORT"])
        self.addCleanup(proxy.close)
        service = self.start(CHENGXIN_POSTGRES_CONNINFO=f"host={proxy.folder} port={proxy.port} dbname=chengxin")
        total = 0
        for after in (False, True, False, True):
            proxy.cut_at_commit(after)
            for n in range(50):
                self.log.record(total + n)
            total += 50
            self.log.flush()
            self.await_rows("events", total, 30)
            self.assertTrue(proxy.was_cut(), "the fault did not happen")
        self.assertEqual(total, rows(self.auditor, "SELECT count(DISTINCT (origin_partition, origin_offset)) AS n FROM history.events")[0]["n"])
        self.assertIsNotNone(service.pid())

    def test_killed_in_the_middle_of_copy(self):
        proxy = Proxy(self.servers.env["CX_PG_SOCKET_DIR"], self.servers.env["CX_PG_PORT"])
        self.addCleanup(proxy.close)
        proxy.stall_in_copy()
        service = self.start(CHENGXIN_POSTGRES_CONNINFO=f"host={proxy.folder} port={proxy.port} dbname=chengxin")
        for n in range(3000):
            self.log.record(n)
        self.log.flush()
        wait_until(proxy.is_stalled, 30, "a COPY that stands still half-way")
        copying = "SELECT pid FROM pg_stat_activity WHERE usename = 'cx_history' AND query LIKE 'COPY%%' AND state = 'active'"
        with contextlib.closing(self.servers.postgres()) as owner:
            wait_until(lambda: rows(owner, copying), 10, "a backend inside COPY")
        self.assertEqual(0, count(self.auditor, "events"))
        service.kill()
        proxy.release()
        self.start(slot=0)
        self.await_rows("events", 3000, 60)
        self.assertEqual(3000, rows(self.auditor, "SELECT count(DISTINCT (origin_partition, origin_offset)) AS n FROM history.events")[0]["n"])

    def test_database_away_and_back(self):
        service = self.start()
        self.log.record(1)
        self.log.flush()
        self.await_rows("events", 1)
        self.auditor.close()
        before = len(service.log.read_text())
        self.servers.kill("postgres")
        for n in range(2, 102):
            self.log.record(n)
        self.log.flush()
        wait_until(lambda: "waiting: STORE_AWAY" in service.log.read_text()[before:], 20, "a warning that it waits")
        self.servers.start("postgres")
        self.auditor = self.servers.postgres("cx_auditor")
        self.await_rows("events", 101)
        self.assertIsNotNone(service.pid())

    def test_the_writer_can_only_append(self):
        self.start()
        self.log.record(1)
        self.log.flush()
        self.await_rows("events", 1)
        with contextlib.closing(self.servers.postgres("cx_history")) as writer:
            for sql in ("DELETE FROM history.events", "UPDATE history.events SET verdict = 'OK'", "TRUNCATE history.events",
                        "DROP TABLE history.events", "SELECT * FROM history.events", "DELETE FROM history.events_2026_01"):
                with self.assertRaises(psycopg2.errors.InsufficientPrivilege, msg=sql):
                    rows(writer, sql)
        with self.assertRaises(psycopg2.errors.InsufficientPrivilege):
            rows(self.auditor, "INSERT INTO history.offsets VALUES (1, 't', 0, 0, 0, 0, now())")

    def test_what_was_in_force_and_what_was_known_of_it(self):
        """Two times: when it held, and when it was known."""
        self.start()
        day = lambda n: START + datetime.timedelta(days=n)
        date = lambda n: DAY + datetime.timedelta(days=n)
        histories = {
            # (known on day, effective on day, state, until day)
            "e.0.1.0": [(0, 0, "IN_FORCE", 100), (10, 10, "SUSPENDED", 100), (20, 20, "IN_FORCE", 100), (102, 100, "EXPIRED", 100)],
            "e.0.2.0": [(0, 0, "IN_FORCE", 100), (30, 30, "RECALLED", 100)],
            "e.0.3.0": [(0, 0, "IN_FORCE", 100), (30, 30, "IN_FORCE", 50)],  # a correction: shorter
            "e.0.4.0": [(0, 0, "IN_FORCE", 100), (30, 30, "IN_FORCE", 200)],  # an extension
            "e.0.5.0": [(0, 0, "NOTIFIED", None), (5, 5, "IN_FORCE", None), (40, 40, "REPAIRED", None)],
        }
        steps = sorted((known, entry, effective, state, until) for entry, rows_ in histories.items()
                       for known, effective, state, until in rows_)
        for version, (known, entry, effective, state, until) in enumerate(steps):
            value = spine.entry(1, entry, state, version, until=None if until is None else date(until))
            body = {"time": day(known), "received_to": day(known), "virtual": True}
            self.log.decided(spine.decided(subject_of(1), self.log.origin(1), day(known), body, None,
                                           [spine.entry_change("X", "NONE", value)], index=1, effective=day(effective)), 1)
        self.log.flush()
        self.await_rows("entries", len(steps))
        short = {f"e.0.{n}.0": n for n in range(1, 6)}
        for valid, known, expected in (
                (0, 0, {1: "IN_FORCE", 2: "IN_FORCE", 3: "IN_FORCE", 4: "IN_FORCE"}),
                (15, 15, {1: "SUSPENDED", 2: "IN_FORCE", 3: "IN_FORCE", 4: "IN_FORCE", 5: "IN_FORCE"}),
                (15, 5, {1: "IN_FORCE", 2: "IN_FORCE", 3: "IN_FORCE", 4: "IN_FORCE", 5: "IN_FORCE"}),
                (15, 31, {1: "SUSPENDED", 3: "IN_FORCE", 4: "IN_FORCE", 5: "IN_FORCE"}),  # 2 never was
                (49, 29, {1: "IN_FORCE", 2: "IN_FORCE", 3: "IN_FORCE", 4: "IN_FORCE", 5: "IN_FORCE"}),
                (49, 60, {1: "IN_FORCE", 3: "IN_FORCE", 4: "IN_FORCE"}),
                (50, 60, {1: "IN_FORCE", 4: "IN_FORCE"}),
                (50, 29, {1: "IN_FORCE", 2: "IN_FORCE", 3: "IN_FORCE", 4: "IN_FORCE", 5: "IN_FORCE"}),
                (100, 101, {4: "IN_FORCE"}),  # 1's expiry had not been written yet
                (100, 103, {4: "IN_FORCE"}),
                (99, 103, {1: "IN_FORCE", 4: "IN_FORCE"}),
                (200, 300, {}),
                (-1, 300, {})):
            found = rows(self.auditor, "SELECT id, state FROM history.status_as_of(%s, %s, %s)", subject_of(1), day(valid), day(known))
            self.assertEqual(expected, {short[r["id"]]: r["state"] for r in found}, f"valid {valid}, known {known}")
        now = rows(self.auditor, "SELECT id, state FROM history.status_as_of(%s)", subject_of(1))
        self.assertEqual({3, 4}, {short[r["id"]] for r in now})

    def test_applying_the_schema_again_changes_nothing(self):
        before = self.dump_schema()
        services.apply_schema(self.servers)
        self.assertEqual(before, self.dump_schema())

    def dump_schema(self):
        sql = ("SELECT c.oid, c.relname, c.relacl::text, a.attname, a.atttypid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
               "WHERE c.relnamespace = 'history'::regnamespace ORDER BY 1, 4")
        functions = ("SELECT oid, proname, prosrc, proacl::text FROM pg_proc WHERE pronamespace = 'history'::regnamespace ORDER BY 1")
        with contextlib.closing(self.servers.postgres()) as owner:
            return rows(owner, sql), rows(owner, functions)


def zigzag(n):
    n = (n << 1) ^ (n >> 63)
    out = bytearray()
    while True:
        out.append((n & 0x7f) | (0x80 if n > 0x7f else 0))
        n >>= 7
        if n == 0:
            return bytes(out)


if __name__ == "__main__":
    unittest.main()
