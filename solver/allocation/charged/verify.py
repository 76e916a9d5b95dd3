"""Independent checker of fixed-charge allocations: prices a plan from the problem's columns, imports no optimiser."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.charged.problem import ChargedProblem
from solver.problem import Flags, Ints

SHOWN = 5
"""Rows named of each broken rule; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What purchase, visits and shortages cost, what is short of each batch, and every rule that is broken."""

    cost_minor: int
    short: Ints
    violations: tuple[str, ...]


def verify_charged(problem: ChargedProblem, sent: Ints) -> Verdict:
    """Judge what is sent on each lane; the cost is meant only where nothing is broken.

    Nothing negative, no lot beyond its quantity, nothing or the minimum of each lot, no batch beyond what it wants.
    """
    lots, batches, lanes = problem.lots, problem.batches, problem.lanes
    if sent.dtype != np.int64 or sent.shape != lanes.lot.shape:
        return Verdict(0, batches.quantity, (f"sent: {sent.dtype} {sent.shape} for {len(lanes.lot)} lanes",))
    of_lot, to_batch = np.zeros_like(lots.quantity), np.zeros_like(batches.quantity)
    np.add.at(of_lot, lanes.lot, sent)
    np.add.at(to_batch, lanes.batch, sent)
    short = batches.quantity - to_batch
    broken = [
        *_named("lane", np.arange(len(sent)), sent < 0, "sends less than nothing"),
        *_named("lot", lots.id, of_lot > lots.quantity, "sends more than it holds"),
        *_named("lot", lots.id, (of_lot > 0) & (of_lot < lots.minimum), "sends less than its minimum"),
        *_named("batch", batches.id, short < 0, "gets more than it wants"),
    ]
    cost = int(sent @ lanes.cost_minor) + int(short @ batches.shortage_minor) + int(lots.charge_minor[of_lot > 0].sum())
    return Verdict(cost, short, tuple(broken))


def _named(what: str, ids: Ints, wrong: Flags, reason: str) -> list[str]:
    rows = np.flatnonzero(wrong)
    more = [f"{len(rows) - SHOWN} more: {what} {reason}"] if len(rows) > SHOWN else []
    return [f"{what} {number} {reason}" for number in ids[rows[:SHOWN]].tolist()] + more
