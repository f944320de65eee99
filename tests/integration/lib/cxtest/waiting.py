"""Waiting by condition: no test sleeps for a fixed time."""

import sys
import time

PATIENCE = 3  # deadlines are written for a machine that has nothing else to do; one that has gets so many times as long


def wait_until(condition, deadline, what, pause=0.05):
    """The first true value of condition() within `deadline` seconds (times PATIENCE); else AssertionError naming `what`."""
    began = time.monotonic()
    end = began + deadline * PATIENCE
    while True:
        value = condition()
        if value:
            if time.monotonic() > began + deadline:
                print(f"slow: {what}: {time.monotonic() - began:.1f} s where {deadline} are enough", file=sys.stderr)
            return value
        if time.monotonic() >= end:
            raise AssertionError(f"not within {deadline * PATIENCE} s: {what} (last: {value!r})")
        time.sleep(pause)
