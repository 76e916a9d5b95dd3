"""What a hub, a farm, a pick-up point and a vehicle may be."""

import re
from collections.abc import Iterable
from datetime import date

from farmlink.kernel.bounds import MOST_CRATES, MOST_MINOR, MOST_MINOR_PER_KG, MOST_MINOR_PER_KM, within
from farmlink.kernel.clock import zone_named
from farmlink.kernel.geo import Box, Coordinates, SwappedCoordinatesError, degrees, place_in
from farmlink.network.rules.extent import swapped_by_clock
from farmlink.network.rules.refusals import (
    ClosedDayError,
    ColdClassNoneError,
    HoursError,
    HubMoveError,
    PlaceCodeError,
    TextTooLongError,
    UnreachedPointError,
)
from farmlink.network.rules.words import TEXT_LENGTH, check_text
from farmlink.network.values import (
    WORLD,
    Address,
    FarmDraft,
    HomeDraft,
    HubDraft,
    HubState,
    OpenHours,
    PointDraft,
    VehicleDraft,
)

DAY_MINUTES = 24 * 60
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check_hub(draft: HubDraft) -> None:
    """A hub can be found, works through something and has a clock."""
    check_text("name", draft.name)
    check_address(draft.address)
    check_hours("hours", draft.hours)
    if draft.time_zone is not None:
        zone_named(draft.time_zone)
    within("throughput_g", draft.throughput_g, 1)
    within("fixed_minor", draft.fixed_minor, 0, MOST_MINOR)
    within("handling_minor_per_kg", draft.handling_minor_per_kg, 0, MOST_MINOR_PER_KG)


def check_hub_move(state: HubState, wanted: HubState) -> None:
    """A hub that works is closed, never made a candidate again."""
    if state is HubState.OPEN and wanted is HubState.CANDIDATE:
        raise HubMoveError


def check_farm(draft: FarmDraft) -> None:
    """A farm can be found and told apart."""
    check_text("name", draft.name)
    check_address(draft.address)
    check_hours("hours", draft.hours)
    check_place_code(draft.code)
    for family in draft.families:
        check_text("families", family)


def check_point(draft: PointDraft) -> None:
    """A pick-up point can be found, reached and holds something."""
    check_text("name", draft.name)
    check_address(draft.address)
    check_hours("hours", draft.hours)
    check_place_code(draft.code)
    within("capacity_orders", draft.capacity_orders, 1, 10**6)
    within("capacity_g", draft.capacity_g, 1)
    if not (draft.by_truck or draft.by_parcel):
        raise UnreachedPointError(field="by_truck")
    check_days("closed_days", draft.closed_days)


def check_home(draft: HomeDraft) -> None:
    """A home can be found by who brings something: its address names the street."""
    check_address(draft.address)
    check_text("address.street", draft.address.street)


def check_vehicle(draft: VehicleDraft) -> None:
    """A vehicle carries something for some hours a day."""
    check_text("name", draft.name)
    for name in ("weight_g", "volume_ml"):
        within(name, getattr(draft, name), 1)
    within("crates", draft.crates, 1, MOST_CRATES)
    for name in ("fixed_minor", "minor_per_hour"):
        within(name, getattr(draft, name), 0, MOST_MINOR)
    within("minor_per_km", draft.minor_per_km, 0, MOST_MINOR_PER_KM)
    within("shift_s", draft.shift_s, 1, 86_400)
    if not draft.cold_classes:
        raise ColdClassNoneError(field="cold_classes")


def check_address(address: Address) -> None:
    """An address names at least its town."""
    check_text("address.town", address.town)
    for name in ("street", "district", "postcode", "country"):
        if len(getattr(address, name)) > TEXT_LENGTH:
            raise TextTooLongError(field=f"address.{name}", longest=TEXT_LENGTH)


def check_place_code(code: str | None) -> None:
    """A code can be typed into a file."""
    if code is not None and not CODE.fullmatch(code):
        raise PlaceCodeError(field="code")


def check_hours(field: str, hours: Iterable[OpenHours]) -> None:
    """Openings lie within a weekday, end after they begin and do not overlap."""
    last = (-1, 0)
    for opening in sorted(hours, key=lambda one: (one.weekday, one.opens_minute)):
        in_a_day = 0 <= opening.weekday <= 6 and 0 <= opening.opens_minute < opening.closes_minute <= DAY_MINUTES
        if not in_a_day or (opening.weekday == last[0] and opening.opens_minute < last[1]):
            raise HoursError(field=field)
        last = (opening.weekday, opening.closes_minute)


def check_days(field: str, days: Iterable[str]) -> None:
    """Closed days are in the calendar."""
    for day in days:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise ClosedDayError(field=field, day=day) from error


def check_extent(extent: Box, place: Coordinates, zone: str) -> None:
    """A place lies in its region; swapped coordinates are told apart from far ones, without an extent by the clock."""
    latitude, longitude = degrees(place.latitude_e6), degrees(place.longitude_e6)
    place_in(extent, latitude, longitude)
    if extent == WORLD and swapped_by_clock(place, zone):
        raise SwappedCoordinatesError(latitude=latitude, longitude=longitude, field="coordinates")
