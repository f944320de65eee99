"""chengxin assess on the pipeline of query_test.py: all is as declared; and each way of departing from it is found."""

import contextlib
import json

from confluent_kafka import Producer
from confluent_kafka.admin import ConfigResource

from cxtest import services, topics

from events import person


class Assessed:
    """Mixed into the test that has the pipeline. Each departure is undone."""

    def assess(self, *flags, code):
        done = services.chengxin(self.p.servers, "assess", "--json", *flags, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        said = json.loads(done.stdout)
        return {c["check"]: c for c in said["checks"]}

    def finds(self, check, *words, flags=(), code=3):
        """That this check alone deviates, and once, with these words."""
        found = self.assess(*flags, code=code)
        self.assertEqual([name for name, c in found.items() if c["state"] != "OK"], [check], found)
        self.assertEqual(len(found[check]["deviations"]), 1, found[check])
        for word in words:
            self.assertIn(word, found[check]["deviations"][0])

    def owner(self, *statements):
        with contextlib.closing(self.p.servers.postgres()) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def test_it_is_as_declared(self):
        found = self.assess(code=0)
        self.assertEqual({c["state"] for c in found.values()}, {"OK"}, found)
        self.assertEqual(set(found), {"files", "channels", "grants", "logging", "redis", "retention", "numbers"})
        self.assertTrue(all(c["looked_at"] > 2 for c in found.values()), found)
        self.assertGreater(found["numbers"]["looked_at"], 200)
        text = services.chengxin(self.p.servers, "assess").stdout
        self.assertEqual((text.count("\nOK ") + text.startswith("OK "), text.splitlines()[-1]),
                         (7, "0 deviations, 0 of 7 checks could not be made"), text)

    def test_a_key_that_others_can_read(self):
        key = self.p.servers.folder / "secrets" / "vault" / "vault.sec"
        key.chmod(0o640)
        try:
            self.finds("files", "vault.sec", "mode 640", "chmod 600")
        finally:
            key.chmod(0o600)

    def test_a_channel_in_clear(self):
        self.finds("channels", "query.address", flags=("--query.address", "192.0.2.1", "--query.socket", ""))

    def test_a_right_a_role_and_a_table_that_nobody_declared(self):
        for begin, end, words in (
                ("GRANT SELECT ON history.access TO PUBLIC", "REVOKE SELECT ON history.access FROM PUBLIC", ("everybody may SELECT history.access",)),
                ("GRANT DELETE ON history.events TO cx_history", "REVOKE DELETE ON history.events FROM cx_history", ("cx_history may DELETE",)),
                ("CREATE TABLE history.copy AS SELECT 1 AS one", "DROP TABLE history.copy", ("history.copy", "does not know")),
                ("CREATE ROLE cx_guest LOGIN SUPERUSER", "DROP ROLE cx_guest", ("role cx_guest", "superuser"))):
            self.owner(begin)
            try:
                self.finds("grants", *words)
            finally:
                self.owner(end)

    def test_statements_in_a_log(self):
        self.owner("ALTER DATABASE chengxin SET log_statement = 'all'")
        try:
            self.finds("logging", "log_statement is all")
        finally:
            self.owner("ALTER DATABASE chengxin RESET log_statement")

    def test_a_redis_that_lets_everybody_in(self):
        admin = self.p.servers.redis().execute_command
        for begin, end, words in (
                (("default", "on", "nopass"), ("default", "off", "resetpass"), "answers whoever comes"),
                (("query", "+del"), ("query", "-del"), "lets its user query write"),
                (("query", "~*"), ("query", "resetkeys", "~cx:*"), "read what is not this system's")):
            admin("ACL", "SETUSER", *begin)
            try:
                self.finds("redis", words)
            finally:
                admin("ACL", "SETUSER", *end)

    def test_a_topic_that_is_kept_for_longer(self):
        def keep(value):
            settings = {"cleanup.policy": "delete", "retention.ms": value}
            resource = ConfigResource(ConfigResource.Type.TOPIC, "credit.rejected.tax", set_config=settings)
            admin = topics.admin(self.p.servers.bootstrap)  # its futures end with it
            admin.alter_configs([resource])[resource].result()

        keep("864000000")
        try:
            self.finds("retention", "credit.rejected.tax", "retention.ms is 864000000", "declared is -1")  # as on a virtual log
        finally:
            keep("-1")

    def test_a_number_where_none_belongs(self):
        number = person(order=121)["id"]
        for name, value, words in (("credit.notices.nobody", b"note: " + number.encode(), "partition 0 offset 0 holds a subject's number"),
                                   ("credit.copy", b"anything", "a topic that the inventory does not know")):
            topics.create(self.p.servers.bootstrap, [name], 1)
            try:
                producer = Producer({"bootstrap.servers": self.p.servers.bootstrap})
                producer.produce(name, value)
                self.assertEqual(producer.flush(30), 0)
                self.finds("numbers", name, words)
            finally:
                admin = topics.admin(self.p.servers.bootstrap)  # its futures end with it
                admin.delete_topics([name])[name].result()
                self.p.wait(lambda: name not in topics.names(self.p.servers.bootstrap), f"no {name}")

    def test_a_number_in_a_row_of_the_history(self):
        number, all_digits = person(order=121)["id"], next(n for n in (person(order=o)["id"] for o in range(123, 223)) if n.isdigit())
        place = "(instance, sequence) = (SELECT instance, min(sequence) FROM history.access WHERE official = 'N-1' GROUP BY 1 ORDER BY 1 LIMIT 1)"
        (matter, message), = self.p.sql(f"SELECT matter, encode(message, 'hex') FROM history.access WHERE {place}")
        try:
            self.owner(f"UPDATE history.access SET matter = '{number}' WHERE {place}")
            self.finds("numbers", "history.access: 1 of", flags=("--sample", "100000"))
            self.owner(f"UPDATE history.access SET matter = '{matter}', message = '\\x{message}24'::bytea || '{number}'::bytea WHERE {place}")
            self.finds("numbers", "history.access: 1 of", flags=("--sample", "100000"))
            self.owner(f"UPDATE history.access SET message = '\\x{all_digits}'::bytea WHERE {place}")  # these are other bytes
            self.assertEqual(self.assess("--sample", "100000", code=0)["numbers"]["deviations"], [])
        finally:
            self.owner(f"UPDATE history.access SET matter = '{matter}', message = '\\x{message}' WHERE {place}")

    def test_what_cannot_be_measured_is_no_success(self):
        done = services.chengxin(self.p.servers, "assess", "--postgres.conninfo", "host=/nowhere", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(done.stdout.count("\nUNKNOWN "), 3, done.stdout)
