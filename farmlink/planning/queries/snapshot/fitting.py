"""What of a snapshot the solver takes: a row beyond its limits is left out, and whoever plans is told which and why."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from farmlink.demand.values import Batch
from farmlink.planning.queries.snapshot.goods import lots_where
from farmlink.planning.values import ExplanationView, Subject
from farmlink.supply.values import LotColumns
from solver.check import unfit
from solver.problem import Problem


def unfitting(problem: Problem) -> tuple[ExplanationView, ...]:
    """The lots and batches of which no plan can be made, and why."""
    told = (
        ExplanationView(subject, UUID(str(key)), str(why), {"quantity": int(quantity)})
        for subject, table, quantities in (
            (Subject.LOT, "lots", problem.lots.offered),
            (Subject.BATCH, "batches", problem.batches.quantity),
        )
        for key, quantity, why in zip(getattr(problem, table).id, quantities, unfit(problem, table), strict=True)
        if why
    )
    return tuple(told)


def fitting(
    lots: LotColumns, batches: Sequence[Batch], left_out: Sequence[ExplanationView]
) -> tuple[LotColumns, list[Batch]]:
    """All but these."""
    out = {one.id for one in left_out}
    return lots_where(lots, [lot_id not in out for lot_id in lots.id]), [one for one in batches if one.id not in out]
