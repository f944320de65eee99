"""What the rehearsals share: a pipeline that ticks each second, its alarm, and an operator who has only the runbook."""

import json
import sys

from cxtest import servers, services
from cxtest.waiting import wait_until

for folder in ("rehearsal", "operators/letters", "operators/metrics"):
    sys.path.insert(0, str(servers.ROOT / "tests" / folder))

from desk import Desk  # noqa: E402
from events import event, organisation, record  # noqa: E402
from typist import Alarm, Typist  # noqa: E402
from watch import Watch  # noqa: E402

HELPED = "did-it-help"


class Rehearsal(Desk):
    """Each test breaks one thing; its alert rings; the section's commands are typed; all is well again."""

    # a stage that hangs is told from one that waits only while the log moves; who is dead leaves its group after the session
    settings = {"interval_ms": 1000, "kafka__session__timeout__ms": 6000, "kafka__transaction__timeout__ms": 5000,
                "kafka__statistics__interval__ms": 1000}

    @classmethod
    def prepare(cls):
        """Prometheus needs its time until it knows its targets."""
        cls.typist = Typist(cls, cls.p, DEPARTMENT="market")
        cls.type = cls.typist.type
        cls.watch = Watch(cls, cls.p, exporter=int(cls.p.servers.env["CX_METRICS_PORT"]) - 1)
        cls.alarm = Alarm(cls.watch)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.typist.systemctl("start", "chengxin-lag")
        cls.addClassCleanup(cls.typist.systemctl, "stop", "chengxin-lag")
        cls.watch.wait()

    def instance(self, service):
        """As Prometheus calls it."""
        return "127.0.0.1:" + services.shell(self.p.servers, 'cx_service_port "$1" 0', service).strip()

    def send(self, name, department=None):
        (department or self.market).send(event(name, organisation(99020000 + sum(name.encode())), record()))

    def well(self, *names):
        """Those events were accepted, once; a new one goes through everything; and the runbook's own question says so."""
        last = f"well-{self.id().rpartition('.')[2]}"
        self.send(last)
        self.p.settle()
        verdicts = self.verdicts()
        self.assertEqual({name: verdicts.get(("market", name)) for name in (*names, last)}, {name: ["OK"] for name in (*names, last)})
        self.ask()

    def ask(self):
        wait_until(lambda: services.chengxin(self.p.servers, "lag", "--check", "--max-seconds", "5", check=False).returncode == 0, 60,
                   "nothing waits")
        self.assertIn("nothing waits longer", self.type(HELPED))

    def tick(self):
        return json.loads(self.chengxin("clock", "status", "--json").stdout)["tick"]
