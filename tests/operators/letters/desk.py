"""An operator's desk: a running pipeline, the command line, and what the log says of what was done."""

import io
import json
import sys
import unittest

import avro.io
from confluent_kafka import Producer

from cxtest import servers, services, topics

sys.path.insert(0, str(servers.ROOT / "tests" / "integration" / "spine"))
from events import document  # noqa: E402
from pipeline import Pipeline  # noqa: E402

ZB44 = document(basis="ZB-44", number="样列〔2026〕1号")
GRAVE = (("penalty", "REVOKE_LICENCE"), ("sector_grade", "SERIOUS"))
COURT = document("court", "FS-2017", "样法执〔2026〕1号")
WHO = ("--who", "OP-7", "--why", "a test of redriving")


class Desk(unittest.TestCase):
    maxDiff = None
    settings = {}  # the pipeline's

    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline(**cls.settings)
        cls.addClassCleanup(cls.p.stop)
        cls.prepare()
        cls.p.start()
        cls.market, cls.court = cls.p.department("market"), cls.p.department("court")

    @classmethod
    def prepare(cls):
        """What is to run before the services do."""

    # --- helpers
    def chengxin(self, *arguments, code=0, stdin=None):
        done = services.chengxin(self.p.servers, *arguments, check=False, stdin=stdin)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        return done

    def letters(self, *arguments):
        return json.loads(self.chengxin("letters", "list", "--json", *arguments).stdout)

    def redrive(self, *arguments, code=0):
        done = self.chengxin("letters", "redrive", *arguments, *WHO, "--json", code=code)
        self.p.settle()
        return json.loads(done.stdout) if done.stdout else done.stderr

    def acts(self):
        return [value for _, value in self.p.dump("credit.operations", "Act")]

    def verdicts(self):
        return self.p.verdicts()

    def order(self):
        """(department, event id) of what was accepted, in the order in which credit.records has it."""
        found = []
        for message, decided in self.p.dump("credit.decided", "Decided"):
            header = decided["classified"]["event"]["header"]
            if header is not None and decided["index"] == 0 and decided["verdict"] == "OK":
                found.append((decided["classified"]["origin"]["offset"], header["department"], header["event_id"]))
        return [(department, name) for _, department, name in sorted(found)]

    def clock(self, to):
        self.chengxin("clock", "--to", to)
        self.p.settle()

    def committed(self, topic):
        return len(topics.dump(self.p.servers.bootstrap, topic))

    def ask(self, department, place, of=None):
        """Somebody asks intake directly, past the command's own checks."""
        schema, out = self.p.schemas.get("Redrive"), io.BytesIO()
        avro.io.DatumWriter(schema).write({"department": of or department, "partition": place[0], "offset": place[1],
                                           "act": "act-test"}, avro.io.BinaryEncoder(out))
        producer = Producer({"bootstrap.servers": self.p.servers.bootstrap})
        producer.produce(f"credit.redrive.{department}", b"\xc3\x01" + self.p.schemas.fingerprint("Redrive") + out.getvalue())
        self.assertEqual(producer.flush(10), 0)
        self.p.settle()
