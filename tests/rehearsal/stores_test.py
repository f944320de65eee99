#!/usr/bin/python3
"""The day-2 rehearsal, of what is underneath: servers that are away, processes that hang, stores and disks that were lost."""

import contextlib
import shutil
import unittest

from cxtest.waiting import wait_until

from rehearsal import Rehearsal

import runbook
from events import event, organisation, record

STORES = {"redis": "redis-server", "postgres": "postgresql"}


class Stores(Rehearsal):
    settings = {"interval_ms": 1000, "kafka__statistics__interval__ms": 1000}  # who hangs is a member for twelve seconds

    def test_1_stores_that_are_away(self):
        """Both at once; Redis, which was killed, comes back without what it held."""
        for store in STORES:
            self.p.servers.kill(store)
        self.send("away")
        for store, unit in STORES.items():
            self.alarm.wait("chengxin-store-away", store=store)
            self.type("chengxin-store-away", STORE=unit)
        self.alarm.silence("chengxin-store-away")
        self.type("redis-was-lost")
        self.well("away")

    def test_2_processes_that_hang(self):
        """A stage, and both sinks; a change in somebody's favour is hidden meanwhile."""
        hang = event("hang", organisation(99020098), record())
        self.market.send(hang)
        self.p.settle()
        for service in ("cache", "history", "registrar"):
            self.p.services[service].pause()
        self.market.send(event("hang-w", hang["subject"], {"Withdrawal": {"target": "hang", "reason": "ERROR"}}))
        hangs = self.alarm.wait_one(("chengxin-group-stalled", "chengxin-group-stopped"), group="credit.registrar")
        self.assertEqual(hangs["topic"], "credit.classified")  # stalled; and, when its session is over, stopped
        for alert in ("chengxin-favourable-change-hidden", "chengxin-status-stale", "chengxin-history-stale"):
            self.alarm.wait(alert)
        self.alarm.wait("chengxin-lag-high", group="credit.registrar")
        said = self.type("chengxin-favourable-change-hidden")
        self.assertRegex(said, r"(?m)^credit\.registrar .*(stalled|stopped)", said)
        self.assertRegex(self.type("chengxin-group-stalled", GROUP="registrar", SERVICE="registrar"), "stalled|stopped")
        self.type("chengxin-status-stale")
        self.type("chengxin-history-stale")
        for alert in ("favourable-change-hidden", "status-stale", "history-stale", "lag-high", "group-stalled", "group-stopped"):
            self.alarm.silence(f"chengxin-{alert}")
        self.well("hang", "hang-w")

    def test_3_the_broker_is_away(self):
        self.p.servers.stop("kafka")
        self.alarm.wait("chengxin-broker-away")
        self.type("chengxin-broker-away")
        self.alarm.silence("chengxin-broker-away")
        self.well()

    def test_4_a_service_cannot_begin(self):
        """Its store is away when it starts: it runs and is not ready, and says for what it waits."""
        self.p.services["cache"].kill()
        self.p.servers.kill("redis")
        cache = self.p.services["cache"].start(ready=False)
        wait_until(lambda: "STORE_AWAY" in cache.log_tail(5), 60, "the cache asks Redis")
        self.alarm.wait("chengxin-service-not-ready", stage="cache")
        self.assertIn("STORE_AWAY", self.type("chengxin-service-not-ready", SERVICE="cache"))
        self.type("chengxin-store-away", STORE="redis-server")
        self.alarm.silence("chengxin-service-not-ready")
        self.well()

    def test_5_postgres_was_lost(self):
        self.send("lost-postgres")
        self.p.settle()
        before = self.p.sql("SELECT event_id FROM history.events ORDER BY origin_partition, seq")
        self.assertTrue(before)
        self.p.sql("DROP SCHEMA history CASCADE; SELECT 1")
        self.type("postgresql-was-lost")
        self.assertLessEqual(set(before), set(self.p.sql("SELECT event_id FROM history.events")))
        self.well()

    def test_6_the_disk_of_a_service_was_lost(self):
        self.send("disk")
        self.p.settle()
        rows = self.p.metrics("registrar")
        key = next(k for k in rows if k.startswith("chengxin_state_rows"))
        self.assertGreater(rows[key], 0)
        self.p.services["registrar"].kill()
        shutil.rmtree(self.p.servers.folder / "data" / "state", ignore_errors=True)
        self.type("the-disk-of-a-service-was-lost", SERVICE="registrar")
        wait_until(lambda: self.p.metrics("registrar").get(key) == rows[key], 60, "its state is as it was")
        self.well()

    def test_7_nobody_knows_the_lag(self):
        self.typist.systemctl("stop", "chengxin-lag")
        self.alarm.wait("chengxin-lag-unknown")
        self.type("chengxin-lag-unknown")
        self.alarm.silence("chengxin-lag-unknown")

    def test_z_every_other_command_works(self):
        self.typist.type_the_rest(runbook.ONLY_TYPED, GROUP="credit.courier", SERVICE="courier", TOKEN="")
        self.well()


if __name__ == "__main__":
    unittest.main(failfast=True)
