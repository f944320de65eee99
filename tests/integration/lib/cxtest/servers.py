"""Kafka, PostgreSQL and Redis as private instances, each test's own or shared by the tests of a run."""

import fcntl
import os
import pathlib
import shlex
import signal
import subprocess

import psycopg2
import redis

from . import topics
from .waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[4]
SCRIPT = ROOT / "ops" / "lib" / "servers.sh"
NAMES = ("kafka", "postgres", "redis")
LANES = ("a", "b", "c")
HELD = []  # (lock, folder) of our lane


class Servers:
    """One instance: a folder, with its servers. Attributes: bootstrap, pg_conninfo (the owner's), redis_socket, folder."""

    def __init__(self, folder, kafka_version=None, fsync="off", brief="yes"):
        self.folder = pathlib.Path(folder).resolve()
        self.kafka_version = kafka_version or os.environ.get("CX_KAFKA_VERSION") or "3.9.2"
        self.fsync = fsync  # processes are killed here, never the machine
        self.brief = brief  # a broker that is not to be measured
        self.env = {}

    def environment(self):
        """Of programs that work on this instance: of ours, nothing that names another."""
        ours = {k: v for k, v in os.environ.items() if not k.startswith("CX_") or k == "CX_BUILD"}
        return {**ours, "CX_VAR": str(self.folder)}

    def script(self, *arguments):
        """Runs ops/lib/servers.sh on this folder; its output. AssertionError with that output when it fails."""
        done = subprocess.run([str(SCRIPT), arguments[0], "--dir", str(self.folder), *arguments[1:]],
                              env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, f"servers.sh {' '.join(arguments)}:\n{done.stdout}"
        return done.stdout

    def start(self, *names):
        """Starts the named servers (all when none is named); returns when they answer."""
        self.script("start", "--kafka", self.kafka_version, "--heap", "768m", "--fsync", self.fsync, "--brief", self.brief,
                    *names)
        self.load()
        return self

    def load(self):
        for line in self.script("env").splitlines():
            key, _, value = line.partition("=")
            self.env[key] = shlex.split(value)[0] if value else ""
        self.bootstrap = self.env["CX_KAFKA_BOOTSTRAP"]
        self.pg_conninfo = self.env["CX_PG_CONNINFO"]
        self.redis_socket = self.env["CX_REDIS_SOCKET"]
        return self

    def stop(self, *names):
        self.script("stop", *names)

    def wipe(self):
        self.script("wipe")

    def pid(self, name):
        """The pid of a running server, or None."""
        return live_pid(self.folder / "run" / f"{name}.pid")

    def kill(self, name):
        """kill -9; returns when the process is gone."""
        pid = self.pid(name)
        assert pid, f"{name} is not running, so it cannot be killed"
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: self.pid(name) is None, 10, f"{name} ({pid}) gone after SIGKILL")
        return pid

    def family(self, name):
        """The server's process and its children (PostgreSQL's backends)."""
        pid = self.pid(name)
        assert pid, f"{name} is not running"
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def pause(self, name):
        """SIGSTOP: the server stands still and its connections stay open."""
        for pid in self.family(name):
            os.kill(pid, signal.SIGSTOP)

    def resume(self, name):
        for pid in self.family(name):
            os.kill(pid, signal.SIGCONT)

    def postgres(self, role="postgres"):
        """A psycopg2 connection (autocommit) over the socket."""
        connection = psycopg2.connect(self.pg_conninfo.replace("user=postgres", f"user={role}"))
        connection.autocommit = True
        return connection

    def redis(self, user="admin"):
        password = (self.folder / "secrets" / f"redis-{user}").read_text()
        return redis.Redis(unix_socket_path=self.redis_socket, username=user, password=password)

    def reset(self):
        """Empties all three: no topic, a new database, no key, no function."""
        for name in ("pack.activated", "sample.progress"):  # what ops/lib remembers of the log that goes
            (self.folder / "etc" / name).unlink(missing_ok=True)
        topics.delete_all(self.bootstrap)
        self.script("psql", "-d", "template1", "-c", "DROP DATABASE IF EXISTS chengxin WITH (FORCE)")
        self.script("start", "postgres")  # makes the database anew
        client = self.redis()
        client.flushall()
        client.execute_command("FUNCTION", "FLUSH")
        client.close()


def live_pid(pidfile):
    """The pid in a pid file of ops/lib/common.sh if that very process lives, else None."""
    try:
        pid, started = pathlib.Path(pidfile).read_text().split()
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (OSError, ValueError):
        return None
    return int(pid) if fields[19] == started and fields[0] != "Z" else None


def shared_folder():
    """That of this process's lane: held until it ends, so that three tests at a time have servers to themselves. Builds have
    lanes of their own."""
    build = pathlib.Path(os.environ.get("CX_BUILD") or ROOT / "build" / "release").name
    name = f"servers-{build}-{os.environ.get('CX_KAFKA_VERSION') or '3.9.2'}"

    def take():
        for lane in LANES:
            folder = ROOT / "var" / "test" / f"{name}-{lane}"
            folder.mkdir(parents=True, exist_ok=True)
            lock = open(folder / ".lock", "w", encoding="ascii")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            HELD.append((lock, folder))
            return True
        return False

    if not HELD:
        wait_until(take, 600, "a lane of servers that no other test holds")
    return HELD[0][1]


def shared():
    """The servers that the tests of a run share, up and emptied."""
    instance = Servers(shared_folder()).start()
    instance.reset()
    return instance


def own(name, **options):
    """Servers of a test's own, in var/test/NAME, with nothing left of an earlier run; the test calls wipe()."""
    instance = Servers(ROOT / "var" / "test" / name, **options)
    if instance.folder.exists():
        instance.wipe()
    return instance.start()
