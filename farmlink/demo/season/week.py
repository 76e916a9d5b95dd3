"""One cycle of the season, through the same commands that the API, the pages and the scheduler call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from farmlink import scheduler
from farmlink.confirmations import commands as confirmations
from farmlink.confirmations import queries as asked
from farmlink.confirmations.values import Answer, DeclineReason, Reply, RequestState
from farmlink.confirmations.work import plan_due
from farmlink.cycles import queries as shown
from farmlink.cycles.values import CycleId, Stage
from farmlink.demo.season import buying, ending, neighbours
from farmlink.demo.season.ground import Ground
from farmlink.demo.season.neighbours import Neighbours
from farmlink.demo.season.opening import Stalls, open_stalls
from farmlink.demo.season.story import FROSTED, KEPT, Week
from farmlink.demo.season.street import Street
from farmlink.fairness import commands as fairness
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.planning.values import Budget
from farmlink.settlement import commands as settlement
from farmlink.store import outbox
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from farmlink.supply import queries as offered
from farmlink.supply.values import LotChange, LotId

ROUNDS: Final = 8
"""More plans than a week ever took."""
PAID_EVERY: Final = 4
"""Farms and leaders are paid every so many weeks."""


@dataclass(frozen=True, slots=True)
class Season:
    """Who plays, on what ground, beside which providers, and how hard the solver may try."""

    store: Store
    ground: Ground
    neighbours: Neighbours
    street: Street
    budget: Budget

    def play(self, week: Week) -> Stage:
        """One week from its opening to the last coin; how far its cycle came."""
        store, street = self.store, self.street
        stalls = store.run(open_stalls, self.ground, week)
        neighbours.order(store, self.ground, self.neighbours, week, stalls)
        if week.hesitant:
            store.run(fairness.close, stalls.cycle_id)  # too few came: it is put off, as was declared
        buying.order(store, self.ground, street, week, stalls)
        if week.frosty:
            store.run(_freeze, stalls)
        store.run(fairness.close, stalls.cycle_id)
        self._relay()
        if self._stage(stalls) is Stage.CLOSED:
            self._serve(week, stalls)
        if (week.number + 1) % PAID_EVERY == 0:
            store.run(settlement.pay_out, uuid7(), self.ground.hub)
        street.work_until_done(store)
        return self._stage(stalls)

    def _serve(self, week: Week, stalls: Stalls) -> None:
        """Farms promise, goods move and everybody is charged."""
        store, cycle_id = self.store, stalls.cycle_id
        self._promise(week, stalls)
        if week.harvest_fails:
            unlucky = stalls.lots[week.scarce][week.number % len(self.ground.farms)]
            store.run(supply.report_failed_harvest, unlucky)
            self._promise(week, stalls)
        ending.hand_out(store, self.ground, cycle_id, week.seed)
        self._relay()
        store.run(ending.collect_dues, cycle_id)
        store.run(ending.give_back, cycle_id, week.seed)
        self._relay()

    def _promise(self, week: Week, stalls: Stalls) -> None:
        """Plan, publish and answer until everything that is planned is promised."""
        scarce = frozenset(stalls.lots[week.scarce])
        for _ in range(ROUNDS):
            self._relay()
            plan_due(self.store, self.budget)
            self._relay()
            if self._stage(stalls) is Stage.CONFIRMED:
                return
            self.store.run(_answer, stalls.cycle_id, scarce)
            scarce = frozenset()
            self._relay()

    def _stage(self, stalls: Stalls) -> Stage:
        return self.store.read(shown.cycle, stalls.cycle_id).stage

    def _relay(self) -> None:
        outbox.relay_due(self.store, scheduler.REACTIONS)


def _freeze(tx: Transaction, stalls: Stalls) -> None:
    """A frost in the night before the cut-off leaves every farm one pack of a crop."""
    for lot_id in stalls.lots[FROSTED]:
        lot = offered.lot(tx, lot_id)
        pack, ask = lot.pack, lot.ask_minor_per_1000
        change = LotChange(
            quantity=pack,
            minimum=0,
            ask_minor_per_1000=ask,
            daily_capacity=pack,
            forecast_low=pack,
            forecast_likely=pack,
            forecast_high=pack,
        )
        supply.change_lot(tx, lot_id, change, lot.revision)


def _answer(tx: Transaction, cycle_id: CycleId, scarce: frozenset[LotId]) -> None:
    """Every farm keeps to what it is asked for, but for the scarce crop: of that it first promises a part."""
    open_ones = asked.requests(tx, Paging(200), cycle_id=cycle_id, state=RequestState.OPEN).items
    lots = offered.lots_by_id(tx, [request.lot_id for request in open_ones])
    for request in open_ones:
        pack = lots[request.lot_id].pack
        part = int(request.quantity * KEPT) // pack * pack
        if request.lot_id in scarce and request.floor < part < request.quantity:
            confirmations.answer(tx, request.id, Answer(Reply.REDUCED, part, DeclineReason.WEATHER), None)
        else:
            confirmations.answer(tx, request.id, Answer(Reply.ACCEPTED), None)
