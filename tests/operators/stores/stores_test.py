#!/usr/bin/python3
"""What Redis and PostgreSQL hold, verified against the log: every way of changing a row behind the sink's back is found, and
which row it is; receipts that are checked without any server; and both stores
rebuilt from the log, while they serve and after a total loss. One pipeline for all of it."""

import contextlib
import csv
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

from confluent_kafka import Producer

from cxtest import servers, services, topics

sys.path.insert(0, str(servers.ROOT / "tests" / "integration" / "spine"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cut_log import CutLog  # noqa: E402
from department import lines  # noqa: E402
from pipeline import Pipeline, settle  # noqa: E402

SAMPLE = servers.ROOT / "deploy" / "samples" / "shijiazhuang"
PART = ("market", "tax", "court", "justice")
LAST_DAY = "2026-03-06"
SAVED = ("events", "entries", "records", "notices", "dead_letters", "access", "offsets", "checkpoints")


def blake(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def feed(p, after, until):
    """Some days of the sample, of some departments; and something that is no event."""
    day = ""
    with open(SAMPLE / "manifest.csv", encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest):
            day = row["value"] if row["kind"] == "clock" else day
            if day > until:
                break
            if day <= after:
                continue
            if row["kind"] == "clock":
                services.chengxin(p.servers, "clock", "--to", row["value"])
                p.settle()
            elif row["kind"] == "publish" and row["value"] == "ok" and row["department"] in PART and row["file"].endswith("jsonl"):
                p.department(row["department"]).send(*lines(SAMPLE / row["file"]))
                assert settle.settle(p.log, ["intake"], 60) is None
    p.department("market").send_bytes(b"no event")  # a dead letter
    p.settle()
    services.chengxin(p.servers, "clock", "--to", f"{until}T09:00:00+08:00")
    p.settle()


class Stores(CutLog, unittest.TestCase):
    maxDiff, feed = None, staticmethod(feed)

    @classmethod
    def setUpClass(cls):
        expected = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
        cls.p = Pipeline(start=expected["start"])
        cls.addClassCleanup(cls.p.stop)
        cls.p.start()
        feed(cls.p, "", LAST_DAY)
        subject = cls.p.sql("SELECT encode(subject, 'hex') FROM history.entries LIMIT 1")[0][0]
        cls.ask = ("status", subject, "--purpose", "AUDIT")
        services.chengxin(cls.p.servers, *cls.ask)
        cls.p.settle()
        cls.p.stop()
        cls.p.sql("CREATE SCHEMA saved; SELECT 1")
        for table in SAVED:
            cls.p.sql(f"CREATE TABLE saved.{table} AS SELECT * FROM history.{table}; SELECT 1")

    def verify(self, *parts, code=3):
        done = services.chengxin(self.p.servers, "verify", *parts, "--json", check=False)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def changed(self, *statements):
        """What verify finds once the owner of the database has run these, which are undone afterwards."""
        with contextlib.closing(self.p.servers.postgres()) as owner, owner.cursor() as cursor:
            try:
                for statement in statements:
                    cursor.execute(*(statement if isinstance(statement, tuple) else (statement,)))
                    self.assertGreater(cursor.rowcount, 0, f"nothing was changed by {statement}")
                return self.verify("postgres")["found"]
            finally:
                for table in set(re.findall(r"(?:UPDATE|FROM|INTO) history\.(\w+)", str(statements))):
                    cursor.execute(f"TRUNCATE history.{table}; INSERT INTO history.{table} SELECT * FROM saved.{table}")

    def brief(self, found, *names):
        return sorted(tuple(f.get(n) for n in ("where", "what", *names)) for f in found)

    def chain(self, topic="credit.decided"):
        """The partition with the longest chain, and its rows."""
        partition, = self.p.sql("SELECT partition FROM history.offsets WHERE topic = %s ORDER BY chain_n DESC LIMIT 1", topic)[0]
        rows = self.p.sql("SELECT seq, link, message, encode(subject, 'hex'), event_id FROM history.events WHERE origin_partition = %s"
                          " ORDER BY seq", partition)
        self.assertGreater(len(rows), 12)
        return partition, [(s, bytes(l), bytes(m), who, i) for s, l, m, who, i in rows]

    def test_1_they_agree(self):
        said = self.verify(code=0)
        self.assertEqual((True, 0, []), (said["same"], said["differences"], said["found"]))
        compared = said["compared"]
        for table in ("events", "entries", "records", "notices", "dead_letters", "access"):
            there, = self.p.sql(f"SELECT count(*) FROM history.{table}")[0]
            self.assertGreater(there, 0, table)
            self.assertEqual(there, compared["postgres"][table], table)
        self.assertGreater(compared["postgres"]["checkpoints"], 10)
        self.assertGreater(compared["redis"]["subjects"], 5)
        self.assertEqual(0, compared["replay"]["pending"])
        self.assertGreater(compared["replay"]["decided"], compared["postgres"]["events"])
        self.assertIn("they agree", services.chengxin(self.p.servers, "verify", "redis").stdout)

    def test_2_chains_are_what_the_documentation_says(self):
        """Computed here by other code, from the rows alone; the signed heads of credit.checkpoints are reached on the way."""
        partition, rows = self.chain()
        heads, head = {0: bytes(32)}, bytes(32)
        for number, (seq, link, message, _, _) in enumerate(rows, 1):
            head = blake(b"\2", head, blake(b"\0", message))
            self.assertEqual((number, head), (seq, link))
            heads[seq] = head
        signed = [v["body"] for m, v in self.p.dump("credit.checkpoints", "Checkpoint") if v["partition"] == partition
                  and v["body"].get("topic") == "credit.decided"]
        self.assertTrue(signed)
        self.assertEqual([heads[s["n"]] for s in signed], [s["head"] for s in signed])
        keys = [m.key for m in topics.dump(self.p.servers.bootstrap, "credit.checkpoints") if m.key.startswith(b"chain/")]
        self.assertEqual(len(keys), len(set(keys)), "each once")
        there, = self.p.sql("SELECT count(*) FROM history.checkpoints WHERE published")[0]
        self.assertEqual(there, len(keys))

    def test_3_altered(self):
        partition, rows = self.chain()
        seq, _, _, subject, event_id = rows[5]
        at = f"WHERE origin_partition = {partition} AND seq = {seq}"
        found = self.changed(f"UPDATE history.events SET rule = 'r0', verdict = 'NOBODY' {at}")
        self.assertEqual([("postgres", "ALTERED", "events", seq, subject, event_id)],
                         self.brief(found, "table", "seq", "subject", "event_id"))
        self.assertEqual(["verdict", "rule"], found[0]["columns"])
        found = self.changed(f"UPDATE history.events SET message = set_byte(message, 40, get_byte(message, 40) # 1) {at}")
        self.assertEqual([("chain", "ALTERED", seq, subject), ("postgres", "ALTERED", seq, subject)], self.brief(found, "seq", "subject"))
        changes = {"entries": "until = coalesce(until, '2030-01-01') + 1", "records": "grade = 'NONE'", "notices": "basis = 'x'",
                   "access": "purpose = 'CURIOSITY'", "dead_letters": "reason = 'WHY'"}
        found = self.changed(*(f"UPDATE history.{table} SET {change} WHERE ctid = (SELECT min(ctid) FROM history.{table}) AND"
                               f" tableoid = (SELECT min(tableoid) FROM history.{table})" for table, change in changes.items()))
        self.assertEqual({("postgres", "ALTERED", table) for table in changes}, set(self.brief(found, "table")))
        self.assertEqual({t: [c.split()[0]] for t, c in changes.items()}, {f["table"]: f["columns"] for f in found})

    def test_4_altered_with_all_links_behind_it(self):
        """By somebody who knows how the chain is made, but not the signature."""
        partition, rows = self.chain()
        seq, head = rows[3][0], rows[2][1]
        statements = []
        for number, _, message, _, _ in rows[3:]:
            forged = message[:40] + bytes([message[40] ^ 1]) + message[41:] if number == seq else message
            head = blake(b"\2", head, blake(b"\0", forged))
            statements.append(("UPDATE history.events SET message = %s, link = %s WHERE origin_partition = %s AND seq = %s",
                               (forged, head, partition, number)))
        statements.append(("UPDATE history.offsets SET chain_head = %s WHERE topic = 'credit.decided' AND partition = %s", (head, partition)))
        found = self.changed(*statements)
        first = min((f for f in found if f["where"] == "chain"), key=lambda f: f["n"])
        self.assertEqual(("HEAD_DIFFERS", partition), (first["what"], first["partition"]))
        self.assertTrue(first["from"] < seq <= first["n"])
        altered = [f for f in found if "message" in f.get("columns", ())]
        self.assertEqual([("postgres", "ALTERED", seq)], self.brief(altered, "seq"))

    def test_5_removed_inserted_reordered(self):
        partition, rows = self.chain()
        removed, doubled, one, other = rows[2][0], rows[5][0], rows[7][0], rows[8][0]
        at = f"WHERE origin_partition = {partition} AND seq"
        columns = [c for c, in self.p.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'history' AND"
                                          " table_name = 'events'")]
        chosen = ", ".join("'F-1'" if c == "event_id" else c for c in columns)
        found = self.changed(
            f"DELETE FROM history.events {at} = {removed}",
            f"INSERT INTO history.events ({', '.join(columns)}) SELECT {chosen} FROM history.events {at} = {doubled}",
            f"UPDATE history.events SET seq = {one + other} - seq, link = (SELECT o.link FROM history.events o WHERE o.origin_partition ="
            f" {partition} AND o.seq = {one + other} - history.events.seq) {at} IN ({one}, {other})",
            "DELETE FROM history.entries WHERE ctid = (SELECT min(ctid) FROM history.entries) AND tableoid = (SELECT min(tableoid) FROM"
            " history.entries)")
        events = [f for f in found if f.get("table") == "events"]
        self.assertEqual([("postgres", "INSERTED", doubled, None, "F-1"), ("postgres", "REMOVED", removed, None, rows[2][4]),
                          ("postgres", "REORDERED", one, other, rows[8][4]), ("postgres", "REORDERED", other, one, rows[7][4])],
                         self.brief(events, "seq", "belongs_at", "event_id"))
        self.assertEqual([rows[2][3]], [f["subject"] for f in events if f["what"] == "REMOVED"])
        chain = [f for f in found if f["where"] == "chain" and "seq" in f]
        self.assertEqual([("chain", "ALTERED", one), ("chain", "ALTERED", other), ("chain", "INSERTED", doubled), ("chain", "REMOVED", removed)],
                         self.brief(chain, "seq"))
        self.assertEqual([("postgres", "REMOVED", "entries")], self.brief([f for f in found if f.get("table") == "entries"], "table"))

    def test_6_the_end_removed(self):
        partition, rows = self.chain()
        keep = rows[4]
        found = self.changed(f"DELETE FROM history.events WHERE origin_partition = {partition} AND seq > {keep[0]}",
                             ("UPDATE history.offsets SET chain_n = %s, chain_from = %s, chain_head = %s, chain_peaks = '' WHERE topic ="
                              " 'credit.decided' AND partition = %s", (keep[0], keep[0], keep[1], partition)))
        ends = [f for f in found if f["what"] == "END_REMOVED"]
        self.assertEqual([("chain", partition, keep[0])], [(f["where"], f["partition"], f["there"]) for f in ends])

    def test_7_redis(self):
        with contextlib.closing(self.p.servers.redis()) as redis:
            key = min(k for k in redis.scan_iter("cx:status:*") if redis.hget(k, "entries") != b"[]")
            subject, was = key.decode()[11:-1], redis.hgetall(key)
            for do, what, field in ((lambda: redis.hset(key, "entries", "[]"), "ALTERED", "entries"),
                                    (lambda: redis.hset(key, "version", "1.999999"), "ALTERED", "version"),
                                    (lambda: redis.delete(key), "REMOVED", None)):
                do()
                found = self.verify("redis")["found"]
                self.assertEqual([("redis", what, subject, field)], self.brief(found, "subject", "field"))
                redis.hset(key, mapping=was)
            other = f"cx:status:{{{'ab' * 16}}}"
            redis.hset(other, mapping=was)
            self.assertEqual([("redis", "INSERTED", "ab" * 16)], self.brief(self.verify("redis")["found"], "subject"))
            redis.delete(other)
        self.assertEqual([], self.verify("redis", code=0)["found"])

    def test_8_receipts(self):
        """Made from the database, checked with the public key alone: no server, no setting."""
        subject = self.ask[1]
        folder = self.p.servers.folder / "run"
        path, key = folder / "receipt.json", self.p.servers.folder / "secrets" / "vault" / "checkpoint.pub"
        services.chengxin(self.p.servers, "receipt", "make", subject, "--purpose", "AUDIT", "--out", path)
        receipt = json.loads(path.read_text())
        there, = self.p.sql("SELECT count(*) FROM history.events WHERE subject = decode(%s, 'hex')", subject)[0]
        self.assertEqual(there, len(receipt["events"]) + receipt["waiting"])
        self.assertGreater(len(receipt["events"]), 1)

        def check(changed, code, other=key):
            path.write_text(json.dumps(changed))
            done = subprocess.run([os.environ["CX_BUILD"] + "/ops/cli/chengxin", "receipt", "check", str(path), "--key", str(other), "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", env={"PATH": "/usr/bin:/bin"})
            self.assertEqual(code, done.returncode, done.stdout + done.stderr)
            return json.loads(done.stdout)

        said = check(receipt, 0)
        self.assertEqual((True, len(receipt["events"])), (said["holds"], len(said["events"])))
        self.assertTrue(any(e["verdict"] == "OK" and e["department"] for e in said["events"]))
        self.assertLess(max(e["proof_bytes"] for e in said["events"]), 2048)
        event = receipt["events"][-1]
        flip = lambda text: text[:-1] + ("0" if text[-1] != "0" else "1")  # noqa: E731
        wrong = [{**event, "message": flip(event["message"])}, {**event, "seq": event["seq"] + 1},
                 {**event, "checkpoint": {**event["checkpoint"], "root": flip(event["checkpoint"]["root"])}},
                 {**event, "checkpoint": {**event["checkpoint"], "tick": event["checkpoint"]["tick"] + 1}}]
        wrong += [{**event, "path": [flip(event["path"][0])] + event["path"][1:]}] if event["path"] else []
        for forged in wrong:
            self.assertFalse(check({**receipt, "events": receipt["events"][:-1] + [forged]}, 3)["holds"])
        self.assertIn("another subject", check({**receipt, "subject": "ab" * 16}, 3)["events"][0]["wrong"])
        other = folder / "other.pub"
        other.write_text("ab" * 32 + "\n")
        self.assertIn("not signed with this key", check(receipt, 3, other)["events"][0]["wrong"])

    def rows(self, schema):
        """Every row but those that say where somebody stands."""
        return {t: sorted(r for r, in self.p.sql(f"SELECT t::text FROM {schema}.{t} t")) for t in SAVED if t not in ("offsets", "checkpoints")}

    def test_9_rebuilt_while_they_serve_and_after_a_total_loss(self):
        self.p.start()
        self.p.settle()
        with contextlib.closing(self.p.servers.postgres()) as owner, owner.cursor() as cursor:
            cursor.execute("DELETE FROM history.events WHERE seq = 3; UPDATE history.entries SET until = '2099-01-01'")
        with contextlib.closing(self.p.servers.redis()) as redis:
            dump = {k: redis.hgetall(k) for k in redis.scan_iter("cx:status:*")}
            redis.delete(min(dump))
            redis.hset(max(dump), "records", "[1]")
            self.assertEqual(1, services.chengxin(self.p.servers, "status", max(dump).decode()[11:-1], "--purpose", "AUDIT", check=False).returncode)
            said = [json.loads(services.chengxin(self.p.servers, "rebuild", store, "--json").stdout) for store in ("postgres", "redis")]
            self.assertTrue(all(s["messages"] > 0 for s in said), said)
            self.assertEqual(dump, {k: redis.hgetall(k) for k in redis.scan_iter("cx:status:*")})
        for table, there in self.rows("history").items():
            saved = self.rows("saved")[table]
            self.assertEqual([], [r for r in saved if r not in there], f"{table}: identical")
            self.assertTrue(table in ("access", "events") or len(saved) == len(there), table)  # a query is an event
        services.chengxin(self.p.servers, "clock", "--to", "2026-03-06T12:00:00+08:00")  # the sinks go on where the new ones stand
        self.p.settle()
        self.assertEqual([], self.verify("postgres", "redis", code=0)["found"])
        self.p.stop()
        before = self.rows("history")
        with contextlib.closing(self.p.servers.postgres()) as owner, owner.cursor() as cursor:
            cursor.execute("DROP SCHEMA history CASCADE; DROP SCHEMA history_old CASCADE")
        with contextlib.closing(self.p.servers.redis()) as redis:
            redis.flushall()
            redis.execute_command("FUNCTION", "FLUSH")
        services.chengxin(self.p.servers, "rebuild", "redis")
        services.chengxin(self.p.servers, "rebuild", "postgres")
        self.assertEqual(before, self.rows("history"))
        self.assertEqual([], self.verify("postgres", "redis", code=0)["found"])

    def test_z_a_checkpoint_by_somebody_else(self):
        message = next(m for m, v in self.p.dump("credit.checkpoints", "Checkpoint") if "signature" in v["body"])
        producer = Producer({"bootstrap.servers": self.p.servers.bootstrap})
        producer.produce("credit.checkpoints", message.value[:-1] + bytes([message.value[-1] ^ 1]), key=message.key)
        self.assertEqual(0, producer.flush(20))
        self.assertEqual([("checkpoint", "NOT_SIGNED")], self.brief(self.verify("postgres")["found"]))
        self.assertEqual(2, services.chengxin(self.p.servers, "verify", "everything", check=False).returncode)


if __name__ == "__main__":
    unittest.main()
