#!/usr/bin/python3
"""Each service killed in the middle of 20,000 events: what comes of them is what comes of them undisturbed.

The second run reads the same inputs: the stages behind the log read the same credit.records and must give the same bytes;
intake reads the same inbound topics and must give each department's events in their order, byte for byte.
"""

import collections
import pathlib
import sys
import time
import unittest

from confluent_kafka import Consumer, KafkaException

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

ROOT = servers.ROOT
sys.path.insert(0, str(ROOT / "tests" / "integration" / "spine"))
sys.path.insert(0, str(ROOT / "ops" / "lib"))

import os  # noqa: E402

import settle  # noqa: E402
import spine  # noqa: E402
from department import Department, Schemas, lines  # noqa: E402

SAMPLE = ROOT / "deploy" / "samples" / "shijiazhuang"
PACK = ROOT / "deploy" / "policies" / "shijiazhuang" / "2026-01"
STAGES = ["classifier", "registrar", "sanctioner", "courier"]
ORDER = ["intake", *STAGES]
OUTPUTS = ["credit.classified", "credit.decided", "credit.notices", "credit.state", "credit.status", "credit.measures"]
COMPACTED = ["credit.state", "credit.status", "credit.measures"]
DEPARTMENTS, EVENTS = 3, 20_000
SECOND_DAY = 1_782_921_600_000  # 2026-07-02: later than every event; what is told from then on, a walk found
PLACE = "kill-#######"


def templates():
    """department -> records of the sample without roles (a role is a derived event, which a second run would add)."""
    found = collections.defaultdict(list)
    for path in sorted(SAMPLE.glob("*.jsonl")):
        department = path.stem.split("-", 1)[1]
        for event in lines(path):
            record = (event.get("body") or {}).get("Record")
            if record is not None and not record.get("roles"):
                event["event_id"] = PLACE
                found[department].append(event)
    return dict(sorted(found.items(), key=lambda kv: -len(kv[1]))[:DEPARTMENTS])


class Kills(unittest.TestCase):
    def setUp(self):
        self.began = time.monotonic()
        self.servers = servers.shared()
        self.schemas = Schemas(pathlib.Path(os.environ["CX_BUILD"]) / "schemas")
        self.log = settle.Log(self.servers.bootstrap, self.servers.pg_conninfo)
        self.events = spine.Events()
        services.write_config(self.servers, clock__kind="virtual", clock__start="2026-07-01", clock__interval__ms=200,
                              pack__dir=PACK, batch__max__events=100)
        services.shell(self.servers, 'cx_pipeline_prepare "$1"', PACK)
        self.services = {n: services.Service(self.servers, n) for n in ["intake", "clock", *STAGES]}
        for service in self.services.values():
            service.start(ready=False)
        for service in self.services.values():
            service.start()
        services.shell(self.servers, 'cx_pipeline_policy "$1"', PACK)

    def tearDown(self):
        services.stop_all(self.servers)

    def settle(self, *names):
        left = settle.settle(self.log, list(names) or ["intake", *STAGES], 180)
        assert left is None, f"behind: {left}\n" + "\n".join(s.log_tail(5) for s in self.services.values())

    def say(self, what):
        print(f"{time.monotonic() - self.began:6.1f} s {what}", file=sys.stderr)

    def kill_in_the_middle(self, name, publish):
        """SIGKILL while its position moves and messages are left. It stands still while they gather, and again whenever its
        position is asked for: a small rest would be done before the answer comes."""
        if name == "clock":
            publish()
            self.services[name].kill()
            self.services[name].start()
            return
        consumer = Consumer({"bootstrap.servers": self.servers.bootstrap, "group.id": f"credit.{name}",
                             "isolation.level": "read_uncommitted"})  # the last position, also while a transaction is open
        wanted = list(self.log.partitions(consumer, name))

        def committed():
            try:
                return sum(self.log.positions(consumer, name, wanted).values())
            except KafkaException:  # the coordinator is busy
                return 0

        self.settle(*ORDER[:ORDER.index(name) + 1])
        before = committed()
        self.services[name].pause()
        publish()
        if name != "intake":
            self.settle(*ORDER[:ORDER.index(name)])
        end, standing = sum(self.log.ends(name).values()), True

        def moves():
            nonlocal standing
            standing = not standing
            (self.services[name].pause if standing else self.services[name].resume)()
            return standing and max(committed() - before, 0)

        moved = wait_until(moves, 30, f"{name} at work", pause=0.004)
        self.services[name].kill()
        self.assertGreater(end - before - moved, 100, f"{name} had done everything before it was killed")
        self.services[name].start()

    def publish(self, first, count, encoded):
        for i, (department, messages) in enumerate(encoded.items()):
            numbers = range(first + i, first + count, len(encoded))
            self.departments[department].send_bytes(
                *(messages[n % len(messages)].replace(PLACE.encode(), b"kill-%07d" % n) for n in numbers))

    def dumps(self, names):
        return {name: topics.dump(self.servers.bootstrap, name) for name in names}

    def outputs(self):
        everything = topics.names(self.servers.bootstrap)
        homes = [n for n in everything if n.startswith(("credit.notices.", "credit.rejected."))]
        return OUTPUTS + spine.written(self.servers.bootstrap, homes)

    def test_the_outcome_is_that_of_an_undisturbed_run(self):
        sources = templates()
        self.assertEqual(len(sources), DEPARTMENTS)
        self.departments = {d: Department(d, self.servers.bootstrap, self.schemas) for d in sources}
        encoded = {d: [self.schemas.encode(e) for e in events] for d, events in sources.items()}
        chunk = EVENTS // len(self.services)
        for i, name in enumerate(self.services):
            self.kill_in_the_middle(name, lambda first=i * chunk: self.publish(first, chunk, encoded))
            self.say(f"{name} killed and back")
        self.settle()
        self.say("settled")
        services.chengxin(self.servers, "clock", "--to", "2028-01-01")
        self.settle()
        self.say("the walks of eighteen months are over")
        self.compare_stages()
        self.say("the stages give the same again")
        self.compare_intake()

    def compare_stages(self):
        for name in ["intake", "clock", *STAGES]:  # the log stands still
            self.services[name].stop()
        names = self.outputs()
        dead_letters = [n for n in names if n.startswith("credit.rejected.")]
        first = self.dumps(names)
        self.refused = sum(b"intake" in m.value for n in dead_letters for m in first[n])
        records = self.dumps(["credit.records"])
        self.assertGreater(len(first["credit.decided"]), EVENTS * 9 // 10)
        walked = [m for m in first["credit.state"] if m.timestamp > SECOND_DAY]
        self.assertGreater(len(walked), 100, "the walks reached nobody")
        spine.delete(self.servers.bootstrap, [n for n in names if n not in dead_letters])
        services.shell(self.servers, 'cx_quietly topics apply')
        departments = [n.removeprefix("credit.in.") for n in topics.names(self.servers.bootstrap)
                       if n.startswith("credit.in.")]
        services.shell(self.servers, 'cx_quietly department add "$@"', *departments)
        spine.delete_group(self.servers, "credit.classifier")
        for name in STAGES:
            self.services[name].start(ready=False)
        self.settle(*STAGES)
        for name in STAGES:
            self.services[name].stop()
        self.assertEqual(self.dumps(["credit.records"]), records, "the second run wrote into the log")
        second = self.dumps(self.outputs())
        self.assertEqual(sorted(first), sorted(second))
        for name in names:
            if name not in dead_letters:
                with self.subTest(name):
                    self.compare(name, first[name], second[name])

    def compare(self, name, first, second):
        """Ordered keys, values and timestamps by partition; of compacted topics the latest value by key."""
        if name in COMPACTED:
            self.assertEqual(topics.latest(first), topics.latest(second))
            return
        sealed = name.startswith("credit.notices.")  # sealed under an hour's key: the bytes differ, the rest must not
        for a, b in zip(first, second):
            self.assertEqual((a.partition, a.key, a.timestamp, a.headers), (b.partition, b.key, b.timestamp, b.headers))
            self.assertTrue(sealed or a.value == b.value, f"{name} {a.offset}")
        self.assertEqual(len(first), len(second))

    def inbound(self):
        """Per partition of the log and department: what intake wrote, in order."""
        found = collections.defaultdict(list)
        for m in topics.dump(self.servers.bootstrap, "credit.records"):
            if m.key is None:
                continue
            department = next(d for d in self.departments if b"%c" % (2 * len(d)) + d.encode() in m.value[18:90])
            found[(m.partition, department)].append((m.key, m.value, m.timestamp))
        return found

    def compare_intake(self):
        first = self.inbound()
        sent = EVENTS // len(self.services) * len(self.services)
        self.assertEqual(sum(map(len, first.values())) + self.refused, sent)
        spine.delete(self.servers.bootstrap, ["credit.records"])
        services.shell(self.servers, 'cx_quietly topics apply')
        spine.delete_group(self.servers, "credit.intake")
        self.services["intake"].start(ready=False)
        self.settle("intake")
        self.assertEqual(self.inbound(), first)


if __name__ == "__main__":
    unittest.main()
