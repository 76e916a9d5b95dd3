"""What a demo found out, under the names that its JSON has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

import numpy as np

from farmlink.catalogue import queries as catalogue
from farmlink.confirmations import queries as confirmations
from farmlink.cycles.values import CycleId
from farmlink.demand import queries as demand
from farmlink.dispatch import queries as dispatch
from farmlink.planning import queries as planning
from farmlink.planning.work.studies import Studies
from farmlink.store.transaction import Transaction

COMPONENTS: Final = (
    *("purchase", "collection", "hub", "line_haul", "delivery", "parcel"),
    *("packaging", "spoilage", "commission", "payment_fees"),
)
LEGS: Final = ("collection", "line_haul", "delivery")
ANSWERS: Final = ("accepted", "reduced", "declined", "lapsed")
EFFORT: Final = ("routes", "distance_m", "duration_s", "money_minor", "unreachable")
SAVED: Final = ("routes", "distance", "duration", "money")
PARTS: Final = (10, 5, 2.5)
"""A tenth, a fifth and two fifths of the orders: their transport cost is planned beside that of all."""


def gather(
    tx: Transaction, cycle_id: CycleId, studies: Studies, seconds: Mapping[str, float], peak_memory_mb: int
) -> dict[str, Any]:
    """Read the cycle's figures: the first plan's fill rate is what was planned, the last plan's what is confirmed."""
    plans = planning.plans(tx, cycle_id)
    first, last = plans[-1].figures, next(plan for plan in plans if plan.published).figures
    flow, closed = dispatch.flow(tx, cycle_id), demand.closing(tx, cycle_id)
    answers = asdict(confirmations.counts(tx, cycle_id))
    return {
        "orders": closed.orders,
        "batches": closed.batches,
        "farms_with_lots": first["farms_with_lots"],
        "farms_used": last["farms_used"],
        "replans": len(plans) - 1,
        **{name: last[name] for name in ("routes", "distance_m", "duration_s", "jain")},
        "fill_rate": {
            "planned": first["fill_rate"],
            "confirmed": last["fill_rate"],
            "handed_out": flow.handed_out_minor / flow.ordered_minor,
        },
        "landed_cost_per_kg_minor": per_kg_handed_out(last, handed_out_g(tx, cycle_id)),
        **{leg: last[leg] for leg in LEGS},
        "gap": last["gap"],
        "gap_allocation": last["gap_allocation"],
        "confirmations": {name: answers[name] for name in ANSWERS},
        "shortfalls": last["shortfalls"],
        "transport_per_kg_minor": {
            **{str(orders): figure for orders, figure in studies.transport_per_kg_minor.items()},
            str(closed.orders): last["transport_per_kg_minor"],
        },
        "baselines": {name: {part: found[part] for part in EFFORT} for name, found in studies.baselines.items()},
        "saved": {name: {part: found[part] for part in SAVED} for name, found in studies.saved.items()},
        "seconds": dict(seconds),
        "peak_memory_mb": peak_memory_mb,
    }


def handed_out_g(tx: Transaction, cycle_id: CycleId) -> int:
    """Grams that somebody took home; a base unit may be a piece."""
    batches, handed = demand.batches(tx, cycle_id), dispatch.handed_out(tx, cycle_id)
    products = catalogue.products_by_id(tx, {batch.product_id for batch in batches})
    members = dispatch.lines_by_batch(tx, cycle_id)
    return sum(
        products[batch.product_id].unit_weight_g * sum(handed.get(line.line_id, 0) for line in members[batch.id])
        for batch in batches
    )


def per_kg_handed_out(figures: Mapping[str, Any], handed_g: int) -> dict[str, float]:
    """Landed cost by component for each kilogram that reached somebody; what was lost on the way is paid for too."""
    parts = {name: figures["cost_minor"][name] for name in COMPONENTS}
    kilograms = handed_g / 1000
    found = {name: amount / kilograms for name, amount in parts.items()} if handed_g else dict.fromkeys(parts, 0.0)
    return {**found, "total": sum(found.values())}


def samples(tx: Transaction, cycle_id: CycleId, seed: int) -> dict[int, dict[UUID, int]]:
    """For each size, the quantity of each batch when only so many of the orders had come, drawn from the seed."""
    members = dispatch.lines_by_batch(tx, cycle_id)
    orders = sorted({line.order_id for lines in members.values() for line in lines})
    turn = {orders[row]: place for place, row in enumerate(np.random.default_rng(seed).permutation(len(orders)))}
    found: dict[int, dict[UUID, int]] = {}
    for size in sorted({int(len(orders) / part) for part in PARTS} - {0}):
        quantities: dict[UUID, int] = defaultdict(int)
        for batch_id, lines in members.items():
            for line in lines:
                if turn[line.order_id] < size:
                    quantities[batch_id] += line.quantity
        found[size] = dict(quantities)
    return found
