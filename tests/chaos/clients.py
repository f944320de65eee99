"""The departments' clients: processes of their own, told how far they may be; killed, they are started again."""

import pathlib
import signal
import subprocess
import threading

from cxtest.waiting import wait_until

import client
import stories

PROGRAM = pathlib.Path(__file__).parent / "client.py"


class Clients:
    """`parts`: how many bursts the whole is sent in; what is left goes out with finish()."""

    def __init__(self, servers, folder, subjects, parts):
        self.servers, self.folder, self.subjects = servers, pathlib.Path(folder), subjects
        self.total = len(stories.TURNS) * subjects
        self.lock, self.parts, self.sent_parts = threading.Lock(), parts, 0
        self.processes = {department: self.start(department) for department in stories.DEPARTMENTS}
        self.killed = 0

    def ledger(self, department):
        return self.folder / f"{department}.ledger"

    def start(self, department):
        return subprocess.Popen([PROGRAM, self.servers.bootstrap, department, str(self.subjects), self.ledger(department)],
                                stdin=subprocess.PIPE)

    def burst(self):
        """One more part may be sent."""
        with self.lock:
            self.sent_parts = min(self.sent_parts + 1, self.parts)
            self.allow(self.processes)

    def allow(self, departments):
        for department in departments:
            self.processes[department].stdin.write(b"%d\n" % (self.total * self.sent_parts // self.parts))
            self.processes[department].stdin.flush()

    def acknowledged(self, department):
        path = self.ledger(department)
        return path.stat().st_size // client.LINE.size if path.exists() else 0

    def kill(self, department):
        """SIGKILL while messages of it are on their way; it comes back and sends those again."""
        before = self.acknowledged(department)
        wait_until(lambda: before < self.acknowledged(department) < self.total - 1000, 60, f"{department} sends", pause=0.01)
        with self.lock:
            process = self.processes[department]
            process.send_signal(signal.SIGKILL)
            assert process.wait(10) == -signal.SIGKILL
            process.stdin.close()
            self.processes[department] = self.start(department)
            self.allow([department])
            self.killed += 1

    def finish(self, deadline=300):
        for process in self.processes.values():
            process.stdin.close()
        for department, process in self.processes.items():
            code = process.wait(deadline)
            assert code == 0, f"the client of {department} ended with {code}"
            found = self.acknowledged(department)
            assert found == self.total, f"{department}: {found} of {self.total} acknowledged"

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()
