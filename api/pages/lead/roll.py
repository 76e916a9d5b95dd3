"""A roll-call list pasted from a chat: read, corrected in place, and placed as orders of people without a sign-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from uuid import UUID, uuid5

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from api.dependencies import ActingStore, Asking, Language
from api.guards import held_by, role
from api.pages.forms import Filled, Sent, blank, key_of, taken_by
from api.pages.lead.points import shown_of
from api.pages.lead.whose import ON_SALE, AtPoint, at_point
from api.pages.page import Asked, page
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import BaseUnit
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import render, render_refusal
from farmlink.kernel.money import line_total_minor
from farmlink.network.values import PointId
from farmlink.orders.commands.roll import order_for
from farmlink.orders.queries.neighbours import neighbours
from farmlink.orders.rules.roll import MOST_ROWS, called, read_roll, step_of
from farmlink.orders.rules.roll_left import within_left
from farmlink.orders.values import Order, OrderState
from farmlink.orders.values.roll import OnSale, RollCall, RollLine, Step
from farmlink.people.values import Principal, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

LEADERS: Final = role(Role.LEADER)
Counted = Annotated[
    list[Annotated[int, msgspec.Meta(ge=0, le=MOST_ROWS)]], msgspec.Meta(min_length=len(Step), max_length=len(Step))
]


@dataclass(frozen=True, slots=True)
class RollRow:
    """One line of a list as it is shown: what was typed, as what it was read, and what is wrong or became of it."""

    text: str
    name: str
    goods: Sequence[tuple[str, int]]
    total_minor: int
    step: Step
    faults: tuple[str, ...] = ()
    placed: bool = False
    packs: Mapping[ListingId, int] | None = None


@dataclass(frozen=True, slots=True)
class RollRead:
    """A whole list as it was read for a point's cycle."""

    at: AtPoint
    rows: Sequence[RollRow]
    examples: Sequence[str]

    @property
    def good(self) -> list[RollRow]:
        """Lines that say who wants what."""
        return [row for row in self.rows if not row.faults]


class RollPages(Controller):
    """Paste, look, correct, place."""

    opt = held_by(Role.LEADER)
    include_in_schema = False
    path = "/lead/points/{point_id:uuid}/roll"

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        cycle: FromQuery[UUID | None] = None,
        done: FromQuery[str] = "",
    ) -> Response[Any]:
        """Show where a list is pasted, and what became of the last one."""
        read = store.read(_read, principal, point_id, cycle, "", language)
        return _page(request, read, blank(), _done(done))

    @post("/", opt=taken_by(LEADERS), sync_to_thread=True)
    def take(
        self,
        request: Asked,
        store: ActingStore,
        principal: Asking,
        language: Language,
        point_id: FromPath[UUID],
        data: Sent,
        cycle: FromQuery[UUID | None] = None,
    ) -> Response[Any]:
        """Read the list; when asked to, place every line that can be read, and keep the others to be corrected."""
        read = store.read(_read, principal, point_id, cycle, _list_of(data), language)
        if data.get("do") != "place" or read.at.cycle is None:
            return _page(request, read, blank())
        rows = [_place(store, read.at, row, key_of(data), language) for row in read.rows]
        counted = {step: sum(row.placed and row.step is step for row in rows) for step in Step}
        if all(row.placed for row in rows) and rows:
            done = "-".join(str(counted[step]) for step in Step)
            return Redirect(f"/lead/points/{point_id}/roll?cycle={read.at.cycle.id}&done={done}", status_code=303)
        return _page(request, replace(read, rows=rows), blank(), counted, status=422)


def _page(
    request: Asked, read: RollRead, form: Filled, done: Mapping[Step, int] | None = None, *, status: int = 200
) -> Response[Any]:
    return page("lead/roll.html", request, status=status, read=read, form=form, done=done, **shown_of(read.at))


def _done(counted: str) -> dict[Step, int] | None:
    """What became of the last list, as the address says it; nothing where somebody made it up."""
    try:
        return dict(zip(Step, msgspec.convert(counted.split("-"), Counted, strict=False), strict=True))
    except msgspec.ValidationError:
        return None


def _list_of(data: Mapping[str, Any]) -> str:
    """What was pasted, or the lines as they were corrected."""
    lines = data.get("line", data.get("list", ""))
    return "\n".join(map(str, lines)) if isinstance(lines, list) else str(lines)


def _read(
    tx: Transaction, principal: Principal, point_id: UUID, cycle_id: UUID | None, text: str, language: str
) -> RollRead:
    at = at_point(tx, principal, point_id, cycle_id, wanted=ON_SALE)
    if at.cycle is None:
        return RollRead(at, (), ())
    on_sale, names, prices = _on_sale(tx, at.cycle.id, language)
    known = neighbours(tx, at.cycle.id, at.point.id)

    def row_of(line: RollLine) -> RollRow:
        neighbour = known.get(called(line.name))
        return RollRow(
            text=line.text,
            name=line.name,
            goods=[(names[listing_id], packs) for listing_id, packs in line.packs.items()],
            total_minor=sum(packs * prices[listing_id] for listing_id, packs in line.packs.items()),
            step=step_of(line.packs, neighbour.order if neighbour else None),
            faults=tuple(render(fault.message, language, fault.facts) for fault in line.faults),
            packs=line.packs,
        )

    held = {name: _held(one.order) for name, one in known.items() if one.order}
    lines = within_left(read_roll(text, on_sale), on_sale, held)
    examples = list(dict.fromkeys(one.names[0] for one in on_sale))[:2]
    return RollRead(at, [row_of(line) for line in lines], examples)


def _on_sale(
    tx: Transaction, cycle_id: CycleId, language: str
) -> tuple[list[OnSale], dict[ListingId, str], dict[ListingId, int]]:
    """What a list may name, what each is called in the reader's language, and what a pack costs."""
    listings = cycles.listings(tx, cycle_id)
    products = catalogue.products_by_id(tx, {one.product_id for one in listings})
    packs = catalogue.variants_by_id(tx, {one.variant_id for one in listings})
    on_sale, names, prices = [], {}, {}
    for one in listings:
        product, pack = products[one.product_id], packs[one.variant_id]
        own = [found.get(language, found["en"]) for found in (product.name, pack.name)]
        weighed = product.base_unit is BaseUnit.GRAM
        called_as = tuple(dict.fromkeys([own[0], *product.name.values()]))
        packed = tuple(dict.fromkeys([own[1], *pack.name.values()]))
        stock = f"{one.product_id}/{one.grade}"
        on_sale.append(OnSale(one.id, called_as, packed, one.pack, weighed, stock, one.left))
        names[one.id], prices[one.id] = " ".join(own), line_total_minor(one.pack, one.price_minor_per_1000)
    return on_sale, names, prices


def _held(order: Order) -> dict[ListingId, int]:
    """The packs that somebody has ordered so far."""
    return {line.listing_id: line.packs for line in order.lines if line.state is OrderState.PLACED}


def _place(store: Store, at: AtPoint, row: RollRow, key: UUID, language: str) -> RollRow:
    """Place one line; what is refused stays to be corrected."""
    assert at.cycle is not None, "a list is placed in a cycle"
    if row.faults:
        return row
    packs = tuple((row.packs or {}).items())
    call = RollCall(cycle_id=at.cycle.id, point_id=PointId(at.point.id), name=row.name, packs=packs)
    try:
        rolled = store.once(uuid5(key, row.text), order_for, call)
    except RefusedError as refusal:
        return replace(row, faults=(render_refusal(refusal, language, at.zone),))
    return replace(row, step=rolled.step, placed=True)
