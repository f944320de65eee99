#!/usr/bin/python3
"""One real Prometheus scrapes a running pipeline and its exporter of lag: every scrape is clean, every query of every dashboard
and rule names what is there, no subject is in it, and the alerts say what happens. Then the oldest change in a subject's favour:
found wherever it waits."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "integration" / "spine"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from cxtest import services, topics  # noqa: E402
from cxtest.waiting import wait_until  # noqa: E402

import events  # noqa: E402
from pipeline import Pipeline  # noqa: E402
from watch import RULES, Watch, get  # noqa: E402

BOARDS = ROOT / "deploy" / "grafana"
SUBJECT = events.organisation(99000042)
NAME = re.compile(r"(?<![\w:$\"{])((?:chengxin[_:]|process_)[a-zA-Z0-9_:]*|up)(?![\w:(\"])")


def queries():
    """(where, expression) of every panel and rule."""
    for path in sorted(BOARDS.glob("*.json")):
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", target["expr"]
    for path in (RULES / "recording.yml", RULES / "alerts.yml"):
        for expression in re.findall(r"^ +expr: (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            yield path.name, expression[1:-1].replace("''", "'") if expression[0] == "'" else expression


class PrometheusTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = Pipeline(interval_ms=500, kafka__session__timeout__ms=6000, kafka__transaction__timeout__ms=5000,
                         kafka__statistics__interval__ms=1000)
        cls.addClassCleanup(cls.p.stop)
        watch = Watch(cls, cls.p)
        cls.p.start()
        cls.market = cls.p.department("market")
        cls.market.send(events.event("metrics-1", SUBJECT, events.record()), events.event("metrics-2", SUBJECT, events.record()))
        cls.market.send_bytes(b"neither framing")
        cls.p.settle()
        watch.wait()
        cls.ports, cls.api, cls.query = watch.ports, watch.api, watch.query

    def lag(self, *arguments):
        return json.loads(services.chengxin(self.p.servers, "lag", "--json", "--once", *arguments).stdout)

    def test_every_scrape_is_clean_and_names_nobody(self):
        subjects = [d["subject"].hex() for _, d in self.p.dump("credit.decided", "Decided") if d["subject"] != bytes(16)]
        self.assertGreater(len(subjects), 0)
        for name, port in self.ports.items():
            text = get(f"http://127.0.0.1:{port}/metrics")
            done = subprocess.run(["promtool", "check", "metrics"], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual((done.returncode, done.stdout), (0, ""), name)
            series = [line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")]
            self.assertEqual(len(series), len(set(series)), f"{name} tells something twice")
            for secret in (SUBJECT["id"], SUBJECT["name"], "metrics-1", *subjects):
                self.assertNotIn(secret, text, name)
            self.assertEqual(get(f"http://127.0.0.1:{port}/healthz"), "ok\n")
            self.assertEqual(get(f"http://127.0.0.1:{port}/readyz"), "ready\n")

    def test_every_query_names_what_is_there(self):
        wait_until(lambda: self.query("chengxin_bus_requests_total"), 30, "the client library's first report")
        wait_until(lambda: self.query("chengxin:restore:ratio") or self.query("chengxin:lag_seconds:max"), 30, "recording rules")
        known = set(self.api("label/__name__/values")) | set(re.findall(r"record: (\S+)", (RULES / "recording.yml").read_text()))
        used = set()
        for where, expression in queries():
            names = set(NAME.findall(re.sub(r"\{[^}]*\}|\((?:stage|topic|group|broker|reason|le|version|instance|partition|pack|place|build|, )+\)", "", expression)))
            self.assertTrue(names, (where, expression))
            self.assertLessEqual(names, known, (where, expression))
            self.api("query", query=expression)  # it can be evaluated
            used |= names
        self.assertIn("chengxin_favourable_change_age_seconds", used)
        self.assertNotIn("chengxin_no_such_metric", known)

    def test_figures_are_those_of_the_pipeline(self):
        def value(expression):
            found = self.query(expression)
            return float(found[0]["value"][1]) if found else None
        wait_until(lambda: value('chengxin_rejects_total{stage="intake",reason="NOT_AVRO"}') == 1, 20, "the message that is none")
        self.assertEqual(value('count(chengxin_pack_info{stage=~"classifier|registrar|sanctioner"})'), 3)
        self.assertEqual(value("count(count by (version, build) (chengxin_build_info))"), len(self.p.names))  # a program each
        self.assertGreater(value('chengxin_state_rows{stage="registrar"}'), 0)
        self.assertEqual(value('chengxin_lag_up'), 1)
        self.assertLess(value('chengxin_as_of_age_seconds{store="redis"}'), 30)
        self.assertEqual(value('min(chengxin_store_up)'), 1)
        rules = [r for g in self.api("rules")["groups"] for r in g["rules"]]
        self.assertTrue(all(r["health"] in ("ok", "unknown") for r in rules), rules)

    def test_an_alert_wakes_when_a_service_ends(self):
        self.p.services["courier"].stop()
        try:
            def waking():
                return {a["labels"]["alertname"] for a in self.api("alerts")["alerts"]}
            wait_until(lambda: {"ChengxinServiceDown", "ChengxinGroupStopped"} <= waking(), 40, "the alerts on the courier")
            row = next(r for r in self.lag("courier")["partitions"])
            self.assertEqual((row["state"], row["member"]), ("stopped", None))
        finally:
            self.p.services["courier"].start()

    def favour(self):
        return self.lag()["favourable"]

    def test_the_oldest_favourable_change_is_found_wherever_it_waits(self):
        self.p.settle()
        wait_until(lambda: self.favour()["change"] is None, 20, "nothing in anybody's favour waits")
        for service, topic, change, target in (("classifier", "credit.records", "Withdrawal", "metrics-1"),
                                               ("cache", "credit.decided", "recall", "metrics-2")):
            with self.subTest(topic):
                self.p.services[service].stop()
                try:
                    self.look_for_it(topic, change, target)
                finally:
                    self.p.services[service].start()
                wait_until(lambda: self.favour()["change"] is None, 30, "it is visible")

    def look_for_it(self, topic, change, target):
        def waiting(least):
            f = self.favour()
            return f if (f["change"], f["topic"]) == (change, topic) and f["seconds"] > least else None
        self.market.send(events.event(f"withdraws-{target}", SUBJECT, {"Withdrawal": {"target": target, "reason": "ERROR"}}))
        found = wait_until(lambda: waiting(0), 30, f"{change} in {topic}")
        self.assertTrue(found["known"])
        older = wait_until(lambda: waiting(found["seconds"] + 1), 20, "it ages")
        self.assertEqual((older["partition"], older["offset"]), (found["partition"], found["offset"]))


if __name__ == "__main__":
    unittest.main()
