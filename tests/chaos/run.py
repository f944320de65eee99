"""One run of the whole: servers, two slots of each service, clients and faults; then all dumped."""

import collections
import pathlib
import random
import re
import shutil
import sys
import time

from cxtest import dumps, fleet, servers, services, topics
from cxtest.waiting import wait_until

import faults
import stores_dump
import stories
from book import Book
from clients import Clients

sys.path.insert(0, str(servers.ROOT / "ops" / "lib"))

import settle  # noqa: E402

PACK = servers.ROOT / "deploy" / "policies" / "shijiazhuang" / "2026-01"
PARTITIONS = 8
FIRST = ("intake", "clock")
LATEST = ("credit.state", "credit.measures", "credit.points", "credit.identities")


class Run:
    """`say` tells what happens. `builds`: of services that come from other folders. `instance`: servers that are up.
    stop() must be called at the end."""

    def __init__(self, folder, subjects, seed, say, builds=None, slots=fleet.SLOTS, instance=None,
                 partitions=PARTITIONS, **settings):
        self.began, self.words = time.monotonic(), say
        self.folder, self.subjects, self.seed = pathlib.Path(folder), subjects, seed
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.servers = instance or servers.own(f"{self.folder.name}-servers")
        self.say("the servers are up")
        self.book, self.clients, self.fleet = Book(self.words), None, None
        self.fleets = []  # all that must not outlive us
        self.partitions, self.settings = partitions, {}
        try:
            self.prepare(slots, builds, settings)
        except BaseException:
            self.stop()
            raise

    def prepare(self, slots, builds, settings):
        self.settings = {"clock__kind": "virtual", "clock__start": stories.START, "pack__dir": PACK,
                         "topics__partitions": self.partitions, "batch__max__events": 500, "shutdown__ms": 60000, **settings}
        services.write_config(self.servers, **self.settings)
        services.shell(self.servers, 'cx_pipeline_prepare "$1"', PACK)
        self.say("topics, schema, departments")
        self.fleet = fleet.Fleet(self.servers, slots, builds=builds)
        self.fleets.append(self.fleet)

    def say(self, what):
        self.words(f"{time.monotonic() - self.began:6.1f} s {what}")

    def start(self):
        self.fleet.start()
        self.all_share()
        self.say("each slot has its share")
        services.shell(self.servers, 'cx_pipeline_policy "$1"', PACK)
        self.settle("the pack is in force")

    def halt(self):
        """Every service down, and nothing on its way: intake and clock first, so that no tick stands half way. Exit codes."""
        slots = [slot for name in FIRST for slot in self.fleet.slots[name]]
        for slot in slots:
            slot.wanted = False
            slot.life.process.terminate()
        for slot in slots:
            wait_until(lambda s=slot: s.life.ended() is not None, 90, f"{slot.name} gone")
        self.settle("nothing is on its way", [name for name in self.fleet.order if name not in FIRST])
        return {**{f"{slot.name}-{slot.number}": slot.life.ended() for slot in slots}, **self.fleet.stop()}

    def begin_again(self):
        """After halt()."""
        self.fleet.stopping.clear()
        self.fleet.start()
        self.all_share()

    def all_share(self):
        """Every slot of each service has partitions: two slots of a service share its group."""
        watches = [self.watch(name) for name in self.fleet.order]
        wait_until(lambda: all(watch.shared() for watch in watches), 300, "a share for each slot")

    def settle(self, what, names=None, seconds=300):
        password = (self.servers.folder / "secrets" / "redis-query").read_text()
        log = settle.Log(self.servers.bootstrap, self.servers.pg_conninfo, self.servers.redis_socket, password)
        left = settle.settle(log, names or self.fleet.order, seconds)
        log.close()
        assert left is None, f"behind: {left}"
        self.say(what)

    def watch(self, name):
        inbound = [f"credit.in.{d}" for d in stories.DEPARTMENTS]
        return faults.Watch(self.servers, self.fleet, self.book, name, self.partitions, inbound)

    def ends_by_word(self):
        """What the processes died of that ended by themselves: the codes in their last words, else all that is known."""
        return dict(collections.Counter(map(self.word, self.fleet.ends)))

    @staticmethod
    def word(life):
        code = re.search(r'"message":"\w+: ([A-Z_]+): ', life.last_words(1))
        return code[1] if code else f"{life.name}-{life.slot} ({life.log.name}) ended with {life.ended()}: {life.last_words()}"

    def disturb(self, episodes, rounds, more_stops=0):
        """Events and faults at once. `episodes`: of each service; some, by seed, are stopped once more."""
        order = list(self.fleet.order)
        random.Random(self.seed).shuffle(order)
        plans = {name: episodes + (faults.STOP,) * (i < more_stops) for i, name in enumerate(order)}
        everything = sum(map(len, plans.values()))
        self.clients = Clients(self.servers, self.folder, self.subjects, max(1, everything))
        directors = [faults.Director(self.watch(name), plan, f"{self.seed} {name}", self.clients.burst)
                     for name, plan in plans.items()]

        def turn(share):
            wait_until(lambda: sum(d.done for d in directors) >= share * everything or not any(d.is_alive() for d in directors),
                       600, "the services' turn", pause=0.2)

        calamity = faults.Calamity(self.servers, [self.watch(n) for n in self.fleet.order], self.book, rounds, turn)
        workers = [*directors, calamity]
        for worker in workers:
            worker.start()
        for department in stories.DEPARTMENTS if episodes else ():
            self.clients.kill(department)
            self.book.note("SIGKILL", f"client of {department}")
        while any(worker.is_alive() for worker in workers):
            for worker in workers:
                worker.join(0.2)
                if worker.error is not None:
                    raise worker.error
        self.clients.finish()
        self.say(f"all {len(stories.DEPARTMENTS) * self.clients.total} events are acknowledged")

    def leap(self):
        """Twelve days of the log, in which what was OLD ends."""
        services.chengxin(self.servers, "clock", "--to", stories.LEAP)
        self.settle(f"and the walks until {stories.LEAP}")

    def stop(self):
        if self.clients is not None:
            self.clients.stop()
        for fleet_ in self.fleets:
            fleet_.kill()
        self.servers.stop()  # their logs stay

    def wipe(self):
        """Nothing is left of it: for a run that told all it had to tell."""
        self.servers.wipe()
        shutil.rmtree(self.folder)

    def dump(self, name):
        """All topics and stores, into a folder of that name."""
        folder = self.dump_topics(name, [n for n in topics.names(self.servers.bootstrap) if n.startswith("credit.")])
        stores_dump.dump_redis(self.servers, folder)
        stores_dump.dump_postgres(self.servers, folder)
        self.say("the stores are dumped")
        return folder

    def dump_topics(self, name, names):
        folder = self.folder / name
        folder.mkdir()
        counts = dumps.dump(self.servers.bootstrap, names, folder, LATEST, deadline=120)
        self.say(f"{sum(counts.values())} messages dumped")
        return folder
