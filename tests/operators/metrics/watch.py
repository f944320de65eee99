"""The exporter of lag and one real Prometheus, with the rules that are delivered, on a running pipeline: looking every second."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import urllib.parse
import urllib.request

from cxtest import servers, services
from cxtest.waiting import wait_until

ROOT = servers.ROOT
RULES = ROOT / "deploy" / "prometheus"


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


class Watch:
    """Everything ends with the test class that made it. `exporter`: the port of one that somebody else starts."""

    def __init__(self, case, pipeline, exporter=None):
        self.case, self.p = case, pipeline
        base = int(pipeline.servers.env["CX_METRICS_PORT"])
        self.ports = {name: int(services.shell(pipeline.servers, 'cx_service_port "$1" 0', name)) for name in pipeline.names}
        self.ports["lag"], self.port = exporter or base + 155, base + 156  # the instance's own 160
        if exporter is None:
            self.run("exporter", str(ROOT / "ops" / "chengxin"), "lag", "--serve", self.ports["lag"], "--every", 1)
        folder = tempfile.TemporaryDirectory()
        case.addClassCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write_config()
        self.run("prometheus", "prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=error")

    def run(self, name, *command):
        log = open(self.p.servers.folder / "log" / f"{name}.log", "w", encoding="utf-8")
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env={**os.environ, "CX_VAR": str(self.p.servers.folder)})
        log.close()
        self.case.addClassCleanup(process.wait)
        self.case.addClassCleanup(process.terminate)
        return process

    def write_config(self):
        """The one that is delivered, with this instance's ports, and looking every second."""
        text = (RULES / "prometheus.yml").read_text(encoding="utf-8")
        text = re.sub(r"_interval: 10s", "_interval: 1s", text)
        text = re.sub(r"- targets: # .*\n(?: +- 127\.0\.0\.1:\d+\n)+",
                      "- targets: [" + ", ".join(f"127.0.0.1:{p}" for n, p in self.ports.items() if n != "lag") + "]\n", text)
        text = text.replace("127.0.0.1:9463", f"127.0.0.1:{self.ports['lag']}")
        for name in ("recording.yml", "alerts.yml"):
            (self.folder / name).write_text((RULES / name).read_text(encoding="utf-8"))
        (self.folder / "prometheus.yml").write_text(text)

    def api(self, path, **parameters):
        answer = json.loads(get(f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"))
        assert answer["status"] == "success", answer
        return answer["data"]

    def query(self, expression):
        return self.api("query", query=expression)["result"]

    def all_up(self):
        try:
            targets = self.api("targets")["activeTargets"]
        except OSError:
            return False
        return len(targets) == len(self.ports) and all(t["health"] == "up" for t in targets)

    def wait(self):
        wait_until(self.all_up, 60, "every target scraped")
        return self
