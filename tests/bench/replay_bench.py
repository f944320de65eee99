#!/usr/bin/python3
"""chengxin replay against the live pipeline, over the same log.

Live: every service at once works off what the departments have sent, from the first message taken to the moment at which the
slowest has committed the last. Replay: the whole log decided again and compared, from the start of the command to its end,
with the services stopped. The slowest stage alone on the machine is told beside it.
"""

import json
import statistics
import sys
import time

from cxbench.city import City
from cxbench.report import Report, arguments
from cxtest import services

LIVE = ("intake", "classifier", "registrar", "sanctioner", "courier", "cache", "history")
STAGES = ("classifier", "registrar", "sanctioner")
BUDGET = 5


def live(city, n):
    """Events a second of all services together."""
    for name in LIVE:
        city.services[name].pause()
    city.feed.send(n)
    began = time.monotonic()
    for name in LIVE:
        city.services[name].resume()
    city.settle(*LIVE)
    return n / (time.monotonic() - began)


def alone(city, n):
    """Of the slowest stage by itself: its name and events a second."""
    city.hold(*LIVE)
    city.feed.send(n)
    city.put_through("intake", n)
    found = {stage: city.put_through(stage, city.waiting(stage))[0] for stage in STAGES}
    return min(found.items(), key=lambda pair: pair[1])


def replay(city):
    began = time.monotonic()
    said = json.loads(services.chengxin(city.servers, "replay", "--json").stdout)
    assert said["same"] and said["pending"] == 0, said
    return said["records"] / (time.monotonic() - began), said["records"]


def main():
    options = arguments(__doc__, rounds=3, events=100_000).parse_args()
    report, city = Report("replay", options.json), City("replay")
    try:
        city.start(*LIVE)
        live(city, options.events // 4)  # the broker's code is compiled
        baselines = [live(city, options.events) for _ in range(options.rounds)]
        for stage in STAGES:
            city.waiting(stage)
        name, rate = alone(city, options.events)
        for service in LIVE:
            city.services[service].resume()
        city.settle(*LIVE)
        city.stop()
        found = [replay(city) for _ in range(options.rounds)]
        report.ratio("replay / all services together", "events/s", [rate for rate, _ in found], baselines, BUDGET,
                     events=found[0][1])
        report.note(f"the slowest stage alone: {name}", "events/s", rate, replay=round(statistics.median(r for r, _ in found)))
    finally:
        city.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
