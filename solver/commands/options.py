"""Option values, refused by name when they make no sense."""

import math

from solver.errors import BadInputError
from solver.instances.orlib import MOST_QUANTITY
from solver.params import MOST_SECONDS, MOST_SEED


def seconds(text: str) -> float:
    """A wall time above zero and at most a week."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= MOST_SECONDS:
        reason = f"{text[:40]!a} is not a number of seconds above 0 and at most {MOST_SECONDS}"
        raise BadInputError("command line", 0, "--time", reason)
    return value


def seed(text: str) -> int:
    """Where the search starts."""
    return _whole("--seed", text, least=0, most=MOST_SEED)


def capacity(text: str) -> int:
    """The capacity of every facility that the file leaves open."""
    return _whole("--capacity", text, least=1, most=MOST_QUANTITY)


def weight(text: str) -> int:
    """What a lot's last unit counts on top of its cost, in minor units."""
    return _whole("--fair", text, least=0, most=10**9)


def _whole(option: str, text: str, *, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18 and least <= int(text) <= most):
        raise BadInputError("command line", 0, option, f"{text[:40]!a} is not a whole number from {least} to {most}")
    return int(text)
