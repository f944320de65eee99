#!/usr/bin/python3
"""Resident memory: idle (started, nothing to read), and the most at full speed with librdkafka's queues.

A stateless service stays under 256 MiB at full speed and 24 MiB idle. A stateful one may have twice its encoded state (what
its own metrics count) beside that.
"""

import sys

from cxbench import bare, feed
from cxbench.city import City
from cxbench.gauge import Gauge
from cxbench.report import Report, arguments

STAGES = ("intake", "classifier", "registrar", "sanctioner", "courier")
SINKS = ("cache", "history")
STATEFUL = ("registrar", "sanctioner", "courier")  # the courier holds the identities
FULL, IDLE, FACTOR = 256, 24, 2


def through(city, n):
    """n events through every stage, each alone, as fast as it can; then through the sinks."""
    city.feed.send(n)
    city.put_through("intake", n)
    for stage in STAGES[1:]:
        city.put_through(stage, city.waiting(stage))
    city.start(*SINKS)
    city.settle(*SINKS)


def state_of(city, stage):
    """MiB of encoded state."""
    if stage != "courier":
        return Gauge(city.services[stage]).read()["state_bytes"] / 2**20
    rows = bare.read(city, "credit.identities")  # of each person one row counts: as many times over as he was sealed
    return (rows["key_bytes"] + rows["value_bytes"]) / 2**20 / feed.EACH


def main():
    options = arguments(__doc__, rounds=1, events=200_000).parse_args()
    report, city = Report("memory", options.json), City("memory")
    try:
        city.start(*STAGES, *SINKS)
        city.settle("courier", *SINKS)
        for name in (*STAGES, *SINKS):
            report.most(f"{name}, idle", "MiB", Gauge(city.services[name]).memory()[0], IDLE, service=name)
        city.stop(*SINKS)
        for stage in STAGES[1:]:
            city.waiting(stage)
        city.hold(*STAGES)
        through(city, options.events)
        for name in STAGES:
            city.services[name].resume()
        for name in (*STAGES, *SINKS):
            state = state_of(city, name) if name in STATEFUL else 0
            report.most(f"{name}, full speed", "MiB", Gauge(city.services[name]).memory()[1], round(FULL + FACTOR * state),
                        service=name, state=round(state, 1))
    finally:
        city.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
