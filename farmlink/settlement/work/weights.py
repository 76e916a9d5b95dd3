"""Importing what was weighed: one row a line, as the scales or a spreadsheet write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.bounds import MOST
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.rows import Cells, Columns, RowError, refused
from farmlink.orders.values import OrderLineId
from farmlink.settlement import queries, rules
from farmlink.settlement.commands import weigh
from farmlink.settlement.values import ToWeigh, Weight
from farmlink.store.sheets import Imported, Request, Sheet, Written, load
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

COLUMNS: Final = Columns(("line", "weight_g"))
NAMES: Final = {"line_id": "line"}


def import_weights(store: Store, request: Request, cycle_id: CycleId) -> Imported:
    """Import what lines of a cycle weigh, until it is settled; a row that says what is known changes nothing."""

    def sheet(tx: Transaction) -> Sheet[Weight]:
        cycles.cycle(tx, cycle_id)
        lines, seen = queries.to_weigh(tx, cycle_id), set[OrderLineId]()
        return Sheet(
            COLUMNS, lambda cells: _read(cells, lines, seen), lambda at, rows: _write(at, cycle_id, rows), NAMES
        )

    return load(store, request, sheet)


def _read(cells: Cells, lines: Mapping[OrderLineId, ToWeigh], seen: set[OrderLineId]) -> Weight | None:
    weight = Weight(OrderLineId(cells.identity("line")), cells.whole("weight_g", 1, MOST))
    if cells.errors:
        return None
    if weight.line_id in seen:
        raise rules.WeighedTwiceError(field="line_id", line_id=weight.line_id)
    seen.add(weight.line_id)
    rules.require_plausible(weight, lines.get(weight.line_id))
    return weight


def _write(tx: Transaction, cycle_id: CycleId, rows: Sequence[tuple[int, Weight]]) -> Written:
    try:
        changed = weigh(tx, cycle_id, [weight for _, weight in rows])
    except RefusedError as refusal:  # the cycle was settled: none of them counts any more
        return Written(0, errors=[_refused(line, refusal) for line, _ in rows])
    return Written(changed, len(rows) - changed)


def _refused(line: int, refusal: RefusedError) -> RowError:
    return refused(line, refusal, NAMES)
