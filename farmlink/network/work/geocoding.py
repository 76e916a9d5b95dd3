"""Finding coordinates for addresses: towns of our own without a network, or a service through geopy."""

import csv
import logging
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeVar

from geopy.adapters import URLLibAdapter
from geopy.geocoders import BaiduV3, Nominatim

from farmlink.kernel.datum import bd09_to_wgs84
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.geo import Coordinates, from_degrees
from farmlink.network.values import Address, Geocoder

TOWNS: Final = Path(__file__).parents[1] / "gazetteer" / "towns.csv"
PATIENCE_S: Final = 10
"""For an answer as a whole: somebody waits for it in front of a form."""
USER_AGENT: Final = "farmlink"
LOG: Final = logging.getLogger(__name__)
T = TypeVar("T")


class AddressUnknownError(RefusedError):
    """Nobody knows where this is."""

    code = "address-unknown"
    message = "No place is known for {address}. Give its latitude and longitude."


class GeocoderUnreachableError(RefusedError):
    """The service that knows places does not answer."""

    code = "geocoder-unreachable"
    message = "The map service gives no usable answer. Try again later, or give latitude and longitude."


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
    """Asks a service of geopy once; `read` finds coordinates in WGS-84 in what it answered.

    Through urllib, because geopy asks three times over where it finds the library requests.
    """

    def __init__(self, service: Any, read: Callable[[Any], Coordinates]) -> None:
        self.service = service
        self._read = read

    def find(self, address: Address) -> Coordinates | None:
        """Wait for the service's best answer, but not for ever."""
        try:
            return _in_time(lambda: self._asked(address))
        except Exception as error:  # geopy reads an answer that is not as it expects with whatever error that gives
            LOG.warning("the map service gave no usable answer: %s", type(error).__name__)  # its text holds the address
            raise GeocoderUnreachableError from error

    def _asked(self, address: Address) -> Coordinates | None:
        found = self.service.geocode(address.line(), timeout=PATIENCE_S)
        return None if found is None else self._read(found.raw)


def nominatim(user_agent: str, domain: str = "nominatim.openstreetmap.org", scheme: str = "https") -> GeopyGeocoder:
    """OpenStreetMap's service; its terms ask for a user agent that names who asks, and for one question a second."""
    service = Nominatim(user_agent=user_agent, domain=domain, scheme=scheme, adapter_factory=URLLibAdapter)
    return GeopyGeocoder(service, lambda answer: from_degrees(answer["lat"], answer["lon"]))


def baidu(api_key: str, security_key: str | None = None) -> GeopyGeocoder:
    """Baidu's service, whose answers are in BD-09."""
    service = BaiduV3(api_key, security_key=security_key, adapter_factory=URLLibAdapter)

    def read(answer: Any) -> Coordinates:
        place = answer["location"]
        return bd09_to_wgs84(from_degrees(place["lat"], place["lng"]))

    return GeopyGeocoder(service, read)


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
        raise AddressUnknownError(address=address.line())
    return place


def _in_time(ask: Callable[[], T]) -> T:
    """Ask beside: an answer that comes byte by byte never runs into the socket's own patience."""
    answer: Future[T] = Future()

    def asks() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:  # noqa: BLE001  # whoever waits gets it
            answer.set_exception(error)

    Thread(target=asks, name="geocoder", daemon=True).start()
    return answer.result(PATIENCE_S)
