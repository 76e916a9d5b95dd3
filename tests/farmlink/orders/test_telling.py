"""What a consumer reads of an order that is a gift, or that the cut-off changed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from farmlink.kernel.money import Money
from farmlink.orders.rules.confirmation import write_confirmation
from farmlink.orders.values import Handover, Item, Told

DAY = datetime(2031, 9, 5, tzinfo=UTC)
COST = Money(900, "USD")


def said(told: Told, item: Item, recipient: str = "", deposit: Money | None = None) -> str:
    handover = Handover(
        hand_out_on=DAY.date(),
        closes_at=DAY,
        time_zone="UTC",
        point="Mill Street",
        address="1 Mill Street, Grand Rapids",
        hours="",
        recipient=recipient,
        deposit=deposit,
    )
    return write_confirmation("en", told, handover, [item], Money(0, "USD"), COST).body


@pytest.mark.parametrize(
    ("told", "pays"),
    [
        (Told.OPEN, "You pay at most $9.00, when it is picked up. Nothing is charged before."),
        (Told.DUE, "You pay $9.00, when it is picked up. Nothing is charged before."),
    ],
)
def test_who_gives_reads_who_collects_and_pays_when_it_is_collected(told: Told, pays: str) -> None:
    body = said(told, Item("Apples", 3, Decimal(3), COST), "Grandma Rose")

    assert "Grandma Rose picks it up on Sep 5, 2031 at Mill Street" in body
    assert body.endswith(pays)


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (Item("Apples", 3, Decimal(3), COST), "3 x Apples: $9.00"),
        (Item("Apples", 3, Decimal(3), COST, most=5), "3 x Apples, up to 5 if that fills a case: $9.00"),
        (Item("Apples", 4, Decimal(4), COST, wanted=3), "4 x Apples, 3 ordered: $9.00"),
        (Item("Apples", 4, Decimal(2), COST, wanted=3), "2 of 4 x Apples: $9.00"),
        (Item("Apples", 4, Decimal(4), COST, instead_of="Pears"), "4 x Apples, in the place of Pears: $9.00"),
    ],
)
def test_a_line_says_what_is_there_and_what_may_be_or_was_otherwise(item: Item, line: str) -> None:
    assert line in said(Told.CLOSED, item).splitlines()


@pytest.mark.parametrize("told", [Told.OPEN, Told.DUE])
def test_a_price_that_crates_and_scales_will_change_says_so(told: Told) -> None:
    hen = Item("Hens", 1, Decimal(1), COST, by_weight=True)

    body = said(told, hen, deposit=Money(300, "USD"))

    assert "What is priced by weight costs what it weighs" in body
    assert "A deposit of $3.00 for each crate comes on top; you get it back with the crate." in body
    plain = said(told, Item("Apples", 3, Decimal(3), COST))
    assert "weigh" not in plain
    assert "deposit" not in plain
