"""A region and a policy of which every number is the least or the most that its room accepts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from farmlink.kernel import bounds
from farmlink.network.values import Parcels, RegionDraft, Rhythm, Roads
from farmlink.policy.values import Charges, Fairness, PolicyDocument, Service
from tests.farmlink.network.builders import MICHIGAN

Either = Callable[[int, int], int]
DAY_S = 86_400
PPM = 1_000_000


def extreme_region(either: Either) -> RegionDraft:
    week = 7 * DAY_S
    return replace(
        MICHIGAN,
        roads=Roads(
            either(PPM, bounds.MOST_CIRCUITY_PPM),
            (1, bounds.MOST_M),
            (either(1_000, 200_000), either(1_000, 200_000), 200_000),
        ),
        parcels=Parcels(
            (1, bounds.MOST_M),
            (1, bounds.MOST_PARCEL_G),
            ((0, bounds.MOST_MINOR), (either(0, bounds.MOST_MINOR),) * 2),
            cold_pack_minor=either(0, bounds.MOST_MINOR),
            cold_pack_g=either(1, bounds.MOST_PARCEL_G),
        ),
        rhythm=Rhythm(
            collect_from_s=0,
            collect_until_s=either(1, week),
            haul_from_s=either(0, week - 1),
            haul_until_s=week,
            haul_handling_s=either(0, DAY_S),
            sort_s=either(0, DAY_S),
            deliver_from_s=either(0, week - 1),
            deliver_until_s=week,
            hand_out_day=either(0, bounds.LATEST_HAND_OUT_DAYS),
            crate_g=either(1, 10**6),
            farm_service_s=either(0, DAY_S),
            farm_service_s_per_tonne=either(0, DAY_S),
            point_service_s=either(0, DAY_S),
            point_service_s_per_tonne=either(0, DAY_S),
        ),
    )


def extreme_policy(either: Either) -> PolicyDocument:
    return PolicyDocument(
        fairness=Fairness(
            segments=either(1, 20),
            weight_ppm=either(0, PPM),
            small_farm_kg=either(0, 10**9),
            small_farm_premium_ppm=either(0, PPM),
            small_farm_floor_ppm=either(0, PPM),
            share_cap_ppm=PPM,
            cap_needs_farms=either(3, 1000),
            equal_price_band_ppm=either(0, PPM),
        ),
        charges=Charges(
            commission_ppm=either(0, PPM),
            payment_fee_ppm=either(0, PPM),
            packaging_minor_per_kg=either(0, bounds.MOST_MINOR_PER_KG),
            freight_equalisation_ppm=either(0, PPM),
            remote_from_km=either(0, bounds.MOST_M // 1000),
        ),
        service=Service(
            fresh_days_at_hand_out=either(0, bounds.MOST_DAYS),
            shortfall_times=either(0, 1000),
            shortfall_minor_per_kg=either(0, bounds.MOST_MINOR_PER_KG),
        ),
    )
