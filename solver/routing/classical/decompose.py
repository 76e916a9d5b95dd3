"""Large problems in pieces: neighbouring routes of some 250 clients at a time, warm-started, round after round."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solver.instances.classical import ClassicalRoute
from solver.routing.classical.measure import Measured
from solver.routing.classical.search import Budget, Found, Launch, search
from solver.workers import Send

CLIENTS_A_PIECE = 250
_SECONDS_A_PIECE = 4.0
_FEWEST_ROUNDS, _MOST_ROUNDS = 2, 6
Routes = tuple[ClassicalRoute, ...]


@dataclass(frozen=True)
class Half:
    """What one worker improves in one round; `spare` vehicles may be added to each piece."""

    worker: int
    seed: int
    problem: Measured
    routes: Routes
    spare: int | None
    budget: Budget


def rounds(clients: int, seconds: float, workers: int) -> int:
    """How often the plan is cut anew: pieces get about four seconds, but no border stays for ever."""
    pieces_a_worker = max(clients / CLIENTS_A_PIECE / workers, 1)
    return min(max(round(seconds / pieces_a_worker / _SECONDS_A_PIECE), _FEWEST_ROUNDS), _MOST_ROUNDS)


def halves(problem: Measured, routes: Routes, seed: int) -> tuple[Routes, Routes]:
    """Cut through the depot at a random angle, so that both sides have about as many clients."""
    random = np.random.default_rng(seed)
    middle = centres(problem, routes) - problem.xy[0]
    angle = (np.arctan2(middle[:, 1], middle[:, 0]) + random.uniform(0, 2 * np.pi)) % (2 * np.pi)
    order = np.argsort(angle, kind="stable")
    sizes = np.cumsum([len(routes[number].clients) for number in order])
    cut = int(np.searchsorted(sizes, sizes[-1] / 2)) + 1
    first, second = order[:cut].tolist(), order[cut:].tolist()
    return tuple(routes[number] for number in first), tuple(routes[number] for number in second)


def centres(problem: Measured, routes: Sequence[ClassicalRoute]) -> NDArray[np.float64]:
    """The mean place of every route's clients."""
    return np.array([problem.xy[np.array(route.clients) + problem.depots].mean(axis=0) for route in routes])


def pieces(problem: Measured, routes: Routes, seed: int) -> Iterator[list[int]]:
    """Routes grouped around the one farthest from the depot that is left, by number."""
    random = np.random.default_rng(seed)
    middle = centres(problem, routes)
    left = np.arange(len(routes))
    while len(left):
        distance = ((middle[left] - problem.xy[0]) ** 2).sum(axis=1)
        farthest = left[np.argmax(distance * random.uniform(0.5, 1.5, len(left)))]
        order = left[np.argsort(((middle[left] - middle[farthest]) ** 2).sum(axis=1), kind="stable")]
        sizes = np.cumsum([len(routes[number].clients) for number in order])
        count = int(np.searchsorted(sizes, CLIENTS_A_PIECE)) + 1
        # A small rest joins the last piece: it would have nobody to trade with.
        if sizes[-1] - sizes[min(count, len(sizes)) - 1] < CLIENTS_A_PIECE / 3:
            count = len(order)
        yield order[:count].tolist()
        left = np.sort(order[count:])


def improve_half(send: Send, half: Half) -> None:
    """Improve piece after piece, each with its share of the time; sends `Found` for the whole half after each."""
    routes = list(half.routes)
    done: Routes = ()
    groups = list(pieces(half.problem, half.routes, half.seed))
    left = sum(len(route.clients) for route in routes)
    for number, group in enumerate(groups):
        given = tuple(routes[member] for member in group)
        size = sum(len(route.clients) for route in given)
        now_s = time.monotonic()
        until_s = now_s + max(half.budget.deadline_s - now_s, 0.0) * size / left
        left -= size
        done += improved(half, given, Budget(until_s, half.budget.iterations), half.seed + number)
        waiting = tuple(routes[member] for later in groups[number + 1 :] for member in later)
        send(Found(half.worker, done + waiting))


def improved(half: Half, given: Routes, budget: Budget, seed: int) -> Routes:
    """The same clients in better routes, by a search that sees only them."""
    clients = sorted(client for route in given for client in route.clients)
    within = {client: number for number, client in enumerate(clients)}
    problem = part(half.problem, clients, None if half.spare is None else len(given) + half.spare)
    start = tuple(ClassicalRoute(0, tuple(within[client] for client in route.clients)) for route in given)
    found: list[Found] = []
    search(found.append, Launch(half.worker, seed, problem, start, len(start), budget))
    return tuple(ClassicalRoute(0, tuple(clients[client] for client in route.clients)) for route in found[-1].routes)


def part(problem: Measured, clients: Sequence[int], vehicles: int | None) -> Measured:
    """The depot and some of its clients."""
    nodes = np.concatenate([[0], np.array(clients, dtype=np.int64) + 1])
    return replace(
        problem,
        xy=problem.xy[nodes],
        demand=problem.demand[nodes],
        service=problem.service[nodes],
        early=problem.early[nodes],
        late=None if problem.late is None else problem.late[nodes],
        vehicles=[vehicles],
    )
