"""The book of faults: what was done, that it happened, and how long it took until the group committed again."""

import collections
import threading
import time

Recovery = collections.namedtuple("Recovery", "what service seconds")

TOLD, MUCH = 5, 15  # seconds: what recovered sooner is not worth a line, or a reason


class Book:
    def __init__(self, say=print):
        self.lock, self.say, self.began = threading.Lock(), say, time.monotonic()
        self.counts = collections.Counter()  # (kind of fault, service or server)
        self.recoveries, self.restored = [], {}  # server -> when it last came back
        self.away = set()  # servers
        self.absent = set()  # services of which a member is stopped or left dead: its session must end first
        self.healthy = {}
        self.standing = threading.Condition()  # who holds it sees no server die

    def note(self, kind, who, how=""):
        with self.lock:
            self.counts[kind, who] += 1
        self.say(f"{time.monotonic() - self.began:6.1f} s {kind:9} {who} {how}".rstrip())

    def recovered(self, what, service, since, last):
        """Just now. `last`: where it was late last."""
        now = time.monotonic()
        seconds = max(0.0, now - since)
        with self.lock:
            self.recoveries.append(Recovery(what, service, seconds))
        if seconds > TOLD:
            self.say(f"{now - self.began:6.1f} s recovered {service} {what}, in {seconds:.1f} s"
                     + (f"; last {last}" if seconds > MUCH else ""))

    def gone(self, server):
        self.away.add(server)

    def back(self, server):
        self.restored[server] = time.monotonic()
        self.away.discard(server)

    def mended(self, service):
        """Set while the service does not recover from a server's death: other faults wait for that."""
        with self.lock:
            if service not in self.healthy:
                self.healthy[service] = threading.Event()
                self.healthy[service].set()
            return self.healthy[service]

    def since(self, moment, server, session=0):
        """When recovery could begin: at that moment, or when the server that the service needs came back, and behind the
        session of a member that is away, which a broker that comes back counts anew; None while a server is away."""
        if "kafka" in self.away or server in self.away:
            return None
        return max(max(moment, self.restored.get("kafka", 0)) + session, self.restored.get(server, 0))

    def total(self, kind):
        return sum(n for (k, _), n in self.counts.items() if k == kind)

    def by_who(self, kind):
        return {who: n for (k, who), n in sorted(self.counts.items()) if k == kind}

    def longest(self):
        """kind -> (how many, median, the longest, of which service)."""
        found = collections.defaultdict(list)
        for r in self.recoveries:
            found[r.what].append((r.seconds, r.service))
        return {what: (len(s), sorted(s)[len(s) // 2][0], *max(s)) for what, s in sorted(found.items())}
