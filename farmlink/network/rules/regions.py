"""What a region may be."""

from babel.numbers import list_currencies

from farmlink.kernel.bounds import (
    LATEST_HAND_OUT_DAYS,
    MOST_CIRCUITY_PPM,
    MOST_M,
    MOST_MINOR,
    MOST_PARCEL_G,
    within,
)
from farmlink.kernel.clock import zone_named
from farmlink.network.rules.refusals import CurrencyUnknownError, ParcelTariffError, RhythmError, RoadsError
from farmlink.network.rules.words import check_text
from farmlink.network.values import Parcels, Passage, RegionDraft, Rhythm, Roads


def check_region(draft: RegionDraft) -> None:
    """A region has a clock, a currency, roads, a tariff and a rhythm."""
    check_text("name", draft.name)
    zone_named(draft.time_zone)
    if draft.currency not in list_currencies():
        raise CurrencyUnknownError(field="currency", currency=draft.currency)
    check_roads(draft.roads)
    check_parcels(draft.parcels)
    check_rhythm(draft.rhythm)


def check_roads(roads: Roads) -> None:
    """Bands rise, every band has a speed, every passage lies somewhere."""
    within("roads.circuity_ppm", roads.circuity_ppm, 1_000_000, MOST_CIRCUITY_PPM)
    if not _rising(roads.band_limit_m) or len(roads.speed_m_per_h) != len(roads.band_limit_m) + 1:
        raise RoadsError(field="roads")
    for limit_m in roads.band_limit_m:
        within("roads.band_limit_m", limit_m, 1, MOST_M)
    for speed in roads.speed_m_per_h:
        within("roads.speed_m_per_h", speed, 1_000, 200_000)
    for passage in roads.passages:
        _check_passage(passage)


def _check_passage(passage: Passage) -> None:
    check_text("roads.passages.name", passage.name)
    within("roads.passages.latitude_e6", passage.latitude_e6, -90_000_000, 90_000_000)
    within("roads.passages.longitude_e6", passage.longitude_e6, -180_000_000, 180_000_000)
    within("roads.passages.toll_minor", passage.toll_minor, 0, MOST_MINOR)


def check_parcels(parcels: Parcels) -> None:
    """Every zone has a price for every weight step."""
    complete = len(parcels.price_minor) == len(parcels.zone_limit_m) and all(
        len(zone) == len(parcels.weight_limit_g) and min(zone, default=-1) >= 0 for zone in parcels.price_minor
    )
    if not complete or not _rising(parcels.zone_limit_m) or not _rising(parcels.weight_limit_g):
        raise ParcelTariffError(field="parcels")
    for name, limits, most in (
        ("zone_limit_m", parcels.zone_limit_m, MOST_M),
        ("weight_limit_g", parcels.weight_limit_g, MOST_PARCEL_G),
        ("price_minor", [price for zone in parcels.price_minor for price in zone], MOST_MINOR),
    ):
        for number in limits:
            within(f"parcels.{name}", number, 0, most)
    within("parcels.cold_pack_minor", parcels.cold_pack_minor, 0, MOST_MINOR)
    within("parcels.cold_pack_g", parcels.cold_pack_g, 1, MOST_PARCEL_G)


def check_rhythm(rhythm: Rhythm) -> None:
    """Windows open before they close, and delivery follows collection."""
    windows = (
        (rhythm.collect_from_s, rhythm.collect_until_s),
        (rhythm.haul_from_s, rhythm.haul_until_s),
        (rhythm.deliver_from_s, rhythm.deliver_until_s),
    )
    if any(not 0 <= opens < closes <= 7 * 86_400 for opens, closes in windows):
        raise RhythmError(field="rhythm")
    if rhythm.deliver_from_s < rhythm.collect_from_s:
        raise RhythmError(field="rhythm")
    within("rhythm.hand_out_day", rhythm.hand_out_day, 0, LATEST_HAND_OUT_DAYS)
    within("rhythm.crate_g", rhythm.crate_g, 1, 10**6)
    for name in ("haul_handling_s", "sort_s", "farm_service_s", "point_service_s", "home_service_s"):
        within(f"rhythm.{name}", getattr(rhythm, name), 0, 86_400)
    for name in ("farm_service_s_per_tonne", "point_service_s_per_tonne"):
        within(f"rhythm.{name}", getattr(rhythm, name), 0, 86_400)


def _rising(limits: tuple[int, ...]) -> bool:
    return all(low < high for low, high in zip((0, *limits), limits, strict=False))
