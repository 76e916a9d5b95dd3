"""How the time of one solve is shared out."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from solver.routing.classical.anneal import Budget

# Three seconds found nothing that one did not on X-n303, X-n502, p11 and pr10; of short solves it is a tenth.
COMBINING_S, _MOST_COMBINING = 0.8, 0.1
# A worker ends by itself a little early.
_LAST_REPORT_S = 0.05


@dataclass(frozen=True)
class Clock:
    """When a solve ends, and whether iterations decide instead of the clock."""

    deadline_s: float
    iterations: int | None
    stop: Callable[[], bool]

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, below 0 after it."""
        return self.deadline_s - time.monotonic()

    @property
    def over(self) -> bool:
        """Nobody waits for a better plan any more."""
        return self.stop() or self.left_s <= 0

    def budget(self, share: float, *, combining: bool = False) -> Budget:
        """A share of the time that is left, less what combining takes of it afterwards."""
        if self.iterations is not None:
            return Budget(self.deadline_s - _LAST_REPORT_S, self.iterations)
        mine_s = self.left_s * share
        spared_s = min(COMBINING_S, mine_s * _MOST_COMBINING) if combining else 0.0
        return Budget(time.monotonic() + mine_s - spared_s - _LAST_REPORT_S)
