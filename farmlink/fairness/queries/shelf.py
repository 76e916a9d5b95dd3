"""The shop's shelf: what a cycle sells, in the order that the published weights give it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId, Listing
from farmlink.fairness.rules.ranking import BECAUSE, POINTS, rank, strongest
from farmlink.fairness.values import Merits, Rank, ShownListing
from farmlink.kernel.geo import haversine_m
from farmlink.kernel.locale import LANGUAGES, render
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.policy import queries as policy
from farmlink.policy.values import PolicyDocument, PolicyVersion, Ranking
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.rules import expected_decline_ppm
from farmlink.supply.values import Behind

METRES = 1000
PERCENT_PPM = 10_000
WHOLE_PPM = 1_000_000


def shelf(tx: Transaction, cycle_id: CycleId) -> list[ShownListing]:
    """What a cycle sells, the best value first, by the policy that it pinned or would pin now."""
    cycle, listings = cycles.cycle(tx, cycle_id), cycles.listings(tx, cycle_id)
    document = _document(tx, cycle)
    ranks = rank(merits(tx, cycle, listings), document.ranking, document.charges.remote_from_km * METRES)
    by_id = {listing.id: listing for listing in listings}
    return [_shown(by_id[one.listing_id], one, document.ranking, len(ranks)) for one in ranks]


def merits(tx: Transaction, cycle: Cycle, listings: Sequence[Listing]) -> list[Merits]:
    """What each listing is ranked by: its price, and the means of the lots that would serve it."""
    sold: dict[UUID, set[int]] = defaultdict(set)
    for listing in listings:
        sold[listing.product_id].add(listing.grade)
    found = supply.behind(tx, cycle.collect_on, cycle.hand_out_on, _farms(tx, cycle), sold)
    backed = _served(found, sold)
    return [_merits(listing, backed.get((listing.product_id, listing.grade), ())) for listing in listings]


def _farms(tx: Transaction, cycle: Cycle) -> dict[FarmId, tuple[int, int]]:
    """How far each farm of the region is from the cycle's hub, and how it keeps its promises."""
    hub, records = network.hub(tx, cycle.hub_id), supply.records(tx)
    cards = network.farms_by_id(tx, network.approved_farms(tx, cycle.region_id))
    return {
        card.id: (
            haversine_m(card.coordinates, hub.coordinates),
            WHOLE_PPM - expected_decline_ppm(*records.get(card.id, (0, 0))),
        )
        for card in cards.values()
    }


def _served(found: Iterable[Behind], sold: Mapping[UUID, Collection[int]]) -> dict[tuple[UUID, int], list[Behind]]:
    """The lots behind each grade that is sold: each counts once, for the best grade that it can serve."""
    backed: dict[tuple[UUID, int], list[Behind]] = defaultdict(list)
    for one in found:
        best = max((grade for grade in sold[one.product_id] if grade <= one.grade), default=None)
        if best is not None:
            backed[one.product_id, best].append(one)
    return backed


def _merits(listing: Listing, lots: Iterable[Behind]) -> Merits:
    quantity = sum(lot.quantity for lot in lots)
    return Merits(
        listing_id=listing.id,
        product_id=listing.product_id,
        grade=listing.grade,
        price_minor_per_1000=listing.price_minor_per_1000,
        distance_m=sum(lot.distance for lot in lots) // max(1, quantity),
        freshness_ppm=sum(lot.freshness for lot in lots) // max(1, quantity),
        kept_promises_ppm=sum(lot.kept for lot in lots) // max(1, quantity),
        is_backed=quantity > 0,
    )


def _document(tx: Transaction, cycle: Cycle) -> PolicyDocument:
    if cycle.policy_version is None:
        return policy.current(tx).document
    return policy.at(tx, PolicyVersion(cycle.policy_version)).document


def _shown(listing: Listing, one: Rank, weights: Ranking, of: int) -> ShownListing:
    facts = {
        "position": one.position,
        "of": of,
        "price": one.price_ppm // PERCENT_PPM,
        "freshness": one.freshness_ppm // PERCENT_PPM,
        "kept": one.kept_promises_ppm // PERCENT_PPM,
        "nearness": one.nearness_ppm // PERCENT_PPM,
        "price_weight": weights.price_weight_ppm // PERCENT_PPM,
        "freshness_weight": weights.freshness_weight_ppm // PERCENT_PPM,
        "kept_weight": weights.kept_promises_weight_ppm // PERCENT_PPM,
        "nearness_weight": weights.nearness_weight_ppm // PERCENT_PPM,
    }
    sentence = (BECAUSE[strongest(one, weights)], POINTS)
    why = {language: " ".join(render(part, language, facts) for part in sentence) for language in LANGUAGES}
    return ShownListing(**{field.name: getattr(listing, field.name) for field in fields(Listing)}, rank=one, why=why)
