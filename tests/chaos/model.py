"""What the spine must make of what was sent: a model of these few kinds of event, with nothing of Chengxin's in it."""

import collections

import client
import stories
from cxtest import dumps

Fate = collections.namedtuple("Fate", "said verdict")  # verdict of the spine; None: refused at intake


class Department:
    """One department's inbound messages, in their order, and what must become of each."""

    def __init__(self, schemas, name, subjects, inbound):
        story = stories.Story(schemas, name, subjects)
        self.name, self.sent = name, [story.message(n) for n in range(len(story))]
        said = {}
        for n, message in enumerate(self.sent):
            said.setdefault(message, story.said(n))
        self.seen = {}  # (subject, event id) -> the message that was accepted under it
        self.versions = {}  # (subject, event id) -> version of the record in force
        self.old, self.listed = set(), {}
        self.fates, self.strange = {}, []
        for m in inbound:
            if m.value in said:
                self.fates[m.partition, m.offset] = self.judge(said[m.value], m)
            else:
                self.strange.append(f"{name} {m.offset} is in the topic, and nobody sent it")
        self.inbound = {(m.partition, m.offset): m.value for m in inbound}

    def judge(self, said, m):
        if said.kind == "misnamed":
            return Fate(said, None)
        if said.kind == "unlisted":
            return Fate(said, "ITEM_NOT_IN_CATALOG")
        key = said.subject, said.id
        if key in self.seen:
            return Fate(said, "DUPLICATE" if self.seen[key] == m.value else "ID_REUSED")
        self.seen[key] = m.value
        self.change(said)
        return Fate(said, "OK")

    def change(self, said):
        if said.kind in ("record", "second", "again", "last", "other"):
            self.versions[said.subject, said.id] = 1
            if said.kind == "last" and self.name == "environment":
                self.old.add((said.subject, said.id))  # its display ends in the leap
        elif said.kind == "correction":
            self.versions[said.subject, said.target] += 1
        elif said.kind == "withdrawal":
            del self.versions[said.subject, said.target]
        elif said.kind == "listing":
            self.listed[said.subject] = said.id

    def in_force(self):
        """subject -> {event id: version} of what is shown at the end; of persons, what the court says alone."""
        found = collections.defaultdict(dict)
        for (subject, name), version in self.versions.items():
            if (subject, name) not in self.old and (self.name == "court" or subject % 2 == 1):
                found[subject][name.decode()] = version
        return found


def ledger(folder, department):
    """(number, partition, offset) of each acknowledgement."""
    return list(client.LINE.iter_unpack((folder / f"{department}.ledger").read_bytes()))


def departments(schemas, folder, dump, subjects):
    return {name: Department(schemas, name, subjects, dumps.read(dump, f"credit.in.{name}"))
            for name in stories.DEPARTMENTS}
