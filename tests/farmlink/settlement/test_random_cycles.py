"""Whatever comes, is fetched, paid and complained about: what was charged went somewhere, and nobody pays twice."""

from __future__ import annotations

from random import Random

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.ledger.values import AccountKind
from farmlink.payments import commands as payments
from farmlink.settlement import commands, rules
from farmlink.settlement.values import Bearer, Weight
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.planning.builders import run_sql
from tests.farmlink.settlement.builders import Ledgered, under

SUMS = """
SELECT ledger_account.kind, sum(balance_minor)::bigint AS minor FROM ledger_account GROUP BY ledger_account.kind
"""

EARNED = {
    AccountKind.FARM,
    AccountKind.COMMISSION,
    AccountKind.HUB,
    AccountKind.TAX,
    AccountKind.CARRIAGE,
    AccountKind.SPREAD,
    AccountKind.RELIEF,
    AccountKind.DEPOSIT,
}


def sums(tx: Transaction) -> dict[str, int]:
    return {row.kind: row.minor for row in tx.execute(SUMS)}


def lived_through(store: Store, chance: Random) -> Ledgered:
    """A cycle of which some is paid before, some does not come, some is not fetched, and some is weighed."""
    under(store, crate_deposit_minor=400, leader_commission_ppm=30_000, order_fee_minor=25, pack_fee_minor=2)
    season = Ledgered.opened(store, [20_000 * chance.randint(1, 3) for _ in range(3)], delivery_fee_minor=150)
    run_sql(store, "UPDATE product SET base_unit = 'piece', catch_weight = true")
    run_sql(store, f"UPDATE listing SET tax_ppm = {chance.choice((0, 70_000, 190_000))}")
    for _ in range(6):
        order = season.order(chance.randint(1, 8))
        if chance.random() < 0.5:
            season.check_out(order, order.total_minor + chance.randint(0, 500))
    season.close()
    season.confirmed()
    season.receive(lambda view: chance.randint(0, view.allocated))
    season.share()
    weights = [
        Weight(line.line_id, chance.randint(line.nominal_g // 2, line.nominal_g * 2))
        for line in season.to_weigh()
        if line.quantity and chance.random() < 0.7
    ]
    store.run(commands.weigh, season.cycle_id, weights)
    season.hand_out_point(waiting=chance.sample(season.orders, 2))
    season.finish()
    return season


def complained(season: Ledgered, chance: Random) -> int:
    """Some take something back, and crates come back; how much in all."""
    back = 0
    for order in season.orders:
        charge = season.charge(order)
        if charge.goods_minor:
            bearer = chance.choice(list(Bearer))
            for minor in (chance.randint(1, charge.goods_minor), chance.randint(1, charge.goods_minor)):
                try:
                    back += season.store.run(commands.credit, season.note(order, minor, bearer=bearer)).amount_minor
                except rules.CreditAboveChargeError:
                    continue
        if charge.crates:
            back += season.store.run(commands.take_back_crates, uuid7(), order.id, 1).amount_minor
    return back


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_to_a_cycle_no_cent_is_lost_or_charged_twice(store: Store, seed: int) -> None:
    chance = Random(seed)
    season = lived_through(store, chance)
    charged = season.settle().charged_minor
    season.relay()
    assert season.settle().charged_minor == charged == sum(season.charge(order).total_minor for order in season.orders)
    for order in season.orders:
        due = season.payment(order).due_minor if season.charge(order).total_minor else 0
        if due and chance.random() < 0.7:
            store.run(payments.collect, order.id, season.market.point.id, due)
    back = complained(season, chance)

    stands = store.read(sums)
    earned = -sum(minor for kind, minor in stands.items() if kind in EARNED)
    assert earned == charged - back
    assert sum(stands.values()) == 0
    assert stands.get(AccountKind.HOLD, 0) == 0
    assert check(store) == []
