"""A season: a small region whose cycle has closed, with farms, lots, orders, trucks, and what can happen from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from farmlink.confirmations import commands as confirmations
from farmlink.confirmations import queries as answers
from farmlink.confirmations.values import Answer, DeclineReason, Published, Reply, RequestId, RequestState, RequestView
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Stage
from farmlink.demand import commands as demand
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.orders.values import Order
from farmlink.planning import commands, queries
from farmlink.planning.queries.snapshot import AS_EVERYTHING_IS, Snapshot
from farmlink.planning.values import Assumptions, Broken, Edit, MadePlan, Move, PlanId, RunId, WhatIfId
from farmlink.planning.work.made import made_plan
from farmlink.scheduler import REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId
from solver.pooling import greedy
from solver.problem import Problem
from tests.farmlink.cycles.builders import Market

YES = Answer(Reply.ACCEPTED)
NO = Answer(Reply.DECLINED, reason=DeclineReason.WEATHER)


def part(quantity: int) -> Answer:
    """A part answer."""
    return Answer(Reply.REDUCED, quantity, DeclineReason.PEST)


@dataclass
class Season:
    """One cycle of a small region, and shortcuts through its life; quantities in grams of apples."""

    market: Market
    cycle_id: CycleId
    orders: list[Order] = field(default_factory=list)

    @classmethod
    def opened(cls, store: Store, lots: Iterable[int] = (60_000, 60_000), **terms: Any) -> Self:
        """A region with a truck, a lot on each of some farms, and an open cycle."""
        market = Market.founded(store, apples_g=0)
        store.run(network.add_vehicle, market.country.vehicle_draft(market.hub))
        for quantity in lots:
            market.lot(quantity)
        return cls(market, market.open(**terms)[0])

    @classmethod
    def closed(
        cls, store: Store, lots: Iterable[int] = (60_000, 60_000), bags: Iterable[int] = (30, 20), **terms: Any
    ) -> Self:
        """The same after the cut-off; each order is of so many one-kilogram bags."""
        season = cls.opened(store, lots, **terms)
        for packs in bags:
            season.order(packs)
        season.close()
        return season

    @property
    def store(self) -> Store:
        return self.market.store

    @property
    def lots(self) -> list[LotId]:
        return self.market.lots

    def stage(self) -> Stage:
        return self.store.read(cycles.cycle, self.cycle_id).stage

    def order(self, bags: int) -> Order:
        listing = next(one for one in self.store.read(cycles.listings, self.cycle_id) if one.pack == 1000)
        self.orders.append(self.market.place(self.cycle_id, {listing.id: bags}))
        return self.orders[-1]

    def order_home(self, bags: int) -> Order:
        """An order that is brought to the home of whoever placed it; the cycle must serve homes."""
        listing = next(one for one in self.store.read(cycles.listings, self.cycle_id) if one.pack == 1000)
        self.orders.append(self.market.place_home(self.cycle_id, {listing.id: bags}, self.market.person()))
        return self.orders[-1]

    def close(self) -> None:
        self.store.run(demand.close, self.cycle_id)

    def relay(self) -> None:
        """Deliver what was announced."""
        relay_due(self.store, REACTIONS)

    def snapshot(self) -> Snapshot:
        return self.store.read(queries.snapshot, self.cycle_id)

    def problem(self) -> Problem:
        return self.snapshot().problem

    def plan(self) -> PlanId:
        """Plan with the greedy planner in this process, as a run does it in a child."""
        return self.solve(self.store.run(commands.begin_run, self.cycle_id, "test", 1, publish=True))

    def solve(self, run_id: RunId) -> PlanId:
        """Solve and store what a run began."""
        return self.store.run(commands.store_plan, run_id, self.made())

    def supposed(self, **otherwise: Any) -> PlanId:
        """A plan of what is not so, made by the greedy planner in this process."""
        run_id = self.store.run(commands.suppose, self.cycle_id, assumed := Assumptions(**otherwise))
        begun = self.store.run(
            commands.begin_run, self.cycle_id, "planner", 1, run_id, publish=False, what_if_id=WhatIfId(run_id)
        )
        return self.store.run(commands.store_plan, begun, self.made(assumed))

    def kept(self, *broken: str) -> PlanId:
        """A version that somebody kept by hand though, or because, it breaks these rules."""
        base, made = self.plan(), self.made()
        edit = Edit(base, [Move(1, 1, 1, 1)], [Broken(rule, 1, None) for rule in broken])
        return self.store.run(commands.keep_edited, edit, made)

    def made(self, assumed: Assumptions = AS_EVERYTHING_IS) -> MadePlan:
        """What the greedy planner makes of the cycle."""
        taken = self.store.read(queries.snapshot, self.cycle_id, assumed)
        cycle = self.store.read(cycles.cycle, self.cycle_id)
        return made_plan(taken, greedy(taken.problem), cycle.collect_on, cycle.time_zone)

    def publish(self, plan_id: PlanId) -> Published:
        return self.store.run(confirmations.publish, plan_id)

    def planned(self) -> Self:
        """Plan and publish."""
        self.publish(self.plan())
        return self

    def confirmed(self) -> Self:
        """Plan, publish, and let every farm say yes."""
        self.planned()
        for asked in self.asked():
            self.answer(asked.id, YES)
        return self

    def asked(self, state: RequestState | None = RequestState.OPEN) -> list[RequestView]:
        """Questions of the cycle."""
        page = self.store.read(answers.requests, Paging(200), cycle_id=self.cycle_id, state=state)
        return list(page.items)

    def question(self, lot_id: LotId) -> RequestView:
        """The open question about a lot."""
        return next(asked for asked in self.asked() if asked.lot_id == lot_id)

    def answer(self, request_id: RequestId, given: Answer) -> RequestView:
        return self.store.run(confirmations.answer, request_id, given, None)

    def due_now(self) -> None:
        """Let the farms' time run out."""
        self.store.run(_due_since, self.cycle_id)

    def lapse(self) -> int:
        """Let the farms' time run out, and take their silence."""
        self.due_now()
        return self.store.run(confirmations.lapse, self.cycle_id)

    def taken(self) -> dict[LotId, int]:
        """What the published plan takes of each lot."""
        plan_id = self.store.read(queries.published_plan, self.cycle_id)
        assert plan_id is not None
        return {lot.lot_id: lot.quantity for lot in self.store.read(queries.allocated_lots, plan_id)}

    def allocated(self, lot_id: LotId) -> int:
        """What all cycles together are promised of a lot."""
        return self.store.read(supply.lot, lot_id).allocated

    def pins(self) -> dict[LotId, tuple[int, int]]:
        return {pin.lot_id: (pin.at_least, pin.at_most) for pin in self.store.read(queries.pins, self.cycle_id)}

    def wishes(self) -> list[str]:
        """Why plans are wished for."""
        return [due.cause for due in self.store.read(queries.due_to_plan)]


def _due_since(tx: Transaction, cycle_id: CycleId) -> None:
    tx.execute(
        "UPDATE confirmation_request SET due_at = :past WHERE cycle_id = :cycle AND state = 'open'",
        {"past": tx.now - timedelta(seconds=1), "cycle": cycle_id},
    )


def run_sql(store: Store, statement: str, **named: Any) -> None:
    """Change rows behind the commands' back, as time or a fault would."""
    store.run(_executed, statement, named)


def force_sql(store: Store, statement: str, **named: Any) -> None:
    """Change rows past the triggers that would refuse it, for this one transaction only."""
    store.run(_forced, statement, named)


def _forced(tx: Transaction, statement: str, named: dict[str, Any]) -> None:
    tx.execute("SET LOCAL session_replication_role = replica")
    tx.execute(statement, named)


def _executed(tx: Transaction, statement: str, named: dict[str, Any]) -> None:
    tx.execute(statement, named)
