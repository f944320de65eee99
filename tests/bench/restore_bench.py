#!/usr/bin/python3
"""The registrar's state restored from its changelog, against reading the same topic with a bare consumer.

Both from a new client to the last message: connecting, finding the ends, and the rows themselves.
"""

import sys

from cxbench import bare
from cxbench.city import City, profiled
from cxbench.gauge import Gauge
from cxbench.report import Report, arguments
from cxtest import services

BUDGET = 0.70
CHAIN = ("intake", "classifier", "registrar")


def fill(city, events):
    """A changelog of so many events; how many messages it has."""
    city.start(*CHAIN)
    for start in range(0, events, 100_000):
        city.feed.send(min(100_000, events - start))
    city.settle(*CHAIN)
    city.stop(*CHAIN)
    return bare.read(city, "credit.state")


def main():
    options = arguments(__doc__, rounds=5, events=300_000).parse_args()
    report, city = Report("restore", options.json), City("restore")
    try:
        rows = fill(city, options.events)["messages"]
        figures, baselines = [], []
        for _ in range(options.rounds):
            service = services.Service(city.servers, "registrar").start(ready=False)
            city.services["registrar"] = service
            with profiled(service):
                service.start(deadline=60)
            seconds = Gauge(city.services["registrar"]).read()["restore_seconds_sum"]
            city.stop("registrar")
            figures.append(rows / seconds)
            baselines.append(rows / bare.read(city, "credit.state")["seconds"])
        report.ratio("restore of the registrar's state", "rows/s", figures, baselines, BUDGET, rows=rows)
    finally:
        city.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
