#!/usr/bin/python3
"""Snapshots of state on real servers: each midnight has one for each partition of each stage with state, whose hash is in
credit.checkpoints, and which holds what the changelog holds there, as python3-avro reads it; a restart begins with it, and
refuses one that is damaged, missing, or older than the changelog keeps what was removed."""

import datetime
import hashlib
import os
import pathlib
import sys
import unittest

import avro.datafile
import avro.io
from confluent_kafka.admin import ConfigResource

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cxtest import services, topics  # noqa: E402
from events import event, organisation, record  # noqa: E402
from pipeline import Pipeline  # noqa: E402

STAGES = {"registrar": "credit.state", "sanctioner": "credit.measures", "points": "credit.points"}
DAYS = ("2026-03-03", "2026-03-04")


def rows_of(path):
    """Key -> value, and what the head says."""
    with open(path, "rb") as file, avro.datafile.DataFileReader(file, avro.io.DatumReader()) as reader:
        head = {name: reader.get_meta(name).decode() for name in reader.meta if name.startswith("chengxin.")}
        return {row["key"]: row["value"] for row in reader}, head


class Snapshots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline(state__snapshot__pause__ms=0)
        cls.addClassCleanup(cls.p.stop)
        cls.p.start()
        cls.market = cls.p.department("market")
        cls.market.send(*(event(f"mk-{i}", organisation(i), record()) for i in range(40)))
        cls.p.settle()
        services.chengxin(cls.p.servers, "clock", "--to", "2026-03-03T08:00:00")
        cls.p.settle()
        cls.market.send(*(event(f"mk-{i}", organisation(i), record()) for i in range(40, 60)))
        cls.p.settle()
        services.chengxin(cls.p.servers, "clock", "--to", "2026-03-04T08:00:00")
        cls.p.settle()
        cls.folder = cls.p.servers.folder / "data" / "state"

    def checkpoints(self):
        """(stage, partition, day) -> StateSnapshot, where one was told."""
        found = {}
        for message, checkpoint in self.p.dump("credit.checkpoints", "Checkpoint"):
            body = checkpoint["body"]
            if "file" in body:
                day = body["file"][-15:-5]
                found[body["stage"], checkpoint["partition"], day] = body
                self.assertEqual(message.key.decode()[:len("state/1/")], "state/1/")
        return found

    def all_there(self):
        wanted = {(stage, p, day) for stage in STAGES for p in range(4) for day in DAYS}
        self.p.wait(lambda: wanted <= self.checkpoints().keys(), "a snapshot of each midnight", 60)
        return {key: body for key, body in self.checkpoints().items() if key in wanted}

    def test_1_a_snapshot_is_the_state_at_midnight(self):
        records = {(m.partition, m.offset): d for m, d in self.p.dump("credit.records", "Event")}
        logs = {stage: topics.dump(self.p.servers.bootstrap, topic) for stage, topic in STAGES.items()}
        rows_seen = 0
        for (stage, partition, day), body in self.all_there().items():
            path = self.folder / body["file"]
            bytes_ = path.read_bytes()
            self.assertEqual((body["bytes"], body["hash"]), (len(bytes_), hashlib.blake2b(bytes_, digest_size=32).digest()))
            rows, head = rows_of(path)
            self.assertEqual((stage, str(partition), body["rows"]), (head["chengxin.stage"], head["chengxin.partition"], len(rows)))
            tick = records[partition, body["origin"]["offset"]]["body"]["time"]
            self.assertEqual(day, (tick + datetime.timedelta(hours=8)).date().isoformat())
            self.assertTrue(head["chengxin.place"].startswith(f"1;t{int(tick.timestamp() * 1000)},"), head)
            expected = {}
            for m in logs[stage]:
                if m.partition == partition and m.timestamp <= tick.timestamp() * 1000:
                    expected[m.key] = m.value
            self.assertEqual({key: value for key, value in expected.items() if value is not None}, rows)
            before = [m.offset for m in logs[stage] if m.partition == partition and m.timestamp > tick.timestamp() * 1000]
            self.assertLessEqual(int(head["chengxin.changelog"]), min(before, default=1 << 60))
            rows_seen += len(rows)
        self.assertGreater(rows_seen, 60)
        self.assertEqual([], list(self.folder.glob("*/*.part")))

    def restart(self):
        """What the registrar's log says of its start, and how much of the changelog it wanted."""
        service = self.p.services["registrar"]
        service.kill()
        before = service.log.stat().st_size
        service.start(deadline=60)
        return service.log.read_text()[before:], self.p.metrics("registrar")["chengxin_restore_wanted_messages" + self.labels()]

    def labels(self):
        (key,) = [k for k in self.p.metrics("registrar") if k.startswith("chengxin_restore_wanted")]
        return key.partition("chengxin_restore_wanted_messages")[2]

    def still_knows(self, name):
        self.market.send(event(name, organisation(int(name[3:])), record()))
        self.p.settle()
        self.assertEqual("DUPLICATE", self.p.verdicts()["market", name][-1])

    def test_2_a_restart_begins_with_it(self):
        whole = len(topics.dump(self.p.servers.bootstrap, "credit.state"))
        log, wanted = self.restart()
        self.assertEqual(4, log.count("from its snapshot"), log)
        self.assertLess(wanted, whole / 4)
        self.still_knows("mk-1")
        self.still_knows("mk-41")

    def test_3_a_damaged_or_missing_one_is_refused(self):
        self.all_there()
        damaged, missing = (self.folder / f"registrar/1-{p}-{DAYS[-1]}.avro" for p in (0, 1))
        bytes_ = damaged.read_bytes()
        damaged.write_bytes(bytes_[:-20] + bytes([bytes_[-20] ^ 1]) + bytes_[-19:])
        missing.rename(missing.with_name("1-1-2026-03-05.avro"))
        log, _ = self.restart()
        self.assertEqual(2, log.count("from its snapshot"), log)
        self.assertEqual(2, log.count("the changelog is read whole"), log)
        self.assertIn("it is not the file whose hash is in credit.checkpoints", log)
        self.assertIn("credit.checkpoints knows nothing of it", log)
        self.still_knows("mk-2")
        self.still_knows("mk-42")

    def test_4_one_that_is_too_old_is_refused(self):
        admin = topics.admin(self.p.servers.bootstrap)
        resource = ConfigResource(ConfigResource.Type.TOPIC, "credit.state", set_config={
            "cleanup.policy": "compact", "delete.retention.ms": "1800000"})
        for future in admin.alter_configs([resource]).values():
            future.result()
        log, _ = self.restart()
        self.assertEqual(0, log.count("from its snapshot"), log)
        self.assertIn("it is older than the changelog keeps what was removed", log)
        self.still_knows("mk-3")

    def test_5_old_ones_are_removed(self):
        """By the time at which they were written."""
        old = self.folder / "sanctioner" / f"1-2-{DAYS[0]}.avro"
        os.utime(old, (1, 1))
        services.chengxin(self.p.servers, "clock", "--to", "2026-03-05T08:00:00")
        self.p.wait(lambda: not old.exists(), "an old snapshot removed", 60)
        self.assertTrue((self.folder / "sanctioner" / f"1-2-{DAYS[1]}.avro").exists())


if __name__ == "__main__":
    unittest.main()
