"""What is done to the services and servers while they work, each fault proved to have happened.

A director for each service does one thing after the other to it and waits until its group commits again, in every
partition; the directors of different services, and the one of the servers, work side by side.
"""

import random
import re
import socket
import threading
import time

from cxtest.progress import Progress
from cxtest.waiting import wait_until

SESSION = 12  # seconds: session.timeout.ms of common/bus/conf.c, longer than a transaction may stay open
PATIENCE = 60  # for what ought to take less than half of it; wait_until has patience of its own besides
LOOK_EVERY = 0.5
TRANSACTION = 0.05  # from one commit to the next, as a rule
NEEDS = {"cache": "redis", "history": "postgres"}
KILL, LEAVE, STOP, TWICE = "kill", "takeover", "stop", "twice"


class Worker(threading.Thread):
    """Keeps the error that ended it."""

    def __init__(self, name):
        super().__init__(name=name, daemon=True)
        self.error = None

    def run(self):
        try:
            self.work()
        except BaseException as error:  # pylint: disable=broad-except
            self.error = error


class Watch:
    """When a service's group has committed in each of its partitions."""

    def __init__(self, servers, fleet, book, name, partitions, inbound):
        self.fleet, self.book, self.name = fleet, book, name
        self.progress = None if name == "clock" else Progress(servers, name, partitions, inbound)

    def base(self):
        if self.progress is None:
            return self.tick()
        return wait_until(self.progress.now, PATIENCE, f"positions of {self.name}")

    def tick(self):
        """The last one that either clock has committed."""
        found = [life.metric("chengxin_tick_seconds") for slot in self.fleet.slots["clock"] for life in slot.lives[-2:]]
        return max((t for t in found if t is not None), default=0)

    def moved(self, base):
        return self.late(base) == {}

    def late(self, base):
        """What has not moved, {} when all has; None: that cannot be asked now."""
        if self.progress is not None:
            return self.progress.late(base)
        return {} if self.tick() > base else None

    def shared(self):
        """Whether each slot has its share: partitions; of the clocks one ticks and one stands by."""
        lives = [slot.life for slot in self.fleet.slots[self.name]]
        return all(life.metric("chengxin_ready") == 1 and (self.name == "clock" or self.has_partitions(life)) for life in lives)

    @staticmethod
    def has_partitions(life):
        given = re.findall(r"_ASSIGN_PARTITIONS, (\d+) partitions", life.text())
        return bool(given) and int(given[-1]) > 0

    def wait(self, what, base, since, check=None, session=0):
        """Until all has moved behind `base`, and enters how long that took from `since`, from when the server that the
        service needs was back, from when the session of a member that is away had ended, or from when there last was nothing
        to do where it was late: the services before it recover, too. Without a `check`, which must hold all the time, both
        slots must have their share again as well."""
        looked, last = 0, None

        def done():
            nonlocal looked, since, last
            assert check is None or check(), f"{self.name}: {what}: the fault was over too early"
            late = self.late(base)
            moment = time.monotonic()
            last = late or last
            if late and moment - looked > LOOK_EVERY:
                looked = moment
                if self.progress.idle(late):
                    since = moment - session
            return late == {} and (check is not None or self.shared())

        try:
            wait_until(done, PATIENCE, f"{self.name} committed again after {what}", pause=0.1)
        except AssertionError as error:
            words = "\n".join(f"-- {s.number}: {s.life.last_words()}" for s in self.fleet.slots[self.name])
            raise AssertionError(f"{error}\nlate last: {last}\n{words}") from None
        began = self.book.since(since, NEEDS.get(self.name), session)
        if began is not None:  # else it did without
            self.book.recovered(what, self.name, began, last)


class Director(Worker):
    """Of one service: its episodes, in an order by seed."""

    def __init__(self, watch, episodes, seed, busy):
        super().__init__(f"director of {watch.name}")
        self.watch, self.fleet, self.book, self.name_ = watch, watch.fleet, watch.book, watch.name
        self.slots, self.random = self.fleet.slots[watch.name], random.Random(seed)
        self.episodes = list(episodes)
        self.random.shuffle(self.episodes)
        self.busy, self.done = busy, 0

    def work(self):
        for episode in self.episodes:
            assert self.book.mended(self.name_).wait(4 * PATIENCE), f"{self.name_} has not recovered from a server's death"
            {KILL: self.kill, LEAVE: self.leave, STOP: self.stop, TWICE: self.twice}[episode]()
            self.done += 1

    def at_work(self):
        """Behind a commit, with more to do: anywhere in the transaction that follows."""
        base = self.watch.base()
        self.busy()
        deadline = time.monotonic() + 5
        wait_until(lambda: self.watch.base() != base or time.monotonic() > deadline, PATIENCE, "a commit", pause=0.01)
        moment = time.monotonic() + self.random.uniform(0, TRANSACTION)
        wait_until(lambda: time.monotonic() >= moment, PATIENCE, "its next transaction", pause=0.002)

    def victim(self):
        """The slot that has work: of the clocks, the one that ticks."""
        if self.name_ == "clock":
            found = [s for s in self.slots if "this clock ticks" in s.life.text()]
            return found[0] if len(found) == 1 else self.random.choice(self.slots)
        return self.random.choice(self.slots)

    def kill(self):
        self.at_work()
        slot = self.victim()
        life = slot.kill()
        base = self.watch.base()
        self.book.note("SIGKILL", self.name_, f"slot {slot.number} pid {life.pid}")
        slot.start()
        self.watch.wait("restart", base, time.monotonic())

    def taken_over(self, moment, check):
        """The other slot commits in each partition. What moves before the victim's session has ended is the victim's last
        commit, which was on its way."""
        base = self.watch.base()
        while time.monotonic() < moment + SESSION - 1:
            assert check(), f"{self.name_}: the fault was over too early"
            base = self.watch.base()
            wait_until(lambda: self.watch.moved(base) or time.monotonic() >= moment + SESSION - 1, PATIENCE, "its session", pause=0.2)
        self.watch.wait("takeover", base, moment, check, SESSION)

    def leave(self):
        """It stays dead until the other slot has taken its partitions over."""
        self.at_work()
        slot = self.victim()
        life, moment = slot.kill(), time.monotonic()
        self.book.note("SIGKILL", self.name_, f"slot {slot.number} pid {life.pid}, left dead")
        self.book.absent.add(self.name_)
        self.taken_over(moment, lambda: slot.life is life and life.ended() is not None)
        self.book.absent.discard(self.name_)
        self.book.note("takeover", self.name_)
        base = self.watch.base()
        slot.start()
        self.watch.wait("restart", base, time.monotonic())

    def stop(self):
        """SIGSTOP until the other slot has its partitions: then its session and its transaction are over. Back again it
        must find that out by itself, and write nothing."""
        self.at_work()
        slot = self.victim()
        with slot.lock:
            life, moment = slot.life, time.monotonic()
            life.pause()
        seen = len(life.text())
        self.book.note("SIGSTOP", self.name_, f"slot {slot.number} pid {life.pid}")
        self.book.absent.add(self.name_)
        self.taken_over(moment, lambda: life.state() == "T")
        self.book.absent.discard(self.name_)
        base = self.watch.base()
        life.resume()
        wait_until(lambda: life.ended() is not None or len(life.text()) > seen, PATIENCE, f"{self.name_} saw that it stood still")
        self.book.note("SIGCONT", self.name_, f"after {time.monotonic() - moment:.1f} s")
        self.watch.wait("return", base, time.monotonic())

    def twice(self):
        """The same slot a second time: the older must be refused and leave. No server dies meanwhile, for of that it might
        die, too."""
        self.at_work()
        slot = self.random.choice(self.slots)
        with self.book.standing:
            while not self.book.mended(self.name_).is_set():
                self.book.standing.wait(PATIENCE)
            base, moment = self.fence(slot)
        self.watch.wait("twice", base, moment)

    def fence(self, slot):
        with slot.lock:
            older = slot.life
            assert older.ended() is None, f"{self.name_}: the older does not run"
            base, moment = self.watch.base(), time.monotonic()
            slot.start()
        wait_until(lambda: older.ended() is not None, PATIENCE, f"{self.name_}: the older fenced\n{older.last_words()}")
        assert older.ended() == 1 and "FENCED" in older.text(), f"{older.ended()}: {older.last_words()}"
        self.book.note("fenced", self.name_, f"slot {slot.number}")
        return base, moment


class Calamity(Worker):
    """Kills the servers, one after the other, and starts them again."""

    def __init__(self, servers, watches, book, rounds, turn):
        super().__init__("director of the servers")
        self.servers, self.watches, self.book, self.turn = servers, watches, book, turn
        self.plan = ["redis", "postgres", "kafka"] * rounds

    def work(self):
        for i, name in enumerate(self.plan):
            self.turn(i / len(self.plan))
            self.kill(name)

    def answers(self, name):
        port = int(self.servers.env[{"kafka": "CX_KAFKA_PORT", "postgres": "CX_PG_PORT", "redis": "CX_REDIS_PORT"}[name]])
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0

    def revive(self, name):
        """As long as it takes: on a machine with other work a broker needs minutes, and that is not what is measured."""
        def up():
            try:
                return self.servers.start(name)
            except AssertionError:
                return None
        wait_until(up, 300, f"{name} up again")

    def kill(self, name):
        hit = [watch for watch in self.watches if name == "kafka" or NEEDS.get(watch.name) == name]
        with self.book.standing:
            for watch in hit:
                self.book.mended(watch.name).clear()
            self.book.gone(name)
            pid = self.servers.kill(name)
        wait_until(lambda: not self.answers(name), 5, f"{name} answers nobody")
        self.book.note("SIGKILL", name, f"pid {pid}")
        self.revive(name)
        assert self.servers.pid(name) not in (None, pid)
        self.book.back(name)
        self.recovered([Mended(self.book, watch, name) for watch in hit])

    def recovered(self, menders):
        """They recover side by side."""
        for mender in menders:
            mender.start()
        for mender in menders:
            mender.join()
            if mender.error is not None:
                raise mender.error


class Mended(Worker):
    """Waits until a service has recovered from a server's death."""

    def __init__(self, book, watch, name):
        super().__init__(f"{watch.name} after {name} was back")
        self.book, self.watch, self.server = book, watch, name
        self.moment = time.monotonic()
        self.session = SESSION if watch.name in book.absent else 0

    def work(self):
        self.watch.wait(f"{self.server} back", self.watch.base(), self.moment, lambda: True, self.session)
        with self.book.standing:
            self.book.mended(self.watch.name).set()
            self.book.standing.notify_all()
