"""What a page says of a standing order: its goods by name, where it is handed out, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.shop.own import EVERYTHING
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, VariantCard
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.kernel.errors import RefusedError
from farmlink.network import queries as network
from farmlink.network.values import PointCard, PointId
from farmlink.orders import queries as orders
from farmlink.orders.queries import standing as queries
from farmlink.orders.values import LeftOut, StandingLine, StandingOrder, Turn
from farmlink.people import queries as people
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction

MOST_TURNS = 20


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line with what it is called, and what may come instead."""

    line: StandingLine
    product: ProductCard
    variant: VariantCard
    instead: Sequence[ProductCard]


@dataclass(frozen=True, slots=True)
class Stood:
    """A standing order with its goods, and where it is handed out; no point is home."""

    order: StandingOrder
    lines: Sequence[NamedLine]
    point: PointCard | None


@dataclass(frozen=True, slots=True)
class Turned:
    """What came of it in a cycle: an order, what was left out of it by name and why, or why there was none."""

    turn: Turn
    cycle: Cycle
    left_out: Sequence[tuple[ProductCard, LeftOut]]
    refusal: RefusedError | None


def named(tx: Transaction, lines: Sequence[StandingLine]) -> list[NamedLine]:
    """Lines with what they are called."""
    goods = [one for line in lines for one in (line.goods, *line.substitutes)]
    products = catalogue.products_by_id(tx, {one.product_id for one in goods})
    variants = catalogue.variants_by_id(tx, {one.variant_id for one in goods})
    return [
        NamedLine(
            line,
            products[line.goods.product_id],
            variants[line.goods.variant_id],
            [products[one.product_id] for one in line.substitutes],
        )
        for line in lines
    ]


def stood(tx: Transaction, order: StandingOrder) -> Stood:
    """A standing order as a page shows it."""
    point = None if order.point_id is None else network.point(tx, order.point_id)
    return Stood(order, named(tx, order.lines), point)


def turned(tx: Transaction, order: StandingOrder) -> list[Turned]:
    """What came of it, the newest cycle first; cycles that were not its turn are left out."""
    turns = [one for one in queries.turns(tx, EVERYTHING, order.id).items if one.order_id or one.refused]
    shown = []
    for one in turns[::-1][:MOST_TURNS]:
        products = catalogue.products_by_id(tx, {missed.goods.product_id for missed in one.left_out})
        missed = [(products[each.goods.product_id], each.reason) for each in one.left_out]
        shown.append(Turned(one, cycles.cycle(tx, one.cycle_id), missed, queries.turn(tx, one.id)[1]))
    return shown


def places(tx: Transaction, reader: PersonId, own: PointId | None) -> list[PointCard | None]:
    """Where a standing order of somebody's can be handed out: where it is, where they ordered before, and at home."""
    before = orders.orders(tx, EVERYTHING, consumer_id=reader).items
    found = {PointId(one.place_id) for one in before if not one.at_home}
    points = network.points_by_id(tx, found | ({own} if own else set()))
    shown = sorted(points.values(), key=lambda one: (one.address.town, one.name))
    return [*shown, *([None] if people.home(tx, reader) is not None else [])]
