"""`farmlink check` finds rows that should not be there at all, among others or alone."""

from typing import Any

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.store.audit import seal
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.store.check.planting import ASKED, CYCLE, IDS, NOW, a_cycle, found

KEY = uuid7()
Planted = tuple[str, dict[str, Any]]


def test_an_order_after_the_cut_off_is_found(store: Store) -> None:
    late = found(store, *a_cycle(consumer_order={"placed_at": NOW}))
    assert {(statement, table) for statement, table, _ in late} == {(2, "consumer_order")}


def test_a_key_without_an_outcome_is_found(store: Store) -> None:
    key = {"actor": "ann", "key": KEY, "command": "place"}
    assert found(store, ("idempotency_key", key)) == {
        (1, "idempotency_key", "the key of ann was used, and nothing came of it")
    }


def test_a_moving_cycle_without_a_plan_is_found(store: Store) -> None:
    assert found(store, ("order_cycle", {**CYCLE, "stage": "moving"})) == {
        (10, "order_cycle", "is moving without a plan")
    }


def test_a_lot_that_is_asked_about_twice_at_once_is_found(store: Store) -> None:
    twice = {**ASKED, "state": "open", "answered": None, "answered_at": None}
    again = {**twice, "id": uuid7(), "plan_id": uuid7()}
    rows = [*a_cycle(confirmation_request=twice), ("confirmation_request", again)]
    judged = found(store, *rows, without=("confirmation_request_open",))
    assert (5, "confirmation_request", f"lot {IDS['lot']} is asked 2 times at once") in judged


def test_two_live_runs_of_a_region_are_found(store: Store) -> None:
    live = {"state": "running", "region_id": KEY}
    assert found(store, ("plan_run", live)) == set()
    judged = found(store, *((("plan_run", {**live}),) * 2), without=("plan_run_live",))
    assert judged == {(6, "plan_run", f"region {KEY} has 2 live runs")}


def test_a_run_that_left_two_plans_is_found(store: Store) -> None:
    plans = [("plan", {"run_id": KEY, "cycle_id": IDS["cycle"], "version": version}) for version in (1, 2)]
    assert (6, "plan_run", "left 2 plans") in found(store, *plans, without=("plan_of_one_run",))


def test_an_order_that_was_acknowledged_and_is_gone_is_found(store: Store) -> None:
    key = {"actor": "ann", "key": KEY, "command": "farmlink.orders.place", "outcome": {"id": str(IDS["order"])}}
    assert found(store, ("idempotency_key", key)) == {
        (1, "idempotency_key", f"answered ann with order {IDS['order']}, which is lost")
    }
    assert found(store, *a_cycle(), ("idempotency_key", key)) == set()


def test_an_order_amended_after_the_cut_off_is_found(store: Store) -> None:
    record = ("audit_entry", {"action": "order.amend", "subject": IDS["order"]})
    late = found(store, *a_cycle(consumer_order={"amended_at": NOW}), record)
    assert {(statement, table) for statement, table, _ in late} == {(2, "consumer_order")}


def test_news_and_letters_about_what_was_never_written_are_found(store: Store) -> None:
    event = {"name": "order.placed.v1", "payload": {"order_id": str(KEY)}}
    kinds = ("order", "order-adjusted", "standing", "question", "answered-for", "shortage", "nothing-served")
    letters = [{"kind": kind, "state": "waiting", "subject_id": KEY} for kind in kinds]
    assert found(store, ("outbox_event", event), *(("message", letter) for letter in letters)) == {
        (8, "outbox_event", f"order.placed.v1 is about {KEY}, which was never written"),
        *((8, "message", f"{kind} is about {KEY}, which was never written") for kind in kinds),
    }
    told = {"kind": "order", "state": "waiting", "subject_id": IDS["order"]}
    written = {"name": "order.placed.v1", "payload": {"order_id": str(IDS["order"])}}
    assert found(store, *a_cycle(), ("outbox_event", written), ("message", told)) == set()


def test_a_letter_that_is_told_twice_is_found(store: Store) -> None:
    letter = {"kind": "welcome", "state": "waiting", "cause": KEY, "person_id": KEY}
    judged = found(store, *[("message", letter)] * 2, without=("message_once_a_cause",))
    assert judged == {(8, "message", "welcome of one cause is told 2 times to one person")}


def test_an_event_with_two_ends_is_found(store: Store) -> None:
    event = {"name": "order.placed.v1", "delivered_at": NOW, "dead_at": NOW}
    assert (8, "outbox_event", "order.placed.v1 was both delivered and given up") in found(
        store, ("outbox_event", event)
    )


def test_somebody_erased_who_still_comes_in_or_is_named_is_found(store: Store) -> None:
    gone = {"id": KEY, "name": "", "erased_at": NOW}
    assert found(store, ("person", gone)) == set()
    assert found(store, ("person", gone), ("sign_in", {"person_id": KEY})) == {
        (9, "person", "was erased and may still come in")
    }
    assert found(store, ("person", gone), ("membership", {"person_id": KEY})) == {
        (9, "person", "was erased and may still come in")
    }
    assert found(store, ("person", {**gone, "name": "Ada"})) == {(9, "person", "was erased and is still named")}


def test_a_planned_cycle_without_a_plan_is_found(store: Store) -> None:
    wish = ("plan_wish", {"cycle_id": IDS["cycle"], "publish": True})
    assert found(store, ("order_cycle", {**CYCLE, "stage": "planned"}), wish) == {
        (10, "order_cycle", "is planned without a plan")
    }


@pytest.mark.parametrize("stage", ["closed", "planned"])
def test_a_cycle_that_waits_for_a_plan_which_nobody_makes_is_found_unless_the_news_is_under_way(
    store: Store, stage: str
) -> None:
    looked_at = ("plan", {"cycle_id": IDS["cycle"], "run_id": IDS["run"]})
    run = ("plan_run", {"id": IDS["run"], "cycle_id": IDS["cycle"], "state": "done"})
    rows: list[Planted] = [("order_cycle", {**CYCLE, "stage": stage}), looked_at, run]
    wrong = {(10, "order_cycle", f"is {stage}, and nobody is asked for a plan that holds")}
    assert found(store, *rows) == wrong
    assert found(store, *rows, ("plan_wish", {"cycle_id": IDS["cycle"], "publish": False})) == wrong
    assert found(store, *rows, ("plan_wish", {"cycle_id": IDS["cycle"], "publish": True})) == set()
    news = {"name": "demand.closed.v1", "payload": {"cycle_id": str(IDS["cycle"])}}
    assert found(store, *rows, ("outbox_event", news)) == set()


def test_an_event_and_a_message_that_were_given_up_are_found(store: Store) -> None:
    event = {"name": "order.placed.v1", "attempts": 12, "last_error": "boom", "dead_at": NOW}
    message = {"kind": "welcome", "state": "failed", "attempts": 9, "last_error": "no such mailbox"}
    assert found(store, ("outbox_event", event), ("message", message)) == {
        (8, "outbox_event", "order.placed.v1 was given up after 12 attempts: boom"),
        (8, "message", "welcome was given up after 9 attempts: no such mailbox"),
    }


def test_a_changed_audit_entry_and_a_gap_among_the_seals_are_found(store: Store) -> None:
    for _ in range(3):
        store.run(lambda tx: tx.record("crate.moved", uuid7()))
    store.run(seal)
    assert check(store) == []

    def meddle(tx: Transaction) -> None:
        tx.execute("SET LOCAL session_replication_role = replica")
        tx.execute("DELETE FROM audit_seal WHERE position = 2")

    store.run(meddle)
    assert {(violation.statement, violation.table, violation.id) for violation in check(store)} == {
        (1, "audit_seal", "3"),
        (8, "audit_seal", "3"),
    }


def test_a_pointer_that_went_back_to_an_earlier_version_is_found(store: Store) -> None:
    later = ("plan", {"id": KEY, "cycle_id": IDS["cycle"], "run_id": IDS["later run"], "version": 2})
    run = ("plan_run", {"id": IDS["later run"], "cycle_id": IDS["cycle"], "state": "done"})
    assert found(store, *a_cycle(), run, later) == set()
    held = ("audit_entry", {"action": "plan.publish", "subject": KEY})
    assert found(store, *a_cycle(), run, later, held) == {
        (10, "published_plan", "points back to version 1, version 2 held already")
    }


def in_place(**changed: Any) -> Planted:
    """A line that came in the place of the planted one."""
    line: dict[str, Any] = {"id": uuid7(), "order_id": IDS["order"], "cycle_id": IDS["cycle"], "place_id": IDS["point"]}
    line |= {"product_id": IDS["product"], "batch_id": IDS["batch"], "state": "placed", "in_place_of": IDS["line"]}
    return "order_line", line | {"packs": 1, "quantity": 1, "total_minor": 20} | changed


def test_what_comes_in_the_place_of_something_unasked_is_found(store: Store) -> None:
    rows = a_cycle(order_line={"substitutes": [KEY], "price_minor_per_1000": 10_000})
    agreed = in_place(listing_id=KEY, grade=1)
    assert found(store, *rows, agreed) == set()
    unasked = in_place(listing_id=uuid7(), grade=1)
    assert found(store, *rows, unasked) == {
        (4, "order_line", "comes in the place of a line for which nobody agreed to it")
    }


def test_what_comes_in_the_place_of_less_than_it_is_worth_is_found(store: Store) -> None:
    rows = a_cycle(order_line={"substitutes": [KEY], "price_minor_per_1000": 10_000})
    assert found(store, *rows, in_place(listing_id=KEY, grade=1, total_minor=21)) == {
        (4, "order_line", "80 are due of what was ordered for 100, and 21 in its place")
    }


def test_what_came_at_the_cut_off_in_the_place_of_less_than_it_is_worth_is_found(store: Store) -> None:
    cut = {"substitutes": [KEY], "price_minor_per_1000": 10_000, "packs": 5, "wanted_packs": 6}
    rows = a_cycle(order_line=cut)
    instead = {"listing_id": KEY, "grade": 1, "in_place_of": None, "swapped_from": IDS["line"]}

    assert (4, "order_line", "20 were cut of what was ordered, and 21 came in its place") in found(
        store, *rows, in_place(**instead, total_minor=21)
    )
    assert {what for _, _, what in found(store, *rows, in_place(**instead, total_minor=20))}.isdisjoint(
        {
            "20 were cut of what was ordered, and 20 came in its place",
            "comes in the place of a line for which nobody agreed to it",
        }
    )
    assert (4, "order_line", "comes in the place of a line for which nobody agreed to it") in found(
        store, *rows, in_place(**instead | {"listing_id": uuid7()})
    )


def test_equal_shares_that_do_not_come_to_what_was_got_are_found(store: Store) -> None:
    shares = {"cycle_id": KEY, "consumer_id": KEY, "wanted_minor": 9, "equal_minor": 6, "got_minor": 5}
    assert found(store, ("fair_share", shares)) == {
        (4, "fair_share", "equal shares of its consumers come to 6, they got 5")
    }


def test_a_foreseen_shortage_without_a_known_reason_is_found(store: Store) -> None:
    line = {"short_order_id": KEY, "line_id": KEY, "ordered": 2, "foreseen": 1, "reason": "full moon"}
    assert (4, "short_line", "is cut for full moon, which is not on the list of reasons") in found(
        store, ("short_line", line)
    )


def test_a_plan_that_breaks_rules_or_is_of_other_inputs_and_holds_is_found(store: Store) -> None:
    edited: dict[str, Any] = {"plan_id": IDS["plan"], "moves": [], "broken": []}
    overloaded = edited | {"broken": [{"rule": "capacity", "trip": 1, "place_id": None}]}

    assert found(store, *a_cycle(), ("edited_plan", edited)) == set()
    assert found(store, *a_cycle(), ("edited_plan", overloaded)) == {
        (10, "published_plan", "holds although it breaks rules")
    }
    assert found(store, *a_cycle(plan_run={"what_if_id": KEY})) == {
        (10, "published_plan", "holds although it is of other inputs than there are")
    }
