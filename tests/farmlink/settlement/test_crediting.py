from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.orders.values import OrderId
from farmlink.payments import commands as payments
from farmlink.settlement import commands, queries, rules
from farmlink.settlement.values import Bearer
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.settlement.builders import Ledgered, under


@pytest.fixture
def season(store: Store) -> Ledgered:
    """Two orders of 90.00 and 60.00 that are charged; the first was held in full."""
    season = Ledgered.on_the_way(store)
    season.check_out(season.orders[0], 9_000)
    season.handed_out().settle()
    return season


def test_what_was_bad_comes_back_and_everybody_gives_their_part(season: Ledgered) -> None:
    thirty, before = season.orders[0], season.earned()
    note = season.store.run(commands.credit, season.note(thirty, 4_500))

    assert (note.amount_minor, note.bearer, note.reason) == (4_500, Bearer.SHARED, "Half of them were bruised.")
    assert season.on(AccountKind.CREDIT, thirty.consumer_id) == -4_500
    assert season.on(AccountKind.RECEIVABLE, thirty.consumer_id) == 0
    assert season.earned() == before - 3_000 - 113
    assert season.charge(thirty).credited_minor == 4_500
    assert check(season.store) == []


def test_what_is_the_hubs_fault_costs_no_farm_anything(season: Ledgered) -> None:
    before, spread = season.earned(), season.hub(AccountKind.SPREAD)
    season.store.run(commands.credit, season.note(season.orders[0], 4_500, bearer=Bearer.HUB))
    assert (season.earned(), season.hub(AccountKind.SPREAD)) == (before, spread - 4_500)
    assert check(season.store) == []


def test_the_same_note_again_is_the_same_note(season: Ledgered) -> None:
    note = season.note(season.orders[0], 4_500)
    first = season.store.run(commands.credit, note)
    assert season.store.run(commands.credit, note) == first
    assert season.charge(season.orders[0]).credited_minor == 4_500


@pytest.mark.parametrize(
    "changed", [{"amount_minor": 1}, {"bearer": Bearer.HUB}, {"reason": "They were all bruised."}], ids=repr
)
def test_a_note_that_says_something_else_needs_a_key_of_its_own(season: Ledgered, changed: dict[str, Any]) -> None:
    note = season.note(season.orders[0], 4_500)
    season.store.run(commands.credit, note)
    assert season.store.run(commands.credit, replace(note, reason=f" {note.reason}\n")).reason == note.reason
    with pytest.raises(rules.NoteDiffersError):
        season.store.run(commands.credit, replace(note, **changed))
    assert season.charge(season.orders[0]).credited_minor == 4_500


def test_money_that_goes_back_without_a_note_is_found(season: Ledgered) -> None:
    thirty = season.orders[0]
    season.store.run(payments.refund, uuid7(), thirty.id, 1_000)
    (found,) = check(season.store)
    assert (found.table, found.id) == ("order_charge", str(thirty.id))


def test_no_more_is_taken_back_than_was_charged(season: Ledgered) -> None:
    thirty = season.orders[0]
    for minor in (4_501, 4_499):
        season.store.run(commands.credit, season.note(thirty, minor))
    with pytest.raises(rules.CreditAboveChargeError):
        season.store.run(commands.credit, season.note(thirty, 1))
    lines = {line.item: 0 for farm in season.farms() for line in season.statement(farm, AccountKind.FARM)}
    for farm in season.farms():
        for line in season.statement(farm, AccountKind.FARM):
            lines[line.item] += line.amount_minor if line.line_id == thirty.lines[0].id else 0
    assert set(lines.values()) == {0}
    assert len(season.store.read(queries.credit_notes, thirty.id, Paging()).items) == 2
    assert check(season.store) == []


def test_what_is_still_due_is_asked_less(season: Ledgered) -> None:
    twenty = season.orders[1]
    season.store.run(commands.credit, season.note(twenty, 1_000))
    assert season.payment(twenty).due_minor == 5_000
    assert season.on(AccountKind.RECEIVABLE, twenty.consumer_id) == 5_000
    assert check(season.store) == []


def test_a_line_of_another_order_is_none_of_this_one(season: Ledgered) -> None:
    thirty, twenty = season.orders
    for line_id in (twenty.lines[0].id, uuid7()):
        with pytest.raises(MissingError, match="no order line"):
            season.store.run(commands.credit, season.note(thirty, 100, line_id=line_id))


def test_of_a_line_that_was_not_handed_out_nothing_can_be_taken_back(store: Store) -> None:
    season = Ledgered.on_the_way(store)
    season.receive()
    season.share()
    fetched, left = season.orders
    season.hand_out_point(waiting=[left])
    season.finish()
    season.settle()

    with pytest.raises(rules.CreditAboveChargeError) as refused:
        store.run(commands.credit, season.note(left, 100))

    assert (refused.value.facts["left_minor"], season.charge(fetched).total_minor) == (0, 9_000)


def test_nothing_is_taken_back_that_was_never_charged(season: Ledgered) -> None:
    note = season.note(season.orders[0], 100)
    with pytest.raises(rules.NotSettledError):
        season.store.run(commands.credit, replace(note, order_id=OrderId(uuid7())))
    with pytest.raises(rules.NotSettledError):
        season.store.run(commands.take_back_crates, uuid7(), OrderId(uuid7()), 1)
    assert season.store.read(queries.credit_notes, OrderId(uuid7()), Paging()).items == []


def test_a_note_takes_the_charge_back_by_name(season: Ledgered) -> None:
    note = season.store.run(commands.credit, season.note(season.orders[0], 100))
    entries = season.store.read(ledger.entries, Paging(), about=season.orders[0].id).items
    keys = {one.key: one for one in entries}
    assert keys[f"credit/{note.id}"].reverses == keys[f"charge/{season.orders[0].id}"].id
    assert season.store.read(queries.credit_note, note.id) == note


def test_a_crate_that_comes_back_frees_its_deposit_once(store: Store) -> None:
    under(store, crate_deposit_minor=400)
    season = Ledgered.done(store)
    season.settle()
    thirty, key = season.orders[0], uuid7()
    for _ in range(2):
        season.store.run(commands.take_back_crates, key, thirty.id, 1)

    assert season.on(AccountKind.DEPOSIT, thirty.consumer_id) == -400
    assert season.store.read(queries.crates_out, thirty.id) == 1
    with pytest.raises(rules.NoteDiffersError):
        season.store.run(commands.take_back_crates, key, thirty.id, 2)
    with pytest.raises(rules.MoreCratesError):
        season.store.run(commands.take_back_crates, uuid7(), thirty.id, 2)
    assert check(store) == []
