"""`farmlink check` finds what is planted: each change here breaks one statement of a cycle in which all else holds."""

from typing import Any
from uuid import UUID

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.store.store import Store
from tests.farmlink.store.check.planting import CYCLE, IDS, NOW, a_cycle, found

Changed = dict[str, dict[str, Any]]
DONE = {"order_cycle": {"stage": "done"}}
UNLISTED = "is cut for full moon, which is not on the list of reasons"
ELSEWHERE: UUID = uuid7()

LESS_A_DAY = {"daily_capacity": 7}
NOT_ALL = {"at_least": 7}

ORDERS: list[tuple[Changed, tuple[int, str, str]]] = [
    ({"consumer_order": {"total_minor": 99}}, (1, "consumer_order", "comes to 99, its fee and placed lines to 105")),
    ({"consumer_order": {"amended_at": NOW}}, (1, "consumer_order", "was amended, and nobody is on record for it")),
    ({"order_line": {"state": "cancelled"}}, (1, "consumer_order", "is placed without a line")),
    ({"consumer_order": {"state": "cancelled"}}, (1, "order_line", "is placed in an order that was cancelled")),
    ({"listing": {"pack": 9}}, (1, "order_line", "1 packs of 9 are 9, the line says 10")),
    ({"batch": {"quantity": 11}}, (2, "batch", "holds 11, its lines come to 10")),
    ({"batch": {"worth_minor": 101}}, (2, "batch", "is worth 101, its lines come to 100")),
    ({"listing": {"case_packs": 6}}, (2, "listing", "is bought in cases of 6 packs, 1 are ordered")),
    (
        {"order_line": {"batch_id": None}},
        (2, "order_line", "was ordered in time and is in no batch of its closed cycle"),
    ),
    ({"order_cycle": {"stage": "open"}}, (2, "order_line", "is in a batch of a cycle that is still open")),
    ({"order_line": {"state": "cancelled"}}, (2, "order_line", "was cancelled and is in a batch of its closed cycle")),
    (
        {"batch": {"product_id": ELSEWHERE}},
        (2, "order_line", "is in a batch of other goods, for another place or of another cycle"),
    ),
]
OPEN_LINE = {"price_minor_per_1000": 8, "batch_id": None}
LOWERED = {"action": "listing.lower", "subject": IDS["listing"], "facts": {"price_minor_per_1000": 7}}
PRICES: list[tuple[Changed, tuple[int, str, str]]] = [
    (
        {"order_cycle": {"stage": "open"}, "order_line": OPEN_LINE, "listing": {"price_minor_per_1000": 9}},
        (1, "listing", "is posted at 9, it was at 8 before"),
    ),
    (
        {"audit_entry": LOWERED, "listing": {"price_minor_per_1000": 8}},
        (1, "listing", "is posted at 8, it was at 7 before"),
    ),
]
GOODS: list[tuple[Changed, tuple[int, str, str]]] = [
    ({"stock": {"reserved": 9}}, (3, "stock", "9 are reserved, placed lines hold 10")),
    ({"stock": {"available": 9}}, (3, "stock", "10 are reserved of 9")),
    ({"cycle_place": {"orders": 0}}, (3, "cycle_place", "counts 0 orders of 7 g, placed are 1 of 7 g")),
    ({"cycle_place": {"weight_g": 6}}, (3, "cycle_place", "counts 1 orders of 6 g, placed are 1 of 7 g")),
    ({"cycle_place": {"capacity_g": 6}}, (3, "cycle_place", "1 orders of 1, 7 g of 6")),
    ({"lot": {"quantity": 7}}, (3, "lot", "8 are allocated of 7")),
    ({"lot": {"allocated": 7}}, (3, "lot", "the published plans send 8, 7 are allocated")),
    ({"allocation": {"quantity": 7}}, (3, "lot", "the published plans send 7, 8 are allocated")),
    ({"receipt": {"received": 9}}, (3, "receipt", "9 came in of 8 that were sent")),
    ({"lot": LESS_A_DAY, "pin": NOT_ALL}, (3, "lot", "8 leave on 2026-07-01, of 7 a day")),
    (
        DONE | {"hand_out": {"ended_at": None, "handed_out": None}},
        (4, "order_line", "has no end in a cycle that is done"),
    ),
    ({"order_cycle": {"stage": "cancelled"}}, (4, "order_line", "is still placed in a cycle that is cancelled")),
    ({"hand_out": {"ordered": 12}}, (4, "hand_out", "says 12 were ordered, the line says 10")),
    ({"hand_out": {"worth_minor": 99}}, (4, "hand_out", "is worth 99, the line says 100")),
    ({"hand_out": {"reason": None}}, (4, "hand_out", "8 of 10 are due, and no reason is given")),
    ({"hand_out": {"handed_out": 7}}, (4, "hand_out", "7 of 8 due were handed out, and no reason is given")),
    ({"hand_out": {"handed_out": 9}}, (4, "hand_out", "10 were ordered, 8 are due, 9 were handed out")),
    ({"hand_out": {"due": 11}}, (4, "hand_out", "10 were ordered, 11 are due, 8 were handed out")),
    ({"order_line": {"state": "cancelled"}}, (4, "hand_out", "hands out a line that was cancelled")),
    ({"receipt": {"received": 7}}, (4, "batch", "7 came in, 8 are due to its lines")),
    (
        {"shortfall": {"batch_id": ELSEWHERE}},
        (4, "hand_out", "is short as no-supply, and the plan leaves nothing of its batch for that"),
    ),
    (
        {"shortfall": {"reason": "too-dear"}},
        (4, "hand_out", "is short as no-supply, and the plan leaves nothing of its batch for that"),
    ),
    (
        {"order_line": {"shortage": "cancel"}},
        (4, "hand_out", "8 of 10 are due to somebody who wants all or nothing"),
    ),
    ({"hand_out": {"reason": "full moon"}}, (4, "hand_out", UNLISTED)),
    ({"hand_out": {"handed_out": 7, "end_reason": "full moon"}}, (4, "hand_out", UNLISTED)),
    ({"shortfall": {"reason": "full moon"}}, (4, "shortfall", UNLISTED)),
    ({"order_line": {"state": "cancelled", "reason": "full moon"}}, (4, "order_line", UNLISTED)),
    ({"consumer_order": {"state": "cancelled", "reason": "full moon"}}, (4, "consumer_order", UNLISTED)),
]
FITS = "has an answer that does not fit its state"
PROMISES: list[tuple[Changed, tuple[int, str, str]]] = [
    ({"pin": {"at_least": 9, "at_most": 9}}, (5, "pin", "promised are 9 to 9, the published plan takes 8")),
    ({"pin": {"at_least": 9}}, (5, "pin", "promises 9, its farmer said 8")),
    ({"pin": {"at_least": 7}}, (5, "confirmation_request", "promises 8, 7 are kept for it")),
    ({"confirmation_request": {"answered": 7}}, (5, "confirmation_request", f"{FITS} accepted")),
    ({"confirmation_request": {"answered_at": None}}, (5, "confirmation_request", f"{FITS} accepted")),
    ({"confirmation_request": {"state": "reduced", "answered": 8}}, (5, "confirmation_request", f"{FITS} reduced")),
    ({"confirmation_request": {"state": "lapsed", "answered": 1}}, (5, "confirmation_request", f"{FITS} lapsed")),
    (
        {"confirmation_request": {"state": "open", "quantity": 9, "answered": None, "answered_at": None}},
        (5, "confirmation_request", "asks for 9, the published plan takes 8"),
    ),
    (
        {"confirmation_request": {"state": "open", "answered": None, "answered_at": None}},
        (5, "confirmation_request", "is open in a cycle that is closed"),
    ),
    (
        {"audit_entry": {"action": "crate.moved"}},
        (5, "confirmation_request", "says accepted of 8, on record are nothing"),
    ),
    (
        {"audit_entry": {"facts": {"state": "reduced", "answered": 7}}},
        (5, "confirmation_request", "says accepted of 8, on record are reduced of 7"),
    ),
    (
        DONE | {"pin": {"at_least": 7}},
        (5, "lot", "8 leave it in a cycle that is done, promised are 7"),
    ),
]
PLANS: list[tuple[Changed, tuple[int, str, str]]] = [
    ({"plan": {"run_id": ELSEWHERE}}, (6, "plan_run", "is done and left no plan")),
    ({"plan_run": {"state": "failed"}}, (6, "plan", "was stored by a run that is failed")),
    ({"plan_run": {"cycle_id": ELSEWHERE}}, (6, "plan", "is of another cycle than its run")),
    ({"plan": {"version": 2}}, (6, "order_cycle", "has 1 plans, the newest is version 2")),
    ({"shortfall": {"quantity": 1}}, (10, "batch", "of 10, the plan sends 8 and leaves 1")),
    ({"shortfall": {"reason": " "}}, (10, "shortfall", "gives no reason")),
    ({"plan": {"cycle_id": ELSEWHERE}}, (10, "published_plan", "points to a plan of another cycle")),
    ({"lot": {"product_id": ELSEWHERE}}, (10, "allocation", "serves a batch of another cycle, or with other goods")),
    ({"batch": {"grade": 2}}, (10, "allocation", "serves a batch of another cycle, or with other goods")),
]
OWN: list[tuple[Changed, tuple[int, str, str]]] = [
    (
        {"order_cycle": {"private": True}},
        (9, "consumer_order", "is in a private cycle to which its consumer was not invited"),
    ),
    ({"order_cycle": {"stage": "draft"}}, (9, "consumer_order", "is in a cycle that nobody was shown yet")),
    (
        {"confirmation_request": {"farm_id": ELSEWHERE}},
        (9, "confirmation_request", "asks another farm than that of its lot"),
    ),
    ({"consumer_order": {"at_home": True}}, (9, "consumer_order", "is to be brought home and goes to a point")),
    ({"cycle_place": {"home_id": ELSEWHERE}}, (9, "consumer_order", "goes to a home as if it were a point")),
    (
        {"hand_out": {"place_id": ELSEWHERE}},
        (9, "hand_out", "is shown to another order, place or cycle than that of its line"),
    ),
]


def test_a_cycle_in_which_everything_holds_is_clean(store: Store) -> None:
    assert found(store, *a_cycle()) == set()
    assert found(store, *a_cycle(order_cycle={"stage": "done"})) == set()


@pytest.mark.parametrize(("changed", "violation"), [*ORDERS, *PRICES, *GOODS, *PROMISES, *PLANS, *OWN])
def test_a_planted_violation_is_found(store: Store, changed: Changed, violation: tuple[int, str, str]) -> None:
    assert violation in found(store, *a_cycle(**changed))


def test_a_farm_that_gives_less_a_day_than_it_promised_breaks_nothing(store: Store) -> None:
    assert found(store, *a_cycle(lot=LESS_A_DAY)) == set()


@pytest.mark.parametrize("stage", ["closed", "done"])
def test_a_day_that_a_farm_made_smaller_after_the_plan_was_begun_or_over_is_not_held_against_it(
    store: Store, stage: str
) -> None:
    rows = a_cycle(lot=LESS_A_DAY, pin=NOT_ALL, order_cycle={"stage": stage})
    changed = [("audit_entry", {"action": "lot.changed", "subject": IDS["lot"]})] if stage == "closed" else []
    assert not [what for _, _, what in found(store, *rows, *changed) if "of 7 a day" in what]


def test_more_at_a_hub_than_it_takes_in_a_day_is_found_unless_it_was_changed_since(store: Store) -> None:
    hub = ("hub", {"id": ELSEWHERE, "throughput_g": 6})
    brought = ("plan_hub", {"plan_id": IDS["plan"], "hub_id": ELSEWHERE, "intake_g": 7})
    changed = ("audit_entry", {"action": "hub.changed", "subject": ELSEWHERE})
    wrong = {(3, "hub", "7 g come in on 2026-07-01, of 6 g")}
    assert found(store, *a_cycle(), hub, brought) == wrong
    assert found(store, *a_cycle(order_cycle={"stage": "done"}), hub, brought) == set()
    assert found(store, *a_cycle(), hub, brought, changed) == set()


def test_a_run_that_was_taken_back_before_it_began_left_no_plan_and_needs_none(store: Store) -> None:
    taken_back = {"state": "cancelled", "progress": {"stage": "waiting"}}
    assert found(store, ("plan_run", taken_back)) == set()
    judged = found(store, ("plan_run", taken_back | {"progress": {"stage": "cancelled"}}))
    assert judged == {(6, "plan_run", "is cancelled and left no plan")}


def test_a_run_of_a_cycle_that_was_cancelled_meanwhile_keeps_no_plan(store: Store) -> None:
    stopped = ("plan_run", {"cycle_id": IDS["cycle"], "state": "cancelled", "progress": {"stage": "cancelled"}})
    assert 6 in {statement for statement, _, _ in found(store, ("order_cycle", CYCLE), stopped)}
    assert 6 not in {
        statement for statement, _, _ in found(store, ("order_cycle", CYCLE | {"stage": "cancelled"}), stopped)
    }


def test_a_guest_may_order_in_a_private_cycle(store: Store) -> None:
    invited = ("cycle_invitation", {"cycle_id": IDS["cycle"], "person_id": IDS["consumer"]})
    assert found(store, *a_cycle(order_cycle={"private": True}), invited) == set()


@pytest.mark.parametrize(
    ("lives_there", "wrong"), [("consumer", set()), ("farm", {"goes to the home of somebody else"})]
)
def test_an_order_is_brought_only_to_the_door_of_its_own_consumer(
    store: Store, lives_there: str, wrong: set[str]
) -> None:
    rows = a_cycle(consumer_order={"at_home": True}, cycle_place={"home_id": IDS["point"]})
    door = ("home_address", {"id": IDS["point"], "person_id": IDS[lives_there]})
    assert {what for _, _, what in found(store, *rows, door)} == wrong


def test_a_home_that_still_names_somebody_who_was_erased_is_found(store: Store) -> None:
    gone = ("person", {"id": IDS["consumer"], "name": "", "erased_at": NOW})
    door = ("home_address", {"person_id": IDS["consumer"], "lines": None, "replaced_at": NOW})
    assert (9, "home_address", "says where somebody lived who was erased") in found(store, gone, door)


def test_an_amendment_that_is_on_record_is_no_violation(store: Store) -> None:
    before = NOW.replace(month=6)
    record = ("audit_entry", {"action": "order.amend", "subject": IDS["order"]})
    assert found(store, *a_cycle(consumer_order={"amended_at": before}), record) == set()


def test_a_promise_that_came_by_silence_needs_no_record(store: Store) -> None:
    silent = a_cycle(audit_entry={"action": "confirmation.lapse"}, confirmation_request={"standing": True})
    assert found(store, *silent) == set()


def test_what_leaves_a_lot_that_failed_awaits_its_new_plan(store: Store) -> None:
    failed = a_cycle(order_cycle={"stage": "moving"}, pin={"at_least": 0, "at_most": 0}, lot={"state": "failed"})
    assert found(store, *failed) == set()
