"""A length below which no routes exist, known at once: what must go so far out, and what holds everybody together.

The radial part counts routes at every distance (Haimovich & Rinnooy Kan 1985), rounded up as in a capacity cut
(Laporte, Nobert & Desrochers 1985); the other is a shortest spanning tree and a way back for every route
(Christofides, Mingozzi & Toth 1981). Nothing is relaxed further for windows and durations: they only add.
"""

import numpy as np

from solver.instances.classical import Rounding
from solver.routing.classical.measure import Measured, Reals


def lower_bound(problem: Measured) -> float:
    """The better of the two, in the file's unit; at least one client.

    Where loads end the routes it lies 6 to 28 % below the best known plans (X set, Leuven1, C1 and R1 with 1,000
    clients); where windows or durations do, 26 to 64 % (R112, RC2, Cordeau's).
    """
    out = _reached(problem, going_on=True)[problem.depots :]
    bound = max(_radial(problem, out), _spanning(problem, out))
    # Of unrounded edges each may have been rounded up by half a whole number, and nobody drives more than two a client.
    above = float(len(out)) if problem.rounding is Rounding.NONE else 0.0
    return max(bound - above, 0.0) / problem.per_unit


def _radial(problem: Measured, out: Reals) -> float:
    """Whoever serves clients beyond a distance passes it twice; so many routes do as carry what is asked there."""
    order = np.argsort(out, kind="stable")
    beyond = np.cumsum(problem.demand[problem.depots :][order][::-1])[::-1]
    routes = np.maximum(-(-beyond // problem.capacity.max()), 1)
    return float(2 * (np.diff(out[order], prepend=0.0) * routes).sum())


def _spanning(problem: Measured, out: Reals) -> float:
    """Routes less one way home each hold everybody together; those ways end at as many different clients."""
    tree = float(_reached(problem, going_on=False).sum())
    fewest = max(-(-int(problem.demand.sum()) // int(problem.capacity.max())), 1)
    return tree + float(np.sort(out)[:fewest].sum())


def _reached(problem: Measured, *, going_on: bool) -> Reals:
    """From the depots, all as one, to every node: the shortest way, or else the edge in a shortest spanning tree.

    Dijkstra (1959) and Prim (1957), without any matrix: the one adds the way so far to the next edge. Rounded edges
    may make a detour shorter than the straight way.
    """
    nodes = np.arange(len(problem.demand))
    least: Reals = np.where(nodes < problem.depots, 0.0, np.inf)
    waiting = np.full(len(nodes), True)
    for _ in nodes:
        here = int(np.where(waiting, least, np.inf).argmin())
        waiting[here] = False
        ahead = nodes[waiting]
        edges = problem.distances(np.full(len(ahead), here), ahead)
        least[ahead] = np.minimum(least[ahead], edges + (least[here] if going_on else 0.0))
    return least
