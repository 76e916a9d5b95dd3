"""Large plans of one depot in parts: neighbouring routes improved for themselves, then the plan is cut anew."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solver.routing.classical.measure import Measured
from solver.routing.classical.model import Routes

# A rest smaller than this share of a piece joins the last one: it would have nobody to trade with.
_REST = 1 / 3


def halves(problem: Measured, routes: Routes, number: int, seed: int) -> tuple[Routes, Routes]:
    """Both with about as many clients: in turn cut through the depot and straight across, at any angle."""
    angle = np.random.default_rng(seed).uniform(0, 2 * np.pi)
    place = _centres(problem, routes)
    if number % 2:
        across = place @ np.array([np.cos(angle), np.sin(angle)])
    else:
        across = (np.arctan2(place[:, 1], place[:, 0]) + angle) % (2 * np.pi)
    order = np.argsort(across, kind="stable")
    sizes = np.cumsum([len(routes[route].clients) for route in order])
    cut = int(np.searchsorted(sizes, sizes[-1] / 2)) + 1
    return _some(routes, order[:cut]), _some(routes, order[cut:])


def pieces(problem: Measured, routes: Routes, clients: int, seed: int) -> list[Routes]:
    """Routes of about so many clients each, grouped around the outermost one that is left."""
    random = np.random.default_rng(seed)
    place = _centres(problem, routes)
    left = np.arange(len(routes))
    groups = []
    while len(left):
        distance = (place[left] ** 2).sum(axis=1)
        outermost = left[np.argmax(distance * random.uniform(0.5, 1.5, len(left)))]
        order = left[np.argsort(((place[left] - place[outermost]) ** 2).sum(axis=1), kind="stable")]
        sizes = np.cumsum([len(routes[route].clients) for route in order])
        count = int(np.searchsorted(sizes, clients)) + 1
        if sizes[-1] - sizes[min(count, len(sizes)) - 1] < clients * _REST:
            count = len(order)
        groups.append(_some(routes, order[:count]))
        left = np.sort(order[count:])
    return groups


def part(problem: Measured, clients: NDArray[np.int32], vehicles: int | None) -> Measured:
    """The depot and some of its clients."""
    nodes = np.append(0, clients + 1)
    return replace(
        problem,
        xy=problem.xy[nodes],
        demand=problem.demand[nodes],
        service=problem.service[nodes],
        early=problem.early[nodes],
        late=None if problem.late is None else problem.late[nodes],
        vehicles=[vehicles],
    )


def _centres(problem: Measured, routes: Routes) -> NDArray[np.float64]:
    """The mean place of every route's clients, seen from the depot."""
    means = [problem.xy[np.array(route.clients) + 1].mean(axis=0) for route in routes]
    seen: NDArray[np.float64] = np.array(means, dtype=np.float64) - problem.xy[0]
    return seen


def _some(routes: Routes, numbers: NDArray[np.intp]) -> Routes:
    return tuple(routes[number] for number in numbers.tolist())
