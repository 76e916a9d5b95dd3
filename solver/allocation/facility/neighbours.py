"""Local search over sets of open facilities: close one, open one, swap two; then a shake, and again."""

from collections.abc import Iterator

import numpy as np

from solver.allocation.facility.transport import Transport


def descend(transport: Transport, start: frozenset[int], seed: int) -> Iterator[frozenset[int]]:
    """Search without end; yields the best set so far after every set that was priced, the caller stops it."""
    random = np.random.default_rng(seed)
    best = here = start
    while True:
        for there in _improvements(transport, here, random):
            here = there
            best = min(best, here, key=transport.cost)
            yield best
        here = _shaken(transport, best, random)
        yield best


def _improvements(transport: Transport, here: frozenset[int], random: np.random.Generator) -> Iterator[frozenset[int]]:
    """First improvement until none is left; yields the current set after every pricing."""
    better = True
    while better:
        better = False
        for there in _neighbours(here, len(transport.problem.capacity), random):
            if transport.enough(there) and transport.cost(there) < transport.cost(here):
                here, better = there, True
            yield here
            if better:
                break


def _neighbours(here: frozenset[int], count: int, random: np.random.Generator) -> Iterator[frozenset[int]]:
    inside, outside = sorted(here), sorted(set(range(count)) - here)
    for facility in random.permutation(inside).tolist():
        yield here - {facility}
    for facility in random.permutation(outside).tolist():
        yield here | {facility}
    swaps = [(old, new) for old in inside for new in outside]
    for number in random.permutation(len(swaps)).tolist():
        old, new = swaps[number]
        yield here - {old} | {new}


def _shaken(transport: Transport, best: frozenset[int], random: np.random.Generator) -> frozenset[int]:
    """Two random swaps, repaired by opening more where the capacity no longer covers the demand."""
    outside = random.permutation(sorted(set(range(len(transport.problem.capacity))) - best)).tolist()
    kept = random.permutation(sorted(best)).tolist()[2:]
    shaken = frozenset(kept + outside[:2])
    for facility in outside[2:] + sorted(best):
        if not transport.enough(shaken):
            shaken |= {facility}
    return shaken
