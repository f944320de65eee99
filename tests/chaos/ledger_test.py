#!/usr/bin/python3
"""Exactly once, shown: independent clients, every service and server killed again and again, and a ledger of it all.

What was done, and how long it took until it was mended, is printed; then what the checker says of the dumps (check.py), a
second run of the log compared with the first, and each seeded mistake caught. CX_SEED repeats a run's order of faults.
With --hour again and again for an hour, each time with another seed (in ./ops/test --long alone).
"""

import gc
import os
import sys
import time
import unittest

from cxtest import dumps, servers

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import again  # noqa: E402
import case  # noqa: E402
import check  # noqa: E402
import compare  # noqa: E402
import run  # noqa: E402
import spoil  # noqa: E402
import stories  # noqa: E402
from faults import KILL, LEAVE, STOP, TWICE, Worker  # noqa: E402

SUBJECTS = int(os.environ.get("CX_CHAOS_SUBJECTS") or 5000)
EPISODES = (KILL,) * 7 + (LEAVE, STOP, TWICE)
MORE_STOPS = 2  # services that are stopped once more
ROUNDS = 3  # of each server
RECOVERY = 30  # seconds
HOUR = 3600
WRITTEN = ("credit.records", "credit.classified", "credit.decided")  # in transactions, of three services
FOR_AN_HOUR = sys.argv[1:] == ["--hour"]


def say(text):
    print(text, file=sys.stderr, flush=True)


class SecondRuns(Worker):
    def __init__(self, run_):
        super().__init__("second runs")
        self.run_, self.intake = run_, None

    def work(self):
        again.second(self.run_)
        self.intake = again.intake(self.run_)


class Ledger(unittest.TestCase):
    def test_exactly_once(self):
        began, books = time.monotonic(), []
        while not books or (FOR_AN_HOUR and time.monotonic() - began < HOUR):
            self.once(os.environ.get("CX_SEED") or str(int(time.time())))
            books.append(self.run_.book)
            say(f"{len(books)} runs in {time.monotonic() - began:.0f} s: {sum(map(Ledger.kills, books))} kills of services, "
                f"{sum(len(book.recoveries) for book in books)} recoveries, the longest "
                f"{max(r.seconds for book in books for r in book.recoveries):.1f} s, lost 0, doubled 0")

    @staticmethod
    def kills(book):
        return sum(n for who, n in book.by_who("SIGKILL").items() if who not in servers.NAMES and "client" not in who)

    def once(self, seed):
        say(f"seed {seed}")
        folder = servers.ROOT / "var" / "test" / "ledger"
        self.run_ = run.Run(folder, SUBJECTS, seed, say)
        try:
            self.proved(folder)
        finally:
            self.run_.stop()
        self.run_.wipe()

    def proved(self, folder):
        """The dumps are checked while the log, and then intake, run a second time."""
        self.disturbed()
        self.faults_happened()
        runs = SecondRuns(self.run_)
        runs.start()
        first = case.Dumps(folder, "first", SUBJECTS)
        gc.freeze()
        self.figures(first)
        found = check.findings(first)
        lost = sum(len(told) for rule, told in found.items())
        say(f"findings of the checker (lost, doubled, out of order, different in a store): {lost}")
        self.assertEqual({rule: told[:3] for rule, told in found.items()}, {})
        spoil.Proof(first, check.findings, say).prove(self)
        self.run_.say("every seeded mistake is caught")
        runs.join()
        if runs.error is not None:
            raise runs.error
        second = case.Dumps(folder, "second", SUBJECTS)
        self.assertEqual(list(compare.differences(first, second)), [])
        self.run_.say("the second run of the log is the first, byte for byte")
        self.assertEqual(list(compare.differences_of_intake(first, runs.intake)), [])
        self.run_.say("intake makes the same of the same arrivals")

    def disturbed(self):
        """Two hundred thousand events and all the faults, then twelve days of the log, then everything dumped."""
        r = self.run_
        r.start()
        r.disturb(EPISODES, ROUNDS, MORE_STOPS)
        r.settle("all is through")
        r.leap()
        ends = r.halt()
        self.assertEqual(set(ends.values()), {0}, ends)
        r.dump("first")
        committed = sum(len(dumps.read(r.folder / "first", topic)) for topic in WRITTEN)
        self.aborted = dumps.count(r.servers.bootstrap, WRITTEN) - committed

    def faults_happened(self):
        book = self.run_.book
        services_killed = {k: n for k, n in book.by_who("SIGKILL").items() if k in self.run_.fleet.order}
        say(f"SIGKILL of services: {sum(services_killed.values())} {services_killed}")
        for kind in ("takeover", "SIGSTOP", "SIGCONT", "fenced"):
            say(f"{kind}: {book.total(kind)} {book.by_who(kind)}")
        killed = {k: n for k, n in book.by_who("SIGKILL").items() if k not in services_killed}
        say(f"SIGKILL of servers and clients: {killed}")
        say(f"processes that ended by themselves and were started again: {self.run_.ends_by_word()}")
        self.assertLessEqual(set(self.run_.ends_by_word()), {"FENCED", "BUS", "BUS_AWAY"})
        say(f"messages of aborted transactions in {', '.join(WRITTEN)}: {self.aborted}")
        for what, (n, median, longest, who) in book.longest().items():
            say(f"recovery, {what}: {n}, median {median:.1f} s, longest {longest:.1f} s ({who})")
        self.assertGreaterEqual(sum(services_killed.values()), 60)
        self.assertGreaterEqual(min(services_killed[name] for name in self.run_.fleet.order), 5)
        self.assertGreaterEqual(book.total("SIGCONT"), 10)
        self.assertGreaterEqual(book.total("fenced"), 5)
        self.assertEqual({name: killed[name] for name in servers.NAMES}, dict.fromkeys(servers.NAMES, ROUNDS))
        self.assertGreater(self.aborted, 0, "no kill hit an open transaction")
        slow = [r for r in book.recoveries if r.seconds >= RECOVERY]
        self.assertEqual(slow, [], f"recoveries of {RECOVERY} s and more")

    def figures(self, first):
        figures = check.figures(first)
        say(", ".join(f"{name} {figure}" for name, figure in figures.items()))
        self.assertEqual(figures["acknowledged"], len(stories.DEPARTMENTS) * len(stories.TURNS) * SUBJECTS)
        self.assertEqual(figures["accepted"] + figures["refused"] + figures["duplicate"], figures["consumed"])
        self.assertGreater(figures["walked"], SUBJECTS // 4, "the walks reached nobody")
        self.assertGreaterEqual(figures["notices"], 4 * stories.LISTED)


if __name__ == "__main__":
    if FOR_AN_HOUR and not os.environ.get("CX_LONG"):
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], warnings="ignore")  # redis-py leaves the socket of a dead server to the collector
