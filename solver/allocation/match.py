"""Lots to batches inside pools: every matching costs the same, so the one with few splits is taken."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from solver.problem import Ints


@dataclass(frozen=True, slots=True)
class Stream:
    """What flows from left to right, one entry an arc."""

    left: Ints
    right: Ints
    quantity: Ints


def matched(coming: Stream, over: Stream, leaving: Stream) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Pool, shelf, lot, batch and quantity of each row that the three stages of a flow amount to.

    `coming` is (pool, lot), `over` (pool, shelf), `leaving` (shelf, batch). Large ones are matched first, so
    that at most one lot and one batch are split where two meet.
    """
    lots, batches = _queues(coming), _queues(leaving)
    rows: list[tuple[int, int, int, int, int]] = []
    for arc in np.lexsort((over.right, over.left, -over.quantity)).tolist():
        pool, shelf, left = int(over.left[arc]), int(over.right[arc]), int(over.quantity[arc])
        while left:
            lot, batch = lots[pool][-1], batches[shelf][-1]
            quantity = min(left, lot[0], batch[0])
            rows.append((pool, shelf, lot[1], batch[1], quantity))
            left -= quantity
            for queue, entry in ((lots[pool], lot), (batches[shelf], batch)):
                entry[0] -= quantity
                if not entry[0]:
                    queue.pop()
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return columns[0], columns[1], columns[2], columns[3], columns[4]


def _queues(stream: Stream) -> dict[int, list[list[int]]]:
    """Entries [quantity, right] of each left, the largest last."""
    queues: dict[int, list[list[int]]] = defaultdict(list)
    for arc in np.lexsort((-stream.right, stream.quantity)).tolist():
        if stream.quantity[arc]:
            queues[int(stream.left[arc])].append([int(stream.quantity[arc]), int(stream.right[arc])])
    return queues
