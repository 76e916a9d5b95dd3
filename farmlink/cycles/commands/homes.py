"""Homes as destinations of a cycle: judged when somebody orders to one, and a place of the cycle from then on."""

from __future__ import annotations

from collections.abc import Collection

from farmlink.cycles import queries
from farmlink.cycles.rules import refuse_home, space_at_home
from farmlink.cycles.values import OpenCycle, Place, Space
from farmlink.kernel.bounds import MOST
from farmlink.people.values import PersonId
from farmlink.store.pipeline import Pipe, pipeline, uuids
from farmlink.store.transaction import Transaction

ADMIT = f"""
INSERT INTO cycle_place (cycle_id, place_id, home_id, closed, capacity_orders, capacity_g, orders, weight_g)
SELECT cycle_id, home_id, home_id, false, 1, {MOST}, 0, 0 FROM unnest(%s::uuid[], %s::uuid[]) t(cycle_id, home_id)
ON CONFLICT DO NOTHING
"""  # noqa: S608  # a number of our own


def admit_many(pipe: Pipe, places: Collection[Place]) -> None:
    """Make homes places of their cycles, before anything is put on them."""
    pipe.send(ADMIT, (uuids(cycle for cycle, _ in places), uuids(home for _, home in places)))


def admit(tx: Transaction, cycle: OpenCycle, space: Space | None, place: Place, consumer_id: PersonId) -> Space:
    """Have one order brought home, or refuse; the place is there from now on."""
    refusal = refuse_home(cycle, queries.lived_in(tx, [place[1]]).get(place[1]), place, consumer_id)
    if refusal:
        raise refusal
    with pipeline(tx) as pipe:
        admit_many(pipe, [place])
    return space or space_at_home(place)
