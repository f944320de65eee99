"""A run's dumps, as they lie in its folder, and what they say, parsed."""

import collections
import pathlib

import model
import spine_dump
import stores_dump
import stories
from cxtest import dumps


class Dumps:
    """Lists of messages by topic, rows by table, Redis; the clients' ledgers. A seeded mistake changes these."""

    def __init__(self, folder, dump, subjects):
        self.folder, self.subjects = pathlib.Path(folder), subjects
        self.dump = self.folder / dump
        self.topics = collections.defaultdict(list, {t: dumps.read(self.dump, t) for t in dumps.topics(self.dump)})
        self.tables = {table: stores_dump.read_raw(self.dump, table) for table in stores_dump.TABLES}
        self.redis = stores_dump.read_redis(self.dump)
        self.ledgers = {d: model.ledger(self.folder, d) for d in stories.DEPARTMENTS}
        self.model = model.departments(spine_dump.SCHEMAS, self.folder, self.dump, subjects)
        self.parsed = {}  # by identity of a message's bytes: what was parsed of it before

    def once(self, parse, m, *more):
        key = parse, id(m.value)
        if key not in self.parsed:
            self.parsed[key] = parse(m, *more)
        return self.parsed[key]


class View:
    """What the dumps say."""

    def __init__(self, d):
        self.dumps, self.model = d, d.model
        self.records = [d.once(spine_dump.record, m) for m in d.topics["credit.records"]]
        by_place = {r.place: r for r in self.records}
        self.classified = [spine_dump.classified(m, d.once(spine_dump.classified_head, m), by_place)
                           for m in d.topics["credit.classified"]]
        by_origin = {c.origin: c for c in self.classified}
        self.decided = [spine_dump.decided(m, d.once(spine_dump.decided_head, m, by_origin))
                        for m in d.topics["credit.decided"]]
        self.dispatched = [d.once(spine_dump.dispatch, m) for m in d.topics["credit.notices"]]
        self.by_place, self.by_origin = by_place, by_origin
        self.verdicts = {x.origin: x.verdict for x in self.decided if x.index == 0}
        self.status = collections.OrderedDict()  # key -> its last message
        for m in d.topics["credit.status"]:
            if m.value is not None:  # else it went to a partition that was split off
                self.status[m.key] = m
        first = {}  # partition -> its first tick
        for r in self.records:
            if r.kind == "Tick":
                first.setdefault(r.place[0], r.stamp)
        self.born = sum(stamp == min(first.values()) for stamp in first.values())  # partitions before any was split

    def values(self, topic, name):
        """(message, its value) of a topic."""
        return [(m, self.value(m, name)) for m in self.dumps.topics[topic]]

    def value(self, m, name):
        return self.dumps.once(spine_dump.decoder(name), m)
