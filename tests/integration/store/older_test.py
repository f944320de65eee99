#!/usr/bin/python3
"""A database that an earlier version made: applying the schema adds what that one lacked, and loses nothing."""

import contextlib
import unittest

import psycopg2

from cxtest import servers, services
from cxtest.waiting import wait_until
from spine import START, Log, subject_of

# history.access as it was before tokens, officials and matters; and a month of it that is partitioned already.
OLD = """
DROP TABLE history.access;
ALTER TABLE history.events DROP COLUMN id_type CASCADE; -- with the reports that show it
CREATE TABLE history.access (
    generation integer NOT NULL, instance text NOT NULL, sequence bigint NOT NULL, known_at timestamptz NOT NULL, who text NOT NULL,
    purpose text NOT NULL, question text NOT NULL, subject bytea, target text NOT NULL, allowed boolean NOT NULL, reason text NOT NULL,
    topic_partition integer NOT NULL, seq bigint NOT NULL, link bytea NOT NULL, message bytea NOT NULL
) PARTITION BY RANGE (known_at);
CREATE TABLE history.access_untimed PARTITION OF history.access FOR VALUES FROM (MINVALUE) TO ('1970-01-01T00:00:00Z');
CREATE TABLE history.access_2025_12 PARTITION OF history.access FOR VALUES FROM ('2025-12-01T00:00:00Z') TO ('2026-01-01T00:00:00Z');
INSERT INTO history.access VALUES (1, 'i', 1, '2025-12-07T00:00:00Z', 'tax', 'AUDIT', 'STATUS', NULL, '', true, '', 0, 1, '', '');
"""


class Older(unittest.TestCase):
    def setUp(self):
        self.servers = servers.shared()
        services.apply_schema(self.servers)
        services.write_config(self.servers)
        self.service = None

    def tearDown(self):
        if self.service is not None:
            self.service.stop()

    def run_sql(self, statement, *values):
        with contextlib.closing(self.servers.postgres()) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def test_columns_are_added_and_rows_kept(self):
        self.run_sql(OLD)
        with self.assertRaises(psycopg2.errors.UndefinedColumn):
            self.run_sql("SELECT matter FROM history.access")
        for _ in range(2):  # the second time changes nothing
            services.apply_schema(self.servers)
        self.assertEqual([("i", "", "", "")], self.run_sql("SELECT instance, token, official, matter FROM history.access"))
        for table in ("access", "access_2025_12", "access_untimed"):
            found = self.run_sql("SELECT column_name, is_nullable, column_default FROM information_schema.columns "
                                 "WHERE table_schema = 'history' AND table_name = %s AND column_name IN "
                                 "('token', 'official', 'matter') ORDER BY 1", table)
            self.assertEqual([(name, "NO", None) for name in ("matter", "official", "token")], found, table)
        self.assertEqual([], self.run_sql("SELECT id_type FROM history.events"))
        log = Log(self.servers)
        self.service = services.Service(self.servers, "history").start()
        log.send("credit.access", "Access", {
            "instance": "i", "sequence": 2, "at": START, "who": "tax", "purpose": "AUDIT", "question": "STATUS", "subject": subject_of(1),
            "target": "", "allowed": True, "reason": "", "token": "t-1", "official": "N-1", "matter": "C-1"}, 0)
        log.flush()
        rows = "SELECT sequence, token, official, matter FROM history.access ORDER BY sequence"
        wait_until(lambda: len(self.run_sql(rows)) == 2, 60, "the new row beside the old one")
        self.assertEqual([(1, "", "", ""), (2, "t-1", "N-1", "C-1")], self.run_sql(rows))


if __name__ == "__main__":
    unittest.main()
