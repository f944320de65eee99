#!/usr/bin/python3
"""Intake against a bare consume -> copy -> transactional produce and the same calls of libsodium, bare.

For each event intake makes a pseudonym (keyed BLAKE2b of the identifier), the event's content hash (keyed BLAKE2b of all of
it), and seals the identity (keyed BLAKE2b for the nonce, XChaCha20-Poly1305). The key agreement is one an hour and counts
for nothing.
"""

import sys

from cxbench import bare
from cxbench.city import STAGES, City
from cxbench.report import Report, arguments

BUDGET = 0.60


def main():
    options = arguments(__doc__, rounds=5, events=100_000).parse_args()
    report, city = Report("intake", options.json), City("intake")
    try:
        city.start("intake")
        city.hold("intake")
        seen = bare.read(city, "credit.records")["messages"]  # the clock's
        city.feed.send(options.events // 2)
        city.put_through("intake", options.events // 2)
        outputs = [*STAGES["intake"][1], *city.told()]
        flags = bare.outputs(city, outputs, options.events // 2, {"credit.records": seen})
        size, identity = city.feed.size, bare.read(city, "credit.identities")
        plain = round(identity["value_bytes"] / identity["messages"]) - 32 - 40 - 12  # hour key, nonce and tag, framing
        for kind, n in (("hash", 60), ("hash", size), ("hash", 72 + plain), ("seal", plain)):
            flags += ["--call", f"{kind}:1:{n}"]
        topic = STAGES["intake"][0]
        bare.copy(city, "bench.intake", topic, options.events // 2, None, flags)
        figures, baselines = [], []
        for _ in range(options.rounds):
            city.feed.send(options.events)
            figures.append(city.put_through("intake", options.events))
            baselines.append(bare.copy(city, "bench.intake", topic, options.events, None, flags))
        report.rounds("intake", "events/s", figures, baselines, BUDGET)
    finally:
        city.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
