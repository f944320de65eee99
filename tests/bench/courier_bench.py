#!/usr/bin/python3
"""Courier against a bare consume -> copy -> transactional produce and the same calls of libsodium, bare.

For each notice the courier makes the department's reference (two keys by keyed BLAKE2b-256, a tag by BLAKE2b-128, XChaCha20
and base64), opens the identity and seals it to the department (XChaCha20-Poly1305 twice, keyed BLAKE2b for the nonce).
Refusals, one in eight of what it reads, need none of this.
"""

import sys

from cxbench import bare
from cxbench.city import STAGES, City
from cxbench.report import Report, arguments

CHAIN = ("intake", "classifier", "registrar", "sanctioner")
BUDGET = 0.60


def calls(city, messages):
    """libsodium's for each message read."""
    told = city.told()
    notices = sum(bare.read(city, name)["messages"] for name in told if "notices" in name) / messages
    identity = bare.read(city, "credit.identities")
    plain = round(identity["value_bytes"] / identity["messages"]) - 32 - 40 - 12
    each = (("key", 40), ("key", 40), ("hash", 24), ("stream", 16), ("text", 32), ("open", plain), ("hash", 90 + plain), ("seal", plain))
    return [part for kind, size in each for part in ("--call", f"{kind}:{notices:.4f}:{size}")]


def flow(city, n):
    """n events as far as the courier: how many messages wait for it."""
    city.feed.send(n)
    city.put_through("intake", n)
    for stage in CHAIN[1:]:
        city.put_through(stage, city.waiting(stage))
    return city.waiting("courier")


def main():
    options = arguments(__doc__, rounds=5, events=100_000).parse_args()
    report, city = Report("courier", options.json), City("courier")
    try:
        city.start(*CHAIN, "courier")
        city.settle("courier")
        for stage in (*CHAIN[1:], "courier"):
            city.waiting(stage)
        city.hold(*CHAIN, "courier")
        messages = flow(city, options.events // 2)
        city.put_through("courier", messages)
        flags = bare.outputs(city, city.told(), messages) + calls(city, messages)
        bare.copy(city, "bench.courier", "credit.notices", messages, None, flags)
        figures, baselines = [], []
        for _ in range(options.rounds):
            messages = flow(city, options.events)
            figures.append(city.put_through("courier", messages))
            baselines.append(bare.copy(city, "bench.courier", "credit.notices", messages, None, flags))
        report.rounds("courier", "messages/s", figures, baselines, BUDGET)
    finally:
        city.wipe()
    return report.code()


if __name__ == "__main__":
    sys.exit(main())
