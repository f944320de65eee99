"""How much of the machine was ours: what others did with its processors meanwhile is not the pipeline's slowness.

A recovery of 10 s while others took half of all processors' time counts as one of 5 s. On a machine of our own the two are
the same.
"""

import bisect
import os
import pathlib
import threading
import time

EVERY = 0.5  # seconds between samples
LEAST = 0.05  # of the machine is always taken to be ours
TICK = os.sysconf("SC_CLK_TCK")


def busy():
    """(seconds that processors worked for anybody, how many there are)."""
    lines = pathlib.Path("/proc/stat").read_text(encoding="ascii").splitlines()
    user, nice, system, _, _, irq, softirq, steal = map(int, lines[0].split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICK, sum(line.startswith("cpu") for line in lines) - 1


def processes():
    """pid -> (its parent, its and its reaped children's seconds)."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(") ")[2].split()
        except OSError:  # it ended just now
            continue
        found[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / TICK
    return found


def trees(roots, found):
    """Those of the roots that live -> seconds of them and all below them."""
    children = {}
    for pid, (parent, _) in found.items():
        children.setdefault(parent, []).append(pid)
    totals = {}
    for root in roots:
        left, seconds = [root], 0.0
        while left:
            pid = left.pop()
            if pid in found:
                seconds += found[pid][1]
                left += children.get(pid, [])
        if root in found:
            totals[root] = seconds
    return totals


class Machine(threading.Thread):
    """Samples until `ended` is set, or the process ends. `servers` gives the pids of what is ours, but no child of ours."""

    def __init__(self, servers):
        super().__init__(name="machine", daemon=True)
        self.servers, self.known, self.gone = servers, {}, 0.0
        self.ended = threading.Event()
        self.times, self.others = [], []  # of each sample: when, and what others have used until then
        self.sample()

    def ours(self):
        """Seconds used until now by us and ours, the dead among them: a child's are its parent's, a dead server's are kept."""
        totals = trees([os.getpid(), *self.servers()], processes())
        self.gone += sum(seconds for pid, seconds in self.known.items() if pid not in totals)
        self.known = totals
        return sum(totals.values()) + self.gone

    def sample(self):
        ours, (everybodys, self.processors) = self.ours(), busy()
        others = max(everybodys - ours, self.others[-1] if self.others else 0.0)
        self.times.append(time.monotonic())
        self.others.append(others)

    def run(self):
        while not self.ended.wait(EVERY):
            self.sample()

    def share(self, since, until):
        """What others left of the machine between two moments: 1 is all of it."""
        first = max(bisect.bisect_right(self.times, since) - 1, 0)
        last = min(bisect.bisect_left(self.times, until), len(self.times) - 1)
        wall = self.times[last] - self.times[first]
        if wall <= 0:
            return 1.0
        return max(1 - (self.others[last] - self.others[first]) / (wall * self.processors), LEAST)
