"""Another region than Michigan: its extent, its towns and its hubs follow from the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import Final

from farmlink.demo import recipe
from farmlink.demo.scenario import Scenario, Town
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.geo import MICRO, Coordinates
from farmlink.network.values import FarmCard, PointCard
from farmlink.planning.work.sites import Load, SiteTerms, choose_sites

ORDER_G: Final = 9000
TO_OTHER_HUBS_MINOR: Final = 160_000
"""What an additional hub costs in line hauls: two trips of a large truck."""
MINOR_PER_TONNE_KM: Final = 170
CANDIDATES: Final = 40


class NoPlacesError(RefusedError):
    """What the file seemed to have was left out by the import."""

    code = "no-places"
    message = "No farm that sells something, or no market, is left of the file after its import. Look at its rows."


def towns(farms: Sequence[FarmCard], points: Sequence[PointCard]) -> tuple[Town, ...]:
    """The file's towns where their places are, weighed by their markets; the one with most places first."""
    named: dict[tuple[str, str], list[Coordinates]] = defaultdict(list)
    markets: dict[tuple[str, str], int] = defaultdict(int)
    places: list[FarmCard | PointCard] = [*points, *farms]
    for place in places:
        key = (place.address.town.strip().title(), place.address.district.strip().upper())
        named[key].append(place.coordinates)
        markets[key] += isinstance(place, PointCard)
    made = [(-len(here), key, Town(key[0], _middle(here), float(markets[key]))) for key, here in named.items()]
    return tuple(town for _, _, town in sorted(made, key=lambda entry: entry[:2]))


def hub_sites(
    scenario: Scenario, found: Sequence[Town], farms: Sequence[FarmCard], points: Sequence[PointCard], orders: int
) -> list[tuple[str, Coordinates]]:
    """The towns where the solver puts hubs, for what so many orders weigh."""
    offering = [farm for farm in farms if farm.families]
    if not offering or not points:
        raise NoPlacesError
    candidates = list(found)[:CANDIDATES]
    weights = recipe.point_weights(found, [point.coordinates for point in points], scenario.circuity)
    total_g = orders * ORDER_G
    loads = [Load(farm.coordinates, total_g // len(offering)) for farm in offering]
    loads += [
        Load(point.coordinates, round(total_g * part)) for point, part in zip(points, weights.tolist(), strict=True)
    ]
    terms = SiteTerms(
        opening_minor=scenario.hub_fixed_minor + TO_OTHER_HUBS_MINOR,
        throughput_g=2 * scenario.hub_throughput_g,
        minor_per_tonne_km=MINOR_PER_TONNE_KM,
        circuity_ppm=round(scenario.circuity * MICRO),
    )
    chosen = choose_sites([town.coordinates for town in candidates], loads, terms)
    sites: dict[str, Coordinates] = {}
    for row in chosen:
        town = candidates[row]
        name = town.name if town.name not in sites else f"{town.name} {row}"
        sites[name] = town.coordinates
    return list(sites.items())


def _middle(places: Sequence[Coordinates]) -> Coordinates:
    return Coordinates(
        round(fmean(place.latitude_e6 for place in places)), round(fmean(place.longitude_e6 for place in places))
    )
