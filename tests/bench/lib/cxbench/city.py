"""Servers of a benchmark's own, with Shijiazhuang's pack in force on a virtual log and its stages under the benchmark's hand.

The pack differs from the city's in one row: breaker.limit, for a benchmark lists more people in a minute than a city does.
Sessions last a minute, so that a service may stand still (SIGSTOP) while its input is made.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from cxtest import servers, services, topics

from department import Schemas

from . import bare, sink
from .feed import Feed
from .gauge import Gauge

START = "2026-03-02T09:00:00+08:00"
STAGES = {  # name -> its input; what it writes
    "intake": ("^credit[.]in[.].+", ("credit.records", "credit.identities")),
    "classifier": ("credit.records", ("credit.classified",)),
    "registrar": ("credit.classified", ("credit.decided", "credit.state", "credit.status")),
    "sanctioner": ("credit.decided", ("credit.notices", "credit.measures")),
    "courier": ("credit.notices", ()),
}


def pack_for(folder):
    """A copy of the packs, in which no feed is held."""
    copy = folder / "policies"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(servers.ROOT / "deploy" / "policies", copy)
    pack = copy / "shijiazhuang" / "2026-01"
    with open(pack / "policy.properties", "a", encoding="utf-8") as properties:
        properties.write("breaker.limit=1000000\n")
    return pack


@contextlib.contextmanager
def profiled(service):
    """Where CX_BENCH_PERF names a folder: the service's profile in it, NAME.perf, for perf report."""
    folder = os.environ.get("CX_BENCH_PERF")
    if not folder:
        yield
        return
    perf = subprocess.Popen(["perf", "record", "-q", "-g", "-F", "999", "-p", str(service.pid()), "-o", f"{folder}/{service.name}.perf"])
    try:
        yield
    finally:
        perf.send_signal(signal.SIGINT)
        perf.wait()


class City:
    """wipe() ends all of it."""

    def __init__(self, name, partitions=4, **settings):
        self.partitions = partitions
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that wipe() is run
        self.servers = servers.own(f"bench-{name}", brief="no")
        self.services, self.done, self.seen = {}, {}, dict.fromkeys(STAGES, 0)
        try:
            self.prepare(settings)
        except BaseException:
            self.wipe()
            raise

    def prepare(self, settings):
        pack = pack_for(self.servers.folder)
        services.write_config(self.servers, **{
            "clock__kind": "virtual", "clock__start": START, "clock__interval__ms": 60000, "pack__dir": pack,
            "topics__partitions": self.partitions, "kafka__session__timeout__ms": 60000, **settings})
        services.shell(self.servers, 'cx_pipeline_prepare "$1"', pack)
        self.feed = Feed(Schemas(pathlib.Path(os.environ["CX_BUILD"]) / "schemas"), self.servers.bootstrap)
        for stage in ("intake", "clock", "classifier", "registrar", "sanctioner"):
            self.start(stage)
        services.shell(self.servers, 'cx_pipeline_policy "$1"', pack)
        self.stop("clock")
        self.settle("classifier", "registrar", "sanctioner")

    def start(self, *names, batch=None):
        """Starts them, or starts them anew, and waits until they are ready. batch: most events in a transaction."""
        settings = {"CHENGXIN_BATCH_MAX_EVENTS": str(batch)} if batch else {}
        for name in names:
            self.stop(name)
            self.services[name] = services.Service(self.servers, name, **settings).start(ready=False)
        for name in names:
            self.services[name].start(deadline=60)

    def stop(self, *names):
        for name in names or list(self.services):
            if name in self.services:
                self.services[name].signal(signal.SIGCONT)
                self.services.pop(name).stop()

    def hold(self, *names):
        """Stands them still; what they have done so far is noted, so nothing may be on its way to them."""
        for name in names:
            self.done[name] = Gauge(self.services[name]).read()["events_total"]
            self.services[name].pause()

    def settle(self, *names):
        services.shell(self.servers, 'cx_pipeline_settle "$@"', *names)

    def told(self):
        """The departments' topics that hold notices or refusals."""
        return [n for n in topics.names(self.servers.bootstrap) if n.startswith(("credit.notices.", "credit.rejected."))]

    def waiting(self, stage):
        """How many messages there are in the stage's input since the last call."""
        total = bare.read(self, STAGES[stage][0])["messages"]
        self.seen[stage], before = total, self.seen[stage]
        return total - before

    def put_through(self, stage, n):
        """Lets a held stage work off its n messages, and holds it again: messages a second, and microseconds of the
        processor for each."""
        service, done = self.services[stage], self.done[stage]
        gauge = Gauge(service)
        with profiled(service):
            began, cpu = time.monotonic(), sink.cpu(service.pid())
            service.resume()
            ended, figures = gauge.wait("events_total", done + n)
        assert figures["events_total"] == done + n, f"{stage}: {figures['events_total'] - done} of {n}"
        cpu = sink.cpu(service.pid()) - cpu
        self.hold(stage)
        return n / (ended - began), cpu / n * 1e6

    def wipe(self):
        for service in self.services.values():
            if service.pid():
                service.signal(signal.SIGCONT)
        services.stop_all(self.servers)
        self.servers.wipe()
