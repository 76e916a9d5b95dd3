"""A plan with all names in it: trips with their stops, farms, places, and what is short; what board and files show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from api.pages.plan.named import Named, Place, named, named_products
from farmlink.catalogue.values import ProductCard
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle
from farmlink.demand import queries as demand
from farmlink.demand.values import Batch
from farmlink.network import queries as network
from farmlink.people.values import Principal
from farmlink.planning import queries
from farmlink.planning.values import PlanId, PlanView, RouteView
from farmlink.planning.work.drawn import Drawn, Leg, Trip, drawn
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply

HUES, DASHES = 8, 4
E6 = 1_000_000


@dataclass(frozen=True, slots=True)
class Stop:
    """One call of a trip, with the drive to it and what is on board afterwards."""

    trip: int
    position: int
    place: Place
    arrive_at: datetime
    start_at: datetime
    leave_at: datetime
    weight_g: int
    spare_s: int
    leg: Leg
    after: Leg

    @property
    def key(self) -> str:
        """By what it is selected."""
        return f"stop-{self.trip}-{self.position}"

    @property
    def keys(self) -> str:
        """All selections that it is part of."""
        return f"{self.key} trip-{self.trip} place-{self.place.id}"


@dataclass(frozen=True, slots=True)
class Route:
    """One trip of a truck, drawn in a hue and a dash of its own."""

    number: int
    phase: str
    vehicle_id: UUID
    vehicle: str
    home: Place
    depart_at: datetime
    return_at: datetime
    distance_m: int
    holds_g: int
    holds_crates: int
    fullest_ppm: int
    last: Leg
    stops: list[Stop]

    @property
    def key(self) -> str:
        """By what it is selected."""
        return f"trip-{self.number}"

    @property
    def hue(self) -> int:
        """One of the hues."""
        return (self.number - 1) % HUES

    @property
    def dash(self) -> int:
        """One of the dashes: trips of one hue differ by it."""
        return (self.number - 1) // HUES % DASHES

    @property
    def weight_g(self) -> int:
        """What changes hands on it."""
        return sum(stop.weight_g for stop in self.stops)

    @property
    def duration_s(self) -> int:
        """From leaving home to being back."""
        return int((self.return_at - self.depart_at).total_seconds())

    @property
    def keys(self) -> str:
        """All selections that it is part of."""
        return " ".join([self.key, *(f"{stop.key} place-{stop.place.id}" for stop in self.stops)])


@dataclass(frozen=True, slots=True)
class Sent:
    """What a farm sends of one lot."""

    product_id: UUID
    grade: int
    quantity: int
    weight_g: int


@dataclass(slots=True)
class FarmRow:
    """A farm in a plan."""

    place: Place
    sent: list[Sent] = field(default_factory=list)
    weight_g: int = 0
    purchase_minor: int = 0
    landed_minor: int = 0
    trips: list[int] = field(default_factory=list)


@dataclass(slots=True)
class PlaceRow:
    """A pick-up point, or somebody's home, in a plan."""

    place: Place
    ordered_g: int = 0
    worth_minor: int = 0
    short_g: int = 0
    trips: list[int] = field(default_factory=list)
    by_parcel: bool = False


@dataclass(frozen=True, slots=True)
class Short:
    """What a place does not get, and why."""

    place: Place
    product_id: UUID
    grade: int
    quantity: int
    asked: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a planner sees of a plan."""

    plan: PlanView
    cycle: Cycle
    hub: str
    routes: list[Route]
    farms: list[FarmRow]
    places: list[PlaceRow]
    shorts: list[Short]
    products: dict[UUID, ProductCard]
    coordinates: dict[UUID, tuple[int, int]]
    names: Named
    drawn: Drawn

    def at(self, place_id: UUID) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        latitude_e6, longitude_e6 = self.coordinates[place_id]
        return latitude_e6 / E6, longitude_e6 / E6


def sheet(store: Store, principal: Principal, plan_id: PlanId) -> Sheet:
    """Read a plan with all its names, for its planners."""
    store.read(queries.plan_for, principal, plan_id)
    return store.read(_sheet, plan_id, drawn(store, plan_id))


def _sheet(tx: Transaction, plan_id: PlanId, seen: Drawn) -> Sheet:
    plan = queries.get_plan(tx, plan_id)
    cycle = cycles.cycle(tx, plan.cycle_id)
    names = named(tx, cycle)
    routes = routes_of(queries.routes(tx, plan_id), seen, names)
    visits: dict[UUID, list[int]] = {}
    for route in routes:
        for stop in route.stops:
            visits.setdefault(stop.place.id, []).append(route.number)
    batches: dict[UUID, Batch] = {batch.id: batch for batch in demand.batches(tx, plan.cycle_id)}
    products = named_products(tx, seen.products)
    shorts = [
        Short(
            place=names.place(batches[short.batch_id].place_id),
            product_id=batches[short.batch_id].product_id,
            grade=batches[short.batch_id].grade,
            quantity=short.quantity,
            asked=batches[short.batch_id].quantity,
            reason=short.reason,
        )
        for short in queries.shortfalls(tx, plan_id)
    ]
    return Sheet(
        plan=plan,
        cycle=cycle,
        hub=network.hub(tx, cycle.hub_id).name,
        routes=routes,
        farms=_farms(tx, plan, names, visits, seen),
        places=_places(list(batches.values()), shorts, names, visits, seen),
        shorts=sorted(shorts, key=lambda short: (-_weight(seen, short.product_id, short.quantity), short.place.name)),
        products=products,
        coordinates=seen.places,
        names=names,
        drawn=seen,
    )


def routes_of(views: Iterable[RouteView], seen: Drawn, names: Named) -> list[Route]:
    """Trips with their names and loads."""
    trips = {trip.number: trip for trip in seen.trips}
    return [_route(view, trips[view.number], names) for view in views]


def _route(view: RouteView, trip: Trip, names: Named) -> Route:
    stops = [
        Stop(
            trip=view.number,
            position=stop.position,
            place=names.place(stop.place_id),
            arrive_at=stop.arrive_at,
            start_at=stop.start_at,
            leave_at=stop.leave_at,
            weight_g=stop.weight_g,
            spare_s=trip.spare_s[index],
            leg=trip.legs[index],
            after=trip.legs[index + 1],
        )
        for index, stop in enumerate(view.stops)
    ]
    return Route(
        number=view.number,
        phase=view.phase,
        vehicle_id=view.vehicle_id,
        vehicle=names.vehicles.get(view.vehicle_id, ""),
        home=names.place(trip.home_id),
        depart_at=view.depart_at,
        return_at=view.return_at,
        distance_m=view.distance_m,
        holds_g=trip.holds_g,
        holds_crates=trip.holds_crates,
        fullest_ppm=trip.fullest_ppm,
        last=trip.legs[-1],
        stops=stops,
    )


def _farms(tx: Transaction, plan: PlanView, names: Named, visits: dict[UUID, list[int]], seen: Drawn) -> list[FarmRow]:
    rows: dict[UUID, FarmRow] = {}
    taken = queries.allocated_lots(tx, plan.id)
    lots = supply.lots_by_id(tx, [one.lot_id for one in taken])
    for one in taken:
        lot = lots[one.lot_id]
        row = rows.setdefault(lot.farm_id, FarmRow(names.place(lot.farm_id), trips=visits.get(lot.farm_id, [])))
        weight_g = _weight(seen, lot.product_id, one.quantity)
        row.sent.append(Sent(lot.product_id, lot.grade, one.quantity, weight_g))
        row.weight_g += weight_g
    by_farm: dict[str, Any] = plan.figures.get("by_farm", {})
    for farm_id, row in rows.items():
        figures = by_farm.get(str(farm_id), {})
        row.purchase_minor, row.landed_minor = figures.get("purchase_minor", 0), figures.get("landed_minor", 0)
    return sorted(rows.values(), key=lambda row: -row.weight_g)


def _places(
    batches: list[Batch], shorts: list[Short], names: Named, visits: dict[UUID, list[int]], seen: Drawn
) -> list[PlaceRow]:
    rows: dict[UUID, PlaceRow] = {}
    parcels = set(seen.parcels)
    for batch in batches:
        key = batch.place_id
        row = rows.setdefault(key, PlaceRow(names.place(key), trips=visits.get(key, []), by_parcel=key in parcels))
        row.ordered_g += _weight(seen, batch.product_id, batch.quantity)
        row.worth_minor += batch.worth_minor
    for short in shorts:
        rows[short.place.id].short_g += _weight(seen, short.product_id, short.quantity)
    return sorted(rows.values(), key=lambda row: (row.place.name, row.place.id))


def _weight(seen: Drawn, product_id: UUID, quantity: int) -> int:
    return quantity * seen.products.get(product_id, 1)
