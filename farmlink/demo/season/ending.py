"""What came in is counted, shared, weighed and handed out; then money moves: dues, credit notes, pay-outs."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.demo.farmers import drawn
from farmlink.demo.season.ground import Ground
from farmlink.demo.season.story import CLAIMED, LOST
from farmlink.dispatch import commands as dispatch
from farmlink.dispatch import queries as goods
from farmlink.dispatch.values import Received
from farmlink.kernel.ids import uuid7
from farmlink.kernel.money import line_total_minor
from farmlink.kernel.page import Paging
from farmlink.orders import queries as ordered
from farmlink.orders.values import OrderState
from farmlink.payments import commands as payments
from farmlink.payments import queries as paid
from farmlink.payments.values import State
from farmlink.settlement import commands as settlement
from farmlink.settlement import queries as settled
from farmlink.settlement.values import BankDetails, NewCreditNote, Weight
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

HEAVIER: Final = 0.9, 0.25
"""A weighed piece has at least the first share of its nominal weight, and up to the second more."""
PART: Final = 2
"""A claim gives back half of its line."""
MOST: Final = Paging(200)


def hand_out(store: Store, ground: Ground, cycle_id: CycleId, seed: int) -> None:
    """From the dock to the last household; a little of what was sent does not come."""
    store.run(_count_in, cycle_id, seed)
    store.run(dispatch.share, cycle_id)
    store.run(_weigh, cycle_id, seed)
    for point in ground.points:
        store.run(dispatch.hand_out_point, cycle_id, point.id)
    store.run(dispatch.finish, cycle_id)


def collect_dues(tx: Transaction, cycle_id: CycleId) -> None:
    """Leaders take what is still to pay when they hand out."""
    orders = {UUID(str(one.id)): one for one in ordered.orders(tx, MOST, cycle_id=cycle_id).items}
    for about, payment in paid.payments(tx, orders).items():
        if payment.state is State.DUE:
            payments.collect(tx, about, orders[about].place_id, payment.due_minor)


def give_back(tx: Transaction, cycle_id: CycleId, seed: int) -> None:
    """Some were not content with a line: half of what it cost at its nominal weight goes back."""
    for number, one in enumerate(ordered.orders(tx, MOST, cycle_id=cycle_id).items):
        if one.state is not OrderState.PLACED or drawn(seed, 1, str(number))[0] >= CLAIMED:
            continue
        prices = {line.id: line.price_minor_per_1000 for line in one.lines}
        for end in goods.hand_outs(tx, one.id):
            amount_minor = line_total_minor(end.handed_out or 0, prices[end.line_id]) // PART
            if amount_minor:
                note = NewCreditNote(
                    key=uuid7(), order_id=one.id, line_id=end.line_id, amount_minor=amount_minor, reason="Bruised."
                )
                settlement.credit(tx, note)
                break


def keep_bank_details(tx: Transaction, ground: Ground) -> None:
    """Farms and leaders say where they are paid."""
    owners = [(farm.organisation_id, farm.name) for farm in ground.farms]
    owners += [(point.organisation_id, point.name) for point in ground.points]
    for number, (owner, name) in enumerate(owners):
        details = BankDetails(holder=name, account=f"{number:09}", bank="Season Savings Bank")
        settlement.keep_bank_details(tx, owner, details)


def _count_in(tx: Transaction, cycle_id: CycleId, seed: int) -> None:
    views = sorted(goods.receipts(tx, cycle_id), key=lambda view: (view.allocated, view.allocation_id))
    counts = [
        Received(view.allocation_id, 0 if drawn(seed, 0, str(number))[0] < LOST else view.allocated)
        for number, view in enumerate(views)
    ]
    dispatch.receive(tx, cycle_id, counts)


def _weigh(tx: Transaction, cycle_id: CycleId, seed: int) -> None:
    """Every line that goes by weight is put on the scales."""
    least, more = HEAVIER
    weights = [
        Weight(line.line_id, round(line.nominal_g * (least + more * drawn(seed, 2, str(number))[0])))
        for number, line in enumerate(settled.to_weigh(tx, cycle_id).values())
        if line.nominal_g
    ]
    settlement.weigh(tx, cycle_id, weights)
