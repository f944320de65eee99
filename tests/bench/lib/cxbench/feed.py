"""What the departments of the benchmarks send: for each person ten events, of which one lists him and one is refused.

    market   six penalties, the first of them once more (a duplicate), one with an item that is in no catalog
    court    a record, and the listing that rests on it, with four measures
"""

import itertools

from confluent_kafka import Producer

from events import document, event, person, pieces, record, zigzag

EACH = 10  # events for each person
LISTING = {"ListingDecision": {"list": "B-COURT", "notice": "", "rests_on": ["k00000000"], "grade": "SERIOUS", "case": "2",
                               "measures": ["M-CONSUMPTION", "M-FLIGHT", "M-RAIL", "M-HOTEL"], "exit": "PERFORMANCE",
                               "remedy": "CORRECTION-OR-REVIEW"}}


class Template:
    """One kind of event, whose id and subject are put in."""

    def __init__(self, schemas, base):
        found = pieces(schemas, base)
        self.head = found.pop("head")
        found.pop("event_id")
        names = list(found)
        at = names.index("subject")
        self.before = b"".join(found[n] for n in names[:at])
        self.subject = found["subject"]
        self.after = b"".join(found[n] for n in names[at + 1:])
        self.known = base["subject"]["id"].encode()

    def fill(self, number, identifier, rests=None):
        after = self.after if rests is None else self.after.replace(b"k00000000", b"k%08d" % rests)
        return b"".join((self.head, zigzag(9), b"k%08d" % number, self.before,
                         self.subject.replace(self.known, identifier), after))


class Feed:
    def __init__(self, schemas, bootstrap):
        papers = document("court", "FS-2017", "样法执〔2026〕1号")
        market = event("k00000000", person(), record())
        court = event("k00000000", person(), record("CT-DEFAULTER", ()), papers, ("JUDGE", "J-009"))
        self.good = Template(schemas, market)
        self.refused = Template(schemas, {**market, "body": record("MORAL-SCORE")})
        self.defaulter = Template(schemas, court)
        self.listing = Template(schemas, {**court, "body": LISTING})
        self.schemas, self.number = schemas, 0
        self.size = sum(map(len, (self.good.head, self.good.before, self.good.subject, self.good.after))) + 10
        self.people = (person(f"{year}{month:02}{day:02}", order)["id"].encode()
                       for year in range(1950, 2000) for month in range(1, 13) for day in range(1, 29)
                       for order in range(1, 1000))
        self.producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 2,
                                  "queue.buffering.max.messages": 1000000, "log_level": 2})

    def events(self, n):
        """(department, message) of n events, n / 10 new people; the number in an event's id runs on."""
        for identifiers in iter(lambda: list(itertools.islice(self.people, min(500, n // EACH))), None):
            first, count = self.number, len(identifiers)
            for turn in range(EACH):
                for i, who in enumerate(identifiers):
                    number = first + turn * count + i
                    if turn == 0:
                        yield "court", self.defaulter.fill(number, who)
                    elif turn == 5:
                        yield "court", self.listing.fill(number, who, first + i)
                    elif turn == 7:
                        yield "market", self.good.fill(first + count + i, who)  # turn 1's again
                    else:
                        yield "market", (self.refused if turn == 8 else self.good).fill(number, who)
            self.number += EACH * count
            n -= EACH * count
            if n < EACH:
                return

    def send(self, n):
        for department, message in self.events(n):
            self.put(department, message)
        assert self.producer.flush(60) == 0

    def put(self, department, message):
        while True:
            try:
                return self.producer.produce(f"credit.in.{department}", message)
            except BufferError:
                self.producer.poll(0.05)
