#!/usr/bin/python3
"""Stages, exactly once, against a bare librdkafka consume -> copy -> transactional produce of the same messages.

Classifier, registrar and sanctioner, each alone on the machine with the broker, with transactions of at most 1,000, at most
10,000 and adaptive (what is at hand within 250 ms). The baseline reads the same messages, and writes as many of the same
size as the stage wrote, with the services' own settings of librdkafka.
"""

import sys

from cxbench import bare
from cxbench.city import STAGES, City
from cxbench.report import Report, arguments

CHAIN = ("classifier", "registrar", "sanctioner")
BUDGET = 0.80


def flow(city, n, visit):
    """n events from the departments' topics down the chain; visit(stage, messages) works each stage's off."""
    city.feed.send(n)
    city.put_through("intake", n)
    for stage in CHAIN:
        visit(stage, city.waiting(stage))


def run(city, stage, messages, batch, flags, swap):
    """One round: what the stage and what the baseline did."""
    def ours():
        return city.put_through(stage, messages)

    def theirs():
        return bare.copy(city, f"bench.{stage}", STAGES[stage][0], messages, batch, flags[stage])
    if swap:
        baseline, figure = theirs(), ours()
    else:
        figure, baseline = ours(), theirs()
    return figure, baseline


def warm_up(city, n):
    """The broker's code is compiled, and what each stage writes for a message is counted."""
    flags, seen = {}, dict(city.seen)

    def visit(stage, messages):
        city.put_through(stage, messages)
        flags[stage] = bare.outputs(city, STAGES[stage][1], seen[stage] + messages)
        bare.copy(city, f"bench.{stage}", STAGES[stage][0], seen[stage] + messages, None, flags[stage])
    flow(city, n, visit)
    return flags


def measure(city, report, sizes, options):
    city.start("intake", *CHAIN)
    for stage in CHAIN:
        city.waiting(stage)
    city.hold("intake", *CHAIN)
    flags = warm_up(city, options.events // 2)
    for size in sizes:
        city.start(*CHAIN, batch=size)
        city.hold(*CHAIN)
        found = {stage: ([], []) for stage in CHAIN}
        for turn in range(options.rounds):
            def visit(stage, messages, swap=turn % 2 == 1):
                for kept, rate in zip(found[stage], run(city, stage, messages, size, flags, swap)):
                    kept.append(rate)
            flow(city, options.events, visit)
        for stage in CHAIN:
            report.rounds(f"{stage}, {f'commits of {size:,}' if size else 'adaptive'}", "events/s", *found[stage], BUDGET,
                         stage=stage, batch=size)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--sizes", default="1000,10000,adaptive", help="most events in a transaction (%(default)s)")
    options = parser.parse_args()
    sizes = [None if size == "adaptive" else int(size) for size in options.sizes.split(",")]
    report, city = Report("stage", options.json), City("stage")
    try:
        measure(city, report, sizes, options)
    finally:
        city.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
