"""The checker's rules for the log: what was acknowledged, and each stage's once and in order. Each yields what is wrong."""

import collections


def acknowledged(view):
    """Nothing acknowledged is lost, and nothing is there that nobody sent."""
    for name, department in view.model.items():
        numbers = [number for number, _, _ in view.dumps.ledgers[name]]
        if sorted(numbers) != list(range(len(numbers))):
            yield f"{name}: a message is acknowledged twice, or one before it not at all"
        for number, partition, offset in view.dumps.ledgers[name]:
            if department.inbound.get((partition, offset)) != department.sent[number]:
                yield f"{name}: message {number}, acknowledged at {offset}, is not there"
        yield from department.strange


def taken_in(view):
    """Intake made of each inbound message one record, or sent it home once."""
    found = collections.Counter((r.header.department, r.header.partition, r.header.offset)
                                for r in view.records if r.header is not None)
    for name, department in view.model.items():
        home = collections.Counter((v["partition"], v["offset"]) for _, v in
                                   view.values(f"credit.rejected.{name}", "Rejection") if v["stage"] == "intake")
        for place, fate in department.fates.items():
            wanted = (0, 1) if fate.verdict is None else (1, 0)
            got = found.pop((name, *place), 0), home.pop(place, 0)
            if got != wanted:
                yield f"{name} {place}: {got[0]} records and {got[1]} refusals of intake, not {wanted}"
        yield from (f"{name} {place}: sent home from nowhere" for place in home)
    yield from (f"{place}: a record of nothing" for place in found)


def order_of_arrival(view):
    """In each partition of the log a department's events stand in the order in which they arrived."""
    last = {}
    for r in view.records:
        if r.header is None:
            continue
        key = r.place[0], r.header.department, r.header.partition
        if r.header.offset <= last.get(key, -1):
            yield f"{r.place}: {r.header.department} {r.header.offset} behind {last[key]}"
        last[key] = r.header.offset


def pseudonyms(view):
    """One subject has one pseudonym and one place, and it is nobody else's."""
    of_subject, of_pseudonym, at = {}, {}, {}
    for r in view.records:
        if r.header is None:
            continue
        fate = view.model[r.header.department].fates.get((r.header.partition, r.header.offset))
        if fate is None:
            continue
        mine = r.subject, r.place[0] % view.born
        if of_subject.setdefault(fate.said.subject, mine) != mine or \
                of_pseudonym.setdefault(r.subject, fate.said.subject) != fate.said.subject or r.key != r.subject:
            yield f"{r.place}: {r.subject.hex()} is not subject {fate.said.subject}'s alone"
        yield from moved_on(r, at)


def moved_on(r, at):
    """Its place is another partition only where its own was split: then all that comes later, and nothing comes before it."""
    before = at.setdefault(r.subject, r)
    at[r.subject] = r
    order = {n: (x.header.partition, x.header.offset) for n, x in (("before", before), ("now", r))}
    back = before.header.department == r.header.department and order["now"] < order["before"]
    if r.place[0] != before.place[0] and (r.stamp < before.stamp or back):
        yield f"{r.place}: {r.subject.hex()} came here from {before.place} out of order"


def by_partition(items):
    found = collections.defaultdict(list)
    for item in items:
        found[item.origin[0]].append(item)
    return found


def classified_once(view):
    """The classifier's output is the log, one for one and in its order."""
    places = collections.defaultdict(list)
    for r in view.records:
        places[r.place[0]].append(r.place)
    found = by_partition(view.classified)
    for partition, wanted in places.items():
        got = [c.origin for c in found[partition]]
        if got != wanted:
            yield f"partition {partition}: {len(wanted)} records, {len(got)} classified, {first_difference(wanted, got)}"
    yield from (f"{c.origin}: carries another event" for c in view.classified if not c.event)


def first_difference(wanted, got):
    at = next((i for i, (a, b) in enumerate(zip(wanted, got)) if a != b), min(len(wanted), len(got)))
    return f"number {at}: {wanted[at:at + 1]} and {got[at:at + 1]}"


def decided_once(view):
    """The registrar's is the classifier's, one for one; a walk stands before its tick and counts from 1."""
    found = by_partition(view.decided)
    for partition, wanted in by_partition(view.classified).items():
        got = [d.origin for d in found[partition] if d.index == 0]
        if got != [c.origin for c in wanted]:
            yield (f"partition {partition}: {len(wanted)} classified, {len(got)} decided, "
                   f"{first_difference([c.origin for c in wanted], got)}")
        yield from walks(found[partition])
    yield from (f"{d.origin}: carries another event" for d in view.decided if d.index is None)


def walks(found):
    steps = 0
    for d in found:
        if d.index == 0:
            steps = 0
        elif d.index is not None and d.index != steps + 1:
            yield f"{d.origin}: step {d.index} of a walk behind step {steps}"
        steps = d.index if d.index else 0


def time_goes_on(view):
    """Ticks ascend, are the same in each partition, and every message of a stage bears the last one before it."""
    ticks = collections.defaultdict(list)
    for r in view.records:
        if r.kind == "Tick":
            ticks[r.place[0]].append(r.stamp)
    for partition, found in ticks.items():
        others = ticks[0] if partition < view.born else ticks[0][-len(found):]
        if found != sorted(set(found)) or found != others:
            yield f"partition {partition}: its ticks are not the others', or go backwards"
    now = collections.defaultdict(int)
    for c in view.classified:
        record = view.by_place.get(c.origin)
        if record is not None and record.kind != "Tick" and now[c.origin[0]] and c.now != now[c.origin[0]]:
            yield f"{c.origin}: bears {c.now}, the tick before it is {now[c.origin[0]]}"
        if record is not None and record.kind == "Tick":
            now[c.origin[0]] = record.stamp


def verdicts(view):
    """Each event has the verdict that what was sent asks for."""
    for r in view.records:
        if r.header is None:
            continue
        fate = view.model[r.header.department].fates.get((r.header.partition, r.header.offset))
        got = view.verdicts.get(r.place)
        if fate is not None and got != fate.verdict:
            yield f"{r.place}: {fate.said.kind} of {r.header.department} is {got}, not {fate.verdict}"


def refusals(view):
    """Each refusal went home once, with its reason."""
    for name in view.model:
        home = collections.Counter((v["event_id"], v["partition"], v["offset"], v["reason"]) for _, v in
                                   view.values(f"credit.rejected.{name}", "Rejection") if v["stage"] != "intake")
        wanted = collections.Counter()
        for place, fate in view.model[name].fates.items():
            if fate.verdict not in (None, "OK", "DUPLICATE"):
                wanted[(fate.said.id.decode(), *place, fate.verdict)] += 1
        for what in (wanted - home):
            yield f"{name}: {what} did not come home"
        for what in (home - wanted):
            yield f"{name}: {what} came home too often"


def notices(view):
    """Each notice was written once, for its department, in its subject's order; and there are some."""
    wanted = collections.defaultdict(list)
    for d in view.dispatched:
        if d.notice is not None:
            wanted[d.department].append((d.origin, d.notice["id"]))
    told = [topic.rpartition(".")[2] for topic in view.dumps.topics if topic.startswith("credit.notices.")]
    for name in sorted({*wanted, *told}):
        got = [(v["id"], m.key) for m, v in view.values(f"credit.notices.{name}", "Notice")]
        ids = collections.Counter(i for i, _ in got)
        if ids != collections.Counter(i for _, i in wanted[name]):
            yield f"{name}: {len(wanted[name])} notices dispatched, {len(got)} written"
        ordered = collections.defaultdict(list)
        for notice, reference in got:
            ordered[reference].append(tuple(map(int, notice.split(".")[1:])))
        yield from (f"{name}: {reference} is told out of order" for reference, order in ordered.items()
                    if order != sorted(order))
    listed = sum(len(department.listed) for department in view.model.values())
    if sum(map(len, wanted.values())) < listed * 4:
        yield f"{listed} listed, and {sum(map(len, wanted.values()))} notices"
    last = collections.defaultdict(lambda: (-1, 0))
    for d in view.dispatched:
        if (d.origin[1], d.index) < last[d.origin[0]]:
            yield f"{d.origin}: dispatched behind {last[d.origin[0]]}"
        last[d.origin[0]] = d.origin[1], d.index


def balance(view):
    """accepted + refused + duplicate = consumed."""
    ours = [d for d in view.decided if d.index == 0 and view.by_place.get(d.origin) and view.by_place[d.origin].header]
    intake = sum(v["stage"] == "intake" for name in view.model for _, v in
                 view.values(f"credit.rejected.{name}", "Rejection"))
    consumed = sum(len(department.inbound) for department in view.model.values())
    if len(ours) + intake != consumed:
        yield f"{len(ours)} decided and {intake} refused at intake, of {consumed} consumed"


RULES = (acknowledged, taken_in, order_of_arrival, pseudonyms, classified_once, decided_once, time_goes_on, verdicts, refusals,
         notices, balance)
