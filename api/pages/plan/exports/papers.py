"""A plan on paper: a sheet for every driver, lists to pick and load by for every hub, a note for every delivery."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2.runtime import Context

from api.pages.paper import NBSP, Cell, Leaf, Table, leaves, reader
from api.pages.plan.freight import Freight, Site
from api.pages.plan.named import Place
from api.pages.plan.sheet import Route, Stop
from api.pages.plan.words import PHASES
from api.pages.written import clock, day, distance, quantity, weight
from farmlink.catalogue.values import BaseUnit
from farmlink.kernel.locale import marked, render
from farmlink.network.values import OpenHours
from farmlink.planning.work.carried import Call, Goods

ROUTE_SHEETS: Final = marked("Route sheets")
LOAD_LISTS: Final = marked("Pick and load lists")
NOTES: Final = marked("Delivery notes")
TRIP: Final = marked("Trip {n}: {truck}")
ON_ROAD: Final = marked("{phase}, {day}. Leaves {home} at {from_at}, back at {to_at}. {way}.")
OPEN: Final = marked("open {hours}")
HOME: Final = marked("A home")
CRATES: Final = marked("{count} crates")
CRATE: Final = marked("1 crate")
PICK: Final = marked("To pick: {hub}")
LOAD: Final = marked("To load: trip {n}, {truck}")
LAST_FIRST: Final = marked("What is put down last is loaded first.")
BY_PARCEL: Final = marked("By parcel")
STOP_OF: Final = marked("Stop {position} of trip {n}, {truck}, {day} at about {time}. From {home}.")
OF_PLAN: Final = marked("{hub}, goods of {day}, plan version {version}")
ROUTE_HEADS: Final = (
    marked("No."), marked("Hours"), marked("Place"), marked("Drive"), marked("Takes on"), marked("Puts down"),
    marked("Then on board"), marked("Signed"),
)  # fmt: skip
PICK_HEADS: Final = (marked("Product"), marked("Grade"), marked("Quantity"), marked("Weight"), marked("For trips"))
LOAD_HEADS: Final = (marked("No."), marked("Place"), marked("Contents"), marked("Weight"), marked("Loaded"))
POST_HEADS: Final = (marked("Place"), marked("Contents"))
NOTE_HEADS: Final = (marked("Product"), marked("Grade"), marked("Quantity"), marked("Weight"), marked("Came"))
SIGNED: Final = (marked("Handed over by"), marked("Taken in by"), marked("Day and hour"))


class Papers:
    """A plan's papers in one language, by the clock of its hub."""

    def __init__(self, freight: Freight, language: str) -> None:
        self.freight, self.sheet, self.language = freight, freight.sheet, language
        self.zone = ZoneInfo(freight.sheet.cycle.time_zone)
        self.reader: Context = reader(language, freight.sheet.cycle.time_zone, freight.sheet.cycle.currency)

    def route_sheets(self) -> bytes:
        """A leaf a trip: its stops in order, where each is found, and what changes hands there."""
        return self._printed(ROUTE_SHEETS, [self._route_sheet(route) for route in self.sheet.routes])

    def load_lists(self) -> bytes:
        """For every hub what is to be picked in all, and a leaf for every trip that brings something."""
        hubs = {route.home.id: route.home for route in self.sheet.routes if self._brings(route)}
        hubs |= {one.hub_id: self.sheet.names.place(one.hub_id) for one in self.freight.carried.parcels}
        shown = []
        for hub in sorted(hubs.values(), key=lambda place: (place.name, place.id)):
            shown.append(self._pick_list(hub))
            shown += [self._load_list(route) for route in self._bringing(hub)]
        return self._printed(LOAD_LISTS, shown)

    def delivery_notes(self) -> bytes:
        """A leaf a stop at which something is put down."""
        stops = [(route, stop) for route in self.sheet.routes for stop in route.stops if self._call(stop).down]
        return self._printed(NOTES, [self._note(route, stop) for route, stop in stops])

    def _printed(self, title: str, shown: Sequence[Leaf]) -> bytes:
        of_plan = self._say(
            OF_PLAN,
            hub=self.sheet.hub,
            day=day(self.reader, self.sheet.cycle.collect_on),
            version=str(self.sheet.plan.version),
        )
        return leaves(f"{self._say(title)} · {of_plan}", self.language, shown)

    def _route_sheet(self, route: Route) -> Leaf:
        rows = [self._stop_row(stop) for stop in route.stops]
        table = Table(self._heads(ROUTE_HEADS), (7, 20, 56, 15, 20, 20, 20, 20), rows, frozenset({3, 4, 5, 6}))
        return Leaf(self._trip(route), [self._road(route)], [("", table)])

    def _stop_row(self, stop: Stop) -> list[Cell]:
        call, after = self._call(stop), stop.after
        return [
            str(stop.position),
            f"{clock(self.reader, stop.start_at)}\n{clock(self.reader, stop.leave_at)}",
            self._place(stop.place, stop.start_at),
            distance(self.reader, stop.leg.distance_m),
            self._load(sum(one.weight_g for one in call.on), call.on_crates),
            self._load(sum(one.weight_g for one in call.down), call.down_crates),
            self._load(after.load_g, after.crates),
            "",
        ]

    def _pick_list(self, hub: Place) -> Leaf:
        going = [
            (str(route.number), goods)
            for route in self._bringing(hub)
            for stop in route.stops
            for goods in self._call(stop).down
        ]
        by_parcel = self._say(BY_PARCEL)
        parcels = [one for one in self.freight.carried.parcels if one.hub_id == hub.id]
        going += [(by_parcel, goods) for one in parcels for goods in one.goods]
        kinds = sorted({(goods.product_id, goods.grade) for _, goods in going}, key=lambda kind: self._product(*kind))
        rows: list[list[Cell]] = []
        for kind in kinds:
            of_kind = [(way, goods) for way, goods in going if (goods.product_id, goods.grade) == kind]
            ways = {way: sum(goods.quantity for other, goods in of_kind if other == way) for way, _ in of_kind}
            shares = ", ".join(
                f"{way}: {self._quantity(kind[0], amount)}".replace(" ", NBSP) for way, amount in ways.items()
            )
            rows.append([*self._goods_row(_summed(goods for _, goods in of_kind)), shares])
        picked = Table(self._heads(PICK_HEADS), (50, 22, 24, 22, 64), rows, frozenset({2, 3}))
        tables = [("", picked)]
        if parcels:
            posted: list[list[Cell]] = [
                [self._place(self.sheet.names.place(one.place_id)), self._goods(one.goods)] for one in parcels
            ]
            tables.append((by_parcel, Table(self._heads(POST_HEADS), (80, 100), posted)))
        return Leaf(self._say(PICK, hub=hub.name), [], tables)

    def _load_list(self, route: Route) -> Leaf:
        rows: list[list[Cell]] = []
        for stop in reversed(route.stops):
            call = self._call(stop)
            if call.down:
                load = self._load(sum(one.weight_g for one in call.down), call.down_crates)
                rows.append([str(stop.position), self._place(stop.place), self._goods(call.down), load, ""])
        table = Table(self._heads(LOAD_HEADS), (8, 66, 66, 22, 20), rows, frozenset({3}))
        says = [self._road(route), self._say(LAST_FIRST)]
        return Leaf(self._say(LOAD, n=str(route.number), truck=route.vehicle), says, [("", table)])

    def _note(self, route: Route, stop: Stop) -> Leaf:
        site = self.freight.site(stop.place.id)
        said = self._say(
            STOP_OF,
            position=str(stop.position),
            n=str(route.number),
            truck=route.vehicle,
            day=day(self.reader, stop.start_at.astimezone(self.zone)),
            time=clock(self.reader, stop.start_at),
            home=route.home.name,
        )
        rows: list[list[Cell]] = [[*self._goods_row(one), ""] for one in self._call(stop).down]
        table = Table(self._heads(NOTE_HEADS), (64, 30, 28, 26, 34), rows, frozenset({2, 3}))
        says = [line for line in (site.address, *site.phones, said) if line]
        return Leaf(self._name(stop.place, site), says, [("", table)], self._heads(SIGNED))

    def _bringing(self, hub: Place) -> Iterator[Route]:
        return (route for route in self.sheet.routes if route.home.id == hub.id and self._brings(route))

    def _brings(self, route: Route) -> bool:
        return any(self._call(stop).down for stop in route.stops)

    def _call(self, stop: Stop) -> Call:
        return self.freight.carried.calls[stop.trip, stop.position]

    def _trip(self, route: Route) -> str:
        return self._say(TRIP, n=str(route.number), truck=route.vehicle)

    def _road(self, route: Route) -> str:
        return self._say(
            ON_ROAD,
            phase=self._say(PHASES[route.phase][0]),
            day=day(self.reader, route.depart_at.astimezone(self.zone)),
            home=route.home.name,
            from_at=clock(self.reader, route.depart_at),
            to_at=clock(self.reader, route.return_at),
            way=distance(self.reader, route.distance_m),
        )

    def _name(self, place: Place, site: Site) -> str:
        return site.name or place.name or self._say(HOME)

    def _place(self, place: Place, at: datetime | None = None) -> str:
        site = self.freight.site(place.id)
        hours = _hours(site.hours, at.astimezone(self.zone).weekday()) if at else ""
        lines = (self._name(place, site), site.address or place.town, *site.phones)
        return "\n".join([line for line in lines if line] + ([self._say(OPEN, hours=hours)] if hours else []))

    def _load(self, weight_g: int, crates: int) -> str:
        if not weight_g:
            return "-"
        boxes = self._say(CRATE) if crates == 1 else self._say(CRATES, count=crates)
        return f"{weight(self.reader, weight_g)}\n{boxes}"

    def _goods(self, goods: Iterable[Goods]) -> list[str]:
        """Goods a line each."""
        rows = [self._goods_row(one) for one in goods]
        return [f"{amount} {name} {grade}" for name, grade, amount, _ in rows]

    def _goods_row(self, one: Goods) -> list[str]:
        name, grade = self._product(one.product_id, one.grade)
        counted = self.sheet.products[one.product_id].base_unit is BaseUnit.PIECE
        weighs = weight(self.reader, one.weight_g) if counted else ""
        return [name, grade, self._quantity(one.product_id, one.quantity), weighs]

    def _product(self, product_id: UUID, grade: int) -> tuple[str, str]:
        """What a product and one of its grades are called."""
        card = self.sheet.products[product_id]
        return self._own(card.name), next((self._own(one.name) for one in card.grades if one.rank == grade), "")

    def _quantity(self, product_id: UUID, amount: int) -> str:
        return quantity(self.reader, amount, self.sheet.products[product_id].base_unit)

    def _own(self, names: dict[str, str]) -> str:
        return names.get(self.language) or names["en"]

    def _heads(self, heads: Sequence[str]) -> list[str]:
        return [self._say(head) for head in heads]

    def _say(self, text: str, **facts: object) -> str:
        return render(text, self.language, facts)


def _summed(goods: Iterable[Goods]) -> Goods:
    """Goods of one kind as one heap."""
    one, *more = goods
    return replace(
        one,
        quantity=one.quantity + sum(other.quantity for other in more),
        weight_g=one.weight_g + sum(other.weight_g for other in more),
    )


def _hours(hours: Sequence[OpenHours], weekday: int) -> str:
    return ", ".join(
        f"{_minute(one.opens_minute)}-{_minute(one.closes_minute)}" for one in hours if one.weekday == weekday
    )


def _minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
