"""A log of which retention took the front, as it does on a wall log: notices after 30 days, dead letters after seven."""

import collections
import contextlib
import json

from cxtest import services

TABLES = {"credit.notices": "notices", "credit.rejected.": "dead_letters"}


class CutLog:
    def cut(self):
        """Cuts each chain by Kafka's own tool, just before its first signed head; (topic, partition) -> messages behind that head."""
        heads = collections.defaultdict(list)
        for _, said in self.p.dump("credit.checkpoints", "Checkpoint"):
            body = said["body"]
            if body.get("topic", "").startswith(tuple(TABLES)) and body.get("head"):
                heads[body["topic"], said["partition"]].append((body["next_offset"], body["n"]))
        chosen = {place: min(signed) for place, signed in heads.items()}
        path = self.p.servers.folder / "run" / "cut.json"
        path.write_text(json.dumps({"version": 1, "partitions": [{"topic": t, "partition": p, "offset": offset - 1}
                                                                 for (t, p), (offset, _) in chosen.items()]}))
        self.p.servers.script("kafka-tool", "org.apache.kafka.tools.DeleteRecordsCommand", "--bootstrap-server", self.p.servers.bootstrap,
                              "--offset-json-file", str(path))
        return {place: n for place, (_, n) in chosen.items()}

    def behind(self, chosen):
        """What the log alone leads to: the rows behind those heads."""
        found = {}
        for topic, table in TABLES.items():
            place = "'credit.notices'" if table == "notices" else "'credit.rejected.' || department"
            partition = "origin_partition" if table == "notices" else "topic_partition"
            found[table] = sorted(row for row, name, p, seq in self.p.sql(f"SELECT t::text, {place}, {partition}, seq FROM history.{table} t")
                                  if seq > chosen.get((name, p), 0))
        return found

    def lose(self):
        with contextlib.closing(self.p.servers.postgres()) as owner, owner.cursor() as cursor:
            cursor.execute("DROP SCHEMA history CASCADE; DROP SCHEMA IF EXISTS history_old CASCADE")

    def test_a_a_log_that_was_cut(self):
        """What is older comes from the schema that is there, be it a backup's; without one it is missing, and verify says what."""
        self.p.start()
        self.feed(self.p, "2026-03-06T12:00:00+08:00", "2026-03-14")
        self.p.stop()
        before, chosen = self.rows("history"), self.cut()
        left = {**before, **self.behind(chosen)}
        for topic, table in TABLES.items():
            self.assertTrue(any(name.startswith(topic) for name, _ in chosen), topic)
            self.assertTrue(0 < len(left[table]) < len(before[table]), f"{table}: {len(left[table])} of {len(before[table])} are left")
        services.chengxin(self.p.servers, "rebuild", "postgres")
        self.assertEqual(before, self.rows("history"))
        self.assertEqual([], self.verify("postgres", code=0)["found"])
        backup = self.p.servers.folder / "run" / "backup.sql"
        services.shell(self.p.servers, 'pg_dump -h "$(cx_pg_socket_dir)" -p "$CX_PG_PORT" -U postgres -d chengxin -n history -f "$1"', backup)
        self.lose()
        services.chengxin(self.p.servers, "rebuild", "postgres")
        self.assertEqual(left, self.rows("history"))
        found = self.verify("postgres")["found"]
        self.assertEqual({(f["where"], f["topic"], f["partition"]) for f in found}, {("chain", *place) for place in chosen})
        self.lose()
        services.shell(self.p.servers, 'cx_psql -d chengxin -f "$1"', backup)
        services.chengxin(self.p.servers, "rebuild", "postgres")
        self.assertEqual(before, self.rows("history"))
        self.assertEqual([], self.verify("postgres", code=0)["found"])
