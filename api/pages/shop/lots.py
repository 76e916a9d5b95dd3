"""Where it comes from: the farm, the harvest and the way of a lot, by the code on its label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore
from api.guards import anyone, open_to
from api.pages.page import Asked, page
from api.pages.shop.own import chosen_point
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard
from farmlink.kernel.geo import haversine_m
from farmlink.network import queries as network
from farmlink.network.values import Approval, FarmSign, PointCard
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard, LotId

MOST_FOUND: Final = 20
NO_CODE: Final = "-"
"""What stands in the address where nothing was typed."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A lot as whoever holds some of it may know it; what its farm asks for it is none of that."""

    lot: LotCard
    product: ProductCard
    grade: dict[str, str] | None
    farm: FarmSign
    distance_m: int | None


class LotPages(Controller):
    """What a lot code says."""

    path = "/lots"
    opt = open_to(anyone)
    include_in_schema = False

    @get("", sync_to_thread=False)
    def typed(self, code: FromQuery[str | None] = None) -> Response[Any]:
        """Lead from a code that was typed to its lot."""
        return Redirect(f"/lots/{quote((code or '').strip() or NO_CODE, safe='')}", status_code=303)

    @get("/{code:str}", sync_to_thread=True)
    def lot(self, request: Asked, store: ActingStore, code: FromPath[str]) -> Response[Any]:
        """Show the farm and the harvest; a code that nobody knows, or that several farms use, has a page of its own."""
        point, asked = chosen_point(request, store), code.strip()
        found = store.read(_grown, asked, point)
        if len(found) != 1:
            said = "" if asked == NO_CODE else asked
            return page(
                "shop/lot_code.html", request, status=404 if said and not found else 200, code=said, found=found
            )
        return page("shop/lot.html", request, found=found[0], point=point)


def _grown(tx: Transaction, code: str, point: PointCard | None) -> list[Grown]:
    """The lots of a code, or that of an id, that some plan sent somewhere: nobody holds anything of another."""
    shown = []
    for lot in _coded(tx, code):
        farm = network.farm(tx, lot.farm_id)
        if farm.state is Approval.PENDING or not planning.is_sent(tx, lot.id):
            continue
        product = catalogue.product_card(tx, lot.product_id)
        shown.append(
            Grown(
                lot=lot,
                product=product,
                grade={one.rank: one.name for one in product.grades}.get(lot.grade),
                farm=network.farm_sign(farm),
                distance_m=haversine_m(farm.coordinates, point.coordinates) if point else None,
            )
        )
    return shown


def _coded(tx: Transaction, code: str) -> Iterable[LotCard]:
    try:
        return supply.lots_by_id(tx, [LotId(UUID(code))]).values()
    except ValueError:
        return supply.labelled(tx, code, MOST_FOUND)
