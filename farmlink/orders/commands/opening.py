"""A cycle opens: what is ordered again and again is ordered, once, and what cannot be had is told, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders.commands.place import place_many
from farmlink.orders.queries.standing import DUE, due_in, standing_value
from farmlink.orders.rules import OrderExistsError
from farmlink.orders.rules.standing import key_of, missed, wanted_of
from farmlink.orders.tables import StandingOrderRow, StandingTurnRow
from farmlink.orders.values import Goods, Outcome, Placing, StandingFellShort, StandingId, StandingOrder, TurnId
from farmlink.people import queries as people
from farmlink.store.bulk import announce_many
from farmlink.store.idempotency import remembered
from farmlink.store.pipeline import among, pipeline
from farmlink.store.transaction import Transaction

MOST_AT_ONCE: Final = 500
"""So many hold their locks together; the others have their turn at the next look."""
FOUND = f"""
SELECT s.id, (SELECT count(*) FROM standing_turn t WHERE t.standing_order_id = s.id) AS turns
FROM standing_order s WHERE {DUE} ORDER BY s.id LIMIT {MOST_AT_ONCE} FOR UPDATE OF s SKIP LOCKED
"""  # noqa: S608  # our own words


def place_standing(tx: Transaction, cycle_id: CycleId) -> int:
    """Order in an open cycle what standing orders say, the oldest first; how many had their turn."""
    cycle = cycles.cycle(tx, cycle_id)
    turns = {row.id: row.turns for row in tx.execute(FOUND, due_in(tx, cycle))}
    chosen = select(StandingOrderRow).where(among(col(StandingOrderRow.id), turns)).order_by(col(StandingOrderRow.id))
    found = [standing_value(row) for row in tx.session.exec(chosen)]
    if not found:
        return 0
    sold = {Goods(one.product_id, one.grade, one.variant_id): one.id for one in cycles.listings(tx, cycle_id)}
    outcomes = _ordered(tx, cycle_id, [one for one in found if turns[one.id] % one.every == 0], sold)
    rows = [_turn(tx, cycle_id, one, outcomes.get(one.id), sold) for one in found]
    tx.session.connection().execute(insert(StandingTurnRow).on_conflict_do_nothing(), rows)
    short = [
        StandingFellShort(TurnId(row["id"]), one.consumer_id)
        for row, one in zip(rows, found, strict=True)
        if (row["left_out"] or row["refusal"]) and not _has_ordered(outcomes.get(one.id))
    ]
    with pipeline(tx) as pipe:
        announce_many(pipe, short)
    tx.record("standing.order", cycle_id, turns=len(rows), short=len(short))
    return len(rows)


def _ordered(
    tx: Transaction, cycle_id: CycleId, standing: list[StandingOrder], sold: Mapping[Goods, ListingId]
) -> dict[StandingId, Outcome]:
    """What becomes of each standing order whose turn it is; of one of which nothing is sold, nothing."""
    outcomes: dict[StandingId, Outcome] = {}
    placings: dict[StandingId, Placing] = {}
    homes = people.homes(tx, {one.consumer_id for one in standing if one.point_id is None})
    for one in standing:
        place_id = one.point_id or homes.get(one.consumer_id)
        wanted = wanted_of(one.lines, sold)
        if place_id is None:
            outcomes[one.id] = Outcome(None, MissingError(noun="home", id=one.consumer_id))
        elif wanted:
            placings[one.id] = Placing(
                key=key_of(one.id, cycle_id),
                cycle_id=cycle_id,
                consumer_id=one.consumer_id,
                place_id=PlaceId(place_id),
                lines=wanted,
                leave_out=True,
            )
        else:
            outcomes[one.id] = Outcome(None, None)
    return outcomes | dict(zip(placings, place_many(tx, list(placings.values())), strict=True))


def _has_ordered(outcome: Outcome | None) -> bool:
    """Tell whether nothing was ordered because its consumer has an order there already: that is no news to them."""
    return outcome is not None and isinstance(outcome.refusal, OrderExistsError)


def _turn(
    tx: Transaction,
    cycle_id: CycleId,
    standing: StandingOrder,
    outcome: Outcome | None,
    sold: Mapping[Goods, ListingId],
) -> dict[str, Any]:
    """What came of a standing order, as a row; without an outcome it was not its turn."""
    order = outcome.order if outcome else None
    left_out = missed(standing.lines, sold, order) if outcome else ()
    refusal = outcome.refusal if outcome else None
    return {
        "id": uuid7(),
        "standing_order_id": standing.id,
        "cycle_id": cycle_id,
        "order_id": order.id if order else None,
        "left_out": msgspec.to_builtins(left_out),
        "refusal": msgspec.to_builtins(remembered(refusal)) if refusal else None,
        "taken_at": tx.now,
    }
