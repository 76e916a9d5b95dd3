"""The rooms in their order, and what is imported of all of them."""

from importlib import import_module
from importlib.util import find_spec

ROOMS = (
    "store",
    "people",
    "policy",
    "ledger",
    "payments",
    "catalogue",
    "network",
    "supply",
    "cycles",
    "orders",
    "demand",
    "fairness",
    "planning",
    "confirmations",
    "dispatch",
    "claims",
    "settlement",
    "notify",
)


def import_tables() -> tuple[str, ...]:
    """Import the tables of every room that has some; the rooms, in their order."""
    found = []
    for room in ROOMS:
        if find_spec(f"farmlink.{room}") and find_spec(f"farmlink.{room}.tables"):
            import_module(f"farmlink.{room}.tables")
            found.append(room)
    return tuple(found)


def import_values() -> None:
    """Import the values of every room that has some: an event is known by its name once its class was read."""
    for room in ROOMS:
        if find_spec(f"farmlink.{room}") and find_spec(f"farmlink.{room}.values"):
            import_module(f"farmlink.{room}.values")
