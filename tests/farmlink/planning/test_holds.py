"""What planners hold to: kept by the next plan as far as it has sense, said when it is not, never at anybody's cost."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from farmlink.network import commands as network
from farmlink.network.values import FarmId
from farmlink.planning import commands, queries
from farmlink.planning.queries.snapshot import Snapshot
from farmlink.planning.queries.snapshot.holding import Wanted, held_to
from farmlink.planning.rules import NothingToHoldError, NotPlannableError
from farmlink.planning.values import HoldId, HoldKind, HoldView, PlanId
from farmlink.planning.work.holding import NoPlanError, solved
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId
from solver.pooling import greedy
from solver.problem import Problem
from solver.solution import Solution, StoppedBy
from tests.farmlink.planning.builders import Season, part, run_sql


@pytest.fixture
def season(store: Store) -> Season:
    """Two farms that offer the same at the same price, and orders for less than either has."""
    return Season.closed(store, lots=(60_000, 60_000), bags=(60, 30))


def farm_of(season: Season, lot_id: LotId) -> FarmId:
    return season.store.read(supply.lot, lot_id).farm_id


def sent(season: Season, plan_id: PlanId) -> dict[LotId, int]:
    return {one.lot_id: one.quantity for one in season.store.read(queries.allocated_lots, plan_id)}


def hold(season: Season, plan_id: PlanId, lot_id: LotId) -> HoldId:
    return season.store.run(commands.hold_farm, plan_id, farm_of(season, lot_id))


def codes(taken: Snapshot) -> list[str]:
    return [one.code for one in taken.held]


def pinned(taken: Snapshot, lot_id: LotId) -> tuple[int, int] | None:
    """The limits of a lot in the solver's problem."""
    pins = taken.problem.pins
    rows = {str(taken.problem.lots.id[lot]): row for row, lot in enumerate(pins.lot.tolist())}
    row = rows.get(str(lot_id))
    return None if row is None else (int(pins.at_least[row]), int(pins.at_most[row]))


def test_a_held_farm_sends_exactly_what_it_sent(season: Season) -> None:
    base = season.plan()
    lot_id, quantity = min(sent(season, base).items(), key=lambda one: one[1])
    hold(season, base, lot_id)
    taken = season.snapshot()
    again = season.plan()

    assert (codes(taken), pinned(taken, lot_id)) == (["kept"], (quantity, quantity))
    assert sent(season, again)[lot_id] == quantity
    assert [one.code for one in season.store.read(queries.get_plan, again).held] == ["kept"]


def test_a_farm_held_anew_is_held_as_the_newer_version_has_it(season: Season) -> None:
    first, second = season.plan(), season.plan()
    lot_id = next(iter(sent(season, first)))
    assert hold(season, first, lot_id) == hold(season, second, lot_id)
    (held,) = season.store.read(queries.holds, season.cycle_id)

    assert (held.version, held.kind, held.place_id) == (2, HoldKind.FARM, farm_of(season, lot_id))


def test_what_is_let_go_is_not_held_and_twice_is_as_once(season: Season) -> None:
    held = hold(season, base := season.plan(), next(iter(sent(season, base))))
    season.store.run(commands.release, [held])
    season.store.run(commands.release, [held])

    assert (season.store.read(queries.holds, season.cycle_id), season.snapshot().held) == ([], ())


def test_a_promise_goes_before_what_a_planner_holds_to(season: Season) -> None:
    base = season.plan()
    season.publish(base)
    lot_id, quantity = max(sent(season, base).items(), key=lambda one: one[1])
    hold(season, base, lot_id)
    season.answer(season.question(lot_id).id, part(quantity - 10_000))
    taken = season.snapshot()

    assert (codes(taken), pinned(taken, lot_id)) == (["promised-otherwise"], (quantity - 10_000, quantity - 10_000))
    assert taken.free is None


def test_a_farm_that_is_suspended_is_no_longer_held_to(season: Season) -> None:
    base = season.plan()
    lot_id = next(iter(sent(season, base)))
    hold(season, base, lot_id)
    season.store.run(network.suspend_farm, farm_of(season, lot_id))

    assert codes(season.snapshot()) == ["gone"]


def test_a_lot_that_holds_less_by_now_is_not_held_to(season: Season) -> None:
    base = season.plan()
    lot_id, quantity = max(sent(season, base).items(), key=lambda one: one[1])
    hold(season, base, lot_id)
    run_sql(season.store, "UPDATE lot SET daily_capacity = :less WHERE id = :lot", less=quantity - 1000, lot=lot_id)

    assert codes(season.snapshot()) == ["lot-smaller"]


def test_what_would_be_more_than_is_ordered_is_not_held_to(season: Season) -> None:
    """Each farm is held as a version has it in which it sends the most."""
    base = season.plan()
    held = held_farms(season, base)
    asked = [Wanted(one, {lot: 60_000}) for one, lot in zip(held, season.lots, strict=True)]
    _, said = held_to(season.problem(), asked)

    assert [one.code for one in said] == ["kept", "too-much"]


def test_a_version_that_takes_nothing_of_a_farm_is_none_to_hold_it_by(season: Season) -> None:
    with pytest.raises(NothingToHoldError):
        season.store.run(commands.hold_farm, season.plan(), FarmId(uuid4()))


def test_nothing_is_held_to_when_goods_have_left(season: Season) -> None:
    base = season.confirmed().store.read(queries.published_plan, season.cycle_id)
    assert base is not None
    run_sql(season.store, "UPDATE order_cycle SET stage = 'moving' WHERE id = :cycle", cycle=season.cycle_id)

    with pytest.raises(NotPlannableError):
        hold(season, base, next(iter(sent(season, base))))


def held_farms(season: Season, base: PlanId) -> list[HoldView]:
    """Both farms held, in the order of their lots."""
    for lot_id in season.lots:
        hold(season, base, lot_id)
    found = season.store.read(queries.holds, season.cycle_id)
    for held in found:
        season.store.run(commands.release, [held.id])
    return found


def held_back(season: Season) -> Snapshot:
    """One farm is held to less than it has, and another cannot give the rest any more."""
    base = season.plan()
    season.publish(base)
    small, large = sorted(sent(season, base), key=lambda lot: sent(season, base)[lot])
    hold(season, base, small)
    season.answer(season.question(large).id, part(10_000))
    return season.snapshot()


def test_nobody_is_short_because_a_farm_was_held_to_less(season: Season) -> None:
    taken = held_back(season)
    asked: list[Problem] = []

    def solve(problem: Problem) -> Solution:
        asked.append(problem)
        return greedy(problem)

    let_go, found = solved(taken, solve, greedy)

    assert (codes(taken), codes(let_go)) == (["kept"], ["somebody-short"])
    assert (len(asked), int(found.shortfalls.quantity.sum())) == (2, 20_000)


def test_a_plan_with_nobody_short_is_solved_once(season: Season) -> None:
    hold(season, base := season.plan(), next(iter(sent(season, base))))
    taken = season.snapshot()
    asked: list[Problem] = []

    def solve(problem: Problem) -> Solution:
        asked.append(problem)
        return greedy(problem)

    assert (codes(solved(taken, solve, greedy)[0]), len(asked)) == (["kept"], 1)


def test_a_hold_that_leaves_no_plan_at_all_is_let_go_and_said(season: Season) -> None:
    hold(season, base := season.plan(), next(iter(sent(season, base))))
    taken = season.snapshot()

    def solve(problem: Problem) -> Solution:
        if problem is taken.problem:
            raise NoPlanError("refused by the checker")
        return greedy(problem)

    let_go, found = solved(taken, solve, greedy)

    assert (codes(let_go), let_go.problem) == (["no-plan"], taken.free)
    assert not len(found.shortfalls.quantity)


def test_a_failure_without_anything_held_is_a_failure(season: Season) -> None:
    def solve(problem: Problem) -> Solution:
        raise NoPlanError(str(problem.currency))

    with pytest.raises(NoPlanError):
        solved(season.snapshot(), solve, solve)


def cancelled(problem: Problem) -> Solution:
    """A search that somebody stopped."""
    found = greedy(problem)
    return replace(found, report=replace(found.report, stopped_by=StoppedBy.CANCELLED))


def test_what_somebody_cancelled_is_not_solved_again_and_nobody_is_short_for_it(season: Season) -> None:
    taken = held_back(season)
    asked: list[Problem] = []

    def search(problem: Problem) -> Solution:
        asked.append(problem)
        return cancelled(problem)

    let_go, found = solved(taken, search, greedy)

    assert (asked, codes(let_go)) == ([taken.problem], ["somebody-short"])
    assert (int(found.shortfalls.quantity.sum()), let_go.problem) == (20_000, taken.free)


def test_what_is_held_to_stays_where_the_greedy_plan_without_it_is_none_either(season: Season) -> None:
    taken = held_back(season)

    def nothing(_: Problem) -> Solution:
        raise NoPlanError("refused by the checker")

    assert codes(solved(taken, cancelled, nothing)[0]) == ["kept"]
