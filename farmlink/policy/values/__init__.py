"""The policy document: every figure that ranks, shares or charges; a millionth (ppm) is the unit of a share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar, NewType

from farmlink.kernel.events import Event
from farmlink.kernel.locale import marked

PolicyVersion = NewType("PolicyVersion", int)


class ShortageRule(StrEnum):
    """Who goes short when there is not enough; each can be replayed from published inputs."""

    PRO_RATA = "pro-rata"
    ROTATION = "rotation"
    LOTTERY = "lottery"
    TOLERANCE_FIRST = "tolerance-first"


@dataclass(frozen=True, slots=True)
class Ranking:
    """What orders the shop's shelves, by weight; nothing of it can be bought."""

    price_weight_ppm: int = 400_000
    freshness_weight_ppm: int = 250_000
    kept_promises_weight_ppm: int = 250_000
    nearness_weight_ppm: int = 100_000


@dataclass(frozen=True, slots=True)
class Fairness:
    """How the plan shares sales among farms whose offers are equal."""

    segments: int = 4
    """A farm's sales are priced in this many steps, each dearer than the one before."""
    weight_ppm: int = 20_000
    """What the dearest step costs, as a share of the posted price."""
    small_farm_kg: int = 200
    """A farm that offers less than this in a cycle is small."""
    small_farm_premium_ppm: int = 10_000
    """By how much a small farm's ask counts as lower."""
    small_farm_floor_ppm: int = 50_000
    """The share of each product kept for small farms where at least three farms are eligible."""
    share_cap_ppm: int = 600_000
    """The most of a product that one farm sells; binds only where at least `cap_needs_farms` are eligible."""
    cap_needs_farms: int = 3
    equal_price_band_ppm: int = 20_000
    """Asks this close to each other count as equal."""


@dataclass(frozen=True, slots=True)
class Charges:
    """What selling costs, and who pays less."""

    commission_ppm: int = 50_000
    payment_fee_ppm: int = 15_000
    packaging_minor_per_kg: int = 6
    fee_relief_ppm: int = 500_000
    """By how much the commission falls for small farms."""
    leader_commission_ppm: int = 0
    """What the leader of a point gets of every line that is handed out there, without its tax."""
    order_fee_minor: int = 0
    """What the hub gets of every order of which anything was handed out."""
    pack_fee_minor: int = 0
    """What the hub gets of every pack."""
    crate_deposit_minor: int = 0
    """What a consumer leaves for every crate until it comes back."""
    crate_g: int = 20_000
    """What goes into a crate."""
    freight_equalisation_ppm: int = 300_000
    """Which share of what a remote place costs above the region's mean is borne by all; shown as a subsidy."""
    remote_from_km: int = 250
    """A farm or point this far by road from its hub is remote."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a farm stays in good standing: by promises kept, over its last answers."""

    counted_answers: int = 20
    kept_at_least_ppm: int = 700_000
    first_showings: int = 2
    """A new farm's lots are shown first in this many cycles."""
    hoarded_orders_at_most: int = 1
    """Open orders of one consumer in one cycle."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a consumer may count on, and what it is worth to keep it."""

    fresh_days_at_hand_out: int = 1
    """Days of shelf life that are left at hand-out, at least."""
    shortfall_times: int = 2
    """What a plan may spend rather than leave somebody short, in times of the posted price."""
    shortfall_minor_per_kg: int = 300
    """The same, on top, by weight."""
    claim_window_h: int = 48
    """Hours after its hand-out in which a consumer may say that something was not right."""
    claim_answer_h: int = 24
    """Hours in which the leader of the point answers a claim; silence passes it on to the hub's planners."""


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """Everything that a published version says."""

    shortage_rule: ShortageRule = ShortageRule.PRO_RATA
    ranking: Ranking = field(default_factory=Ranking)
    fairness: Fairness = field(default_factory=Fairness)
    charges: Charges = field(default_factory=Charges)
    standing: Standing = field(default_factory=Standing)
    service: Service = field(default_factory=Service)


@dataclass(frozen=True, slots=True)
class Policy:
    """One published version; it never changes."""

    version: PolicyVersion
    document: PolicyDocument
    published_at: datetime
    reason: str


FIRST = Policy(
    PolicyVersion(1),
    PolicyDocument(),
    datetime(2026, 1, 1, tzinfo=UTC),
    marked("What every installation begins with."),
)
"""The version that every installation begins with; a change of its figures is a new version, never an edit here."""


@dataclass(frozen=True, slots=True)
class PolicyPublished(Event):
    """From now on, cycles that open follow this version."""

    name: ClassVar[str] = "policy.published.v1"
    version: PolicyVersion
