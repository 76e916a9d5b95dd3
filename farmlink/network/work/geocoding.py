"""Finding coordinates for addresses: towns of our own without a network, or a service through geopy."""

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from geopy.exc import GeopyError
from geopy.geocoders import BaiduV3, Nominatim

from farmlink.kernel.datum import bd09_to_wgs84
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.geo import Coordinates, from_degrees
from farmlink.network.values import Address, Geocoder

TOWNS: Final = Path(__file__).parents[1] / "gazetteer" / "towns.csv"
PATIENCE_S: Final = 10
USER_AGENT: Final = "farmlink"


class AddressUnknownError(RefusedError):
    """Nobody knows where this is."""

    code = "address-unknown"
    message = "No place is known for {address}. Give its latitude and longitude."


class GeocoderUnreachableError(RefusedError):
    """The service that knows places does not answer."""

    code = "geocoder-unreachable"
    message = "The map service does not answer. Try again later, or give latitude and longitude."


class Gazetteer(Geocoder):
    """Knows towns, not streets; needs no network."""

    def __init__(self, path: Path = TOWNS) -> None:
        self._towns: dict[str, dict[str, Coordinates]] = defaultdict(dict)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                place = Coordinates(int(row["latitude_e6"]), int(row["longitude_e6"]))
                self._towns[row["town"].casefold()][row["district"].casefold()] = place

    def find(self, address: Address) -> Coordinates | None:
        """The town's coordinates; none when towns of that name lie in several districts and none is named."""
        named = self._towns.get(address.town.strip().casefold(), {})
        if address.district:
            return named.get(address.district.strip().casefold())
        return next(iter(named.values())) if len(named) == 1 else None


class GeopyGeocoder(Geocoder):
    """Asks a service of geopy, and turns its datum into WGS-84."""

    def __init__(self, service: Any, to_wgs84: Callable[[Coordinates], Coordinates] = lambda place: place) -> None:
        self.service = service
        self._to_wgs84 = to_wgs84

    def find(self, address: Address) -> Coordinates | None:
        """Wait for the service's best answer."""
        try:
            found = self.service.geocode(written(address), timeout=PATIENCE_S)
        except GeopyError as error:
            raise GeocoderUnreachableError from error
        return None if found is None else self._to_wgs84(from_degrees(found.latitude, found.longitude))


def nominatim(user_agent: str, domain: str = "nominatim.openstreetmap.org", scheme: str = "https") -> GeopyGeocoder:
    """OpenStreetMap's service; its terms ask for a user agent that names who asks, and for one question a second."""
    return GeopyGeocoder(Nominatim(user_agent=user_agent, domain=domain, scheme=scheme))


def baidu(api_key: str, security_key: str | None = None) -> GeopyGeocoder:
    """Baidu's service, whose answers are in BD-09."""
    return GeopyGeocoder(BaiduV3(api_key, security_key=security_key), bd09_to_wgs84)


def chosen(setting: str) -> Geocoder:
    """The geocoder that a setting names: `offline`, `nominatim:<domain>` or `baidu:<key>`."""
    service, _, told = setting.partition(":")
    if setting == "offline":
        return Gazetteer()
    if service == "nominatim" and told:
        return nominatim(USER_AGENT, told)
    if service == "baidu" and told:
        return baidu(told)
    raise ValueError(f"FARMLINK_GEOCODER is {service!r}: use offline, nominatim:<domain> or baidu:<key>")


def locate(geocoder: Geocoder, address: Address) -> Coordinates:
    """Find an address, or refuse it."""
    place = geocoder.find(address)
    if place is None:
        raise AddressUnknownError(address=written(address))
    return place


def written(address: Address) -> str:
    """An address in one line, from the street to the country."""
    parts = (address.street, address.town, address.district, address.postcode, address.country)
    return ", ".join(part.strip() for part in parts if part.strip())
