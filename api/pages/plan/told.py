"""Why a plan is as it is, in sentences: what each explanation says, with names, weights and prices in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.pages.plan.named import Place
from api.pages.plan.sheet import Sheet
from farmlink.catalogue.values import BaseUnit, ProductCard
from farmlink.kernel.locale import ENGLISH, marked, render
from farmlink.kernel.money import Money
from farmlink.planning.values import ExplanationView, Subject
from farmlink.planning.work.explained import explanations
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from farmlink.supply.values import LotCard, LotId

LOTS: Final = {
    "price-estimate": marked("would sell {more} more at about {would} instead of {ask}."),
    "price-verified": marked("would sell {more} more at {would} instead of {ask}, and nothing above: both were tried."),
    "distance-estimate": marked("would sell {more} if the detour to it were about {would_km} km instead of {km} km."),
    "distance-verified": marked("would sell {more} if the detour to it were {would_km} km instead of {km} km: tried."),
    "grade-estimate": marked("would sell about {more} more in grade {would_grade} instead of {grade}."),
    "grade-verified": marked("would sell {more} more in grade {would_grade} instead of {grade}: tried."),
    "not-at-any-price": marked("would not sell more at any price."),
    "held-back": marked("is cheap enough: trucks, hubs, shares or fairness hold it back."),
    "not-asked": marked("is not asked for any more than this."),
    "standby": marked("stands by with {more}, in case others say no."),
    "floor-missed": marked("is left over although small farms have less than is reserved for them."),
}
PLACES: Final = {
    "no-vehicle": marked("cannot be reached: there is no truck."),
    "beyond-shift": marked("cannot be reached: there and back takes longer than a shift."),
    "closed-before": marked("cannot be reached: it closes before anybody could be there."),
}
PER_KG: Final = marked("{price} a kilogram")
PER_PIECE: Final = marked("{price} for a thousand")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence: whose, of which product, and what it says."""

    place: Place
    product_id: UUID | None
    code: str
    says: str


def told(store: Store, sheet: Sheet, language: str) -> list[Told]:
    """What a plan says of lots, farms and points, by farm and product."""
    said = explanations(store, sheet.plan.id)
    lots = [one for one in said if one.subject is Subject.LOT]
    cards: dict[LotId, LotCard] = store.read(supply.lots_by_id, [LotId(one.id) for one in lots])
    found = [
        _of_lot(sheet, one, cards[LotId(one.id)], language)
        for one in lots
        if one.code in LOTS and one.id in cards and says_something(one.code, one.facts)
    ]
    found += [
        Told(sheet.names.place(one.id), None, one.code, render(PLACES[one.code], language))
        for one in said
        if one.subject in {Subject.FARM, Subject.POINT} and one.code in PLACES
    ]
    return sorted(found, key=lambda one: (one.place.name, str(one.product_id)))


def says_something(code: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether what it promises is more than nothing."""
    return "{more}" not in LOTS[code] or facts.get("quantity", 0) > 0


def _of_lot(sheet: Sheet, one: ExplanationView, lot: LotCard, language: str) -> Told:
    facts = one.facts
    product = sheet.products.get(lot.product_id)
    price = _price(sheet.cycle.currency, product, language)
    written: dict[str, Any] = {
        "more": _quantity(facts.get("quantity", 0), product, language),
        "ask": price(facts.get("ask_minor_per_1000", 0)),
        "would": price(facts.get("would_sell_at_minor_per_1000", 0)),
        "km": facts.get("detour_m", 0) // 1000,
        "would_km": facts.get("would_sell_at_detour_m", 0) // 1000,
        "grade": facts.get("grade", 0),
        "would_grade": facts.get("would_sell_at_grade", 0),
    }
    says = render(LOTS[one.code], language, written)
    return Told(sheet.names.place(lot.farm_id), lot.product_id if product else None, one.code, says)


def _price(currency: str, product: ProductCard | None, language: str) -> Callable[[int], str]:
    text = PER_PIECE if product and product.base_unit is BaseUnit.PIECE else PER_KG
    return lambda minor: render(text, language, {"price": Money(minor, currency)})


def _quantity(base_units: int, product: ProductCard | None, language: str) -> str:
    if product and product.base_unit is BaseUnit.PIECE:
        return render("{count} pieces", language or ENGLISH, {"count": base_units})
    kg = f"{base_units / 1000:.{2 if base_units >= 1000 else 3}f}".rstrip("0").rstrip(".")
    return render("{kg} kg", language, {"kg": kg})
