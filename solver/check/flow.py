"""The most that can go from one place to another, for the judge: whole numbers, no optimiser."""

from __future__ import annotations

from collections.abc import Hashable

Room = dict[Hashable, dict[Hashable, int]]
"""What may still go from a place to each next one."""


def most_through(room: Room, source: Hashable, sink: Hashable) -> int:
    """Push as much as there is room for, over ways of fewest steps first (Dinic 1970); `room` is used up.

    >>> most_through({"farm": {"lot": 5, "crate": 4}, "lot": {"shop": 3}, "crate": {"shop": 9}}, "farm", "shop")
    7
    """
    total = 0
    while sink in (steps := _steps(room, source)):
        total += _push(room, steps, source, sink, sum(room[source].values()))
    return total


def _steps(room: Room, source: Hashable) -> dict[Hashable, int]:
    """How many steps each place is away that something can still get to."""
    steps, reached = {source: 0}, [source]
    for place in reached:
        for onward, free in room.get(place, {}).items():
            if free and onward not in steps:
                steps[onward] = steps[place] + 1
                reached.append(onward)
    return steps


def _push(room: Room, steps: dict[Hashable, int], place: Hashable, sink: Hashable, most: int) -> int:
    if place == sink:
        return most
    moved = 0
    for onward, free in list(room.get(place, {}).items()):
        if moved < most and free and steps.get(onward) == steps[place] + 1:
            part = _push(room, steps, onward, sink, min(free, most - moved))
            room[place][onward] -= part
            back = room.setdefault(onward, {})
            back[place] = back.get(place, 0) + part
            moved += part
    if moved < most:
        steps[place] = -1  # nothing more goes on from here
    return moved
