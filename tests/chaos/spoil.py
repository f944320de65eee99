"""Seeded mistakes: dumps changed in one place, as a fault of the spine would have left them. The checker must find each."""

import json
import os
import pickle
import traceback

import spine_dump


def middle(messages, wanted=lambda m: True):
    """The place of one in the middle that is wanted."""
    found = [i for i, m in enumerate(messages) if wanted(m)]
    return found[len(found) // 2]


def has_key(m):
    return m.key is not None and len(m.key) == 16


def lost_record(d):
    """Intake's transaction was aborted, and its offset committed: acknowledged, and nowhere."""
    del d.topics["credit.records"][middle(d.topics["credit.records"], has_key)]


def doubled_record(d):
    messages = d.topics["credit.records"]
    i = middle(messages, has_key)
    last = max(m.offset for m in messages if m.partition == messages[i].partition)
    end = middle_end(messages, messages[i].partition)
    messages.insert(end, messages[i]._replace(offset=last + 1))


def middle_end(messages, partition):
    return max(i for i, m in enumerate(messages) if m.partition == partition) + 1


def lost_decision(d):
    del d.topics["credit.decided"][middle(d.topics["credit.decided"], has_key)]


def doubled_decision(d):
    messages = d.topics["credit.decided"]
    i = middle(messages, has_key)
    messages.insert(i + 1, messages[i])


def swapped_decisions(d):
    messages = d.topics["credit.decided"]
    i = middle(messages, has_key)
    j = next(j for j in range(i + 1, len(messages)) if has_key(messages[j]))
    messages[i], messages[j] = messages[j], messages[i]


def swapped_records(d):
    """Two of one department's in the wrong order, each with the other's place."""
    messages = d.topics["credit.records"]

    def whose(m):
        header = spine_dump.record(m).header
        return header and (m.partition, header.department)

    i = middle(messages, whose)
    j = next(j for j in range(i + 1, len(messages)) if whose(messages[j]) == whose(messages[i]))
    one, other = messages[i], messages[j]
    messages[i], messages[j] = other._replace(offset=one.offset), one._replace(offset=other.offset)


def stale_status(d):
    """The last status of a subject never was written."""
    messages = d.topics["credit.status"]
    last = {m.key: i for i, m in enumerate(messages) if has_key(m)}
    del messages[sorted(last.values())[len(last) // 2]]


def lost_points(d):
    """A consent was taken, and points kept no row of it."""
    messages = d.topics["credit.points"]
    del messages[middle(messages, has_key)]


def stale_redis(d):
    """Redis holds what a subject's status was before."""
    key, row = sorted(d.redis["status"].items())[len(d.redis["status"]) // 2]
    records = json.loads(row["records"])
    for record in records:
        record["version"] = max(1, record["version"] - 1)
    d.redis["status"][key] = {**row, "records": json.dumps(records), "version": "1.1"}


def missing_row(d):
    del d.tables["events"][len(d.tables["events"]) // 2]


def doubled_rows(d):
    """A batch of PostgreSQL's was written again after an unknown COMMIT."""
    rows = d.tables["events"]
    rows.extend(rows[len(rows) // 2:len(rows) // 2 + 500])


def doubled_notice(d):
    messages = d.topics["credit.notices.railway"]
    messages.append(messages[len(messages) // 2])


def lost_refusal(d):
    messages = d.topics["credit.rejected.tax"]
    del messages[len(messages) // 2]


def lost_arrival(d):
    """The broker has forgotten what it acknowledged."""
    department = d.model["market"]
    del department.inbound[sorted(department.inbound)[len(department.inbound) // 2]]


def other_content(d):
    """A byte of an event changed on its way through the classifier."""
    messages = d.topics["credit.classified"]
    i = middle(messages, has_key)
    value = bytearray(messages[i].value)
    value[60] ^= 1
    messages[i] = messages[i]._replace(value=bytes(value))


MISTAKES = (lost_record, doubled_record, lost_decision, doubled_decision, swapped_decisions, swapped_records, stale_status,
            lost_points, stale_redis, missing_row, doubled_rows, doubled_notice, lost_refusal, lost_arrival, other_content)


class Proof:
    """Each mistake in a process of its own, two at a time: what is changed there is changed nowhere else."""

    def __init__(self, dumps, findings, say):
        self.dumps, self.findings, self.say = dumps, findings, say
        self.running = []

    def prove(self, test):
        missed = []
        for mistake in MISTAKES:
            if len(self.running) == 2:
                missed += self.end()
            self.begin(mistake)
        while self.running:
            missed += self.end()
        test.assertEqual(missed, [], "mistakes that the checker did not find")

    def begin(self, mistake):
        inner, outer = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                mistake(self.dumps)
                found = {rule: len(told) for rule, told in self.findings(self.dumps, rules=1).items()}
                os.write(outer, pickle.dumps(found))
            except BaseException:  # pylint: disable=broad-except
                traceback.print_exc()
            finally:
                os._exit(0)
        os.close(outer)
        self.running.append((mistake.__name__, pid, inner))

    def end(self):
        name, pid, inner = self.running.pop(0)
        with os.fdopen(inner, "rb") as pipe:
            told = pipe.read()
        os.waitpid(pid, 0)
        found = pickle.loads(told) if told else {}
        self.say(f"seeded: {name.replace('_', ' ')}: " + (", ".join(found) or ("NOT FOUND" if told else "NOT MADE")))
        return [] if found else [name]
