"""What a cycle's shop shows of each pack: what it is, where it would come from, what it costs, how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.shop.own import EVERYTHING
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import BaseUnit, ProductCard, ProductId, VariantCard
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId, Listing, ListingId, ListingProgress
from farmlink.demand import queries as demand
from farmlink.fairness import queries as fairness
from farmlink.fairness.values import Origin, ShownListing
from farmlink.kernel.geo import Coordinates, haversine_m
from farmlink.kernel.money import line_total_minor
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, FarmId, PointCard
from farmlink.store.transaction import Transaction

FEW_PACKS = 20
"""From so few on it is said how many packs are left."""
CLASSED = frozenset({"fruit", "vegetables", "mushrooms", "nuts", "herbs"})
"""Families that are sold by class; of any other goods the grade is named only where the shop has several."""
MOST_INSTEAD = 8
"""So many other goods are offered to come instead of one that falls short, those of its family first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How far a pack has come; amounts of money are for the pack, quantities in base units of its goods."""

    listing_id: ListingId
    unit: BaseUnit
    ordered: int
    orders: int
    threshold: int
    to_go: int
    whole: int
    alone_minor: int
    now_minor: int
    now_per_1000: int
    step_minor: int | None
    step_to_go: int
    packs_left: int

    @property
    def is_few(self) -> bool:
        """Whether it is worth saying how many packs are left."""
        return 0 < self.packs_left <= FEW_PACKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A pack as the shop shows it; `farm` is named where just one stands behind it, else it is a pool of `farms`."""

    listing: ShownListing
    product: ProductCard
    variant: VariantCard
    grade: Mapping[str, str] | None
    pace: Pace
    farm: str | None
    farms: int
    distance_m: int | None
    origin: Origin | None

    @property
    def is_weighed(self) -> bool:
        """Whether it is sold by weight."""
        return self.product.base_unit is BaseUnit.GRAM

    def says(self, asked: str, language: str) -> bool:
        """Whether its name or family holds what somebody looks for."""
        named = [self.product.name.get(language, ""), self.product.name["en"], self.product.family]
        return any(asked.casefold() in one.casefold() for one in named)


def cards(tx: Transaction, cycle: Cycle, point: PointCard | None, language: str) -> list[Card]:
    """Everything that a cycle sells, the best value first; distances are to the pick-up point, else to the hub."""
    shelf = fairness.shelf(tx, cycle.id)
    products = catalogue.products_by_id(tx, {one.product_id for one in shelf})
    variants = catalogue.variants_by_id(tx, {one.variant_id for one in shelf})
    origins = fairness.origins(tx, cycle, shelf)
    farms = network.farms_by_id(tx, {FarmId(farm) for origin in origins.values() for farm in origin.farms})
    to = point.coordinates if point else network.hub(tx, cycle.hub_id).coordinates
    sorts = Counter(product_id for product_id, _ in {(one.product_id, one.grade) for one in shelf})
    going = _paces(tx, cycle.id, shelf, products, language)
    found = []
    for one in shelf:
        origin = origins.get((one.product_id, one.grade))
        named = [farms[FarmId(farm)].name for farm in origin.farms] if origin else []
        found.append(
            Card(
                listing=one,
                product=products[one.product_id],
                variant=variants[one.variant_id],
                grade=_grade(products[one.product_id], one.grade, sorts[one.product_id]),
                pace=going[one.id],
                farm=named[0] if len(named) == 1 else None,
                farms=len(named),
                distance_m=None if origin is None else _distance_m(origin, farms, to),
                origin=origin,
            )
        )
    return found


def paces(tx: Transaction, cycle_id: CycleId, language: str) -> list[Pace]:
    """How far everything that a cycle sells has come: what changes while somebody looks on."""
    listings = cycles.listings(tx, cycle_id)
    products = catalogue.products_by_id(tx, {one.product_id for one in listings})
    return list(_paces(tx, cycle_id, listings, products, language).values())


def instead_of(card: Card, others: Sequence[Card]) -> list[Card]:
    """What may come instead of a pack: others of the shop, its own family first."""
    rest = [one for one in others if one.listing.id != card.listing.id and one.pace.packs_left > 0]
    return sorted(rest, key=lambda one: one.product.family != card.product.family)[:MOST_INSTEAD]


def _paces(
    tx: Transaction,
    cycle_id: CycleId,
    listings: Sequence[Listing],
    products: Mapping[ProductId, ProductCard],
    language: str,
) -> dict[ListingId, Pace]:
    progress = {one.listing_id: one for one in demand.listings_progress(tx, cycle_id, EVERYTHING, language).items}
    orders = Counter({(one.product_id, one.grade): one.lines for one in demand.pooled(tx, cycle_id)})
    return {
        one.id: _pace(one, progress[one.id], products[one.product_id].base_unit, orders[one.product_id, one.grade])
        for one in listings
    }


def _pace(one: Listing, come: ListingProgress, unit: BaseUnit, orders: int) -> Pace:
    step = come.next_step
    return Pace(
        listing_id=one.id,
        unit=unit,
        ordered=come.ordered,
        orders=orders,
        threshold=come.threshold,
        to_go=come.to_go,
        whole=max(come.threshold, step.from_quantity if step else 0),
        alone_minor=line_total_minor(one.pack, one.price_minor_per_1000),
        now_minor=line_total_minor(one.pack, come.price_minor_per_1000),
        now_per_1000=come.price_minor_per_1000,
        step_minor=line_total_minor(one.pack, step.price_minor_per_1000) if step else None,
        step_to_go=step.to_go if step else 0,
        packs_left=max(0, one.left) // one.pack,
    )


def _grade(product: ProductCard, rank: int, sorts: int) -> Mapping[str, str] | None:
    """What a grade is called, where that tells anything; `sorts` is how many grades of it the shop sells."""
    if len(product.grades) == 1 or (sorts == 1 and product.family not in CLASSED):
        return None
    return {grade.rank: grade.name for grade in product.grades}.get(rank)


def _distance_m(origin: Origin, farms: Mapping[FarmId, FarmCard], to: Coordinates) -> int:
    """How far a base unit of it comes on average, as the crow flies."""
    whole = sum(origin.farms.values())
    return sum(haversine_m(farms[FarmId(farm)].coordinates, to) * held for farm, held in origin.farms.items()) // whole
