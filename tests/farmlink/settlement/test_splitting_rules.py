from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from farmlink.kernel.ids import uuid7
from farmlink.ledger.values import AccountKind, EntryKind
from farmlink.network.values import FarmId, HubId, PointId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import PersonId
from farmlink.policy.values import Charges
from farmlink.settlement.rules import carriage_parts, entry_of, farm_parts, split_order, surplus_parts
from farmlink.settlement.values import Delivered, EndedLine, EndedOrder, FarmPart, Item, Split, Terms
from farmlink.supply.values import LotId

NAMES = UUID("01981a3c-7b1e-7c4d-9f2a-000000000001")
BATCH, ORDER, POINT = uuid7(), OrderId(uuid7()), PointId(uuid7())
ADA, HUB = PersonId(uuid7()), HubId(uuid7())
ELM, OAK = FarmId(uuid5(NAMES, "Elm")), FarmId(uuid5(NAMES, "Oak"))
ELM_LOT, OAK_LOT = LotId(uuid5(NAMES, "Elm lot")), LotId(uuid5(NAMES, "Oak lot"))
CHARGES = Charges(commission_ppm=50_000, payment_fee_ppm=15_000, packaging_minor_per_kg=6, leader_commission_ppm=30_000)
TERMS = Terms(CHARGES, HUB, "EUR")


def apples(due: int = 10_000, handed_out: int | None = None, tax_ppm: int = 0) -> EndedLine:
    """Ten one-kilogram bags at 3.00, of which so many grams came and so many were taken."""
    return EndedLine(
        line_id=OrderLineId(uuid7()),
        order_id=ORDER,
        batch_id=BATCH,
        price_minor_per_1000=300,
        tax_ppm=tax_ppm,
        quantity=10_000,
        packs=10,
        weight_g=10_000,
        due=due,
        handed_out=due if handed_out is None else handed_out,
    )


def order(*lines: EndedLine, fee: int = 0, point_id: PointId | None = POINT) -> EndedOrder:
    return EndedOrder(order_id=ORDER, consumer_id=ADA, point_id=point_id, delivery_fee_minor=fee, lines=lines)


def split(found: EndedOrder, delivered: Sequence[Delivered] = (), terms: Terms = TERMS, carriage: int = 0) -> Split:
    farms, _ = farm_parts(found.lines, delivered)
    return split_order(found, terms, farms, carriage_parts(found.lines, carriage))


def got(parts: Split) -> dict[Item, int]:
    """What each item comes to for everybody but the consumer."""
    sums: Counter[Item] = Counter()
    for part in parts.parts:
        if part.account.kind is not AccountKind.RECEIVABLE:
            sums[part.item] += part.minor
    return dict(sums)


def test_a_line_is_split_over_farm_leader_hub_and_what_remains() -> None:
    parts = split(order(apples()), [Delivered(ELM_LOT, ELM, 10_000, 200)], carriage=150)
    assert parts.total_minor() == 3_000
    assert got(parts) == {
        Item.GOODS: 2_000,
        Item.COMMISSION: 150,
        Item.PAYMENT: 45,
        Item.PACKAGING: 60,
        Item.CARRIAGE: 150,
        Item.LEADER: 90,
        Item.SPREAD: 505,
    }


def test_tax_is_nobodys_turnover() -> None:
    parts = got(split(order(apples(tax_ppm=70_000))))
    assert parts[Item.TAX] == 196
    assert parts[Item.COMMISSION] == 140


def test_at_home_no_leader_earns() -> None:
    assert Item.LEADER not in got(split(order(apples(), point_id=None)))


def test_what_nobody_fetched_is_not_charged_and_its_farm_is_paid_all_the_same() -> None:
    parts = split(order(apples(handed_out=0), fee=100), [Delivered(ELM_LOT, ELM, 10_000, 200)], carriage=150)
    assert parts.total_minor() == 0
    assert got(parts) == {Item.GOODS: 2_000, Item.CARRIAGE: 150, Item.SPREAD: -2_150}


def test_an_order_of_which_nothing_came_moves_nothing() -> None:
    assert split(order(apples(due=0), fee=100)).parts == ()
    assert entry_of("charge", EntryKind.CHARGE, ORDER, ()) is None


def test_two_farms_of_a_batch_share_every_line_by_what_they_sent() -> None:
    lines = (apples(due=6_000), apples(due=4_000))
    farms, surplus = farm_parts(lines, [Delivered(ELM_LOT, ELM, 7_500, 200), Delivered(OAK_LOT, OAK, 2_500, 220)])
    assert [[(one.farm_id, one.quantity, one.minor) for one in farms[line.line_id]] for line in lines] == [
        [(ELM, 4_500, 900), (OAK, 1_500, 330)],
        [(ELM, 3_000, 600), (OAK, 1_000, 220)],
    ]
    assert surplus == []


def test_what_filled_no_pack_is_paid_by_the_hub() -> None:
    _, surplus = farm_parts([apples(due=9_000)], [Delivered(ELM_LOT, ELM, 10_000, 200)])
    assert surplus == [FarmPart(ELM_LOT, ELM, 1_000, 200)]
    goods, borne = surplus_parts(TERMS, surplus)
    assert (goods.account.kind, goods.minor, borne.account.kind, borne.minor) == (
        AccountKind.FARM,
        200,
        AccountKind.SPREAD,
        -200,
    )
    assert surplus_parts(TERMS, []) == ()


def test_a_batch_of_which_no_line_was_due_anything_is_all_surplus() -> None:
    farms, surplus = farm_parts([], [Delivered(ELM_LOT, ELM, 500, 200)])
    assert (farms, [one.minor for one in surplus]) == ({}, [100])


def test_transport_is_borne_by_what_was_delivered_not_by_what_was_booked() -> None:
    lines = (apples(due=9_000), apples(due=1_000), apples(due=0))
    assert [carriage_parts(lines, 1_000)[line.line_id] for line in lines] == [900, 100, 0]


def test_half_of_a_small_farms_commission_comes_back_to_it() -> None:
    delivered = [Delivered(ELM_LOT, ELM, 5_000, 200), Delivered(OAK_LOT, OAK, 5_000, 200)]
    found = order(apples())
    plain, relieved = split(found, delivered), split(found, delivered, replace(TERMS, small=frozenset({ELM})))
    by_account = {(one.account.owner_id, one.minor) for one in relieved.parts if one.item is Item.RELIEF}
    assert by_account == {(ELM, 38), (HUB, -38)}
    assert relieved.total_minor() == plain.total_minor()
    assert got(relieved)[Item.SPREAD] == got(plain)[Item.SPREAD]


def test_delivery_is_taxed_like_the_goods_that_it_brings() -> None:
    parts = got(split(order(apples(tax_ppm=70_000), fee=500)))
    assert (parts[Item.DELIVERY], parts[Item.TAX]) == (467, 196 + 33)


def test_goods_for_nothing_are_delivered_for_a_fee_without_tax() -> None:
    gift = replace(apples(), price_minor_per_1000=0)
    assert got(split(order(gift, fee=500)))[Item.DELIVERY] == 500


def test_fees_for_the_order_and_the_pack_go_to_the_hub_once() -> None:
    charges = replace(CHARGES, order_fee_minor=50, pack_fee_minor=3)
    parts = got(split(order(apples(handed_out=7_000), apples()), terms=replace(TERMS, charges=charges)))
    assert (parts[Item.ORDER], parts[Item.PACK]) == (50, 51)


def test_crates_bear_a_deposit_that_is_the_consumers_own() -> None:
    charges = replace(CHARGES, crate_deposit_minor=400, crate_g=8_000)
    parts = split(order(apples()), terms=replace(TERMS, charges=charges))
    (kept,) = [part for part in parts.parts if part.account.kind is AccountKind.DEPOSIT]
    assert (parts.crates, kept.minor, kept.quantity, kept.account.owner_id) == (2, 800, 2, ADA)
    assert parts.total_minor() == 3_800


@given(
    st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10), st.sampled_from((0, 70_000, 190_000))), max_size=6),
    st.lists(st.tuples(st.integers(0, 50_000), st.integers(0, 500)), max_size=3),
    st.integers(0, 10_000),
    st.integers(0, 900),
)
def test_every_order_sums_to_zero_and_every_farm_gets_its_ask_to_the_cent(
    bags: list[tuple[int, int, int]], sent: list[tuple[int, int]], carriage: int, fee: int
) -> None:
    lines = [apples(1_000 * max(due, taken), 1_000 * min(due, taken), tax) for due, taken, tax in bags]
    delivered = [Delivered(ELM_LOT, ELM, grams, ask) for grams, ask in sent]
    charges = replace(CHARGES, order_fee_minor=25, pack_fee_minor=2, crate_deposit_minor=300)
    terms = replace(TERMS, charges=charges, small=frozenset({ELM}))
    farms, surplus = farm_parts(lines, delivered)
    whole = split_order(order(*lines, fee=fee), terms, farms, carriage_parts(lines, carriage))

    assert sum(part.minor for part in (*whole.parts, *surplus_parts(terms, surplus))) == 0
    asked = sum((2 * grams * ask + 1_000) // 2_000 for grams, ask in sent)
    paid = sum(part.minor for part in (*whole.parts, *surplus_parts(terms, surplus)) if part.item is Item.GOODS)
    assert paid == asked
    borne = sum(part.minor for part in whole.parts if part.item is Item.CARRIAGE)
    assert borne == (carriage if any(line.due for line in lines) else 0)
    entry = entry_of("charge", EntryKind.CHARGE, ORDER, whole.parts)
    assert entry is None or sum(posting.amount_minor for posting in entry.postings) == 0
