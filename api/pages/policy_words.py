"""What each figure of the policy is called, and in which unit it stands."""

from typing import Final

from farmlink.kernel.locale import marked
from farmlink.policy.values import ShortageRule

RULES: Final = {
    ShortageRule.PRO_RATA: marked("Everybody gets the same share of what they ordered."),
    ShortageRule.ROTATION: marked("Who was cut before comes first, by the fairness ledger."),
    ShortageRule.LOTTERY: marked("Lots are drawn with a seed that is published afterwards."),
    ShortageRule.TOLERANCE_FIRST: marked("What was only tolerated on top is cut first, then everybody alike."),
}
GROUPS: Final = {
    "ranking": marked("What orders the shop's shelves"),
    "fairness": marked("How sales are shared among equal farms"),
    "charges": marked("What selling costs, and who pays less"),
    "standing": marked("How a farm stays in good standing"),
    "service": marked("What a consumer may count on"),
}
FIGURES: Final = {
    "price_weight_ppm": marked("Weight of the price for the grade"),
    "freshness_weight_ppm": marked("Weight of freshness"),
    "kept_promises_weight_ppm": marked("Weight of kept promises"),
    "nearness_weight_ppm": marked("Weight of nearness"),
    "segments": marked("Steps in which a farm's sales grow dearer"),
    "weight_ppm": marked("Price of the dearest step"),
    "small_farm_kg": marked("A farm is small below, kg a cycle"),
    "small_farm_premium_ppm": marked("A small farm's price counts as lower by"),
    "small_farm_floor_ppm": marked("Share kept for small farms"),
    "share_cap_ppm": marked("Most of a product that one farm sells"),
    "cap_needs_farms": marked("Farms it needs before that cap binds"),
    "equal_price_band_ppm": marked("Prices this close count as equal"),
    "commission_ppm": marked("Commission"),
    "payment_fee_ppm": marked("Payment fee"),
    "packaging_minor_per_kg": marked("Packaging, in minor units per kg"),
    "fee_relief_ppm": marked("Commission falls for small farms by"),
    "leader_commission_ppm": marked("Leader's commission on each line"),
    "order_fee_minor": marked("Fee per order, in minor units"),
    "pack_fee_minor": marked("Fee per pack, in minor units"),
    "crate_deposit_minor": marked("Deposit per crate, in minor units"),
    "crate_g": marked("What goes into a crate, g"),
    "freight_equalisation_ppm": marked("Share of remote freight that all bear"),
    "remote_from_km": marked("Remote from, km"),
    "counted_answers": marked("Answers that are counted"),
    "kept_at_least_ppm": marked("Promises kept at least"),
    "first_showings": marked("Cycles in which a new farm is shown first"),
    "hoarded_orders_at_most": marked("Open orders of one consumer in one cycle"),
    "fresh_days_at_hand_out": marked("Days of freshness left at hand-out"),
    "shortfall_times": marked("Worth of not being short, times the price"),
    "shortfall_minor_per_kg": marked("And on top, in minor units per kg"),
    "claim_window_h": marked("Hours after the hand-out to claim"),
    "claim_answer_h": marked("Hours the leader has to answer a claim"),
}
