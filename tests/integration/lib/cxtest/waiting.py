"""Waiting by condition: no test sleeps for a fixed time."""

import time


def wait_until(condition, deadline, what, pause=0.05):
    """The first true value of condition() within `deadline` seconds; else AssertionError naming `what`."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise AssertionError(f"not within {deadline} s: {what} (last: {value!r})")
        time.sleep(pause)
