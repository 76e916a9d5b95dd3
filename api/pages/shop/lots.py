"""Where it comes from: the farm, the harvest and the way of a lot, by the code on its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath

from api.dependencies import ActingStore
from api.guards import anyone, open_to
from api.pages.page import Asked, page
from api.pages.shop.own import chosen_point
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard
from farmlink.kernel.errors import MissingError
from farmlink.kernel.geo import haversine_m
from farmlink.network import queries as network
from farmlink.network.values import Approval, FarmSign, PointCard
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard, LotId


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

    opt = open_to(anyone)
    include_in_schema = False

    @get("/lots/{code:str}", sync_to_thread=True)
    def lot(self, request: Asked, store: ActingStore, code: FromPath[str]) -> Response[Any]:
        """Show the farm and the harvest; a code that nobody knows has a page that says what to do."""
        point = chosen_point(request, store)
        try:
            found = store.read(_grown, code, point)
        except MissingError:
            return page("shop/lot_code.html", request, status=404, code=code)
        return page("shop/lot.html", request, found=found, point=point)


def _grown(tx: Transaction, code: str, point: PointCard | None) -> Grown:
    """A lot that some plan sent somewhere: nobody holds anything of another."""
    lot_id = _id(code)
    found = supply.lots_by_id(tx, [lot_id]).get(lot_id)
    if found is None or not planning.is_sent(tx, lot_id):
        raise MissingError(noun="lot", id=lot_id)
    farm = network.farm(tx, found.farm_id)
    if farm.state is Approval.PENDING:
        raise MissingError(noun="lot", id=lot_id)
    product = catalogue.product_card(tx, found.product_id)
    return Grown(
        lot=found,
        product=product,
        grade={one.rank: one.name for one in product.grades}.get(found.grade),
        farm=network.farm_sign(farm),
        distance_m=haversine_m(farm.coordinates, point.coordinates) if point else None,
    )


def _id(code: str) -> LotId:
    try:
        return LotId(UUID(code.strip()))
    except ValueError as error:
        raise MissingError(noun="lot", id=code) from error
