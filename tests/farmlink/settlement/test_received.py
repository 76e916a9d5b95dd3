"""What a payee sees of its own money: lot by lot, and transfer by transfer."""

from __future__ import annotations

from uuid import uuid4

from farmlink.kernel.page import Paging
from farmlink.ledger.values import AccountKind
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.settlement import commands, queries
from farmlink.settlement.values import Item
from farmlink.store.store import Store
from tests.farmlink.settlement.builders import ELM, Ledgered

FARM = AccountKind.FARM


def test_the_sums_by_lot_are_those_of_the_lines(store: Store) -> None:
    season = Ledgered.done(store)
    assert store.read(queries.settled_cycles, season.farms()[0], FARM) == []
    season.settle()
    farm, lot_id = season.farms()[0], season.lots[0]

    assert store.read(queries.settled_cycles, farm, FARM) == [season.cycle_id]
    lines = season.statement(farm, FARM)
    sums = store.read(queries.sums_by_lot, farm, FARM, season.cycle_id)
    goods = [one for one in sums if one.item is Item.GOODS]
    assert [one.lot_id for one in goods] == [lot_id]
    assert sum(one.amount_minor for one in sums) == sum(line.amount_minor for line in lines)
    assert sum(one.lines for one in sums) == len(lines)


def test_transfers_are_seen_by_their_payee_the_newest_first_with_the_end_of_the_account(store: Store) -> None:
    season = Ledgered.done(store)
    season.settle()
    hub, farm = season.market.hub, season.farms()[0]
    for organisation_id in (hub.organisation_id, store.read(network.farm, FarmId(farm)).organisation_id):
        store.run(commands.keep_bank_details, organisation_id, ELM)
    owed = -season.on(FARM, farm)
    store.run(commands.pay_out, uuid4(), hub.id)

    [paid] = store.read(queries.received, farm, FARM, Paging()).items
    assert (paid.amount_minor, paid.account_ending, paid.currency) == (owed, "3000", hub.currency)
    assert store.read(queries.received, farm, FARM, Paging(50, paid.pay_out_id)).items == []
    assert store.read(queries.received, uuid4(), FARM, Paging()).items == []
