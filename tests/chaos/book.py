"""The book of faults: what was done, that it happened, and how long it took until the group committed again."""

import collections
import threading
import time

Recovery = collections.namedtuple("Recovery", "what service seconds")


class Book:
    def __init__(self, say=print):
        self.lock, self.say, self.began = threading.Lock(), say, time.monotonic()
        self.counts = collections.Counter()  # (kind of fault, service or server)
        self.recoveries, self.restored = [], {}  # server -> when it last came back
        self.away = set()

    def note(self, kind, who, how=""):
        with self.lock:
            self.counts[kind, who] += 1
        self.say(f"{time.monotonic() - self.began:6.1f} s {kind:9} {who} {how}".rstrip())

    def recovered(self, what, service, seconds):
        with self.lock:
            self.recoveries.append(Recovery(what, service, seconds))

    def gone(self, server):
        self.away.add(server)

    def back(self, server):
        self.restored[server] = time.monotonic()
        self.away.discard(server)

    def since(self, moment, server):
        """When recovery could begin: at that moment, or when the server that the service needs came back; None while one
        is away."""
        if "kafka" in self.away or server in self.away:
            return None
        return max(moment, self.restored.get("kafka", 0), self.restored.get(server, 0))

    def total(self, kind):
        return sum(n for (k, _), n in self.counts.items() if k == kind)

    def by_who(self, kind):
        return {who: n for (k, who), n in sorted(self.counts.items()) if k == kind}

    def longest(self):
        """kind -> (how many, median, longest)."""
        found = collections.defaultdict(list)
        for r in self.recoveries:
            found[r.what].append(r.seconds)
        return {what: (len(s), sorted(s)[len(s) // 2], max(s)) for what, s in sorted(found.items())}
