"""Every service of the tree on the shared servers, with Shijiazhuang's pack activated on a virtual log."""

import contextlib
import os
import pathlib
import re
import shutil
import sys
import urllib.error
import urllib.request

from cxtest import servers, services, topics
from cxtest.waiting import wait_until

from department import Department, Schemas

sys.path.insert(0, str(servers.ROOT / "ops" / "lib"))
import settle  # noqa: E402

PACK = servers.ROOT / "deploy" / "policies" / "shijiazhuang" / "2026-01"
START = "2026-03-02T09:00:00+08:00"


class Pipeline:
    """stop() ends the services. `secrets`: a folder of vault keys to be used instead of new ones; `pack`: the law."""

    def __init__(self, start=START, interval_ms=60000, secrets=None, pack=PACK, **settings):
        self.pack = pack
        services.stop_all(servers.Servers(servers.shared_folder()))  # of a test that was killed
        self.servers = servers.shared()
        self.schemas = Schemas(pathlib.Path(os.environ["CX_BUILD"]) / "schemas")
        password = (self.servers.folder / "secrets" / "redis-query").read_text()
        self.log = settle.Log(self.servers.bootstrap, self.servers.pg_conninfo, self.servers.redis_socket, password)
        self.departments = {}
        services.write_config(self.servers, clock__kind="virtual", clock__start=start, pack__dir=pack,
                              clock__interval__ms=interval_ms, **settings)
        if secrets is not None:
            services.shell(self.servers, 'rm -rf "$CX_VAR/secrets/vault" && cp -a "$1" "$CX_VAR/secrets/vault"', secrets)
        shutil.rmtree(self.servers.folder / "data" / "state", ignore_errors=True)  # of another log
        services.shell(self.servers, 'cx_pipeline_prepare "$1"', pack)
        self.names = services.shell(self.servers, "cx_services").split()
        self.services = {name: services.Service(self.servers, name) for name in self.names}

    def start(self):
        for service in self.services.values():
            service.start(ready=False)
        for service in self.services.values():
            service.start()
        services.shell(self.servers, 'cx_pipeline_policy "$1"', self.pack)
        return self

    def department(self, name):
        if name not in self.departments:
            self.departments[name] = Department(name, self.servers.bootstrap, self.schemas)
        return self.departments[name]

    def settle(self, seconds=180):
        left = settle.settle(self.log, self.names, seconds)
        assert left is None, f"behind: {left}"

    def dump(self, topic, name):
        """(message, its value decoded as `name`) of a topic."""
        return [(m, self.schemas.decode(name, m.value)) for m in topics.dump(self.servers.bootstrap, topic)]

    def verdicts(self):
        """(department, event id) -> the verdicts on it, in their order."""
        found = {}
        for _, decided in self.dump("credit.decided", "Decided"):
            header = decided["classified"]["event"]["header"]
            if header is not None and decided["index"] == 0:
                found.setdefault((header["department"], header["event_id"]), []).append(decided["verdict"])
        return found

    def sql(self, statement, *arguments):
        with contextlib.closing(self.servers.postgres()) as connection, connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            return cursor.fetchall()

    def metrics(self, name):
        """Lines of a service's /metrics: "name{labels}" -> value."""
        port = services.shell(self.servers, 'cx_service_port "$1" 0', name).strip()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        return {key: float(value) for key, value in re.findall(r"^([a-z_]+(?:\{[^}]*\})?) (\S+)$", text, re.MULTILINE)}

    def wait(self, condition, what, seconds=30):
        return wait_until(condition, seconds, what)

    def stop(self):
        services.stop_all(self.servers)
