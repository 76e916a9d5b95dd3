"""A database from before homes: its points are places, and only an order that goes home keeps it from going back.

One from before homes of nobody: who was erased is forgotten there too, and found again on the way back.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import IntegrityError

from farmlink.kernel.ids import uuid7
from farmlink.store.engine import open_engine
from farmlink.store.migrations import migrate

BEFORE, WITH_HOMES = "0013_notify", "0014_homes"
OWNED, NOBODYS = "0019_small_by_policy", "0020_nobodys_homes"
CYCLE, POINT, HOME, ORDER = (uuid7() for _ in range(4))
SPACE = {"closed": False, "capacity_orders": 9, "capacity_g": 9, "orders": 1, "weight_g": 7}
MARKET = {
    "id": POINT,
    "region_id": uuid7(),
    "organisation_id": uuid7(),
    "name": "Holland Market",
    "address": "{}",
    "latitude_e6": 42_790_000,
    "longitude_e6": -86_110_000,
    "capacity_orders": 9,
    "capacity_g": 9,
    "hours": "[]",
    "closed_days": "[]",
    "by_truck": True,
    "by_parcel": True,
    "state": "approved",
    "added_at": "2031-08-01Z",
    "revision": 1,
}


def plant(connection: Connection, table: str, **columns: Any) -> None:
    """Write one row without what it refers to."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    named = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    connection.execute(text("INSERT INTO {} ({}) VALUES ({})".format(table, *named)), columns)


def an_order(place: str, place_id: UUID) -> dict[str, Any]:
    amounts = {"delivery_fee_minor": 0, "total_minor": 0, "currency": "USD", "revision": 1, "state": "placed"}
    order = {"id": ORDER, "cycle_id": CYCLE, "consumer_id": uuid7(), place: place_id, "placed_at": "2031-09-01Z"}
    return order | amounts


def test_points_are_places_from_now_on_and_points_again_on_the_way_back(bare_url: URL) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine, BEFORE)
        with engine.begin() as connection:
            plant(connection, "point", **MARKET)
            plant(connection, "cycle_point", cycle_id=CYCLE, point_id=POINT, **SPACE)
            plant(connection, "consumer_order", **an_order("point_id", POINT))
        migrate(engine, WITH_HOMES)
        with engine.connect() as connection:
            place = connection.execute(text("SELECT place_id, point_id, home_id, orders FROM cycle_place")).one()
            order = connection.execute(text("SELECT place_id, at_home FROM consumer_order")).one()
        migrate(engine, BEFORE)
        with engine.connect() as connection:
            back = connection.execute(text("SELECT point_id, orders FROM cycle_point")).one()
            ordered = connection.execute(text("SELECT point_id FROM consumer_order")).scalar_one()
    assert tuple(place) == (POINT, POINT, None, 1)
    assert tuple(order) == (POINT, False)
    assert (tuple(back), ordered) == ((POINT, 1), POINT)


@pytest.mark.parametrize("ordered", [False, True])
def test_who_goes_back_loses_no_order_that_goes_home(bare_url: URL, ordered: bool) -> None:  # noqa: FBT001  # a parameter
    with open_engine(bare_url) as engine:
        migrate(engine, WITH_HOMES)
        with engine.begin() as connection:
            plant(connection, "cycle_place", cycle_id=CYCLE, place_id=HOME, home_id=HOME, **SPACE)
            if ordered:
                plant(connection, "consumer_order", at_home=True, **an_order("place_id", HOME))
        if ordered:
            with pytest.raises(IntegrityError, match="consumer_order_served"):
                migrate(engine, BEFORE)
            with engine.connect() as connection:
                assert connection.execute(text("SELECT place_id FROM consumer_order")).scalar_one() == HOME
        else:
            migrate(engine, BEFORE)


def test_the_homes_of_who_was_erased_are_nobodys_from_now_on_and_theirs_again_on_the_way_back(bare_url: URL) -> None:
    erased, present, when = uuid7(), uuid7(), "2031-08-01Z"
    with open_engine(bare_url) as engine:
        migrate(engine, OWNED)
        with engine.begin() as connection:
            for person, gone in ((erased, when), (present, None)):
                named = {"name": "", "language": "en", "joined_at": when, "erased_at": gone, "revision": 1}
                plant(connection, "person", id=person, **named)
                plant(connection, "home_address", id=(home := uuid7()), person_id=person, lines='{"town": "Holland"}',
                      written_at=when, replaced_at=when)  # fmt: skip
                plant(connection, "audit_entry", id=uuid7(), actor="test", action="home.entered", subject=person,
                      facts=f'{{"home_id": "{home}"}}', done_at=when)  # fmt: skip
        seen = []
        for revision in (NOBODYS, OWNED):
            migrate(engine, revision)
            with engine.connect() as connection:
                rows = connection.execute(text("SELECT person_id, lines IS NOT NULL FROM home_address ORDER BY id"))
                seen.append([tuple(row) for row in rows])
    assert seen == [[(None, True), (present, True)], [(erased, False), (present, True)]]
