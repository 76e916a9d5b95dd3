"""A cost below which no plan exists: clients priced, each bearing its part of a q-route, depots located exactly.

Every route's cost is borne by its clients by weight, and none bears less than its part of the cheapest q-route through
it (Christofides, Mingozzi & Toth 1981). With these parts as assignment costs, a facility location is a relaxation of
the whole problem for any prices of the clients; prices that make q-routes visit everybody about once are the best.
"""

from collections.abc import Sequence

import highspy
import numpy as np
from scipy.sparse import csc_array

from solver.location.estimate import Estimate, likely_costs
from solver.location.measure import Measured, Reals
from solver.location.qroutes import QRoutes, Weights, roughly, weights
from solver.location.routes import Budget

_BY_COLUMN, _MINIMISE, _CONTINUOUS, _INTEGER = 1, 1, 0, 1
# Of what clients are likely to cost: 0, 0.7, 0.85 and 1 were tried, after one step and after 20.
_FIRST_PRICES = 0.85
# Steps of the subgradient, in parts of the way to a bound so much higher than the best so far.
_STEPS, _AIM, _SHRINK = 60, 0.03, 0.95
_MOST_PRICED = 5
# Of the time, kept for the location of all depots at the end.
_LOCATING = 0.3
# Sums of a few thousand doubles: so much of the bound may be rounding.
_ROUNDING = 1e-9


def lower_bound(problem: Measured, estimates: Sequence[Estimate], budget: Budget) -> float:
    """The bound in the problem's unit; prices are made for the first of the estimated sets, and hold for all.

    `budget.iterations` limits the steps, the time limits them unless it is less than what the first of them takes.
    """
    counted = weights(problem)
    if not len(counted.clients):
        return 0.0
    prices = _prices(problem, roughly(counted), estimates, budget)
    part = QRoutes(problem, range(problem.depots), counted).through(prices).part
    located = max(_located(problem, counted, part, budget.left_s), _cheaply_located(problem, part))
    bound = float(prices.sum()) + located - _rounded_up(problem)
    return max(bound - _ROUNDING * (float(np.abs(prices).sum()) + abs(located)), 0.0)


def _rounded_up(problem: Measured) -> float:
    """By how much measured costs may be above the file's: half a whole number for every edge, depot and route.

    Nobody drives more than two edges and a route a client; who weighs nothing is left out, which by measured edges may
    save three halves less than nothing. Edges that the class rounds are as the file has them.
    """
    return 3.0 * len(problem.demand) + problem.depots if problem.rounded else 0.0


def _prices(problem: Measured, counted: Weights, estimates: Sequence[Estimate], budget: Budget) -> Reals:
    """Subgradient steps for the sets within the first few depots; no capacities but those that made the sets."""
    depots = sorted(_first_depots(estimates))
    index = {depot: number for number, depot in enumerate(depots)}
    sets = [
        (estimate.opening, [index[depot] for depot in estimate.opened])
        for estimate in estimates
        if set(estimate.opened) <= set(depots)
    ]
    routes = QRoutes(problem, depots, counted)
    likely = likely_costs(problem)[list(estimates[0].opened)].min(axis=0)
    prices: Reals = _FIRST_PRICES * likely[counted.clients]
    best_prices = prices
    best, size = -np.inf, 1.0
    steps = _STEPS if budget.iterations is None else min(budget.iterations, _STEPS)
    whole_s, step_s = budget.left_s, 0.0
    for _ in range(steps):
        began_s = budget.left_s
        # The last evaluation takes longer by as many depots as there are more.
        if began_s <= _LOCATING * whole_s + step_s * (1 + problem.depots / len(depots)):
            break
        through = routes.through(prices)
        value, opened = min(
            (opening + float(through.part[opened].min(axis=0).sum()), opened) for opening, opened in sets
        )
        value += float(prices.sum())
        nearest = np.array(opened)[through.part[opened].argmin(axis=0)]
        if value > best:
            best, best_prices = value, prices
        else:
            size *= _SHRINK
        missing = np.ones(len(prices))
        for client, depot in enumerate(nearest.tolist()):
            share = counted.weight[client] / through.load[depot, client]
            missing -= share * routes.visits(through, depot, client)
        length = float(missing @ missing)
        if length < 1e-9:
            break
        step_s = began_s - budget.left_s
        prices = prices + size * (_AIM * abs(best) + best - value) / length * missing
    return best_prices


def _first_depots(estimates: Sequence[Estimate]) -> set[int]:
    """Those of the best set, and of the next ones as long as there are few."""
    depots = set(estimates[0].opened)
    for estimate in estimates[1:]:
        if len(depots.union(estimate.opened)) > _MOST_PRICED:
            break
        depots |= set(estimate.opened)
    return depots


def _cheaply_located(problem: Measured, part: Reals) -> float:
    """Everybody from the best depot, and parts of depots opened until they hold the demand."""
    order = np.argsort(problem.opening / np.maximum(problem.room, 1), kind="stable")
    room = problem.room[order].astype(np.float64)
    share = np.clip((problem.total - (np.cumsum(room) - room)) / np.maximum(room, 1.0), 0.0, 1.0)
    return float(part.min(axis=0).sum() + max((share * problem.opening[order]).sum(), problem.opening.min()))


def _located(problem: Measured, counted: Weights, part: Reals, seconds: float) -> float:
    """Least cost of opening depots and assigning the clients, in parts, or what branch and bound can promise of it."""
    depots, clients = part.shape
    shares = depots * clients
    share = np.arange(shares)
    depot, client = np.divmod(share, clients)
    door = shares + np.arange(depots)
    demand = problem.demand[counted.clients].astype(np.float64)
    room = problem.room.astype(np.float64)
    below, last = clients + depots + share, clients + depots + shares
    entries = [
        (client, share, np.ones(shares)),
        (clients + depot, share, demand[client]),
        (clients + np.arange(depots), door, -room),
        (below, share, np.ones(shares)),
        (below, shares + depot, -np.ones(shares)),
        (np.full(depots, last), door, room),
    ]
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    matrix = csc_array((value, (row, column)), shape=(last + 1, shares + depots))
    infinity = highspy.kHighsInf
    highs = highspy.Highs()
    for name, setting in (("output_flag", False), ("threads", 1), ("time_limit", max(seconds, 0.1))):
        highs.setOptionValue(name, setting)
    highs.passModel(
        shares + depots,
        last + 1,
        matrix.nnz,
        _BY_COLUMN,
        _MINIMISE,
        0.0,
        np.concatenate([part.reshape(-1), problem.opening.astype(np.float64)]),
        np.zeros(shares + depots),
        np.ones(shares + depots),
        np.concatenate([np.ones(clients), np.full(depots + shares, -infinity), [demand.sum()]]),
        np.concatenate([np.ones(clients), np.zeros(depots + shares), [infinity]]),
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.array([_CONTINUOUS] * shares + [_INTEGER] * depots, dtype=np.int32),
    )
    highs.run()
    return float(highs.getInfo().mip_dual_bound)
