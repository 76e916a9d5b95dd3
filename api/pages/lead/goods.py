"""Goods on their way through a point: the sort sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by
from api.pages.lead.points import shown_of
from api.pages.lead.sheet import Sheet, sheet
from api.pages.lead.whose import AtPoint, at_point
from api.pages.page import Asked, page
from farmlink.people.values import Principal, Role
from farmlink.store.transaction import Transaction


class GoodsPages(Controller):
    """The sort sheet."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}"

    @get("/sort", sync_to_thread=True)
    def sort(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Show who gets what, to be printed."""
        at, found = store.read(_sorted, principal, point_id, cycle, language)
        return page("lead/sort.html", request, sheet=found, **shown_of(at))


def _sorted(
    tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None, language: str
) -> tuple[AtPoint, Sheet | None]:
    at = at_point(tx, principal, point_id, cycle_id)
    return at, None if at.cycle is None else sheet(tx, at.cycle.id, at.point.id, language)
