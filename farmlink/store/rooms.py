"""The rooms in their order, and the tables that each of them keeps."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec

from sqlmodel import SQLModel

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


def tables_by_room() -> Mapping[str, set[str]]:
    """Say which room owns which of the imported tables, in the order of the rooms."""
    owned: dict[str, set[str]] = {}
    for mapper in SQLModel._sa_registry.mappers:  # noqa: SLF001  # SQLModel does not publish its registry
        owned.setdefault(mapper.class_.__module__.split(".")[1], set()).add(str(mapper.class_.__tablename__))
    return {room: owned[room] for room in ROOMS if room in owned}
