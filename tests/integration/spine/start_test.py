#!/usr/bin/python3
"""What a service cannot work with is refused at its start: it ends, and its one error says what to do."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from confluent_kafka import Producer

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

sys.path.append(str(servers.ROOT / "tests" / "integration" / "store"))
import spine  # noqa: E402

STAGES = {  # each with a topic that it reads or writes
    "intake": "credit.identities", "classifier": "credit.classified", "registrar": "credit.classified",
    "sanctioner": "credit.decided", "points": "credit.points", "courier": "credit.notices", "clock": "credit.activations", "cache": "credit.status",
    "history": "credit.decided"}
SINKS = ("cache", "history")  # keep a position for each partition, whatever their number
PACK = servers.ROOT / "deploy" / "policies" / "shijiazhuang" / "2026-01"


class Start(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        services.stop_all(servers.Servers(servers.shared_folder()))  # of a test that was killed
        cls.servers = servers.shared()
        services.write_config(cls.servers)
        services.chengxin(cls.servers, "vault", "init")
        services.chengxin(cls.servers, "topics", "apply")
        services.apply_schema(cls.servers)

    def start(self, name, *flags):
        """The errors that a service logs before it ends by itself, and its exit code."""
        program = pathlib.Path(os.environ["CX_BUILD"]) / "services" / name / f"chengxin-{name}"
        done = subprocess.run([str(program), "--config", str(self.servers.folder / "etc" / "chengxin.properties"),
                               "--metrics.port", "-1", *flags], text=True, timeout=90, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lines = [json.loads(line) if line.startswith("{") else {"level": "error", "message": line}
                 for line in done.stdout.splitlines()]
        return [line["message"] for line in lines if line["level"] == "error"], done.returncode

    def refused(self, name, flags, code, *words):
        errors, returned = self.start(name, *flags)
        self.assertEqual(returned, code, errors)
        self.assertEqual(len(errors), 1, errors)
        for word in words:
            self.assertIn(word, errors[0])

    def test_wrong_settings(self):
        for name in STAGES:
            for flags, words in ((["--batch.max.events", "many"], ["batch.max.events"]),
                                 (["--batch.max.ms", "0"], ["batch.max.ms", "1", "5000"]),
                                 (["--log.level", "loud"], ["log.level", "error|warn|info|debug"]),
                                 (["--no.such.setting", "1"], ["no.such.setting"]),
                                 (["--kafka.isolation.level", "read_uncommitted"], ["isolation.level"])):
                with self.subTest(f"{name} {flags[0]}"):
                    self.refused(name, flags, 2, *words)

    def test_a_missing_topic_and_a_wrong_number_of_partitions(self):
        for name, topic in STAGES.items():
            with self.subTest(f"{name}: missing"):
                self.delete(topic)
                self.refused(name, [], 1, topic, "missing", "chengxin topics apply")
            with self.subTest(f"{name}: three partitions"):
                topics.create(self.servers.bootstrap, [topic], partitions=3)
                if name not in SINKS:
                    self.refused(name, [], 1, topic, "partition", "chengxin topics plan")
                self.delete(topic)
            services.chengxin(self.servers, "topics", "apply")

    def delete(self, topic):
        client = topics.admin(self.servers.bootstrap)  # its futures end with it
        client.delete_topics([topic], operation_timeout=20)[topic].result()
        wait_until(lambda: topic not in topics.names(self.servers.bootstrap), 20, f"{topic} deleted")

    def test_a_wrong_key(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, key in (("intake", "pseudonym.key"), ("intake", "reference.key"), ("intake", "vault.pub"),
                              ("courier", "reference.key"), ("courier", "vault.sec")):
                vault = pathlib.Path(folder) / f"{name}-{key}"
                shutil.copytree(self.servers.folder / "secrets" / "vault", vault)
                with self.subTest(f"{name} {key}"):
                    (vault / key).write_text("not a key\n")
                    self.refused(name, ["--vault.dir", str(vault)], 1, str(vault / key), "64 hexadecimal digits")
                    if not key.endswith(".pub"):
                        shutil.copy(self.servers.folder / "secrets" / "vault" / key, vault / key)
                        (vault / key).chmod(0o644)
                        self.refused(name, ["--vault.dir", str(vault)], 1, str(vault / key), "chmod 600")
                    (vault / key).unlink()
                    self.refused(name, ["--vault.dir", str(vault)], 1, str(vault / key), "chengxin vault init")

    def test_a_pack_that_was_not_published(self):
        done = services.chengxin(self.servers, "policy", "activate", PACK, "--jurisdiction", "130100", "--who", "N-001",
                                 "--why", "a test", check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("chengxin policy publish", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertEqual(topics.dump(self.servers.bootstrap, "credit.activations"), [])

    def put(self, notice):
        """A notice into credit.notices, as a stage writes it."""
        producer = Producer({"bootstrap.servers": self.servers.bootstrap})
        producer.produce("credit.notices", spine.encode("Dispatch", notice), partition=0, key=bytes(16))
        self.assertEqual(producer.flush(30), 0)

    def test_what_points_wrote_is_no_output_of_the_sanctioner(self):
        """Points may be the first that writes to credit.notices: the sanctioner begins at the beginning all the same. Behind
        a notice of its own it does not, and not behind an incentive of a list either."""
        incentive = spine.notice(1, (0, 0), kind="INCENTIVE", cause="POINTS", number=2048)
        incentive["notice"].update(entry="", measure_id="")
        try:
            self.put(incentive)
            services.Service(self.servers, "sanctioner").start().stop()
            self.put(spine.notice(1, (0, 1), kind="INCENTIVE"))
            self.refused("sanctioner", [], 1, "POSITION_LOST", "has written output")
        finally:
            self.delete("credit.notices")
            services.chengxin(self.servers, "topics", "apply")


if __name__ == "__main__":
    unittest.main()
