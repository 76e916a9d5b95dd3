"""Which clock a region keeps: that of its state where it is known, or else of its longitude."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import median
from typing import Final

from farmlink.kernel.geo import MICRO, Coordinates

BY_LONGITUDE: Final = "Etc/GMT{:+d}"
ZONES: Final = {
    "America/New_York": "CT DC DE FL GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Anchorage": "AK",
    "America/Phoenix": "AZ",
    "Pacific/Honolulu": "HI",
    "America/Boise": "ID",
    "America/Indiana/Indianapolis": "IN",
    "America/Kentucky/Louisville": "KY",
    "America/Detroit": "MI",
    "America/Puerto_Rico": "PR",
}
"""The zone that most of each state of the USA keeps, after zone1970.tab of the IANA time zone database."""
STATES: Final = {state: zone for zone, states in ZONES.items() for state in states.split()}
WEST_E6: Final = -60 * MICRO
"""All of them lie beyond; a state of the same letters on another continent does not."""


def time_zone(places: Sequence[Coordinates], states: Collection[str]) -> str:
    """The clock of the one state that the places lie in, or of their middle longitude."""
    longitude_e6 = median(place.longitude_e6 for place in places)
    zones = {STATES.get(state.strip().upper()) for state in states}
    zone = zones.pop() if len(zones) == 1 else None
    if zone is not None and longitude_e6 < WEST_E6:
        return zone
    hours = round(longitude_e6 / MICRO / 15)
    return BY_LONGITUDE.format(-hours) if hours else "Etc/UTC"  # as POSIX has it, west is positive
