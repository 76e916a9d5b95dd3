"""What is declared: the region's roads, day and parcels, and the cycle's policy, in the solver's terms."""

from typing import Final

import msgspec

from farmlink.cycles.values import Cycle
from farmlink.network.values import Parcels, Rhythm, Roads
from farmlink.planning.queries.snapshot import limited
from farmlink.planning.queries.snapshot.columns import cold_bits
from farmlink.policy.values import PolicyDocument
from solver import problem as given

DAY_S: Final = 86_400


def roads(declared: Roads) -> given.Roads:
    """Roads have the same fields on both sides."""
    return limited.roads(msgspec.convert(declared, given.Roads, from_attributes=True))


def rhythm(declared: Rhythm, cycle: Cycle) -> given.Rhythm:
    """The region's day, with the delivery moved to the day on which this cycle hands out."""
    hand_out_day = limited.hand_out_day((cycle.hand_out_on - cycle.collect_on).days)
    later_s = (hand_out_day - declared.hand_out_day) * DAY_S
    terms = given.Rhythm(
        collect_from_s=declared.collect_from_s,
        collect_until_s=declared.collect_until_s,
        haul_from_s=declared.haul_from_s,
        haul_until_s=declared.haul_until_s,
        haul_handling_s=declared.haul_handling_s,
        sort_s=declared.sort_s,
        deliver_from_s=max(0, declared.deliver_from_s + later_s),
        deliver_until_s=max(0, declared.deliver_until_s + later_s),
        hand_out_day=hand_out_day,
        crate_g=declared.crate_g,
    )
    return limited.rhythm(terms)


def parcels(declared: Parcels) -> given.Parcels:
    """The region's tariff."""
    terms = given.Parcels(
        zone_limit_m=declared.zone_limit_m,
        weight_limit_g=declared.weight_limit_g,
        price_minor=declared.price_minor,
        cold=cold_bits(declared.cold_classes),
        cold_pack_minor=declared.cold_pack_minor,
        cold_pack_g=declared.cold_pack_g,
    )
    return limited.parcels(terms)


def policy(declared: PolicyDocument) -> given.Policy:
    """The terms of fairness and charges that the cycle pinned at its opening."""
    fairness, charges = declared.fairness, declared.charges
    terms = given.Policy(
        packaging_minor_per_kg=charges.packaging_minor_per_kg,
        commission_ppm=charges.commission_ppm,
        payment_fee_ppm=charges.payment_fee_ppm,
        fairness_segments=fairness.segments,
        fairness_ppm=fairness.weight_ppm,
        small_farm_premium_ppm=fairness.small_farm_premium_ppm,
        share_cap_ppm=fairness.share_cap_ppm,
        small_floor_ppm=fairness.small_farm_floor_ppm,
        share_cap_farms=fairness.cap_needs_farms,
        price_band_ppm=fairness.equal_price_band_ppm,
        equalisation_ppm=charges.freight_equalisation_ppm,
        equalisation_from_m=charges.remote_from_km * 1000,
    )
    return limited.policy(terms)
