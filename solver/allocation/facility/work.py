"""What the two processes of an allocation do; each sends `Improved` plans and `Bounded` bounds."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from solver.allocation.facility.lagrange import Relaxation, subgradient
from solver.allocation.facility.mip import branch_and_bound
from solver.allocation.facility.neighbours import descend
from solver.allocation.facility.transport import Transport
from solver.allocation.facility.verify import Flow
from solver.instances.orlib import FacilityProblem
from solver.workers import Send


@dataclass(frozen=True)
class Budget:
    """When to stop: monotonic clock, and priced sets where the result must not depend on the clock."""

    deadline_s: float
    sets: int | None = None


@dataclass(frozen=True)
class Improved:
    """A better plan."""

    flows: tuple[Flow, ...]


@dataclass(frozen=True)
class Bounded:
    """No plan costs less."""

    bound: float


def prove(send: Send, problem: FacilityProblem, budget: Budget) -> None:
    """Small problems: branch and bound to the end, or to the deadline."""
    transport = Transport(problem)
    proven = branch_and_bound(transport, max(budget.deadline_s - time.monotonic(), 0.01))
    if proven.opened is not None:
        send(Improved(transport.flows(proven.opened)))
    send(Bounded(proven.bound))


def price(send: Send, problem: FacilityProblem, budget: Budget, seed: int) -> None:
    """Lagrangean prices for the bound, their open facilities for plans, then local search from the best of these."""
    transport = Transport(problem)
    best = _Best(send, transport)
    best.offer(filled(transport, frozenset()))
    bound = float("-inf")
    go_on = _patience(budget)
    for relaxed in subgradient(Relaxation(transport), best.cost):
        if relaxed.bound > bound:
            bound = relaxed.bound
            send(Bounded(bound))
            best.offer(filled(transport, relaxed.opened))
        if not go_on():
            return
    _descend(best, transport, seed, go_on)


def improve(send: Send, problem: FacilityProblem, budget: Budget, seed: int) -> None:
    """Local search from the cheapest facilities that fit."""
    transport = Transport(problem)
    best = _Best(send, transport)
    best.offer(filled(transport, frozenset()))
    _descend(best, transport, seed, _patience(budget))


def filled(transport: Transport, opened: frozenset[int]) -> frozenset[int]:
    """With the facilities cheapest for their capacity added until the demand fits."""
    problem = transport.problem
    order = sorted(
        (facility for facility, room in enumerate(problem.capacity.tolist()) if room > 0),
        key=lambda facility: (
            (problem.opening[facility] + problem.cost[facility].mean()) / problem.capacity[facility],
            facility,
        ),
    )
    for facility in order:
        if not transport.enough(opened):
            opened |= {facility}
    return opened


class _Best:
    """The cheapest set so far, sent whenever it changes."""

    def __init__(self, send: Send, transport: Transport) -> None:
        self._send, self._transport = send, transport
        self.opened: frozenset[int] | None = None

    def cost(self) -> float:
        assert self.opened is not None
        return self._transport.cost(self.opened)

    def offer(self, opened: frozenset[int]) -> None:
        if self.opened is None or self._transport.cost(opened) < self.cost():
            self.opened = opened
            self._send(Improved(self._transport.flows(opened)))


def _descend(best: _Best, transport: Transport, seed: int, go_on: Callable[[], bool]) -> None:
    assert best.opened is not None
    sets = descend(transport, best.opened, seed)
    while go_on():
        best.offer(next(sets))


def _patience(budget: Budget) -> Callable[[], bool]:
    """Whether time and sets are left and the parent still listens."""
    parent, tried = os.getppid(), 0

    def go_on() -> bool:
        nonlocal tried
        tried += 1
        within = budget.sets is None or tried < budget.sets
        return within and time.monotonic() < budget.deadline_s and os.getppid() == parent

    return go_on
