"""The poster that a leader shares and hangs up: what there is, until when, where it is fetched, and a code to scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from api.dependencies import ActingStore, Asking
from api.guards import held_by
from api.pages.lead.drawn import code_of, fitting, width_of, wrapped
from api.pages.lead.points import shown_of
from api.pages.lead.whose import ON_SALE, AtPoint, at_point
from api.pages.page import Asked, page, shown
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import Cycle
from farmlink.fairness import queries as fairness
from farmlink.fairness.values import ShownListing
from farmlink.kernel.money import line_total_minor
from farmlink.network.values import OpenHours
from farmlink.people.values import Principal, Role
from farmlink.settings import read_settings
from farmlink.store.transaction import Transaction

SHOWN: Final = 6
"""As many goods as can be read from two steps away."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the goods on a poster."""

    name: dict[str, str]
    pack: dict[str, str]
    family: str
    price_minor: int
    lowest_minor: int | None


@dataclass(frozen=True, slots=True)
class Poster:
    """All that a poster shows."""

    at: AtPoint
    address: str
    modules: int
    code: str
    hours: str
    offers: tuple[Offer, ...]


class PosterPages(Controller):
    """The poster, and the page that it is shared from."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}"

    @get("/poster", sync_to_thread=True)
    def poster(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show the poster with the ways to share, keep and print it."""
        found = store.read(_poster, principal, point_id, cycle)
        return page("lead/poster.html", request, poster=found, **shown_of(found.at))

    @get("/poster.svg", sync_to_thread=True)
    def drawn(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Template:
        """Draw the poster."""
        found = store.read(_poster, principal, point_id, cycle)
        context = (
            shown(request)
            | shown_of(found.at)
            | {"poster": found, "time_zone": ZoneInfo(found.at.zone)}
            | {"wrapped": wrapped, "fitting": fitting, "width_of": width_of}
        )
        return Template("lead/poster.svg", context=context, media_type="image/svg+xml")


def hours_on(cycle: Cycle, hours: tuple[OpenHours, ...]) -> str:
    """When a point is open on the day of hand-out, in its own clock."""
    weekday = cycle.hand_out_on.weekday()
    return ", ".join(
        f"{_clock(one.opens_minute)}-{_clock(one.closes_minute)}" for one in hours if one.weekday == weekday
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _poster(tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None) -> Poster:
    at = at_point(tx, principal, point_id, cycle_id, wanted=ON_SALE)
    address = f"{read_settings().public_url.rstrip('/')}/points/{at.point.id}"
    modules, code = code_of(address)
    hours = hours_on(at.cycle, at.point.hours) if at.cycle else ""
    return Poster(at, address, modules, code, hours, _offers(tx, at.cycle) if at.cycle else ())


def _offers(tx: Transaction, cycle: Cycle) -> tuple[Offer, ...]:
    """The best of each product, as the shelf ranks it."""
    best: dict[ProductId, ShownListing] = {}
    for one in fairness.shelf(tx, cycle.id):
        if one.left >= one.pack:
            best.setdefault(one.product_id, one)
    chosen = list(best.values())[:SHOWN]
    products = catalogue.products_by_id(tx, {one.product_id for one in chosen})
    packs = catalogue.variants_by_id(tx, {one.variant_id for one in chosen})
    return tuple(
        Offer(
            name=products[one.product_id].name,
            pack=packs[one.variant_id].name,
            family=products[one.product_id].family,
            price_minor=line_total_minor(one.pack, one.price_minor_per_1000),
            lowest_minor=min(
                (line_total_minor(one.pack, step.price_minor_per_1000) for step in one.price_steps), default=None
            ),
        )
        for one in chosen
    )
