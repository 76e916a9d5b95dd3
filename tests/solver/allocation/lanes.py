"""Small fixed-charge problems, and the cheapest plan of all by trying every one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from solver.allocation.charged.problem import Batches, ChargedProblem, Lanes, Lots
from solver.allocation.charged.verify import verify_charged
from solver.problem import Ints, ints

Rows = Sequence[tuple[int, ...]]


def charged(lots: Rows, batches: Rows, lanes: Rows) -> ChargedProblem:
    """Lots (quantity, minimum, charge), batches (quantity, shortage price), lanes (lot, batch, cost)."""

    def columns(rows: Rows, width: int) -> list[Ints]:
        return [ints(*(row[column] for row in rows)) for column in range(width)]

    return ChargedProblem(
        Lots(np.arange(len(lots)), *columns(lots, 3)),
        Batches(np.arange(len(batches)), *columns(batches, 2)),
        Lanes(*columns(lanes, 3)),
    )


def two_lots() -> ChargedProblem:
    """The second lot is cheaper a unit, but its visit is dear and it comes with five units or not at all."""
    return charged([(10, 0, 20), (10, 5, 130)], [(6, 50), (4, 50)], [(0, 0, 10), (0, 1, 12), (1, 0, 1), (1, 1, 2)])


def cheapest(problem: ChargedProblem) -> int:
    """What the best of all plans costs."""
    rooms = np.minimum(problem.lots.quantity[problem.lanes.lot], problem.batches.quantity[problem.lanes.batch])
    plans = itertools.product(*(range(room + 1) for room in rooms.tolist()))
    verdicts = (verify_charged(problem, np.array(plan, dtype=np.int64)) for plan in plans)
    return min(verdict.cost_minor for verdict in verdicts if not verdict.violations)


@st.composite
def small_problems(draw: st.DrawFn, *, linear: bool = False) -> ChargedProblem:
    """At most three lots, two batches and five lanes, so that every plan can be tried."""
    most = 0 if linear else 3
    lot = st.tuples(st.integers(0, 4), st.integers(0, most), st.integers(0, 20 * most))
    batch = st.tuples(st.integers(0, 4), st.integers(0, 30))
    lots, batches = draw(st.lists(lot, min_size=1, max_size=3)), draw(st.lists(batch, min_size=1, max_size=2))
    ways = list(itertools.product(range(len(lots)), range(len(batches))))
    chosen = draw(st.permutations(ways))[: draw(st.integers(0, 5))]
    return charged(lots, batches, [(lot, batch, draw(st.integers(0, 25))) for lot, batch in chosen])


def made(lots: int, seed: int = 1, batches: int = 12, near: int = 5) -> ChargedProblem:
    """So many lots with charges and minima, each with lanes to some neighbouring batches of a ring."""
    random = np.random.default_rng(seed)
    home = random.integers(0, batches, lots)
    lanes = [
        (lot, int((home[lot] + step) % batches), int(random.integers(20, 60)) + 8 * step)
        for lot in range(lots)
        for step in range(min(near, batches))
    ]
    quantity = random.integers(5, 40, lots)
    rows = [
        (held, held // 4 * int(random.integers(0, 2)), int(random.integers(100, 900))) for held in quantity.tolist()
    ]
    asked = int(0.5 * quantity.sum() / batches)
    return charged(rows, [(asked, 200)] * batches, lanes)


def shuffled(problem: ChargedProblem, seed: int) -> tuple[ChargedProblem, Ints]:
    """The same problem with its rows in another order, and where each lane went."""
    random = np.random.default_rng(seed)
    lots, batches = random.permutation(len(problem.lots.id)), random.permutation(len(problem.batches.id))
    lanes = random.permutation(len(problem.lanes.lot))
    new_lot, new_batch = np.argsort(lots), np.argsort(batches)
    return ChargedProblem(
        Lots(*(getattr(problem.lots, name)[lots] for name in Lots.__slots__)),
        Batches(*(getattr(problem.batches, name)[batches] for name in Batches.__slots__)),
        Lanes(
            new_lot[problem.lanes.lot[lanes]], new_batch[problem.lanes.batch[lanes]], problem.lanes.cost_minor[lanes]
        ),
    ), lanes
