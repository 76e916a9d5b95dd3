"""`farmlink check` finds what is wrong with money: each change here breaks one statement of a settled cycle."""

from __future__ import annotations

from typing import Any

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.store.store import Store
from tests.farmlink.store.check.money import ENTRIES, LINE, ORDER, PAYMENT, Row, a_settled_cycle
from tests.farmlink.store.check.planting import IDS, found

Changed = dict[str, dict[str, Any] | None]
CANCELLED = {"consumer_order": {"state": "cancelled", "reason": "threshold"}}

LEDGER: list[tuple[Changed, tuple[int, str, str]]] = [
    ({"charge credit": {"amount_minor": -84}}, (7, "ledger_entry", "charge 1 comes to 1 EUR")),
    ({"charge credit": {"amount_minor": -84}}, (7, "ledger_posting", "all postings in EUR come to 1")),
    ({"charge credit": None}, (7, "ledger_entry", "charge 1 moves nothing")),
    (
        {"hub-fees account": {"balance_minor": -84}},
        (7, "ledger_account", "hub-fees holds -84, its postings come to -85"),
    ),
    ({"consumer-credit account": {"balance_minor": 5}}, (7, "ledger_account", "consumer-credit is overdrawn by 5")),
    ({"hold account": {"balance_minor": 5}}, (7, "ledger_account", "hold is overdrawn by 5")),
    ({"charge credit": {"currency": "CNY"}}, (7, "ledger_posting", "is in CNY on an account in EUR")),
]
PAYMENTS: list[tuple[Changed, tuple[int, str, str]]] = [
    ({"payment": {"refunded_minor": 86}}, (7, "payment", "85 were captured, 86 went back of them")),
    ({"payment": {"credited_minor": 1}}, (7, "payment", "0 were collected, 1 went back of them")),
    ({"payment": {"due_minor": 20}}, (7, "payment", "charged are 85, taken and due are 105")),
    ({"payment": {"charged_minor": None}}, (7, "payment", "charged are 0, taken and due are 85")),
    ({"payment": {"held_minor": 20}}, (7, "payment", "holds 20, the ledger holds 0")),
    ({"payment": {"held_minor": 20}}, (7, "payment", "holds money for a cycle that is settled")),
    ({"hold account": {"balance_minor": -20}}, (7, "payment", "holds 0, the ledger holds 20")),
    ({"hold account": {"balance_minor": -20}}, (7, "ledger_account", "holds 20 for nothing")),
]
CHARGES: list[tuple[Changed, tuple[int, str, str]]] = [
    (
        {"order charge": {"goods_minor": 81, "total_minor": 86}},
        (7, "order_charge", "charges 81 for what comes to 80"),
    ),
    (
        {"order charge": {"delivery_minor": 6, "total_minor": 86}},
        (7, "order_charge", "charges 6 for delivery, its order says 5"),
    ),
    ({"order charge": {"total_minor": 86}}, (7, "order_charge", "charges 86, the ledger says 85")),
    ({"charge entry": {"kind": "credit-note"}}, (7, "order_charge", "charges 85, the ledger says 0")),
    ({"payment": {"due_minor": 20}}, (7, "order_charge", "its consumer owes 0 of it, its payment says 20")),
    ({"payment": {"charged_minor": 90}}, (7, "order_charge", "charges 85, its payment says 90")),
    ({"payment": {"state": "failed"}}, (7, "order_charge", "charges 85, its payment says 0")),
    ({"order charge": None}, (7, "consumer_order", "stands in a settled cycle and was not charged")),
    (
        {"fees": {"amount_minor": 84}},
        (7, "ledger_entry", "hub-fees: its lines give 84, its postings 85"),
    ),
]


def test_a_settled_cycle_in_which_everything_holds_is_found_whole(store: Store) -> None:
    assert found(store, *a_settled_cycle()) == set()


@pytest.mark.parametrize(("changed", "wrong"), [*LEDGER, *PAYMENTS, *CHARGES])
def test_money_that_is_wrong_is_named(store: Store, changed: Changed, wrong: tuple[int, str, str]) -> None:
    assert wrong in found(store, *a_settled_cycle(changed))


def test_what_was_cancelled_for_its_threshold_is_never_charged(store: Store) -> None:
    judged = found(store, *a_settled_cycle(cycle=CANCELLED))
    assert (7, "payment", "charges an order that was cancelled: threshold") in judged
    assert (7, "order_charge", "charges an order that was cancelled: threshold") in judged


def test_a_line_that_was_cancelled_for_its_threshold_is_never_charged(store: Store) -> None:
    dropped = {"order_line": {"state": "cancelled", "reason": "threshold"}}
    judged = found(store, *a_settled_cycle(cycle=dropped))
    assert (7, "statement_line", "charges a line that was cancelled: threshold") in judged


def test_a_hold_ends_with_the_order_that_was_cancelled(store: Store) -> None:
    judged = found(store, *a_settled_cycle({"payment": {"held_minor": 20}}, CANCELLED))
    assert (7, "payment", "still holds money for an order that was cancelled: threshold") in judged


def test_two_payments_for_one_order_are_one_too_many(store: Store) -> None:
    second: Row = ("payment", PAYMENT | {"id": uuid7()})
    judged = found(store, *a_settled_cycle(more=(second,)), without=("payment_once",))
    assert (7, "payment", f"order {ORDER} is charged by 2 payments") in judged


@pytest.mark.parametrize(("weight_g", "minor"), [(7, 100), (6, 86)])
def test_what_was_weighed_is_charged_by_its_weight(store: Store, weight_g: int, minor: int) -> None:
    """Eight of ten were handed out, which should weigh 5.6 g."""
    weighed: Row = (
        "catch_weight",
        {"line_id": LINE, "cycle_id": IDS["cycle"], "quantity": 8, "weight_g": weight_g},
    )
    judged = found(store, *a_settled_cycle(more=(weighed,)))
    assert (7, "order_charge", f"charges 80 for what comes to {minor}") in judged


def test_more_credit_than_charge_is_named(store: Store) -> None:
    note: Row = (
        "credit_note",
        {"order_id": ORDER, "line_id": LINE, "amount_minor": 81, "entry_id": ENTRIES["charge"], "crates": 0},
    )
    judged = found(store, *a_settled_cycle(more=(note,)))
    assert (7, "credit_note", f"80 were charged for line {LINE}, 81 were taken back") in judged


def test_delivery_of_nothing_costs_nothing(store: Store) -> None:
    nothing = {"hand_out": {"handed_out": 0, "end_reason": "not-collected"}}
    judged = found(store, *a_settled_cycle(cycle=nothing))
    assert (7, "order_charge", "charges 5 for delivery, its order says 0") in judged
    assert (7, "order_charge", "charges 80 for what comes to 0") in judged
