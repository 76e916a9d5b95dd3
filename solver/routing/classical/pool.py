"""Every route worth a second look: of those with the same depot and clients the shortest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from solver.instances.classical import ClassicalRoute

# Some 500 bytes a route of 20 clients: 20 MB; a partition over more columns gets nowhere in its second.
MOST_ROUTES = 40_000


@dataclass(frozen=True)
class Columns:
    """R routes without an object for each, to pass between processes: `clients` of all in order, cut at `ends`."""

    depots: NDArray[np.int32]
    lengths: NDArray[np.int64]
    ends: NDArray[np.int64]
    clients: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.depots)

    def routes(self) -> Iterator[tuple[ClassicalRoute, int]]:
        """Each route and its length."""
        begins = np.append(0, self.ends)[:-1]
        for depot, length, begin, end in zip(self.depots, self.lengths, begins, self.ends, strict=True):
            yield ClassicalRoute(int(depot), tuple(self.clients[begin:end].tolist())), int(length)

    def renamed(self, clients: NDArray[np.int32]) -> Self:
        """The same routes where client i is called `clients[i]`."""
        return type(self)(self.depots, self.lengths, self.ends, clients[self.clients])


class Pool:
    """Routes by depot and clients; the oldest leave when there are too many."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, bytes], tuple[int, NDArray[np.int32]]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def add(self, route: ClassicalRoute, length: int) -> None:
        """Remember a feasible route; one that is known counts as new again."""
        order = np.array(route.clients, dtype=np.int32)
        key = route.depot, np.sort(order).tobytes()
        known = self._held.pop(key, None)
        self._held[key] = (length, order) if known is None or length < known[0] else known
        if len(self._held) > MOST_ROUTES:
            del self._held[next(iter(self._held))]

    def merge(self, columns: Columns) -> None:
        """Add what another process has seen."""
        for route, length in columns.routes():
            self.add(route, length)

    def columns(self) -> Columns:
        """All of them, the oldest first."""
        orders = [order for _, order in self._held.values()]
        return Columns(
            np.array([depot for depot, _ in self._held], dtype=np.int32),
            np.array([length for length, _ in self._held.values()], dtype=np.int64),
            np.cumsum([len(order) for order in orders], dtype=np.int64),
            np.concatenate([np.zeros(0, dtype=np.int32), *orders]),
        )
