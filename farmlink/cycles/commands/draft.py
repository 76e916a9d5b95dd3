"""Making a cycle: its terms, its places and its guests, from nothing or from last week's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from farmlink.cycles.commands.listings import refresh_available
from farmlink.cycles.commands.points import refresh_points, serve
from farmlink.cycles.queries import cycle_value
from farmlink.cycles.rules import (
    later,
    moment_at,
    require_days,
    require_in_calendar,
    require_sane,
    require_terms_in_calendar,
    skipped,
)
from farmlink.cycles.rules.refusals import CycleOpenedError
from farmlink.cycles.rules.thresholds import require_extension
from farmlink.cycles.tables import OrderCycle
from farmlink.cycles.values import Cycle, CycleId, CycleTerms, Stage
from farmlink.kernel.clock import day_of
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.network import queries as network
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction

COPY_STOCK = """
INSERT INTO stock (id, cycle_id, product_id, grade, cap, threshold, unmet, threshold_state, available, reserved)
SELECT t.new, :copy, product_id, grade, cap, threshold, unmet, 'open', 0, 0
FROM stock JOIN unnest(CAST(:old AS uuid[]), CAST(:new AS uuid[])) t(old, new) ON stock.id = t.old
"""
COPY_LISTINGS = """
INSERT INTO listing (id, stock_id, variant_id, pack, weight_g, price_minor_per_1000, tax_ppm, price_steps, case_packs)
SELECT t.new, copied.id, variant_id, pack, weight_g, price_minor_per_1000, tax_ppm, price_steps, case_packs
FROM listing JOIN unnest(CAST(:old AS uuid[]), CAST(:new AS uuid[])) t(old, new) ON listing.id = t.old
JOIN stock s ON s.id = listing.stock_id
JOIN stock copied ON copied.cycle_id = :copy AND (copied.product_id, copied.grade) = (s.product_id, s.grade)
"""
COPY_POINTS = """
INSERT INTO cycle_place (cycle_id, place_id, point_id, closed, capacity_orders, capacity_g, orders, weight_g)
SELECT :copy, point_id, point_id, closed, capacity_orders, capacity_g, 0, 0 FROM cycle_place
WHERE cycle_id = :cycle AND point_id IS NOT NULL
"""
COPY_GUESTS = """
INSERT INTO cycle_invitation (cycle_id, person_id, invited_at)
SELECT :copy, person_id, :now FROM cycle_invitation WHERE cycle_id = :cycle
"""
HAPPENED = ("extended_from_at", "opened_at", "closed_at", "threshold_state", "cut_seed")


def create(tx: Transaction, terms: CycleTerms) -> Cycle:
    """Draft a cycle; its hub gives it region, zone and currency."""
    hub = network.hub(tx, terms.hub_id)
    columns = _columns(terms, hub.time_zone)
    cycle = OrderCycle(region_id=hub.region_id, time_zone=hub.time_zone, currency=hub.currency, **columns)
    tx.add(cycle)
    serve(tx, cycle, terms.point_ids)
    tx.record("cycle.create", cycle.id)
    return cycle_value(tx, cycle)


def change(tx: Transaction, cycle_id: CycleId, revision: int, terms: CycleTerms) -> Cycle:
    """Replace the terms of a draft, if nobody changed it since `revision`."""
    exclude(tx, cycle_id)
    cycle = tx.lock_as_seen(OrderCycle, cycle_id, revision)
    if cycle.stage != Stage.DRAFT:
        raise CycleOpenedError(cycle_id=cycle_id)
    hub = network.hub(tx, terms.hub_id)
    cycle.sqlmodel_update(_columns(terms, hub.time_zone))
    cycle.region_id, cycle.time_zone, cycle.currency = hub.region_id, hub.time_zone, hub.currency
    cycle.revision += 1
    tx.add(cycle)
    tx.execute("DELETE FROM cycle_place WHERE cycle_id = :id", {"id": cycle_id})
    serve(tx, cycle, terms.point_ids)
    tx.record("cycle.change", cycle_id, revision=cycle.revision)
    return cycle_value(tx, cycle)


def copy(tx: Transaction, cycle_id: CycleId, days: int = 7) -> Cycle:
    """Draft the same cycle some days later: terms, listings, prices, places and guests; wall time stays as planned."""
    old = tx.get(OrderCycle, cycle_id)
    for day in (old.opens_at.date(), old.hand_out_on):
        require_in_calendar("days", day, days)
    require_days(day_of(old.extended_from_at or old.closes_at, old.time_zone), old.collect_on, old.hand_out_on)
    opens = later(old.opens_at, days, old.time_zone, old.opens_meant)
    closes = later(old.extended_from_at or old.closes_at, days, old.time_zone, old.closes_meant)
    dates: dict[str, Any] = {
        **_moments(opens, closes, old.time_zone),
        "collect_on": old.collect_on + timedelta(days=days),
        "hand_out_on": old.hand_out_on + timedelta(days=days),
    }
    fresh = {"id", "stage", "paused", "answers_due_at", "policy_version", "revision", *HAPPENED, *dates}
    new = tx.add(OrderCycle(**old.model_dump(exclude=fresh), **dates))
    named: dict[str, Any] = {"copy": new.id, "cycle": cycle_id, "now": tx.now}
    for select, insert in (
        ("SELECT id FROM stock WHERE cycle_id = :id ORDER BY id", COPY_STOCK),
        (
            "SELECT l.id FROM listing l JOIN stock s ON s.id = l.stock_id WHERE s.cycle_id = :id ORDER BY l.id",
            COPY_LISTINGS,
        ),
    ):
        ids = tx.execute(select, {"id": cycle_id}).scalars().all()
        tx.execute(insert, {"copy": new.id, "old": list(ids), "new": [uuid7() for _ in ids]})
    tx.execute(COPY_POINTS, named)
    refresh_points(tx, CycleId(new.id))
    tx.execute(COPY_GUESTS, named)
    refresh_available(tx, CycleId(new.id))
    tx.record("cycle.copy", new.id, copied_from=cycle_id)
    return cycle_value(tx, new)


def invite(tx: Transaction, cycle_id: CycleId, person_ids: Iterable[PersonId]) -> int:
    """Let people see and use a private cycle; the number of those who are newly invited."""
    tx.get(OrderCycle, cycle_id)
    wanted = sorted(set(person_ids))
    known = people.names(tx, wanted)
    for person_id in wanted:
        if person_id not in known:
            raise MissingError(noun="person", id=person_id)
    fresh = tx.execute(
        "INSERT INTO cycle_invitation (cycle_id, person_id, invited_at) SELECT :cycle, p, :now"
        " FROM unnest(CAST(:persons AS uuid[])) p ON CONFLICT DO NOTHING RETURNING person_id",
        {"cycle": cycle_id, "persons": wanted, "now": tx.now},
    ).scalars()
    invited = sum(1 for _ in fresh)
    tx.record("cycle.invite", cycle_id, invited=invited)
    return invited


def _columns(terms: CycleTerms, zone: str) -> dict[str, Any]:
    require_terms_in_calendar(terms)
    moments = _moments(terms.opens, terms.closes, zone)
    require_sane(terms, moments["opens_at"], moments["closes_at"], day_of(moments["closes_at"], zone))
    require_extension(terms.extension_hours, moments["closes_at"], terms.collect_on, zone)
    columns = asdict(terms)
    for elsewhere in ("opens", "closes", "point_ids", "homes"):
        del columns[elsewhere]
    homes = {
        "home_fee_minor": terms.homes and terms.homes.fee_minor,
        "home_minimum_minor": terms.homes and terms.homes.minimum_order_minor,
        "home_range_m": terms.homes and terms.homes.range_m,
    }
    return columns | homes | moments | {"silence": terms.silence.value, "unmet": terms.unmet.value}


def _moments(opens: datetime, closes: datetime, zone: str) -> dict[str, Any]:
    return {
        "opens_at": moment_at(opens, zone),
        "closes_at": moment_at(closes, zone),
        "opens_meant": skipped(opens, zone),
        "closes_meant": skipped(closes, zone),
    }
