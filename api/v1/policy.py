"""The public rules: everybody reads them, an admin publishes the next version."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from api.dependencies import ActingStore, AskedPage, Asking, OnceKey, SeenRevision, tagged
from api.guards import OPT, anyone, platform
from farmlink.kernel.page import Page, part, place
from farmlink.people.values import Role
from farmlink.policy import commands, queries
from farmlink.policy.values import Policy, PolicyDocument, PolicyVersion, ShortageRule

Ppm = Annotated[int, msgspec.Meta(ge=0, le=1_000_000, description="Millionths.", examples=[20_000])]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000, examples=[3])]
Hours = Annotated[int, msgspec.Meta(ge=0, le=87_600, examples=[48])]


class RankingTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What orders the shop's shelves; the weights sum to a million."""

    price_weight_ppm: Ppm
    freshness_weight_ppm: Ppm
    kept_promises_weight_ppm: Ppm
    nearness_weight_ppm: Ppm


class FairnessTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How the plan shares sales among equal farms."""

    segments: Annotated[int, msgspec.Meta(ge=1, le=20)]
    weight_ppm: Ppm
    small_farm_kg: Count
    small_farm_premium_ppm: Ppm
    small_farm_floor_ppm: Ppm
    share_cap_ppm: Ppm
    cap_needs_farms: Annotated[int, msgspec.Meta(ge=3, le=1000)]
    equal_price_band_ppm: Ppm


class ChargeTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What selling costs, and who pays less."""

    commission_ppm: Ppm
    payment_fee_ppm: Ppm
    packaging_minor_per_kg: Count
    fee_relief_ppm: Ppm
    leader_commission_ppm: Ppm
    order_fee_minor: Count
    pack_fee_minor: Count
    crate_deposit_minor: Count
    crate_g: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000, examples=[20_000])]
    freight_equalisation_ppm: Ppm
    remote_from_km: Count


class StandingTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How a farm stays in good standing."""

    counted_answers: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    kept_at_least_ppm: Ppm
    first_showings: Count
    hoarded_orders_at_most: Count


class ServiceTerms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a consumer may count on."""

    fresh_days_at_hand_out: Count
    shortfall_times: Count
    shortfall_minor_per_kg: Count
    claim_window_h: Hours
    claim_answer_h: Hours


class Terms(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The whole document; nothing is left as it was."""

    shortage_rule: ShortageRule
    ranking: RankingTerms
    fairness: FairnessTerms
    charges: ChargeTerms
    standing: StandingTerms
    service: ServiceTerms


class NewPolicy(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The whole next version, and why."""

    document: Terms
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, examples=["Members voted on 3 May."])]


class PolicyController(Controller):
    """Published policies."""

    path = "/policy"
    tags = ("policy",)

    @get("/current", opt={OPT: anyone}, sync_to_thread=True)
    def current(self, store: ActingStore) -> Response[Policy]:
        """The version that cycles opening now will pin."""
        policy = store.read(queries.current)
        return tagged(policy, policy.version)

    @get("/versions", opt={OPT: anyone}, sync_to_thread=True)
    def versions(self, store: ActingStore, paging: AskedPage) -> Page[Policy]:
        """Every version ever published, the newest first."""
        return part(store.read(queries.versions), paging, lambda one: place(one.version))

    @get("/versions/{version:int}", opt={OPT: anyone}, sync_to_thread=True)
    def at(self, store: ActingStore, version: FromPath[Annotated[int, msgspec.Meta(ge=1, le=2**31)]]) -> Policy:
        """What one version says; it never changes."""
        return store.read(queries.at, PolicyVersion(version))

    @post("/versions", opt={OPT: platform(Role.ADMIN)}, sync_to_thread=True)
    def publish(
        self, store: ActingStore, principal: Asking, key: OnceKey, revision: SeenRevision, data: JSONBody[NewPolicy]
    ) -> Policy:
        """Publish the next version; `If-Match` holds the version that the author saw."""
        document = msgspec.convert(msgspec.to_builtins(data.document), PolicyDocument)
        return store.once(key, commands.publish_version, document, data.reason, revision, principal.person_id)


controllers = [PolicyController]
