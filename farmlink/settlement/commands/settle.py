"""Settling a cycle that is done: everybody is charged once, and once for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import insert

from farmlink.cycles import queries as cycles
from farmlink.cycles.commands import end_thresholds
from farmlink.cycles.values import CycleId, Stage
from farmlink.demand import queries as demand
from farmlink.dispatch.values import CycleFinished
from farmlink.ledger import commands as ledger
from farmlink.ledger.values import AccountKind, Entry, EntryId, EntryKind
from farmlink.orders.values import OrderId
from farmlink.payments import commands as payments
from farmlink.payments.queries import lock_about
from farmlink.payments.values import Charge
from farmlink.people.values import PersonId
from farmlink.settlement import queries, rules
from farmlink.settlement.commands.written import write_parts
from farmlink.settlement.tables import OrderChargeRow, SettledCycle
from farmlink.settlement.values import (
    CycleSettled,
    Delivered,
    EndedLine,
    EndedOrder,
    FarmPart,
    Item,
    OrderCharged,
    Settled,
    Split,
    Terms,
)
from farmlink.store.bulk import announce_many
from farmlink.store.locks import exclude
from farmlink.store.pipeline import pipeline
from farmlink.store.transaction import Transaction


def settle_finished(tx: Transaction, event: CycleFinished) -> None:
    """Settle a cycle as soon as its last line has ended."""
    settle(tx, event.cycle_id)


def settle(tx: Transaction, cycle_id: CycleId) -> Settled:
    """Charge every order what was handed out, and credit everybody their part of it; twice changes nothing."""
    exclude(tx, cycle_id)
    done = queries.settled(tx, cycle_id)
    if done is not None:
        return done
    cycle = cycles.cycle(tx, cycle_id)
    if cycle.stage is not Stage.DONE:
        raise rules.CycleNotDoneError(stage=cycle.stage.value)
    exclude(tx, cycle.region_id)  # nothing of the region is paid out meanwhile
    terms, orders = queries.terms(tx, cycle), queries.ended_orders(tx, cycle_id)
    farms, surplus = _farm_parts(orders, queries.delivered(tx, cycle_id))
    carriage = rules.carriage_parts(_lines(orders), queries.carriage_minor(tx, cycle_id))
    splits = [rules.split_order(order, terms, farms, carriage) for order in orders]
    charged = sum(split.total_minor() for split in splits)
    tx.add(
        SettledCycle(
            cycle_id=cycle_id, orders=len(orders), charged_minor=charged, currency=cycle.currency, settled_at=tx.now
        )
    )
    _charge(tx, cycle_id, terms, orders, splits)
    _bear(tx, cycle_id, terms, surplus)
    _end_thresholds(tx, cycle_id, orders)
    tx.announce(CycleSettled(cycle_id))
    tx.record("settlement.settle", cycle_id, orders=len(orders), charged_minor=charged)
    return Settled(cycle_id, len(orders), charged, cycle.currency, tx.now, queries.unweighed(tx, cycle_id))


def _end_thresholds(tx: Transaction, cycle_id: CycleId, orders: Sequence[EndedOrder]) -> None:
    """End the thresholds of what was charged, and release those of what nobody got."""
    taken = {line.batch_id for line in _lines(orders) if line.handed_out}
    batches = demand.batches(tx, cycle_id)
    end_thresholds(tx, cycle_id, {(batch.product_id, batch.grade) for batch in batches if batch.id in taken})


def _lines(orders: Sequence[EndedOrder]) -> list[EndedLine]:
    return [line for order in orders for line in order.lines]


def _farm_parts(
    orders: Sequence[EndedOrder], delivered: Mapping[UUID, Sequence[Delivered]]
) -> tuple[dict[UUID, list[FarmPart]], list[FarmPart]]:
    """What every lot gets in every line of the cycle, and for what filled no line."""
    members: dict[UUID, list[EndedLine]] = {batch_id: [] for batch_id in delivered}
    for line in _lines(orders):
        members.setdefault(line.batch_id, []).append(line)
    parts: dict[UUID, list[FarmPart]] = {}
    surplus: list[FarmPart] = []
    for batch_id, lines in sorted(members.items()):
        found, left = rules.farm_parts(lines, delivered.get(batch_id, ()))
        parts |= found
        surplus += left
    return parts, surplus


def _charge(
    tx: Transaction, cycle_id: CycleId, terms: Terms, orders: Sequence[EndedOrder], splits: Sequence[Split]
) -> None:
    """Post one entry an order, keep what each part of it is for, and have the payments charge what is owed."""
    lock_about(tx, (one.order_id for one in splits))  # before the ledger, as everybody does
    entries = [rules.entry_of(f"charge/{one.order_id}", EntryKind.CHARGE, one.order_id, one.parts) for one in splits]
    moved = [entry for entry in entries if entry is not None]
    ids = dict(zip((entry.about for entry in moved), ledger.post_many(tx, moved), strict=True))
    if orders:
        rows = [_row(cycle_id, terms, *pair, ids) for pair in zip(orders, splits, strict=True)]
        tx.session.connection().execute(insert(OrderChargeRow), rows)
    write_parts(tx, cycle_id, [(ids[one.order_id], one.order_id, part) for one in splits for part in one.parts])
    charges = [
        Charge(order.order_id, order.consumer_id, split.total_minor(), terms.currency)
        for order, split in zip(orders, splits, strict=True)
    ]
    payments.settle_many(tx, charges)
    with pipeline(tx) as pipe:
        announce_many(pipe, [_told(charge) for charge in charges])


def _told(charge: Charge) -> OrderCharged:
    return OrderCharged(OrderId(charge.about), PersonId(charge.payer_id), charge.amount_minor, charge.currency)


def _row(
    cycle_id: CycleId, terms: Terms, order: EndedOrder, split: Split, ids: Mapping[UUID, EntryId]
) -> dict[str, object]:
    owed = dict.fromkeys((Item.SALE, Item.DELIVERY, Item.DEPOSIT), 0)
    for part in split.parts:
        if part.account.kind is AccountKind.RECEIVABLE:
            owed[part.item] -= part.minor
    return {
        "order_id": order.order_id,
        "cycle_id": cycle_id,
        "consumer_id": order.consumer_id,
        "currency": terms.currency,
        "goods_minor": owed[Item.SALE],
        "delivery_minor": owed[Item.DELIVERY],
        "deposit_minor": owed[Item.DEPOSIT],
        "total_minor": split.total_minor(),
        "crates": split.crates,
        "entry_id": ids.get(order.order_id),
    }


def _bear(tx: Transaction, cycle_id: CycleId, terms: Terms, surplus: Sequence[FarmPart]) -> None:
    """Pay the farms for what came in and filled no line."""
    size = 500  # an entry takes a thousand postings
    for number, first in enumerate(range(0, len(surplus), size), 1):
        parts = rules.surplus_parts(terms, surplus[first : first + size])
        entry = rules.entry_of(f"surplus/{cycle_id}/{number}", EntryKind.CHARGE, cycle_id, parts)
        assert isinstance(entry, Entry), "every part of a surplus is above zero"
        entry_id = ledger.post(tx, entry)
        write_parts(tx, cycle_id, [(entry_id, None, part) for part in parts])
