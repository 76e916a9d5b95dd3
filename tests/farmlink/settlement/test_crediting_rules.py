from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.kernel.errors import InvalidError
from farmlink.kernel.ids import uuid7
from farmlink.ledger.values import Account, AccountKind
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.settlement import rules
from farmlink.settlement.values import Bearer, CreditNote, CreditNoteId, Item, NewCreditNote, Part, Reversible

LINE, CONSUMER, HUB, ELM = OrderLineId(uuid7()), uuid7(), uuid7(), uuid7()


def account(kind: AccountKind) -> Account:
    owners = {AccountKind.RECEIVABLE: CONSUMER, AccountKind.FARM: ELM, AccountKind.DEPOSIT: CONSUMER}
    return Account(kind, owners.get(kind, HUB), "EUR")


def part(item: Item, kind: AccountKind, minor: int) -> Part:
    return Part(item=item, account=account(kind), minor=minor, line_id=LINE)


PARTS = (
    part(Item.SALE, AccountKind.RECEIVABLE, -1_000),
    part(Item.TAX, AccountKind.TAX, 65),
    part(Item.GOODS, AccountKind.FARM, 700),
    part(Item.COMMISSION, AccountKind.HUB, 47),
    part(Item.SPREAD, AccountKind.SPREAD, 188),
)
SPREAD = account(AccountKind.SPREAD)


def line(credited: int = 0, shared: int = 0, back: dict[Part, int] | None = None) -> Reversible:
    return Reversible(1_000, credited, shared, PARTS, back or {})


def minors(parts: tuple[Part, ...]) -> dict[Item, int]:
    return {one.item: one.minor for one in parts}


def test_everybody_gives_back_their_part_of_what_was_bad() -> None:
    back = rules.taken_back(line(), 500, Bearer.SHARED, SPREAD)
    assert minors(back) == {Item.SALE: 500, Item.TAX: -33, Item.GOODS: -350, Item.COMMISSION: -24, Item.SPREAD: -93}


def test_what_is_the_hubs_fault_costs_no_farm_anything_but_the_tax_falls() -> None:
    back = rules.taken_back(line(), 500, Bearer.HUB, SPREAD)
    assert minors(back) == {Item.SALE: 500, Item.TAX: -33, Item.SPREAD: -467}


def test_the_whole_charge_can_be_taken_back_and_not_a_cent_more() -> None:
    assert minors(rules.taken_back(line(), 1_000, Bearer.SHARED, SPREAD))[Item.GOODS] == -700
    rules.taken_back(line(credited=600), 400, Bearer.HUB, SPREAD)
    with pytest.raises(rules.CreditAboveChargeError) as refused:
        rules.taken_back(line(credited=600), 401, Bearer.HUB, SPREAD)
    assert refused.value.facts["left_minor"] == 400


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12))
def test_notes_that_take_back_the_whole_line_leave_nobody_a_cent(amounts: list[int]) -> None:
    amounts = [*amounts, 1_000]
    done, back = 0, Counter[Part]()
    for amount in amounts:
        taken = min(amount, 1_000 - done)
        if not taken:
            break
        found = rules.taken_back(line(done, done, dict(back)), taken, Bearer.SHARED, SPREAD)
        assert sum(one.minor for one in found) == 0
        for one in found:
            original = next(part for part in PARTS if part.item is one.item)
            back[original] -= one.minor
        done += taken
    assert back == Counter({one: one.minor for one in PARTS})


@pytest.mark.parametrize(("amount", "reason"), [(0, "bad"), (-5, "bad"), (5, " "), (5, "x" * 201)])
def test_a_note_says_how_much_and_why(amount: int, reason: str) -> None:
    with pytest.raises(InvalidError):
        rules.check_note(
            NewCreditNote(key=uuid7(), order_id=OrderId(uuid7()), line_id=LINE, amount_minor=amount, reason=reason)
        )


def test_crates_that_come_back_free_their_deposit() -> None:
    owes = account(AccountKind.RECEIVABLE)
    back = rules.deposit_back(owes, 2, 3, 400)
    assert [(one.account.kind, one.minor) for one in back] == [
        (AccountKind.RECEIVABLE, 800),
        (AccountKind.DEPOSIT, -800),
    ]
    with pytest.raises(rules.MoreCratesError):
        rules.deposit_back(owes, 4, 3, 400)
    with pytest.raises(InvalidError):
        rules.deposit_back(owes, 0, 3, 400)


def test_a_key_that_was_used_means_what_it_meant() -> None:
    note = NewCreditNote(key=uuid7(), order_id=OrderId(uuid7()), line_id=LINE, amount_minor=5, reason="bad")
    made = CreditNote(
        id=CreditNoteId(note.key),
        order_id=note.order_id,
        line_id=LINE,
        amount_minor=5,
        tax_minor=0,
        currency="EUR",
        reason="bad",
        bearer=Bearer.SHARED,
        noted_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    rules.check_note(note)
    rules.require_same_note(made, note)
    with pytest.raises(rules.NoteDiffersError):
        rules.require_same_note(made, replace(note, amount_minor=6))
