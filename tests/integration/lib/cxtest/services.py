"""Service processes by name and slot, started as ./ops/up starts them."""

import os
import pathlib
import signal
import subprocess

from .servers import ROOT, live_pid
from .waiting import wait_until

PRELUDE = """set -u
source "$1/ops/lib/servers.sh"; source "$1/ops/lib/config.sh"; source "$1/ops/lib/services.sh"
source "$1/ops/lib/pipeline.sh"
cx_servers_load; shift
"""
STOP = 3  # seconds, and on a busy machine three times that: after ten its own alarm ends a service that hangs


def shell(servers, command, *arguments, **environment):
    """Runs functions of ops/lib on an instance; their output. AssertionError with it when they fail."""
    done = subprocess.run(["bash", "-c", PRELUDE + command, "cxtest", str(ROOT), *map(str, arguments)],
                          env={**os.environ, **environment, "CX_VAR": str(servers.folder)}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f"{command}:\n{done.stdout}"
    return done.stdout


def write_config(servers, **settings):
    """Writes etc/chengxin.properties of the instance, with these settings besides (dots as double underscores)."""
    lines = "".join(f"{key.replace('__', '.')}={value}\n" for key, value in settings.items())
    (servers.folder / "etc" / "local.properties").write_text(lines)
    shell(servers, "cx_config_write")


class Service:
    """One process. `environment` is added to ours: CHENGXIN_* settings, say."""

    def __init__(self, servers, name, slot=0, **environment):
        self.servers, self.name, self.slot, self.environment = servers, name, slot, environment
        self.id = name if slot == 0 else f"{name}-{slot}"
        self.pidfile = servers.folder / "run" / f"{self.id}.pid"
        self.log = servers.folder / "log" / f"{self.id}.log"

    def start(self, ready=True, deadline=90):
        shell(self.servers, 'cx_service_start "$1" "$2"', self.name, self.slot, **self.environment)
        if ready:
            shell(self.servers, 'cx_service_wait "$1" "$2" "$3"', self.name, self.slot, deadline)
        return self

    def pid(self):
        return live_pid(self.pidfile)

    def signal(self, number):
        pid = self.pid()
        assert pid, f"{self.id} is not running:\n{self.log_tail()}"
        os.kill(pid, number)
        return pid

    def kill(self):
        """kill -9; returns when it is gone."""
        pid = self.signal(signal.SIGKILL)
        wait_until(lambda: self.pid() is None, 10, f"{self.id} ({pid}) gone after SIGKILL")
        return pid

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def stop(self, deadline=STOP):
        """SIGTERM, and the process must go by itself."""
        if self.pid() is not None:
            self.signal(signal.SIGTERM)
            wait_until(lambda: self.pid() is None, deadline, f"{self.id} gone after SIGTERM")

    def gone(self, deadline=30):
        """Waits until the process has ended by itself (fenced, misconfigured)."""
        wait_until(lambda: self.pid() is None, deadline, f"{self.id} has ended")

    def rests(self):
        """How often its threads have gone to sleep, all together."""
        tasks = pathlib.Path(f"/proc/{self.pid()}/task").glob("*/status")
        return sum(int(line.split()[1]) for task in tasks for line in task.read_text().splitlines()
                   if line.startswith("voluntary_ctxt_switches"))

    def log_tail(self, lines=30):
        text = pathlib.Path(self.log).read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def apply_schema(servers):
    """PostgreSQL's schema, as ./ops/up applies it, and the key with which its writer signs."""
    shell(servers, "cx_config_write && cx_pipeline_schema && cx_quietly vault init")


def stop_all(servers):
    """SIGTERM to every service, and the exporter, at once; each must go by itself."""
    files = [f for name in shell(servers, 'echo "$CX_SERVICES_ALL lag"').split() for f in (servers.folder / "run").glob(f"{name}*.pid")]
    running = {f.stem: pid for f in files if (pid := live_pid(f))}
    for pid in running.values():
        os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not any(live_pid(f) for f in files), STOP, f"gone after SIGTERM: {running}")


def chengxin(servers, *arguments, stdin=None, check=True):
    """The command line on an instance: the finished process (text). With check, exit codes other than 0 fail."""
    done = subprocess.run([str(ROOT / "ops" / "chengxin"), *map(str, arguments)], input=stdin, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "CX_VAR": str(servers.folder)})
    assert not check or done.returncode == 0, f"chengxin {arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done
