"""Shortage at the hub as each consumer agreed to it: less, something else, or all or nothing; and reckoned again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import pytest

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import ProductCard, VariantDraft
from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, ListingTerms
from farmlink.demand import queries as demand
from farmlink.dispatch import queries
from farmlink.dispatch.rules.sharing import Sharing, shares_of_batch
from farmlink.dispatch.values import HandOutView, ReceiptView, SharedBatch
from farmlink.fairness import queries as fairness
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network.values import PlaceId
from farmlink.orders import queries as orders
from farmlink.orders.values import BatchedLine, OrderId, Shortage, WantedLine
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.policy import commands as policy
from farmlink.policy.values import PolicyDocument, PolicyVersion, ShortageRule
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply.values import LotDraft
from tests.farmlink.cycles.builders import APPLES, COLLECT_ON, Market
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.dispatch.test_shares_of_lines import sent
from tests.farmlink.orders.test_gifts_share_as_one import declare, in_gifts
from tests.farmlink.planning.builders import force_sql

LESS, SWAP, CANCEL = Shortage.LESS, Shortage.SWAP, Shortage.CANCEL
Wish = tuple[str, int, Shortage]


@dataclass
class Orchard:
    """A cycle whose farms have said yes, of apples and of pears at one price, and its orders as they were placed."""

    goods: Goods
    pears: ProductCard

    @classmethod
    def ordered(cls, store: Store, *wishes: Wish) -> Orchard:
        """Each wants so many bags of a fruit; whoever would swap it takes the other one."""
        market = Market.founded(store)
        store.run(network.add_vehicle, market.country.vehicle_draft(market.hub))
        pears = store.run(catalogue.create_product, replace(APPLES, code="pears"))
        bag = store.run(
            catalogue.add_variant, pears.id, VariantDraft(name=market.bag.name, quantity=1_000, weight_g=1_000)
        )
        store.run(supply.offer_lot, _lot(market, pears))
        cycle_id = market.draft().id
        sold = [(market.apples, market.bag), (pears, bag)]
        listed = store.run(
            cycles.add_listings,
            [
                ListingTerms(
                    cycle_id=cycle_id, product_id=one.id, grade=4, variant_id=pack.id, price_minor_per_1000=300
                )
                for one, pack in sold
            ],
        )
        store.run(cycles.open_cycle, cycle_id)
        goods = Goods(market, cycle_id)
        bags = dict(zip(("apples", "pears"), listed, strict=True))
        goods.orders = [market.place(cycle_id, [_line(bags, wish)]) for wish in wishes]
        goods.close()
        return cls(goods.confirmed(), pears)

    def came(self, percent: dict[str, int]) -> None:
        """So much of each fruit came in, and was shared out."""
        store = self.goods.store
        pears = {
            batch.id for batch in store.read(demand.batches, self.goods.cycle_id) if batch.product_id == self.pears.id
        }

        def counted(view: ReceiptView) -> int:
            return view.allocated * percent["pears" if view.batch_id in pears else "apples"] // 100

        self.goods.receive(counted)
        self.goods.share()
        assert check(store) == []

    def lines(self, number: int) -> list[HandOutView]:
        return self.goods.store.read(queries.hand_outs, self.goods.orders[number].id)


def _lot(market: Market, product: ProductCard) -> LotDraft:
    return LotDraft(
        farm_id=market.country.farm(f"Farm {uuid4()}").id,
        product_id=product.id,
        grade=4,
        quantity=100_000,
        ask_minor_per_1000=200,
        harvest_on=COLLECT_ON - timedelta(days=1),
    )


def _line(bags: dict[str, ListingId], wish: Wish) -> WantedLine:
    fruit, packs, shortage = wish
    other = tuple(listing for name, listing in bags.items() if name != fruit) if shortage is SWAP else ()
    return WantedLine(bags[fruit], packs, shortage=shortage, substitutes=other)


def ends(lines: list[HandOutView]) -> set[tuple[int, int, str | None]]:
    return {(line.ordered, line.due, line.reason) for line in lines}


def test_who_wants_all_or_nothing_gets_nothing_and_what_that_leaves_goes_to_the_others(store: Store) -> None:
    orchard = Orchard.ordered(store, ("apples", 20, CANCEL), ("apples", 20, LESS))
    orchard.came({"apples": 60, "pears": 0})
    assert ends(orchard.lines(0)) == {(20_000, 0, "not-whole")}
    assert ends(orchard.lines(1)) == {(20_000, 20_000, None)}


def test_what_nobody_is_due_takes_the_place_of_what_is_missing(store: Store) -> None:
    orchard = Orchard.ordered(store, ("apples", 20, SWAP), ("pears", 20, CANCEL))
    orchard.came({"apples": 50, "pears": 75})
    assert ends(orchard.lines(0)) == {(20_000, 10_000, "swapped"), (10_000, 10_000, None)}
    assert ends(orchard.lines(1)) == {(20_000, 0, "not-whole")}


def test_a_swapped_order_costs_no_more_ends_whole_and_its_substitute_fills_no_want(store: Store) -> None:
    orchard = Orchard.ordered(store, ("apples", 20, SWAP), ("pears", 20, CANCEL))
    orchard.came({"apples": 50, "pears": 75})
    goods, order = orchard.goods, orchard.goods.orders[0]
    swapped = store.read(orders.order, order.id)
    assert swapped.total_minor == order.total_minor
    assert [line.in_place_of for line in swapped.lines if line.in_place_of] == [order.lines[0].id]
    flow = goods.flow()
    assert (flow.ordered_minor, flow.due_minor) == (12_000, 3_000)
    goods.hand_out_point()
    goods.finish()
    goods.relay()
    (entry,) = store.read(fairness.consumer_shares, order.consumer_id, Paging()).items
    assert (entry.wanted_minor, entry.got_minor) == (6_000, 3_000)
    assert check(store) == []


def test_what_an_order_names_is_no_substitute_in_it_even_if_it_was_cancelled(store: Store) -> None:
    orchard = Orchard.ordered(store, ("apples", 20, SWAP), ("pears", 20, CANCEL))
    goods = orchard.goods
    (line,) = goods.orders[1].lines
    force_sql(store, "UPDATE order_line SET state = 'cancelled', reason = 'planner' WHERE id = :id", id=line.id)
    _, _, named = store.read(queries.left_over, goods.cycle_id, [], [])
    assert (goods.orders[1].id, line.listing_id) in named


def test_who_agreed_to_nothing_else_gets_less(store: Store) -> None:
    orchard = Orchard.ordered(store, ("apples", 20, LESS), ("pears", 20, CANCEL))
    orchard.came({"apples": 50, "pears": 75})
    assert ends(orchard.lines(0)) == {(20_000, 10_000, "not-received")}


def shared(store: Store, cycle_id: CycleId, person_id: PersonId) -> list[SharedBatch]:
    return store.read(queries.shared_batches, store.read(people.principal, person_id), cycle_id)


def reckoned(batch: SharedBatch) -> list[int]:
    """What of each claim is due, from nothing but what is published."""
    lines = [
        BatchedLine(
            line_id=claim.line_id,
            whose=claim.whose,
            order_id=OrderId(uuid7()),
            consumer_id=PersonId(claim.line_id),
            batch_id=batch.batch_id,
            place_id=PlaceId(uuid7()),
            quantity=claim.ordered,
            pack=claim.pack,
            price_minor_per_1000=0,
            total_minor=0,
            extra=claim.extra,
            shortage=CANCEL if claim.all_or_nothing else LESS,
        )
        for claim in batch.claims
    ]
    owed_ppm = {PersonId(claim.line_id): claim.balance_ppm for claim in batch.claims}
    found = shares_of_batch(Sharing(batch.rule, batch.seed, owed_ppm), lines, [sent(batch.planned, batch.came)])
    return [one.due for one in found]


@pytest.mark.parametrize("rule", [ShortageRule.PRO_RATA, ShortageRule.ROTATION, ShortageRule.TOLERANCE_FIRST])
def test_ten_orders_of_one_get_no_more_of_what_came_than_one_of_ten(store: Store, rule: ShortageRule) -> None:
    market = Market.founded(store)
    declare(market, rule)
    store.run(network.add_vehicle, market.country.vehicle_draft(market.hub))
    cycle_id, bags, _ = market.open()
    goods = Goods(market, cycle_id)
    gifts, whole = in_gifts(market, cycle_id, bags, 9), market.place(cycle_id, {bags: 10})
    goods.close()
    goods.confirmed().receive(lambda view: view.allocated * 13 // 20)
    goods.share()

    due = [goods.line(one).due for one in gifts]
    assert sorted([sum(due), goods.line(whole).due]) == [6_000, 7_000]
    (batch,) = shared(store, cycle_id, whole.consumer_id)
    assert reckoned(batch) == [claim.due for claim in batch.claims]
    assert {claim.whose for claim in batch.claims if claim.line_id != whole.lines[0].id} == {
        min(one.lines[0].id for one in gifts)
    }
    assert check(store) == []


@pytest.mark.parametrize("rule", list(ShortageRule))
def test_whoever_ordered_can_reckon_again_what_everybody_is_due(store: Store, rule: ShortageRule) -> None:
    if rule is not ShortageRule.PRO_RATA:
        store.run(policy.publish_version, PolicyDocument(shortage_rule=rule), "voted", PolicyVersion(1))
    wishes: list[Wish] = [
        ("apples", packs, wish) for packs, wish in zip((7, 9, 12, 5), (LESS, CANCEL) * 2, strict=True)
    ]
    orchard = Orchard.ordered(store, *wishes)
    orchard.came({"apples": 45, "pears": 0})
    (batch,) = shared(store, orchard.goods.cycle_id, orchard.goods.orders[0].consumer_id)
    assert batch.rule is rule
    assert (batch.planned, batch.came) == (33_000, 14_850)
    assert [claim.due for claim in batch.claims] == reckoned(batch)
    assert 0 < sum(claim.due for claim in batch.claims) < batch.planned


def test_nothing_is_published_before_it_was_shared_and_nothing_to_who_did_not_order(store: Store) -> None:
    orchard = Orchard.ordered(store, ("apples", 20, LESS))
    goods = orchard.goods
    assert shared(store, goods.cycle_id, goods.orders[0].consumer_id) == []
    with pytest.raises(MissingError):
        shared(store, goods.cycle_id, goods.market.person("Bo"))
