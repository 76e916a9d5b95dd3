"""What farms send: lots, grade, freshness, pins, shares, standby."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.trace import Trace
from solver.check.violation import Rule, Violation, where
from solver.cost import by_row, lot_most
from solver.solution import FLOOR_MISSED


def lots(plan: Trace) -> Iterator[Violation]:
    """Sent is nothing or within [minimum, most], in whole packs; a promised quantity keeps its own size."""
    table, sent, most = plan.problem.lots, plan.sent, lot_most(plan.problem)
    pins = plan.problem.pins
    promised = np.zeros(len(sent), dtype=np.bool_)
    promised[pins.lot] = (sent[pins.lot] == pins.at_least) | (sent[pins.lot] == pins.at_most)
    free = (sent > 0) & ~promised
    yield from where(Rule.LOTS, "lots", sent > most, lambda row: f"sends {sent[row]} of {most[row]}")
    too_few = free & (sent < table.minimum)
    yield from where(
        Rule.LOTS, "lots", too_few, lambda row: f"sends {sent[row]}, worth a visit from {table.minimum[row]}"
    )
    broken_pack = free & (sent % table.pack != 0)
    yield from where(Rule.LOTS, "lots", broken_pack, lambda row: f"sends {sent[row]} in packs of {table.pack[row]}")


def grade(plan: Trace) -> Iterator[Violation]:
    """The product asked, in the grade asked or better."""
    lot, batch = plan.solution.allocations.lot, plan.solution.allocations.batch
    lots_, batches = plan.problem.lots, plan.problem.batches
    other = lots_.product[lot] != batches.product[batch]
    yield from where(Rule.GRADE, "allocations", other, "another product than asked")
    lower = lots_.grade[lot] < batches.grade[batch]
    yield from where(Rule.GRADE, "allocations", lower, "a lower grade than asked")


def freshness(plan: Trace) -> Iterator[Violation]:
    """Harvested by the collection day, and the days declared are left at hand-out, waiting included."""
    lot, batch = plan.solution.allocations.lot, plan.solution.allocations.batch
    green = plan.problem.lots.harvest_day[lot] > 0
    yield from where(Rule.FRESHNESS, "allocations", green, "not yet harvested on the collection day")
    rows = zip(lot.tolist(), plan.problem.batches.fresh_days[batch].tolist(), strict=True)
    old = np.array([plan.entitled.days_left(row) < fresh_days for row, fresh_days in rows], dtype=np.bool_)
    yield from where(Rule.FRESHNESS, "allocations", old, "too few days left at hand-out")


def pins(plan: Trace) -> Iterator[Violation]:
    """A promise is neither lowered nor over-booked."""
    table = plan.problem.pins
    sent = plan.sent[table.lot]
    low, high = sent < table.at_least, sent > table.at_most
    yield from where(Rule.PINS, "pins", low, lambda row: f"sends {sent[row]}, confirmed {table.at_least[row]}")
    yield from where(Rule.PINS, "pins", high, lambda row: f"sends {sent[row]}, at most {table.at_most[row]}")


def shares(plan: Trace) -> Iterator[Violation]:
    """One farm sells no more than its share of a product."""
    problem = plan.problem
    for product, lots_ in plan.entitled.lots_of.items():
        rows = np.array(lots_, dtype=np.int64)
        sent = by_row(problem.lots.farm[rows], plan.sent[rows], len(problem.farms.id))
        for farm in np.flatnonzero(sent).tolist():
            if not plan.entitled.may_sell(product, farm, int(sent[farm])):
                message = f"sends {sent[farm]} of {problem.products.id[product]}, more than its share"
                yield Violation(Rule.SHARES, "farms", farm, message)


def floors(plan: Trace) -> Iterator[Violation]:
    """What is reserved for small farms is served by them, or the plan says of each lot left over why it is not.

    A lot of a small farm that has whole packs worth a visit left is used up, refused by its pin, or explained
    (`FLOOR_MISSED`): whether a truck could still fetch it is for the search, that nobody is passed over in silence for
    the checker.
    """
    said = {e.id for e in plan.solution.report.explanations if (e.subject, e.code) == ("lot", FLOOR_MISSED)}
    for lot in plan.entitled.passed_over(plan.sent.tolist()):
        name = str(plan.problem.lots.id[lot])
        if name not in said:
            yield Violation(Rule.FLOORS, "lots", lot, "is passed over while small farms have less than is reserved")


def standby(plan: Trace) -> Iterator[Violation]:
    """Only lots with something to spare, each once, for no more than that."""
    table, problem = plan.solution.standby, plan.problem
    most = lot_most(problem)
    most[problem.pins.lot] = np.minimum(most[problem.pins.lot], problem.pins.at_most)
    spare = (most - plan.sent)[table.lot]
    yield from where(Rule.STANDBY, "standby", table.quantity > spare, lambda row: f"more than the {spare[row]} spare")
    again = np.ones(len(table.lot), dtype=np.bool_)
    again[np.unique(table.lot, return_index=True)[1]] = False
    yield from where(Rule.STANDBY, "standby", again, "the lot is listed twice")
