"""At what price, grade or distance a lot that is not sold out would have sold more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from solver.check.trace import Trace
from solver.eligibility import eligible, sendable
from solver.explain.gates import Gates, gates
from solver.explain.ground import grounds
from solver.explain.market import Market
from solver.explain.questions import Question, Told
from solver.problem import Ints, Problem
from solver.solution import Explanation

MOST_LOTS = 5000
"""More explanations than this nobody reads; the plan stays small."""
EFFORT = 1_000_000
"""Arcs of all flows that verify a plan's explanations, about 2.5 s; a lot once begun is finished.

On the Michigan demo's problem 150 unsold lots take 370,000 arcs and 0.9 s; half as much effort would leave none out.
"""


def unsold_lots(plan: Trace, effort: int) -> Iterator[Explanation]:
    """What each lot hears that has at least a pack left which some batch would take in some grade.

    At most `MOST_LOTS`, those with most grams left. The plan's hubs and routes stay, and so does what transport they
    bring along; a farm that nobody calls at bears the cheapest detour of a route that is driven anyway. Whether a truck
    has the room is not asked: whoever is cheap enough already is told that something else holds the lot back.

    Parameters
    ----------
    effort
        Arcs that flows may have, all together, to verify what the duals say: those with most left come first. What is
        left is said as an estimate.

    Notes
    -----
    `price-...`: the highest ask at which it would have sold; `distance-...`: the longest detour; `grade-...`: the
    lowest grade. `...-verified` was sold again with this one change, and with one unit more (or the grade below), which
    did not sell; `...-estimate` is read from the duals of one flow a product.
    """
    spare = sendable(plan.problem) - plan.sent
    unsold = _worth_explaining(plan.problem, spare)
    calls = gates(plan, np.isin(np.arange(len(plan.problem.farms.id)), plan.problem.lots.farm[unsold]))
    told: dict[int, Told] = {}
    for lot, question in _questions(plan, calls, unsold, spare):
        told[lot] = question.verified() if effort > 0 else question.estimated()
        effort -= question.spent
    for lot in sorted(told):
        facts = {"ask_minor_per_1000": int(plan.problem.lots.ask_minor_per_1000[lot]), "sent": int(plan.sent[lot])}
        for code, more in told[lot]:
            yield Explanation("lot", str(plan.problem.lots.id[lot]), code, facts | more)


def _worth_explaining(problem: Problem, spare: Ints) -> Ints:
    """Lots with something left that is asked, if in a better grade; those with most grams left first."""
    lots = problem.lots
    finest = int(problem.batches.grade.max(initial=0))
    refined = replace(problem, lots=replace(lots, grade=np.maximum(lots.grade, finest)))
    unsold = np.flatnonzero(eligible(refined) & (spare >= lots.pack))
    spare_g = spare * problem.products.unit_weight_g[lots.product]
    return unsold[np.argsort(-spare_g[unsold], kind="stable")[:MOST_LOTS]]


def _questions(plan: Trace, calls: Gates, unsold: Ints, spare: Ints) -> Iterator[tuple[int, Question]]:
    """One a lot, those with most left first."""
    product = plan.problem.lots.product
    stands = {
        one: (ground, rows, Market(ground)) for one, (ground, rows) in grounds(plan, calls, product[unsold]).items()
    }
    for lot in unsold.tolist():
        ground, rows, market = stands[int(product[lot])]
        yield lot, Question(int(np.searchsorted(rows, lot)), ground, market, calls, int(spare[lot]))
