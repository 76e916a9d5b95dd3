"""Placing orders: one or many in the same few statements. Lock order as in cycles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import msgspec

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.rules import fee_of, minimum_of, refuse_closed, refuse_home, refuse_space, space_at_home
from farmlink.cycles.values import CycleId, ListingId, LivedIn, Load, Offered, OpenCycle, Place, Space, StockId
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders.commands.lines import ordered_line
from farmlink.orders.commands.write import write_orders
from farmlink.orders.rules import (
    OrderExistsError,
    gather,
    had_of,
    load_of,
    named_listings,
    refuse_brought_gift,
    refuse_gift,
    refuse_small,
    refuse_stock,
    total_of,
)
from farmlink.orders.values import Order, OrderId, OrderLine, OrderState, Outcome, Placing
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.bulk import Claim, Remembered, claim_many, earlier_many, remember_many
from farmlink.store.idempotency import KeyReusedError
from farmlink.store.pipeline import Pipe, parting, pipeline, uuids
from farmlink.store.transaction import Transaction

COMMAND = "farmlink.orders.place"
STANDING = """
SELECT o.cycle_id, o.consumer_id, o.recipient_id FROM consumer_order o
JOIN unnest(%s::uuid[], %s::uuid[]) t(cycle_id, consumer_id) USING (cycle_id, consumer_id) WHERE state = 'placed'
"""
For = tuple[CycleId, PersonId, PersonId | None]
"""In which cycle somebody orders, and for whom, if not for themselves."""
Writing = Callable[[Transaction], AbstractContextManager[Pipe]]


@dataclass
class Counter:
    """What the placings of one transaction find, and what they take from each other."""

    holding: Mapping[CycleId, tuple[OpenCycle, frozenset[PersonId]]]
    spaces: Mapping[Place, Space]
    offered: Mapping[ListingId, Offered]
    standing: set[For]
    givers: Mapping[PersonId, PersonId] = field(default_factory=dict)
    homes: Mapping[PlaceId, LivedIn] = field(default_factory=dict)
    left: dict[StockId, int] = field(default_factory=dict)
    taken: dict[StockId, int] = field(default_factory=dict)
    loads: dict[Place, Load] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.left = {offer.stock_id: offer.left for offer in self.offered.values()}

    def serve(self, placing: Placing) -> Order:
        """Serve one placing from what is left, or refuse it; first come, first served."""
        wanted = gather(placing.lines)
        cycle = self._enter(placing)
        place = placing.cycle_id, placing.place_id
        space = self._space(placing, cycle)
        if placing.leave_out:
            wanted = had_of(cycle.id, wanted, self.offered, self.left) or wanted
        refusal = refuse_stock(cycle.id, wanted, self.offered, self.left)
        refusal = refusal or refuse_brought_gift(placing.recipient_id, at_home=space.at_home)
        if refusal:
            raise refusal
        lines = tuple(ordered_line(self.offered[listing_id], line) for listing_id, line in wanted.items())
        before = self.loads.get(place, Load(0, 0))
        load = Load(before.orders + 1, before.weight_g + load_of(lines).weight_g)
        minimum_minor = minimum_of(cycle, at_home=space.at_home)
        refusal = refuse_small(total_of(lines, 0), minimum_minor, cycle.currency)
        refusal = refusal or refuse_space(space, load, cycle.hand_out_on)
        if refusal:
            raise refusal
        self.loads[place] = load
        for line in lines:
            stock_id = self.offered[line.listing_id].stock_id
            self.left[stock_id] -= line.quantity
            self.taken[stock_id] = self.taken.get(stock_id, 0) + line.quantity
        self.standing.add((placing.cycle_id, placing.consumer_id, placing.recipient_id))
        return _order(placing, cycle, lines, at_home=space.at_home)

    def no_points(self, placings: Iterable[Placing]) -> set[PlaceId]:
        """Destinations that are no points of their cycles, and so may be homes."""
        points = {place for place, space in self.spaces.items() if not space.at_home}
        return {one.place_id for one in placings if (one.cycle_id, one.place_id) not in points}

    def _space(self, placing: Placing, cycle: OpenCycle) -> Space:
        """What there is space for at a point of the cycle, or at the consumer's own home."""
        place = placing.cycle_id, placing.place_id
        space = self.spaces.get(place)
        if space is not None and not space.at_home:
            return space
        refusal = refuse_home(cycle, self.homes.get(placing.place_id), place, placing.consumer_id)
        if refusal:
            raise refusal
        return space or space_at_home(place)

    def _enter(self, placing: Placing) -> OpenCycle:
        if placing.cycle_id not in self.holding:
            raise MissingError(noun="order cycle", id=placing.cycle_id)
        cycle, invited = self.holding[placing.cycle_id]
        if cycle.private and placing.consumer_id not in invited:
            raise MissingError(noun="order cycle", id=placing.cycle_id)
        giver_id = self.givers.get(placing.recipient_id) if placing.recipient_id else None
        refusal = refuse_closed(cycle) or refuse_gift(placing.recipient_id, giver_id, placing.consumer_id)
        if refusal:
            raise refusal
        if (placing.cycle_id, placing.consumer_id, placing.recipient_id) in self.standing:
            raise OrderExistsError(cycle_id=placing.cycle_id)
        return cycle


def place_many(tx: Transaction, placings: Sequence[Placing]) -> list[Outcome]:
    """Place orders, each once per key; for each, in their order, an order or a refusal, kept under its key."""
    return _place(tx, placings, pipeline)


def place(tx: Transaction, placing: Placing) -> Outcome:
    """Place one order: a batch of one, the last that its transaction does."""
    return _place(tx, [placing], parting)[0]


def _place(tx: Transaction, placings: Sequence[Placing], writing: Writing) -> list[Outcome]:
    first: dict[Claim, Placing] = {}
    for placing in placings:
        first.setdefault(_claim(tx, placing), placing)
    prints = {claim: fingerprint(placing) for claim, placing in first.items()}
    outcomes: dict[Claim, Outcome] = {}
    with pipeline(tx) as pipe:
        asked = _ask(pipe, first, prints)
    fresh, counter = asked()
    counter.homes = cycle_queries.lived_in(tx, counter.no_points(first.values()))
    for claim, placing in first.items():
        if claim in fresh:
            outcomes[claim] = _serve(counter, placing)
    with writing(tx) as pipe:
        _write(pipe, counter, outcomes)
    if len(fresh) < len(first):
        with pipeline(tx) as pipe:
            earlier = earlier_many(pipe, [claim for claim in first if claim not in fresh])
        outcomes |= {claim: _repeat(kept, prints[claim]) for claim, kept in earlier.items()}
    return [_answer(outcomes, first, _claim(tx, placing), placing) for placing in placings]


def fingerprint(placing: Placing) -> str:
    """Tell one request from another that comes under the same key."""
    # A plain line reads as it did before lines could say more: rows imported then are known when they come again.
    lines = [line if line.says_more else {"listing_id": line.listing_id, "packs": line.packs} for line in placing.lines]
    wanted = [placing.cycle_id, placing.consumer_id, placing.place_id, lines]
    wanted += [] if placing.recipient_id is None else [placing.recipient_id]
    return hashlib.sha256(msgspec.json.encode(wanted)).hexdigest()


def _claim(tx: Transaction, placing: Placing) -> Claim:
    return tx.actor, placing.key


def _ask(
    pipe: Pipe, first: Mapping[Claim, Placing], prints: Mapping[Claim, str]
) -> Callable[[], tuple[set[Claim], Counter]]:
    """Lock and read all that the placings need, in statements that travel together and are answered together."""
    wanted = first.values()
    consumers = [placing.consumer_id for placing in wanted]
    holding = cycles.hold_many(pipe, (placing.cycle_id for placing in wanted), consumers)
    fresh = claim_many(pipe, COMMAND, prints)
    standing = pipe.send(STANDING, (uuids(placing.cycle_id for placing in wanted), uuids(consumers)))
    spaces = cycles.space_many(pipe, ((placing.cycle_id, placing.place_id) for placing in wanted))
    recipients = {placing.recipient_id for placing in wanted if placing.recipient_id}
    givers = people.givers_many(pipe, recipients) if recipients else dict
    offers = cycles.offer_many(pipe, (named_listings(line for placing in wanted for line in placing.lines)))

    def answered() -> tuple[set[Claim], Counter]:
        have: set[For] = {(row[0], row[1], row[2]) for row in standing.fetchall()}
        return fresh(), Counter(holding(), spaces(), offers(), have, givers())

    return answered


def _serve(counter: Counter, placing: Placing) -> Outcome:
    try:
        return Outcome(counter.serve(placing), None)
    except RefusedError as refusal:
        return Outcome(None, refusal)


def _repeat(kept: Remembered, print_: str) -> Outcome:
    if kept.fingerprint != print_:
        return Outcome(None, KeyReusedError())
    if kept.refusal is not None:
        return Outcome(None, kept.refusal, repeated=True)
    return Outcome(msgspec.convert(kept.outcome, Order), None, repeated=True)


def _answer(
    outcomes: Mapping[Claim, Outcome], first: Mapping[Claim, Placing], claim: Claim, placing: Placing
) -> Outcome:
    """Answer a key that comes twice in one batch like one that comes again later."""
    outcome = outcomes[claim]
    if first[claim] is placing:
        return outcome
    if fingerprint(first[claim]) != fingerprint(placing):
        return Outcome(None, KeyReusedError())
    return Outcome(outcome.order, outcome.refusal, repeated=True)


def _write(pipe: Pipe, counter: Counter, outcomes: Mapping[Claim, Outcome]) -> None:
    placed = {claim: outcome.order for claim, outcome in outcomes.items() if outcome.order}
    refused = {claim: outcome.refusal for claim, outcome in outcomes.items() if outcome.refusal}
    if placed:
        if at_home := {(order.cycle_id, order.place_id) for order in placed.values() if order.at_home}:
            cycles.admit_many(pipe, at_home)
        cycles.reserve_many(pipe, counter.taken)
        cycles.occupy_many(pipe, counter.loads)
        write_orders(pipe, {claim: (order, counter.holding[order.cycle_id][0]) for claim, order in placed.items()})
    if outcomes:
        remember_many(pipe, placed, refused)


def _order(placing: Placing, cycle: OpenCycle, lines: tuple[OrderLine, ...], *, at_home: bool) -> Order:
    fee_minor = fee_of(cycle, at_home=at_home)
    return Order(
        id=OrderId(uuid7()),
        cycle_id=placing.cycle_id,
        consumer_id=placing.consumer_id,
        place_id=placing.place_id,
        at_home=at_home,
        state=OrderState.PLACED,
        reason=None,
        currency=cycle.currency,
        delivery_fee_minor=fee_minor,
        total_minor=total_of(lines, fee_minor),
        placed_at=cycle.judged_at,
        amended_at=None,
        revision=1,
        lines=lines,
        recipient_id=placing.recipient_id,
    )
