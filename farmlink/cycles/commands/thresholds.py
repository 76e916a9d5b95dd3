"""Thresholds move: judged at the cut-off, put off once, and ended; whoever moves one holds the cycle alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from farmlink.catalogue.values import ProductId
from farmlink.cycles.rules.thresholds import due_at, ended, extended_to, judged, lets_go
from farmlink.cycles.tables import OrderCycle
from farmlink.cycles.values import CycleExtended, CycleId, StockId, Threshold, ThresholdMoved, ThresholdState, Unmet
from farmlink.store.bulk import Deed, announce_many, record_many
from farmlink.store.locks import exclude
from farmlink.store.pipeline import pipeline, uuids
from farmlink.store.transaction import Transaction

STOCKS = """
SELECT id, product_id, grade, threshold_state, unmet, threshold, reserved FROM stock WHERE cycle_id = :cycle ORDER BY id
FOR NO KEY UPDATE
"""
MOVE_STOCKS = "UPDATE stock SET threshold_state = :state WHERE id = ANY(CAST(:ids AS uuid[]))"
MOVE_CYCLE = "UPDATE order_cycle SET threshold_state = :state WHERE id = :id"
PUT_OFF = """
UPDATE order_cycle SET closes_at = :until, extended_from_at = coalesce(extended_from_at, closes_at),
  revision = revision + 1 WHERE id = :id
"""
DRAW = "UPDATE order_cycle SET cut_seed = coalesce(cut_seed, :drawn) WHERE id = :id RETURNING cut_seed"
SEED_BYTES = 16
Paths = Mapping[Threshold, tuple[ThresholdState, ...]]


def judge(tx: Transaction, cycle_id: CycleId, ordered_minor: int, *, short: bool, wanted: bool) -> ThresholdState:
    """Judge a cycle at its cut-off, and its goods with it; what it came to, `extended` if that lies ahead.

    A cycle that is short is put off once, if that was declared, and its goods that are short with it; until that
    cut-off it stays. One that is let go takes its goods along: they are not judged on their own.
    """
    row = tx.lock(OrderCycle, cycle_id)
    cycle = _cycle(row, ordered_minor)
    if short and cycle.state is ThresholdState.EXTENDED and row.closes_at > tx.now:
        return cycle.state
    until = extended_to(cycle.state, row.closes_at, row.extension_hours, tx.now) if short else None
    extends = until is not None
    paths = {cycle: judged(cycle.state, cycle.unmet, short=short, wanted=wanted, extends=extends)}
    verdict = paths[cycle][-1]
    if until is not None:
        tx.execute(PUT_OFF, {"id": cycle_id, "until": until})
        tx.announce(CycleExtended(cycle_id, until))
    if verdict is not ThresholdState.ZERO:
        paths |= {stock: _judged(stock, extends=extends) for stock in _stocks(tx, cycle_id)}
    _move(tx, row, until or row.closes_at, paths)
    return verdict


def cut_seed(tx: Transaction, cycle_id: CycleId) -> str:
    """The seed by which a cycle's cut-off draws lots: drawn once, when no order changes any more, and published."""
    seed = tx.execute(DRAW, {"id": cycle_id, "drawn": token_hex(SEED_BYTES)}).scalar_one()
    tx.session.expire_all()
    return str(seed)


def release_dropped(tx: Transaction, cycle_id: CycleId) -> None:
    """End the thresholds of goods that were dropped, once nothing is held for them any more."""
    stocks = _stocks(tx, cycle_id)
    dropped = [one for one in stocks if lets_go(one.state, one.unmet, one.threshold, one.ordered or 0)]
    row = tx.lock(OrderCycle, cycle_id)
    _move(tx, row, row.closes_at, {stock: ended(stock.state, charged=False) for stock in dropped})


def end_thresholds(tx: Transaction, cycle_id: CycleId, charged: Collection[tuple[ProductId, int]] = ()) -> None:
    """End a cycle's threshold and those of all its goods: charged, of these products and grades, or released.

    Settlement calls it where it charges, and whoever lets a cycle go where the holds end. Twice changes nothing.
    """
    exclude(tx, cycle_id)
    row = tx.lock(OrderCycle, cycle_id)
    cycle = _cycle(row, None)
    paths = {cycle: ended(cycle.state, charged=bool(charged))}
    paths |= {stock: ended(stock.state, charged=stock.goods in charged) for stock in _stocks(tx, cycle_id)}
    _move(tx, row, row.closes_at, paths)


def _judged(stock: Threshold, *, extends: bool) -> tuple[ThresholdState, ...]:
    ordered = stock.ordered or 0
    return judged(stock.state, stock.unmet, short=ordered < stock.threshold, wanted=ordered > 0, extends=extends)


def _move(tx: Transaction, row: OrderCycle, closes_at: datetime, paths: Paths) -> None:
    """Take all thresholds along their paths, each step in few statements, and tell of those that anybody waits for."""
    zone, hand_out_on, told = row.time_zone, row.hand_out_on, []
    for place in range(max(map(len, paths.values()), default=0)):
        moving = {one: path for one, path in paths.items() if len(path) > place}
        for state in sorted({path[place] for path in moving.values()}):
            _write(tx, state, [one for one, path in moving.items() if path[place] is state])
        for one, path in moving.items():
            if one.threshold or one.stock_id is None:
                old, new = (one.state, *path)[place : place + 2]
                due = due_at(new, closes_at, hand_out_on, zone)
                told.append(ThresholdMoved(one.cycle_id, one.stock_id, old, new, one.ordered, one.threshold, due))
    tx.session.expire_all()
    with pipeline(tx) as pipe:
        announce_many(pipe, told)
        record_many(pipe, [_deed(tx.actor, event) for event in told])


def _write(tx: Transaction, state: ThresholdState, moving: Iterable[Threshold]) -> None:
    stocks = []
    for one in moving:
        if one.stock_id is None:
            tx.execute(MOVE_CYCLE, {"id": one.cycle_id, "state": state.value})
        else:
            stocks.append(one.stock_id)
    if stocks:
        tx.execute(MOVE_STOCKS, {"ids": uuids(stocks), "state": state.value})


def _deed(actor: str, event: ThresholdMoved) -> Deed:
    facts = {"old": event.old, "new": event.new, "ordered": event.ordered, "threshold": event.threshold}
    return Deed(actor, "threshold.move", event.stock_id or event.cycle_id, facts)


def _stocks(tx: Transaction, cycle_id: CycleId) -> list[Threshold]:
    """Lock a cycle's stock in the order in which orders do, and read its thresholds."""
    return [_stock(cycle_id, row) for row in tx.execute(STOCKS, {"cycle": cycle_id})]


def _stock(cycle_id: CycleId, row: Any) -> Threshold:
    return Threshold(
        cycle_id=cycle_id,
        stock_id=StockId(row.id),
        goods=(ProductId(row.product_id), row.grade),
        state=ThresholdState(row.threshold_state),
        unmet=Unmet(row.unmet),
        threshold=row.threshold,
        ordered=row.reserved,
    )


def _cycle(row: OrderCycle, ordered_minor: int | None) -> Threshold:
    return Threshold(
        cycle_id=CycleId(row.id),
        state=ThresholdState(row.threshold_state),
        unmet=Unmet(row.unmet),
        threshold=row.threshold_minor,
        ordered=ordered_minor,
    )
