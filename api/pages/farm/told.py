"""What a question says on a farmer's screen, read as it stands now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import BaseUnit, ProductCard
from farmlink.confirmations import queries as questions
from farmlink.confirmations.values import RequestState, RequestView
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, Silence
from farmlink.kernel.money import line_total_minor
from farmlink.network import queries as network
from farmlink.network.values import FarmCard, RegionCard
from farmlink.people.values import Contact
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard

GRAMS_PER_KG = 1000
PARTS = (25, 50, 75)


@dataclass(frozen=True, slots=True)
class Goods:
    """So much of a lot, and how a farm counts it: in packs where its lot has any, else in kilograms or pieces."""

    farm: FarmCard
    region: RegionCard
    """Where that farm lies: its money and its clock."""
    lot: LotCard
    product: ProductCard

    @property
    def step(self) -> int:
        """What one of what is counted holds, in base units."""
        if self.lot.pack > 1:
            return self.lot.pack
        return GRAMS_PER_KG if self.product.base_unit is BaseUnit.GRAM else 1

    @property
    def pack_names(self) -> dict[str, str] | None:
        """What the packs are called, where goods go in packs that the shop names."""
        if self.lot.pack == 1:
            return None
        return next((one.name for one in self.product.variants if one.quantity == self.lot.pack), None)

    @property
    def in_packs(self) -> bool:
        """Tell whether one pack is something else than a kilogram or a piece."""
        return self.lot.pack > 1 and self.lot.pack != (GRAMS_PER_KG if self.product.base_unit is BaseUnit.GRAM else 1)

    def pay_minor(self, quantity: int) -> int:
        """What the farm is paid for so much of it, by its own price."""
        return line_total_minor(quantity, self.lot.ask_minor_per_1000)


@dataclass(frozen=True, slots=True)
class Told:
    """A question with all that its screen shows."""

    asked: RequestView
    goods: Goods
    cycle: Cycle
    fetched_at: datetime | None
    call: Contact | None
    takes_answer: bool
    newer: RequestView | None
    """What is asked of the same lot instead, of a question that no longer stands."""

    @property
    def silent_yes(self) -> bool:
        """Tell whether silence counts as yes."""
        return self.cycle.silence is Silence.FARM_CHOICE and self.goods.farm.standing_yes

    @property
    def parts(self) -> list[tuple[int, int]]:
        """Quarters of what is asked that may be said, as per cent and as a number of what is counted."""
        counted = [(share, self.asked.quantity * share // 100 // self.goods.step) for share in PARTS]
        return [(share, many) for share, many in counted if self.least <= many <= self.most]

    @property
    def least(self) -> int:
        """The smallest part, in what is counted: more than what was promised before."""
        return self.asked.floor // self.goods.step + 1

    @property
    def most(self) -> int:
        """The largest part, in what is counted: less than all."""
        return (self.asked.quantity - 1) // self.goods.step


def told(tx: Transaction, asked: RequestView) -> Told:
    """One question."""
    cycle = cycles.cycle(tx, asked.cycle_id)
    goods = goods_of(tx, [asked])[asked.lot_id]
    plan_id = planning.published_plan(tx, asked.cycle_id) or asked.plan_id
    waiting = questions.waiting(tx, [asked.farm_id]) if asked.state == RequestState.SUPERSEDED else []
    return Told(
        asked,
        goods,
        cycle,
        planning.fetched_at(tx, plan_id, [asked.farm_id]).get(asked.farm_id),
        questions.person_to_call(tx, asked.cycle_id),
        (asked.state == RequestState.OPEN or asked.on_behalf) and tx.now <= asked.due_at,
        next((one for one in waiting if one.lot_id == asked.lot_id), None),
    )


def goods_of(tx: Transaction, asked: Iterable[RequestView]) -> dict[object, Goods]:
    """What questions are about, by lot."""
    lots = supply.lots_by_id(tx, list({one.lot_id for one in asked}))
    return goods_in(tx, lots.values())


def goods_in(tx: Transaction, lots: Iterable[LotCard]) -> dict[object, Goods]:
    """Lots with their farms and products, by lot."""
    held = list(lots)
    farms = network.farms_by_id(tx, {lot.farm_id for lot in held})
    products = catalogue.products_by_id(tx, {lot.product_id for lot in held})
    regions = {region_id: network.region(tx, region_id) for region_id in {farm.region_id for farm in farms.values()}}
    return {
        lot.id: Goods(farm := farms[lot.farm_id], regions[farm.region_id], lot, products[lot.product_id])
        for lot in held
    }
