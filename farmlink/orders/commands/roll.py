"""Ordering by a roll-call list: the leader of a point orders for a neighbour who cannot sign in."""

from __future__ import annotations

from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders.commands.amend import amend
from farmlink.orders.commands.place import place_many
from farmlink.orders.queries.neighbours import neighbours
from farmlink.orders.rules.roll import called, step_of
from farmlink.orders.values import Amendment, Placing, WantedLine
from farmlink.orders.values.roll import RollCall, Rolled, Step
from farmlink.people.commands import add_person
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def order_for(tx: Transaction, call: RollCall) -> Rolled:
    """Order what a line of a list says for whom it names, whom the point knows or gets to know now.

    The same line again changes nothing; another one for the same neighbour changes their order. Two phones with the
    same list wait for each other, so that nobody is known twice.
    """
    exclude(tx, call.point_id)
    known = neighbours(tx, call.cycle_id, call.point_id).get(called(call.name))
    order = known.order if known else None
    step, place_id = step_of(dict(call.packs), order), PlaceId(call.point_id)
    lines = tuple(WantedLine(listing_id, packs) for listing_id, packs in call.packs)
    if order is not None:
        if step is Step.CHANGED:
            amendment = Amendment(order_id=order.id, revision=order.revision, place_id=place_id, lines=lines)
            order = amend(tx, amendment)
        return Rolled(step, order)
    placing = Placing(
        key=uuid7(),
        cycle_id=call.cycle_id,
        consumer_id=known.person_id if known else add_person(tx, call.name),
        place_id=place_id,
        lines=lines,
    )
    (outcome,) = place_many(tx, [placing])
    if outcome.order is None:
        assert outcome.refusal is not None, "an order or a refusal"
        raise outcome.refusal
    return Rolled(step, outcome.order)
