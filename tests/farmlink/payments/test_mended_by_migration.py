"""Payments from before: a hold that nobody watched is watched, and one that came to nothing makes room again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import URL, Connection, text

from farmlink.kernel.ids import uuid7
from farmlink.store.engine import open_engine
from farmlink.store.migrations import migrate
from tests.farmlink.store.test_homes_migrated import plant

BEFORE, MENDED = "0037_jobs_seen", "0038_money_mended"
WHEN = "2031-09-01Z"
LOOKS = "SELECT payment_id, place FROM payment_step WHERE kind = 'look' AND state = 'waiting' ORDER BY place"


def a_payment(connection: Connection, state: str, about: UUID, **changed: object) -> UUID:
    facts = {"id": uuid7(), "payer_id": uuid7(), "method": "stripe", "currency": "USD", "asked_minor": 800}
    amounts = ("held_minor", "captured_minor", "due_minor", "collected_minor", "refunded_minor", "credited_minor")
    nothing = dict.fromkeys(("most_minor", *amounts), 0)
    plant(connection, "payment", **facts | nothing | {"state": state, "about": about, "started_at": WHEN} | changed)
    return UUID(str(facts["id"]))


def a_look(connection: Connection, payment_id: UUID, state: str, place: int) -> None:
    ended = None if state == "waiting" else WHEN
    facts = {"id": uuid7(), "payment_id": payment_id, "place": place, "kind": "look", "state": state}
    plant(connection, "payment_step", **facts, amount_minor=0, attempts=0, asked_at=WHEN, due_at=WHEN, ended_at=ended)


def an_order(connection: Connection, stage: str, state: str = "placed") -> UUID:
    order_id, cycle_id = uuid7(), uuid7()
    cycle = {"stage": stage, "policy_version": 1, "answers_due_at": WHEN, "opened_at": WHEN, "closed_at": None}
    days = {"opens_at": WHEN, "closes_at": "2031-09-02Z", "collect_on": "2031-09-03", "hand_out_on": "2031-09-04"}
    named = {"silence": "no", "currency": "USD", "time_zone": "UTC", "answer_hours": 9, "paused": False, "revision": 1}
    ids = {"region_id": uuid7(), "hub_id": uuid7(), "private": False}
    nothing = dict.fromkeys(("threshold_minor", "markup_ppm", "delivery_fee_minor", "minimum_order_minor"), 0)
    plant(connection, "order_cycle", id=cycle_id, **cycle | days | named | ids | nothing)
    amounts = {"delivery_fee_minor": 0, "total_minor": 800, "currency": "USD", "revision": 1}
    whose = {"cycle_id": cycle_id, "consumer_id": uuid7(), "place_id": uuid7(), "at_home": False, "placed_at": WHEN}
    reason = "planner" if state == "cancelled" else None
    plant(connection, "consumer_order", id=order_id, state=state, reason=reason, **whose | amounts)
    return order_id


def test_holds_from_before_are_watched_and_what_came_to_nothing_makes_room(bare_url: URL) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine, BEFORE)
        with engine.begin() as connection:
            held = {"held_minor": 800, "most_minor": 800}
            unwatched, watched = (a_payment(connection, "held", uuid7(), **held) for _ in range(2))
            a_look(connection, unwatched, "refused", 1)
            a_look(connection, watched, "waiting", 3)
            standing, cancelled = an_order(connection, "open"), an_order(connection, "open", "cancelled")
            blocked, dropped = a_payment(connection, "released", standing), a_payment(connection, "released", cancelled)
        migrate(engine, MENDED)
        with engine.connect() as connection:
            looks = [tuple(row) for row in connection.execute(text(LOOKS))]
            states = {row.id: row.state for row in connection.execute(text("SELECT id, state FROM payment"))}
        migrate(engine, BEFORE)
    assert looks == [(unwatched, 2), (watched, 3)]
    assert (states[blocked], states[dropped]) == ("failed", "released")
