"""Changing what a listing says: as long as nobody has ordered by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from farmlink.catalogue import queries as catalogue
from farmlink.cycles.commands.listings import SELLING, locked_stocks, refresh_available, require_listing
from farmlink.cycles.queries import listing_seen
from farmlink.cycles.rules.refusals import CycleStageError
from farmlink.cycles.rules.relisting import require_changeable
from farmlink.cycles.tables import Listing, OrderCycle, Stock
from farmlink.cycles.values import CycleId, ListingId, ListingTerms, Stage
from farmlink.kernel.errors import MissingError, StaleError
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def change_listing(tx: Transaction, listing_id: ListingId, terms: ListingTerms, *, seen: int | None = None) -> None:
    """Make a listing what the terms say, whole; without a price or a word on too few it keeps its own.

    Orders wait meanwhile, so that nobody orders half of the old and half of the new. Who names the version that they
    saw is refused when somebody else has changed any of the terms since.
    """
    exclude(tx, terms.cycle_id)
    cycle = tx.lock(OrderCycle, terms.cycle_id)
    if cycle.stage not in SELLING:
        raise CycleStageError(stage=cycle.stage, wanted=Stage.OPEN.value)
    stocks = {stock.id: stock for stock in locked_stocks(tx, terms.cycle_id)}
    shown, version = listing_seen(tx, listing_id)
    if shown.cycle_id != CycleId(cycle.id):
        raise MissingError(noun="listing", id=listing_id)
    if seen not in {None, version}:
        raise StaleError
    variants = catalogue.variants_by_id(tx, [terms.variant_id])
    require_listing(terms, variants)
    row = tx.lock(Listing, listing_id)
    stock = stocks[row.stock_id]
    before = _said(row, stock)
    require_changeable(shown, stock.cap, terms, posted=cycle.stage == Stage.OPEN)
    if terms.variant_id != row.variant_id:
        variant = variants[terms.variant_id]
        row.variant_id, row.pack, row.weight_g = variant.id, variant.quantity, variant.weight_g
    row.tax_ppm, row.case_packs = terms.tax_ppm, terms.case_packs
    if terms.price_minor_per_1000 is not None:
        row.price_minor_per_1000 = terms.price_minor_per_1000
    row.price_steps = [asdict(step) for step in terms.price_steps]
    stock.threshold, stock.cap = terms.threshold, terms.cap
    stock.unmet = stock.unmet if terms.unmet is None else terms.unmet.value
    tx.session.flush()
    refresh_available(tx, terms.cycle_id)
    tx.record("listing.change", listing_id, **_changed(before, _said(row, stock)))


def _said(row: Listing, stock: Stock) -> dict[str, int | None]:
    """What a listing says, as far as numbers say it."""
    return {
        "price_minor_per_1000": row.price_minor_per_1000,
        "price_steps": len(row.price_steps),
        "pack": row.pack,
        "tax_ppm": row.tax_ppm,
        "case_packs": row.case_packs,
        "threshold": stock.threshold,
        "cap": stock.cap,
    }


def _changed(before: Mapping[str, int | None], now: Mapping[str, int | None]) -> dict[str, str]:
    """What was changed, and from what to what."""
    return {name: f"{was} → {now[name]}" for name, was in before.items() if was != now[name]}
