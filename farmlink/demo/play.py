"""One performance of the demo, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from farmlink import scheduler
from farmlink.confirmations.work import plan_due
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Stage
from farmlink.demo import farmers, hands, setting, shop, summary
from farmlink.demo import market as selling
from farmlink.demo.fresh import begin_fresh
from farmlink.demo.market import Market
from farmlink.demo.measure import Measured
from farmlink.demo.recipe import Made
from farmlink.demo.scenario import Scenario
from farmlink.demo.setting import Ground, Place
from farmlink.demo.wire import Client, free_port, serving
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import marked
from farmlink.network.values import PointId
from farmlink.orders.values import OrderPlaced
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Role, SignedIn
from farmlink.planning import queries as planning
from farmlink.planning.values import Budget
from farmlink.planning.work.studies import LoneVan, Studies, study
from farmlink.store import outbox
from farmlink.store.store import Store

MOST_ROUNDS: Final = 6
REACTIONS: Final = {event: heard for event, heard in scheduler.REACTIONS.items() if event is not OrderPlaced}
"""Seeded consumers have no address, so that thousands of confirmations would be written to nobody."""
EARLY: Final = 5
"""One consumer in so many orders again at once, so that whoever tries to close next week's cycle sees it planned."""
STUDIED_WITH: Final = 100
"""Iterations for a sample of the curve; the published plan gets its whole budget."""
SCHEMA: Final = marked("An empty database of the demo's own")
IMPORT: Final = marked("Farms and markets of {file}, hubs and people")
IMPORTED: Final = marked("{farms} farms, {markets} markets, {wrong} rows left out; hubs in {hubs}")
OFFERS: Final = marked("Lots, listings and consumers (made from the seed)")
ORDERS: Final = marked("{count} orders, each by a request of its own")
ORDERED: Final = marked("orders")
MISSED: Final = marked("{count} packs were sold out when somebody wanted them")
CLOSE: Final = marked("The cut-off: orders become batches")
PLANNED: Final = marked("Plan {number}, solved, checked, published")
ANSWERED: Final = marked("Farmers answer ({number}), half of them by link")
DISPATCH: Final = marked("Counted in at the hubs, shared out, handed out at the points")
NEXT_WEEK: Final = marked("Last week's cycle copied, with new lots, and opened; the first have ordered")
STUDIED: Final = marked("The same goods without pooling, and fewer orders")


@dataclass(frozen=True, slots=True)
class Performed:
    """The summary, and what a newcomer finds: who may sign in by address, and next week's cycle, which is open."""

    found: dict[str, Any]
    addresses: dict[str, str]
    open_cycle_id: CycleId


@dataclass(frozen=True, slots=True)
class Play:
    """Who plays what where, and how hard the solver may try."""

    store: Store
    scenario: Scenario
    place: Place
    measured: Measured
    budget: Budget

    def perform(self, orders: int) -> Performed:
        """Every stage in its order."""
        store, stage, seed = self.store, self.measured.stage, self.budget.seed
        with stage("schema", SCHEMA):
            begin_fresh(store, self.place.draft.name)
        with stage("import", IMPORT, file=self.place.file.name):
            ground = setting.lay_ground(store, self.scenario, self.place, orders)
            addresses = setting.admit_people(store, ground)
        self.measured.say(
            IMPORTED,
            farms=len(ground.farms),
            markets=len(ground.points),
            wrong=ground.imported.wrong,
            hubs=[name for name, _ in ground.sites],
        )
        with stage("offers", OFFERS):
            made = selling.make_goods(self.scenario, ground, orders, seed)
            market = selling.open_market(store, ground, made)
            consumers = [*store.run(people.seed_consumers, orders - 1), store.run(setting.known_consumer)]
        planner, dock = (self._token(ground, role) for role in (Role.PLANNER, Role.DOCK))
        port = free_port()
        with serving(port, workers=2):
            placed = self._order(port, ground, market, made, consumers)
            with stage("close", CLOSE):
                self._close(port, market, planner)
            self._confirm(port, ground, market, planner)
            store.run(setting.let_farmer_in, ground, market.collect_on)
            with stage("dispatch", DISPATCH):
                outbox.relay_due(store, REACTIONS)  # who will be short is told before anything is counted in
                hands.count_in(port, store, market.cycle_id, dock, seed)
                leaders = store.run(setting.leaders, ground)
                hands.hand_out(port, market.cycle_id, placed, leaders, dock, seed)
                outbox.relay_due(store, REACTIONS)
            with stage("next week", NEXT_WEEK):
                open_again = store.run(selling.open_next_week, ground, made, market)
                early = len(made.orders) // EARLY
                points = [point.id for point in ground.points]
                shop.place_orders(port, open_again, points, made.orders[:early], consumers[:early])
                outbox.relay_due(store, REACTIONS)
        studies = self._study(market)
        scheduler.seal_audit(store)
        seconds, peak_mb = self.measured.seconds, self.measured.peak_memory_mb
        found = store.read(summary.gather, market.cycle_id, studies, seconds, peak_mb)
        return Performed(found, addresses, open_again.cycle_id)

    def _order(
        self, port: int, ground: Ground, market: Market, made: Made, consumers: list[SignedIn]
    ) -> list[tuple[UUID, PointId]]:
        """Orders with their points, as they were placed."""
        points = [point.id for point in ground.points]
        with (
            self.measured.stage("orders", ORDERS, count=len(made.orders)),
            self.measured.counted(ORDERED, len(made.orders)) as told,
        ):
            shopped = shop.place_orders(port, market, points, made.orders, consumers, told)
        missed = sum(one.sold_out_packs for one in shopped)
        self.measured.say(MISSED, count=missed)
        return [
            (one.order_id, points[order.point])
            for one, order in zip(shopped, made.orders, strict=True)
            if one.order_id is not None
        ]

    def _close(self, port: int, market: Market, planner: str) -> None:
        path = f"/api/v1/cycles/{market.cycle_id}/closing"
        Client(port).call("POST", path, planner, None, uuid7()).wanted(200)
        outbox.relay_due(self.store, REACTIONS)

    def _confirm(self, port: int, ground: Ground, market: Market, planner: str) -> None:
        """Plan, publish, let farmers answer, and again until everything that is planned is promised."""
        store, cycle_id, seed = self.store, market.cycle_id, self.budget.seed
        for number in range(1, MOST_ROUNDS + 1):
            with self.measured.stage("plan" if number == 1 else "re-plan", PLANNED, number=number):
                outbox.relay_due(store, REACTIONS)
                plan_due(store, self.budget if number == 1 else replace(self.budget, rounds=0))
            if store.read(cycles.cycle, cycle_id).stage is Stage.CONFIRMED:
                return
            with self.measured.stage("answers", ANSWERED, number=number):
                if farmers.answer_round(port, store, cycle_id, ground.farms, number, seed):
                    path = f"/api/v1/cycles/{cycle_id}/confirmations/end"
                    Client(port).call("POST", path, planner, None, uuid7()).wanted(200)
            if store.read(cycles.cycle, cycle_id).stage is Stage.CONFIRMED:
                return

    def _study(self, market: Market) -> Studies:
        van, store = self.scenario.farm_van, self.store
        with self.measured.stage("studies", STUDIED):
            held = next(plan for plan in store.read(planning.plans, market.cycle_id) if plan.published)
            samples = store.read(summary.samples, market.cycle_id, self.budget.seed)
            lone = LoneVan(
                weight_g=van.weight_g,
                crates=van.crates,
                fixed_minor=van.fixed_minor,
                minor_per_km=van.minor_per_km,
                minor_per_hour=van.minor_per_hour,
                shift_s=self.scenario.shift_s,
            )
            iterations = min(self.budget.iterations or STUDIED_WITH, STUDIED_WITH)
            return study(store, held.id, lone, samples, seed=self.budget.seed, iterations=iterations)

    def _token(self, ground: Ground, role: Role) -> str:
        person = self.store.read(persons.member_ids, ground.keeper, role)[0]
        return self.store.run(setting.sign_in, person)
