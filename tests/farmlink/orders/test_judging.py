from __future__ import annotations

import pytest

from farmlink.cycles.values import CycleId, ListingId, Stage
from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders import commands
from farmlink.orders.rules import MOST_LINES, MOST_PACKS, MOST_SUBSTITUTES, gather, told_of
from farmlink.orders.values import OrderLineId, Shortage, There, Told, WantedLine
from tests.farmlink.cycles.builders import Market

APPLES, PEARS = ListingId(uuid7()), ListingId(uuid7())
OTHERS = tuple(ListingId(uuid7()) for _ in range(MOST_SUBSTITUTES + 1))


def test_two_lines_of_one_listing_are_one() -> None:
    listing_id = ListingId(uuid7())

    assert gather([WantedLine(listing_id, 2), WantedLine(listing_id, 3)]) == {listing_id: WantedLine(listing_id, 5)}
    assert gather([WantedLine(listing_id, 2, 4), WantedLine(listing_id, 3)])[listing_id].most == 7
    with pytest.raises(InvalidError, match="shortage"):
        gather([WantedLine(listing_id, 2), WantedLine(listing_id, 3, shortage=Shortage.CANCEL)])


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [WantedLine(ListingId(uuid7()), 0)],
        [WantedLine(ListingId(uuid7()), MOST_PACKS + 1)],
        [WantedLine(ListingId(uuid7()), 1, MOST_PACKS + 1)],
        [WantedLine(ListingId(uuid7()), 3, 2)],
        [WantedLine(ListingId(uuid7()), 3, shortage=Shortage.SWAP)],
        [WantedLine(ListingId(uuid7()), 3, substitutes=(ListingId(uuid7()),))],
        [WantedLine(APPLES, 3, shortage=Shortage.SWAP, substitutes=(APPLES,))],
        [WantedLine(APPLES, 3, shortage=Shortage.SWAP, substitutes=(PEARS, PEARS))],
        [WantedLine(APPLES, 3, shortage=Shortage.SWAP, substitutes=OTHERS)],
        [WantedLine(ListingId(uuid7()), 1) for _ in range(MOST_LINES + 1)],
    ],
)
def test_what_is_no_order_at_all_is_refused(lines: list[WantedLine]) -> None:
    with pytest.raises(InvalidError):
        gather(lines)


def test_an_order_names_a_cycle_a_point_and_listings_that_exist_there(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    _, elsewhere, _ = market.open()

    for placing in (
        market.placing(CycleId(uuid7()), {bags: 1}),
        market.placing(cycle_id, {bags: 1}, place_id=PlaceId(uuid7())),
        market.placing(cycle_id, {ListingId(uuid7()): 1}),
        market.placing(cycle_id, {elsewhere: 1}),
    ):
        assert isinstance(market.store.run(commands.place, placing).refusal, MissingError)


def test_a_refused_order_leaves_no_trace_but_its_key(market: Market) -> None:
    cycle_id, bags, _ = market.open()

    outcome = market.try_to_place(cycle_id, {bags: 0})

    assert isinstance(outcome.refusal, InvalidError)
    assert market.listing(cycle_id, bags).ordered == 0


def test_in_sum_the_packs_of_one_order_share_the_stock(market: Market) -> None:
    cycle_id, bags, crates = market.open()

    refusal = market.try_to_place(cycle_id, {bags: 51, crates: 5}).refusal

    assert refusal is not None
    assert refusal.code == "sold-out"


@pytest.mark.parametrize(
    ("stage", "there", "late", "paused", "told"),
    [
        (Stage.OPEN, None, False, False, Told.OPEN),
        (Stage.OPEN, None, False, True, Told.PAUSED),
        (Stage.OPEN, None, True, True, Told.CLOSED),
        (Stage.PLANNED, None, False, False, Told.CLOSED),
        (Stage.MOVING, There({}, ended=False), True, False, Told.DUE),
        (Stage.DONE, There({}, ended=True), True, False, Told.ENDED),
    ],
)
def test_what_is_said_of_an_order_follows_its_cycle_and_then_its_goods(
    stage: Stage, there: There | None, told: Told, *, late: bool, paused: bool
) -> None:
    assert told_of(stage, there, late=late, paused=paused) is told


def test_what_is_there_is_what_is_due_until_it_is_handed_out() -> None:
    first, second = OrderLineId(uuid7()), OrderLineId(uuid7())

    assert There.of([]) is None
    assert There.of([(first, 3000, 2000), (second, 1000, None)]) == There({first: 2000, second: 1000}, ended=False)
    assert There.of([(first, 3000, 2000), (second, 1000, 0)]) == There({first: 2000, second: 0}, ended=True)
