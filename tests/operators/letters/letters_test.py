#!/usr/bin/python3
"""chengxin letters, breaker and subject erase on a running pipeline: what was refused is read again, in its order, once."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from desk import Desk  # noqa: E402
from chain import Chain  # noqa: E402
from many import Many  # noqa: E402
from people import People  # noqa: E402


class Operators(Chain, Many, People, Desk):
    """By their numbers, on one log."""

    settings = {"batch__max__events": 250}  # so that ten thousand letters are many batches


if __name__ == "__main__":
    unittest.main()
