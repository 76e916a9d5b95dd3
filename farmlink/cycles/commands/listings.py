"""What a cycle sells: listings, their prices, and the stock that the lots behind them give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import VariantCard
from farmlink.cycles.queries import listing_seen
from farmlink.cycles.rules import available, posted_price, require_falling, require_promised, shares_of
from farmlink.cycles.rules.refusals import CycleStageError, PriceMissingError, PriceRisesError
from farmlink.cycles.tables import Listing, OrderCycle, Stock
from farmlink.cycles.values import (
    CycleId,
    ListingId,
    ListingTerms,
    Stage,
    StockId,
    StockOutdated,
    ThresholdState,
    Unmet,
)
from farmlink.kernel.bounds import MOST_PRICE_MINOR, within
from farmlink.kernel.errors import InvalidError, MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import marked
from farmlink.network.values import RegionId
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotColumns

MOST_CASE_PACKS = 10_000
SELLING = (Stage.DRAFT, Stage.OPEN)


def add_listings(tx: Transaction, terms: Sequence[ListingTerms]) -> list[ListingId]:
    """List packs for sale, in bulk; packs of one product and grade share one stock, filled from the lots behind it."""
    variants = catalogue.variants_by_id(tx, {row.variant_id for row in terms})
    for row in terms:
        require_listing(row, variants)
    ids = [ListingId(uuid7()) for _ in terms]
    for cycle_id in sorted({row.cycle_id for row in terms}):
        here = [(listing_id, row) for listing_id, row in zip(ids, terms, strict=True) if row.cycle_id == cycle_id]
        cycle = tx.lock(OrderCycle, cycle_id)
        if cycle.stage not in SELLING:
            raise CycleStageError(stage=cycle.stage, wanted=Stage.OPEN.value)
        stocks = _shared_stocks(tx, cycle, [row for _, row in here])
        lots = _lots_behind(tx, cycle)
        for listing_id, row in here:
            stock, variant = stocks[row.product_id, row.grade], variants[row.variant_id]
            price = row.price_minor_per_1000
            price = _posted_price(cycle, row, lots) if price is None else price
            tx.session.add(_listing(listing_id, row, stock, variant, price))
        tx.session.flush()
        refresh_available(tx, cycle_id)
        tx.record("cycle.list", cycle_id, listings=len(here))
    return ids


def _shared_stocks(tx: Transaction, cycle: OrderCycle, rows: Sequence[ListingTerms]) -> dict[tuple[UUID, int], Stock]:
    """The stock of every product and grade that is listed, made where it is not there yet."""
    cycle_id = CycleId(cycle.id)
    stocks = {(stock.product_id, stock.grade): stock for stock in locked_stocks(tx, cycle_id)}
    promised = set(stocks) if cycle.stage == Stage.OPEN else set()
    for row in rows:
        stock = stocks.get((row.product_id, row.grade))
        if stock is None:
            stock = Stock(cycle_id=cycle_id, product_id=row.product_id, grade=row.grade)
            stocks[row.product_id, row.grade] = stock
            tx.session.add(stock)
        elif (row.product_id, row.grade) in promised:
            require_promised(stock.threshold, stock.cap, Unmet(stock.unmet), row, cycle_id)
        stock.cap = stock.cap if row.cap is None else row.cap
        stock.threshold = max(stock.threshold, row.threshold)
        stock.unmet = stock.unmet if row.unmet is None else row.unmet.value
    tx.session.flush()
    return stocks


def lower_price(
    tx: Transaction,
    cycle_id: CycleId,
    listing_id: ListingId,
    price_minor_per_1000: int,
    *,
    seen: int | None = None,
) -> None:
    """Lower a posted price; orders already placed keep theirs until the cut-off settles the price for everybody.

    Who names the version that they saw is refused when somebody else has changed any of the terms since.
    """
    cycle = tx.lock(OrderCycle, cycle_id)
    if cycle.stage not in SELLING:
        raise CycleStageError(stage=cycle.stage, wanted=Stage.OPEN.value)
    listing = tx.lock(Listing, listing_id)
    shown, version = listing_seen(tx, listing_id)
    if shown.cycle_id != cycle_id:
        raise MissingError(noun="listing", id=listing_id)
    if seen not in {None, version}:
        raise StaleError
    if not 0 <= price_minor_per_1000 <= listing.price_minor_per_1000:
        raise PriceRisesError(price_minor_per_1000=listing.price_minor_per_1000)
    listing.price_minor_per_1000 = price_minor_per_1000
    listing.price_steps = [step for step in listing.price_steps if step["price_minor_per_1000"] < price_minor_per_1000]
    tx.record("listing.lower", listing_id, price_minor_per_1000=price_minor_per_1000)


def refresh_available(tx: Transaction, cycle_id: CycleId) -> None:
    """Take what the lots behind a cycle hold now as what it can sell; what is ordered already stays ordered."""
    stocks = locked_stocks(tx, cycle_id)
    held = _held(tx, cycle_id, stocks)
    for stock in stocks:
        stock.available = available(held[StockId(stock.id)], stock.cap, stock.reserved)
        tx.session.add(stock)
    tx.session.flush()


def held_in_part(tx: Transaction, cycle_id: CycleId) -> dict[StockId, int]:
    """What the lots hold, in base units, of goods whose threshold was missed and that come in part; locked."""
    stocks = locked_stocks(tx, cycle_id)
    partial = {StockId(stock.id) for stock in stocks if stock.threshold_state == ThresholdState.PARTIAL}
    return {stock_id: held for stock_id, held in _held(tx, cycle_id, stocks).items() if stock_id in partial}


def _held(tx: Transaction, cycle_id: CycleId, stocks: Sequence[Stock]) -> dict[StockId, int]:
    """What the lots hold of every stock; summed under its lock, so that nobody writes an older sum over a newer one."""
    cycle = tx.get(OrderCycle, cycle_id)
    sold: dict[UUID, list[int]] = {}
    for stock in stocks:
        sold.setdefault(stock.product_id, []).append(stock.grade)
    held = supply.held_for(tx, RegionId(cycle.region_id), cycle.collect_on, sold)  # summed there, because orders wait
    shares = {product_id: shares_of(held.get(product_id, []), grades) for product_id, grades in sold.items()}
    return {StockId(stock.id): shares[stock.product_id][stock.grade] for stock in stocks}


def follow_supply(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Say once for every cycle that sells in these regions that its stock is to follow: each does so on its own.

    No stock is locked here, where other events are relayed together.
    """
    selling = select(OrderCycle.id).where(
        col(OrderCycle.region_id).in_({one.event.region_id for one in announced}),
        col(OrderCycle.stage).in_([stage.value for stage in SELLING]),
    )
    for cycle_id in tx.session.exec(selling.order_by(col(OrderCycle.id))).all():
        tx.announce(StockOutdated(CycleId(cycle_id)))


def follow_lots(tx: Transaction, event: StockOutdated) -> None:
    """Refresh the stock of one cycle, so that nobody waits who orders in another."""
    refresh_available(tx, event.cycle_id)


def _lots_behind(tx: Transaction, cycle: OrderCycle) -> LotColumns:
    return supply.lots_for(tx, RegionId(cycle.region_id), cycle.collect_on)


def locked_stocks(tx: Transaction, cycle_id: CycleId) -> Sequence[Stock]:
    """Lock a cycle's stock in the order in which orders do."""
    chosen = select(Stock).where(Stock.cycle_id == cycle_id).order_by(col(Stock.id))
    return tx.session.exec(chosen.with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def require_listing(row: ListingTerms, variants: dict[Any, VariantCard]) -> None:
    """Refuse terms that can never be right for a pack of the product."""
    variant = variants.get(row.variant_id)
    if variant is None or variant.product_id != row.product_id:
        raise InvalidError(field="variant_id", reason=marked("This is no pack of the product."))
    within("grade", row.grade, 1, 5)
    within("tax_ppm", row.tax_ppm, 0, 1_000_000)
    within("case_packs", row.case_packs, 1, MOST_CASE_PACKS)
    within("threshold", row.threshold, 0)
    if row.cap is not None:
        within("cap", row.cap, 0)
    if row.price_minor_per_1000 is not None:
        within("price_minor_per_1000", row.price_minor_per_1000, 0)
        require_falling(row.price_minor_per_1000, row.price_steps)


def _posted_price(cycle: OrderCycle, row: ListingTerms, lots: LotColumns) -> int:
    """What the lots behind a listing ask for, with the cycle's markup and tax."""
    behind = zip(lots.product_id, lots.grade, lots.ask_minor_per_1000, lots.quantity, strict=True)
    asks = [
        (ask, quantity)
        for product_id, grade, ask, quantity in behind
        if product_id == row.product_id and grade >= row.grade
    ]
    price = posted_price(asks, cycle.markup_ppm, row.tax_ppm)
    if price is None:
        raise PriceMissingError(product_id=row.product_id, grade=row.grade)
    return price


def _listing(listing_id: ListingId, row: ListingTerms, stock: Stock, variant: VariantCard, price: int) -> Listing:
    within("price_minor_per_1000", price, 0, MOST_PRICE_MINOR)
    require_falling(price, row.price_steps)
    return Listing(
        id=listing_id,
        stock_id=stock.id,
        variant_id=row.variant_id,
        pack=variant.quantity,
        weight_g=variant.weight_g,
        price_minor_per_1000=price,
        tax_ppm=row.tax_ppm,
        price_steps=[asdict(step) for step in row.price_steps],
        case_packs=row.case_packs,
    )
