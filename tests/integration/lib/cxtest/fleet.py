"""Services in several slots, each process ours: its end and its exit code are seen, and a supervisor starts it anew."""

import os
import pathlib
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from .services import shell
from .waiting import wait_until

SLOTS, LIVES = 2, 3  # of a slot, that may live at the same time: each has a port of its own


class Life:
    """One process of a slot, from start to end."""

    def __init__(self, fleet, name, slot, number):
        self.fleet, self.name, self.slot, self.number = fleet, name, slot, number
        self.log = fleet.logs / f"{name}-{slot}.{number}.log"
        self.port = fleet.port + fleet.order.index(name) + 20 * (slot + SLOTS * (number % LIVES)) if slot < SLOTS else -1
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [fleet.program(name), "--config", fleet.config, "--slot", str(slot),
                 "--metrics.port", str(self.port)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        self.began = time.monotonic()
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        mark = fleet.servers.folder / "run" / f"{name}-{slot * 100 + number}.pid"
        mark.write_text(f"{self.pid} {fields[19]}\n")  # so that services.stop_all finds it after a test that was killed

    @property
    def pid(self):
        return self.process.pid

    def ended(self):
        """The exit code, negative for a signal; None while it lives."""
        return self.process.poll()

    def state(self):
        """R, S, T ... of /proc; empty when it is gone."""
        try:
            return pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2][0]
        except OSError:
            return ""

    def kill(self):
        """SIGKILL, and it is seen to have ended by that."""
        self.process.send_signal(signal.SIGKILL)
        code = self.process.wait(60)
        assert code == -signal.SIGKILL, f"{self.name}-{self.slot} ended with {code}, not by our kill"

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: self.state() == "T", 5, f"{self.name}-{self.slot} stopped")

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def text(self):
        return self.log.read_text(errors="replace")

    def last_words(self, lines=5):
        return "\n".join(self.text().splitlines()[-lines:])

    def metric(self, key):
        """A figure of its /metrics by the beginning of its name; None while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=2) as answer:
                for line in answer.read().decode().splitlines():
                    if line.startswith(key):
                        return float(line.rpartition(" ")[2])
        except (OSError, ValueError):
            pass
        return None


class Slot:
    def __init__(self, fleet, name, number):
        self.fleet, self.name, self.number = fleet, name, number
        self.lock = threading.RLock()
        self.lives, self.wanted = [], False

    @property
    def life(self):
        return self.lives[-1] if self.lives else None

    def start(self):
        """A new process; one that lives is not touched (the same slot twice: the older will be fenced)."""
        with self.lock:
            self.wanted = True
            self.lives.append(Life(self.fleet, self.name, self.number, len(self.lives)))
            return self.life

    def kill(self):
        """SIGKILL; it stays down until start()."""
        with self.lock:
            self.wanted = False
            assert self.life.ended() is None, f"{self.name}-{self.number} was not running:\n{self.life.last_words()}"
            self.life.kill()
            return self.life

    def supervise(self):
        """Starts it again if it has ended by itself; what it died of."""
        with self.lock:
            if not self.wanted or self.life.ended() is None:
                return None
            dead = self.life
            self.start()
            return dead


class Fleet:
    """Slots of each service that works through the log, or of those named; who only answers has no place in it. `ends` lists
    the processes that ended by themselves; `builds` names the folders of services that do not come from the test's build,
    `logs` a folder of the instance."""

    def __init__(self, servers, slots=SLOTS, names=None, builds=None, logs="log"):
        self.servers, self.builds = servers, builds or {}
        self.logs = servers.folder / logs
        self.logs.mkdir(parents=True, exist_ok=True)
        self.config = servers.folder / "etc" / "chengxin.properties"
        self.port = int(servers.env["CX_METRICS_PORT"])
        self.order = [name for name in shell(servers, "cx_services").split() if name != "query"]
        self.slots = {name: [Slot(self, name, n) for n in range(slots)] for name in names or self.order}
        self.ends, self.stopping = [], threading.Event()
        self.supervisor = None

    def program(self, name):
        return pathlib.Path(self.builds.get(name, os.environ["CX_BUILD"])) / "services" / name / f"chengxin-{name}"

    def all(self):
        return [slot for slots in self.slots.values() for slot in slots]

    def start(self):
        for slot in self.all():
            slot.start()
        self.supervisor = threading.Thread(target=self.supervise, name="supervisor")
        self.supervisor.start()
        return self

    def supervise(self):
        while not self.stopping.wait(0.2):
            for slot in self.all():
                dead = slot.supervise()
                if dead is not None:
                    self.ends.append(dead)

    def stop(self, deadline=90):
        """SIGTERM to all; each must go by itself, and well."""
        self.stopping.set()
        if self.supervisor is not None:
            self.supervisor.join()
        lives = [slot.life for slot in self.all() if slot.life is not None and slot.life.ended() is None]
        for slot in self.all():
            slot.wanted = False
        for life in lives:
            life.process.send_signal(signal.SIGCONT)
            life.process.terminate()
        for life in lives:
            wait_until(lambda life=life: life.ended() is not None, deadline,
                       f"{life.name}-{life.slot} gone after SIGTERM:\n{life.last_words()}")
        return {f"{life.name}-{life.slot}": life.ended() for life in lives}

    def kill(self):
        """What is left of it: for the end of a test that failed."""
        self.stopping.set()
        for slot in self.all():
            for life in slot.lives:
                if life.ended() is None:
                    life.process.kill()
                    life.process.wait()
