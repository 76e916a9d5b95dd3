"""What goes in and out of the fairness ledger; amounts are at posted prices for consumers, by their asks for farms."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import CycleId, Listing, ListingId

EntryId = NewType("EntryId", UUID)


class Party(StrEnum):
    """Between whom a shortage is shared: equals are compared with their own kind alone."""

    CONSUMERS = "consumers"
    FARMS = "farms"


@dataclass(frozen=True, slots=True)
class Tally:
    """What one party wanted and got of the same goods; `goods` tells one shortage from another."""

    party_id: UUID
    goods: Hashable
    wanted_minor: int
    got_minor: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The farms that could send some goods, with the base units that each has, and when they harvest them."""

    farms: Mapping[UUID, int]
    harvest_from: date
    harvest_until: date


@dataclass(frozen=True, slots=True)
class Share:
    """What one party wanted and got in a cycle; `equal_minor` is what it had got if all were served alike."""

    party_id: UUID
    wanted_minor: int
    equal_minor: int
    got_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """One line of the ledger, as the party itself sees it; below zero, `owed_minor` says that it was favoured."""

    id: EntryId
    cycle_id: CycleId
    collect_on: date
    wanted_minor: int
    equal_minor: int
    got_minor: int
    owed_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What half a year of cycles comes to for one party; `owed_ppm` is `owed_minor` as a share of what it wanted."""

    party_id: UUID
    cycles: int
    wanted_minor: int
    got_minor: int
    owed_minor: int
    owed_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far apart a region's consumers, or its farms, are after half a year of cycles.

    `jain_ppm` is Jain's index of the shares of their wants that they got: a million where all fared alike.
    """

    party: Party
    parties: int
    wanted_minor: int
    got_minor: int
    most_owed_ppm: int
    most_favoured_ppm: int
    got_nothing: int
    lowest_decile_ppm: int
    jain_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Merits:
    """All that a listing is ranked by: its price and grade, and the means of the lots behind it, by what they hold.

    `freshness_ppm` is the part of its shelf life that is left at hand-out, `distance_m` how far farms are from the
    cycle's hub as the crow flies; where no lot stands behind it, it is not `is_backed`.
    """

    listing_id: ListingId
    product_id: ProductId
    grade: int
    price_minor_per_1000: int
    distance_m: int = 0
    freshness_ppm: int = 0
    kept_promises_ppm: int = 0
    is_backed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """Why a listing stands where it stands: its parts of a million each, and their weighed sum."""

    version: int
    listing_id: ListingId
    position: int
    score_ppm: int
    price_ppm: int
    freshness_ppm: int
    kept_promises_ppm: int
    nearness_ppm: int

    def at(self, position: int) -> Rank:
        """The same in its place."""
        return replace(self, position=position)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownListing(Listing):
    """A listing on the shelf, why it stands there, and that in a sentence by language."""

    rank: Rank
    why: dict[str, str]
