"""What is read of order cycles: what is open where, and what it sells."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from farmlink.cycles.rules.refusals import NotInvitedError
from farmlink.cycles.rules.relisting import version_of
from farmlink.cycles.tables import CycleInvitation, CyclePlace, OrderCycle
from farmlink.cycles.values import (
    Cycle,
    CycleId,
    HomeTerms,
    Listing,
    ListingId,
    LivedIn,
    PriceStep,
    Silence,
    Stage,
    ThresholdState,
    Unmet,
)
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.network import queries as network
from farmlink.network.values import HubId, PlaceId, PointId, RegionId
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.pages import fetched
from farmlink.store.pipeline import pipeline
from farmlink.store.transaction import Transaction, missing

LISTINGS = """
SELECT l.id, s.cycle_id, s.product_id, l.variant_id, s.grade, l.pack, l.weight_g, l.price_minor_per_1000, l.tax_ppm,
       l.price_steps, l.case_packs, s.threshold, s.unmet, s.threshold_state, s.reserved AS ordered,
       s.available - s.reserved AS left
FROM listing l JOIN stock s ON s.id = l.stock_id
"""
CONFIRMED_ON = [Stage.CONFIRMED.value, Stage.MOVING.value, Stage.DONE.value]
PLANNED_ON = [Stage.PLANNED.value, Stage.CONFIRMING.value, Stage.CONFIRMED.value, Stage.MOVING.value]


def cycle(tx: Transaction, cycle_id: CycleId) -> Cycle:
    """One cycle, for those who run it."""
    return cycle_value(tx, tx.get(OrderCycle, cycle_id))


def seen_cycle(tx: Transaction, cycle_id: CycleId, viewer: PersonId | None) -> Cycle:
    """One cycle as consumers see it: a draft does not exist, a private one only for its guests."""
    row = tx.get(OrderCycle, cycle_id)
    guest = viewer is not None and tx.session.get(CycleInvitation, (row.id, viewer)) is not None
    if row.stage == Stage.DRAFT or (row.private and not guest):
        raise missing(OrderCycle, cycle_id)
    return cycle_value(tx, row)


def require_guest(tx: Transaction, cycle_id: CycleId, person_id: PersonId) -> None:
    """Refuse somebody who is not invited to a private cycle, before whoever runs it."""
    if tx.get(OrderCycle, cycle_id).private and tx.session.get(CycleInvitation, (cycle_id, person_id)) is None:
        raise NotInvitedError(cycle_id=cycle_id, person_id=person_id)


def cycles(
    tx: Transaction,
    paging: Paging,
    *,
    stage: Stage | None = None,
    hub_ids: Iterable[HubId] | None = None,
    region_id: RegionId | None = None,
) -> Page[Cycle]:
    """Cycles in the order they were made, for planners."""
    chosen = select(OrderCycle)
    if stage is not None:
        chosen = chosen.where(OrderCycle.stage == stage.value)
    if hub_ids is not None:
        chosen = chosen.where(col(OrderCycle.hub_id).in_(list(hub_ids)))
    if region_id is not None:
        chosen = chosen.where(OrderCycle.region_id == region_id)
    rows = fetched(tx, chosen, col(OrderCycle.id), paging)
    return page([cycle_value(tx, row) for row in rows], paging, lambda found: found.id)


def open_cycles(
    tx: Transaction,
    paging: Paging,
    *,
    point_id: PointId | None = None,
    viewer: PersonId | None = None,
) -> Page[Cycle]:
    """Cycles that take orders now, by pick-up point; private ones only for the invited."""
    invited = select(CycleInvitation.cycle_id).where(CycleInvitation.person_id == viewer)
    chosen = (
        select(OrderCycle)
        .where(OrderCycle.stage == Stage.OPEN.value, OrderCycle.closes_at > tx.now)
        .where(col(OrderCycle.private).is_(False) | col(OrderCycle.id).in_(invited))
    )
    if point_id is not None:
        served = select(CyclePlace.cycle_id).where(CyclePlace.point_id == point_id)
        chosen = chosen.where(col(OrderCycle.id).in_(served))
    rows = fetched(tx, chosen, col(OrderCycle.id), paging)
    return page([cycle_value(tx, row) for row in rows], paging, lambda found: found.id)


def listings(
    tx: Transaction, cycle_id: CycleId, *, after: UUID | None = None, limit: int | None = None
) -> tuple[Listing, ...]:
    """What a cycle sells, in the order it was listed."""
    rows = tx.execute(
        f"{LISTINGS} WHERE s.cycle_id = :cycle AND (CAST(:after AS uuid) IS NULL OR l.id > :after)"
        " ORDER BY l.id LIMIT :limit",
        {"cycle": cycle_id, "after": after, "limit": limit},
    )
    return tuple(_listing(row) for row in rows)


def listings_page(tx: Transaction, cycle_id: CycleId, paging: Paging) -> Page[Listing]:
    """What a cycle sells, a page of it."""
    found = listings(tx, cycle_id, after=paging.after, limit=paging.limit + 1)
    return page(found, paging, lambda listing: listing.id)


def listings_by_id(tx: Transaction, listing_ids: Iterable[ListingId]) -> dict[ListingId, Listing]:
    """Many listings at once."""
    rows = tx.execute(f"{LISTINGS} WHERE l.id = ANY(:ids)", {"ids": list(listing_ids)})
    return {ListingId(row.id): _listing(row) for row in rows}


def listing_seen(tx: Transaction, listing_id: ListingId) -> tuple[Listing, int]:
    """One listing, and the version of its terms."""
    rows = tx.execute(
        "SELECT s.cap FROM listing l JOIN stock s ON s.id = l.stock_id WHERE l.id = :id", {"id": listing_id}
    )
    found = listings_by_id(tx, [listing_id]).get(listing_id)
    if found is None:
        raise MissingError(noun="listing", id=listing_id)
    return found, version_of(found, rows.scalar_one())


def cap_of(tx: Transaction, listing_id: ListingId) -> int | None:
    """How many base units of a listing's product and grade are sold at most; None when there is no limit."""
    rows = tx.execute(
        "SELECT s.cap FROM listing l JOIN stock s ON s.id = l.stock_id WHERE l.id = :id", {"id": listing_id}
    )
    cap: int | None = rows.scalar_one()
    return cap


def served_points(tx: Transaction, cycle_id: CycleId) -> tuple[PointId, ...]:
    """Where a cycle hands out."""
    rows = tx.execute(
        "SELECT point_id FROM cycle_place WHERE cycle_id = :id AND point_id IS NOT NULL ORDER BY point_id",
        {"id": cycle_id},
    )
    return tuple(PointId(point_id) for point_id in rows.scalars())


def lived_in(tx: Transaction, places: Collection[PlaceId]) -> dict[PlaceId, LivedIn]:
    """Read those of the places that are homes where somebody lives; without places nothing is asked."""
    if not places:
        return {}
    with pipeline(tx) as pipe:
        persons, sites = people.live_in_many(pipe, places), network.from_hub_many(pipe, places)
    lives, lies = persons(), sites()
    return {PlaceId(home_id): LivedIn(person_id, *lies[home_id]) for home_id, person_id in lives.items()}


def taking_orders(tx: Transaction, cycle_ids: Iterable[CycleId]) -> list[CycleId]:
    """Those of some cycles whose cut-off has not come, paused ones too, in their order."""
    chosen = select(OrderCycle.id).where(col(OrderCycle.id).in_(list(cycle_ids)), OrderCycle.stage == Stage.OPEN.value)
    return [CycleId(key) for key in tx.session.exec(chosen.where(OrderCycle.closes_at > tx.now).order_by("id"))]


def open_to_all(tx: Transaction) -> list[Cycle]:
    """Cycles that take everybody's orders at this moment."""
    chosen = select(OrderCycle).where(OrderCycle.stage == Stage.OPEN.value, OrderCycle.closes_at > tx.now)
    chosen = chosen.where(col(OrderCycle.private).is_(False), col(OrderCycle.paused).is_(False))
    return [cycle_value(tx, row) for row in tx.session.exec(chosen.order_by(col(OrderCycle.id)))]


def on_their_way(tx: Transaction, cycle_ids: Iterable[CycleId]) -> frozenset[CycleId]:
    """Those of some cycles that are neither done nor cancelled."""
    over = [Stage.DONE.value, Stage.CANCELLED.value]
    chosen = select(OrderCycle.id).where(col(OrderCycle.id).in_(list(cycle_ids)), col(OrderCycle.stage).not_in(over))
    return frozenset(map(CycleId, tx.session.exec(chosen)))


def owned_by(tx: Transaction, hub_ids: Iterable[HubId]) -> list[CycleId]:
    """All cycles of these hubs, whatever their stage."""
    chosen = select(OrderCycle.id).where(col(OrderCycle.hub_id).in_(list(hub_ids)))
    return [CycleId(cycle_id) for cycle_id in tx.session.exec(chosen)]


def under_way(tx: Transaction, region_id: RegionId, since: date, until: date) -> list[Cycle]:
    """Cycles of a region that are planned and not done, and that collect or hand out on some of these days."""
    chosen = select(OrderCycle).where(
        OrderCycle.region_id == region_id,
        col(OrderCycle.stage).in_(PLANNED_ON),
        OrderCycle.collect_on <= until,
        OrderCycle.hand_out_on >= since,
    )
    return [cycle_value(tx, row) for row in tx.session.exec(chosen.order_by(col(OrderCycle.id)))]


def confirmed_between(tx: Transaction, region_id: RegionId, since: date, until: date) -> list[CycleId]:
    """Cycles of a region whose farms have answered, and that collect from the one day on and before the other."""
    chosen = select(OrderCycle.id).where(
        OrderCycle.region_id == region_id,
        col(OrderCycle.stage).in_(CONFIRMED_ON),
        OrderCycle.collect_on >= since,
        OrderCycle.collect_on < until,
    )
    return [CycleId(cycle_id) for cycle_id in tx.session.exec(chosen.order_by(col(OrderCycle.id)))]


def handing_out_at(tx: Transaction, point_id: PointId, since: date) -> list[Cycle]:
    """Cycles that hand out at a point on this day or later, the soonest first; no drafts, nothing cancelled."""
    served = select(CyclePlace.cycle_id).where(CyclePlace.point_id == point_id)
    chosen = select(OrderCycle).where(col(OrderCycle.id).in_(served), OrderCycle.hand_out_on >= since)
    chosen = chosen.where(col(OrderCycle.stage).not_in([Stage.DRAFT.value, Stage.CANCELLED.value]))
    return [cycle_value(tx, row) for row in tx.session.exec(chosen.order_by("hand_out_on", "closes_at", "id"))]


def cycle_value(tx: Transaction, row: OrderCycle) -> Cycle:
    """A cycle's row as a value."""
    return Cycle(
        id=CycleId(row.id),
        hub_id=HubId(row.hub_id),
        region_id=RegionId(row.region_id),
        time_zone=row.time_zone,
        currency=row.currency,
        stage=Stage(row.stage),
        paused=row.paused,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        collect_on=row.collect_on,
        hand_out_on=row.hand_out_on,
        answer_hours=row.answer_hours,
        answers_due_at=row.answers_due_at,
        silence=Silence(row.silence),
        threshold_minor=row.threshold_minor,
        markup_ppm=row.markup_ppm,
        delivery_fee_minor=row.delivery_fee_minor,
        minimum_order_minor=row.minimum_order_minor,
        private=row.private,
        extension_hours=row.extension_hours,
        unmet=Unmet(row.unmet),
        threshold_state=ThresholdState(row.threshold_state),
        homes=home_terms(row.home_fee_minor, row.home_minimum_minor, row.home_range_m),
        policy_version=row.policy_version,
        cut_seed=row.cut_seed,
        revision=row.revision,
        server_at=tx.now,
    )


def home_terms(fee_minor: int | None, minimum_order_minor: int | None, range_m: int | None) -> HomeTerms | None:
    """How homes are served, if they are."""
    if fee_minor is None or minimum_order_minor is None or range_m is None:
        return None
    return HomeTerms(fee_minor=fee_minor, minimum_order_minor=minimum_order_minor, range_m=range_m)


def _listing(row: Any) -> Listing:
    facts = row._asdict()
    facts["price_steps"] = tuple(PriceStep(**step) for step in row.price_steps)
    facts["unmet"], facts["threshold_state"] = Unmet(row.unmet), ThresholdState(row.threshold_state)
    return Listing(**facts)
