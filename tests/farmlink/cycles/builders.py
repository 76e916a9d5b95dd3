"""A market: apples of two farms in two packs, a cycle that sells them, and people who want some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import starmap
from typing import Any, Self
from uuid import uuid4

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import ProductCard, ProductDraft, VariantCard, VariantDraft
from farmlink.cycles import commands, queries
from farmlink.cycles.values import Cycle, CycleId, CycleTerms, HomeTerms, Listing, ListingId, ListingTerms
from farmlink.kernel.geo import Coordinates
from farmlink.network import commands as network
from farmlink.network.values import Address, HomeCard, HomeDraft, HubCard, PlaceId, PointCard
from farmlink.orders import commands as orders
from farmlink.orders.values import Order, Outcome, Placing, WantedLine
from farmlink.people.commands import add_person
from farmlink.people.values import PersonId
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from farmlink.supply.values import LotDraft, LotId
from tests.farmlink.network.builders import Country

COLLECT_ON = date(2031, 9, 4)
APPLES = ProductDraft(code="apples", name={"en": "Apples", "zh-CN": "苹果"}, volume_ml_per_1000=1600, shelf_days=30)
ELM_STREET = Address(town="Grand Rapids", street="12 Elm Street", district="MI", postcode="49503")
NEAR_HUB = Coordinates(42_963_333, -85_668_111)
"""Less than four kilometres from the hub."""
HOMES = HomeTerms(fee_minor=500, minimum_order_minor=1_000, range_m=10_000)
CRATE_G = 10_000
BAG_G = 1_000
Wanted = dict[ListingId, int] | Sequence[WantedLine]
"""Packs by listing, or lines that say more than that."""


@dataclass
class Market:
    """What a cycle needs, with shortcuts to make more of it; prices are cents for a kilogram."""

    store: Store
    country: Country
    hub: HubCard
    point: PointCard
    apples: ProductCard
    bag: VariantCard
    crate: VariantCard
    lots: list[LotId] = field(default_factory=list)

    @classmethod
    def founded(cls, store: Store, *, apples_g: int = 100_000) -> Self:
        country = Country.founded(store)
        product = store.run(catalogue.create_product, APPLES)
        bag = VariantDraft(name={"en": "bag", "zh-CN": "袋"}, quantity=BAG_G, weight_g=BAG_G)
        crate = VariantDraft(name={"en": "crate", "zh-CN": "箱"}, quantity=CRATE_G, weight_g=CRATE_G)
        market = cls(
            store,
            country,
            country.hub(),
            country.point(),
            product,
            store.run(catalogue.add_variant, product.id, bag),
            store.run(catalogue.add_variant, product.id, crate),
        )
        if apples_g:
            market.lot(apples_g)
        return market

    def lot(self, quantity: int, grade: int = 4, ask: int = 200) -> LotId:
        draft = LotDraft(
            farm_id=self.country.farm(f"Farm {uuid4()}").id,
            product_id=self.apples.id,
            grade=grade,
            quantity=quantity,
            ask_minor_per_1000=ask,
            harvest_on=COLLECT_ON - timedelta(days=1),
        )
        self.lots.append(self.store.run(supply.offer_lot, draft).id)
        return self.lots[-1]

    def point_with(self, **changed: Any) -> PointCard:
        """A point of another name that says something of its own, such as what it has space for."""
        draft = replace(self.country.point_draft(f"Point {uuid4()}"), **changed)
        return self.store.run(network.approve_point, self.store.run(network.add_point, draft).id)

    def terms(self, **changed: Any) -> CycleTerms:
        now = datetime.now(UTC)
        given: dict[str, Any] = {
            "hub_id": self.hub.id,
            "opens": now - timedelta(days=1),
            "closes": now + timedelta(days=1),
            "collect_on": COLLECT_ON,
            "hand_out_on": COLLECT_ON + timedelta(days=1),
        }
        return CycleTerms(**given | changed)

    def draft(self, **changed: Any) -> Cycle:
        return self.store.run(commands.create, self.terms(**changed))

    def list_apples(self, cycle_id: CycleId, **changed: Any) -> tuple[ListingId, ListingId]:
        """List bags and crates; both share one stock."""
        given: dict[str, Any] = {"cycle_id": cycle_id, "product_id": self.apples.id, "grade": 4}
        packs = [
            ListingTerms(**given | {"variant_id": pack.id, "price_minor_per_1000": price} | changed)
            for pack, price in ((self.bag, 300), (self.crate, 250))
        ]
        bags, crates = self.store.run(commands.add_listings, packs)
        return bags, crates

    def open(self, **changed: Any) -> tuple[CycleId, ListingId, ListingId]:
        """Open a cycle that sells bags and crates of apples."""
        cycle = self.draft(**changed)
        bags, crates = self.list_apples(cycle.id)
        self.store.run(commands.open_cycle, cycle.id)
        return cycle.id, bags, crates

    def person(self, name: str = "Ada") -> PersonId:
        return self.store.run(add_person, name)

    def placing(self, cycle_id: CycleId, lines: Wanted, **changed: Any) -> Placing:
        given: dict[str, Any] = {
            "key": uuid4(),
            "cycle_id": cycle_id,
            "consumer_id": changed.get("consumer_id") or self.person(),
            "place_id": self.point.id,
            "lines": tuple(starmap(WantedLine, lines.items())) if isinstance(lines, dict) else tuple(lines),
        }
        return Placing(**given | changed)

    def place(self, cycle_id: CycleId, lines: Wanted, **changed: Any) -> Order:
        """Place an order that must be accepted."""
        outcome = self.try_to_place(cycle_id, lines, **changed)
        assert outcome.order is not None, outcome.refusal
        return outcome.order

    def try_to_place(self, cycle_id: CycleId, lines: Wanted, **changed: Any) -> Outcome:
        return self.store.run(orders.place, self.placing(cycle_id, lines, **changed))

    def listing(self, cycle_id: CycleId, listing_id: ListingId) -> Listing:
        """A listing as the shop shows it now."""
        found = {listing.id: listing for listing in self.store.read(queries.listings, cycle_id)}
        return found[listing_id]

    def home(self, person_id: PersonId, **changed: Any) -> HomeCard:
        """Where somebody lives: in the hub's town, unless said otherwise."""
        given: dict[str, Any] = {"region_id": self.country.region.id, "address": ELM_STREET, "coordinates": NEAR_HUB}
        return self.store.run(network.settle, person_id, HomeDraft(**given | changed))

    def place_home(
        self, cycle_id: CycleId, lines: dict[ListingId, int], consumer_id: PersonId, **changed: Any
    ) -> Order:
        """Place an order to somebody's home that must be accepted."""
        home = self.home(consumer_id, **changed)
        return self.place(cycle_id, lines, consumer_id=consumer_id, place_id=PlaceId(home.id))

    def cycle(self, cycle_id: CycleId) -> Cycle:
        return self.store.read(queries.cycle, cycle_id)

    def close_in(self, cycle_id: CycleId, milliseconds: int) -> None:
        """Move a cycle's cut-off to so long from now by the database's clock."""
        self.store.run(_close_in, cycle_id, milliseconds)


def _close_in(tx: Transaction, cycle_id: CycleId, milliseconds: int) -> None:
    tx.execute(
        "UPDATE order_cycle SET opens_at = least(opens_at, now() - interval '1 day'),"
        " closes_at = clock_timestamp() + make_interval(secs => :milliseconds / 1000.0),"
        " extended_from_at = extended_from_at - interval '1 day' WHERE id = :id",
        {"milliseconds": milliseconds, "id": cycle_id},
    )
