"""What may be planned, on which terms a run lives, and what planning refuses."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from farmlink.cycles.values import Stage
from farmlink.kernel.errors import InvalidError, RefusedError
from farmlink.planning.values import Assumptions, Crowd, PinChange, PlanView, Progress, RouteView
from farmlink.policy.values import PolicyDocument
from farmlink.supply.values import LotId

HELD_PHASES: Final = frozenset({"collection", "delivery"})
"""Where places are called at by trucks: between hubs there is nothing to hold to."""
LEASE: Final = timedelta(seconds=60)
"""A run that says nothing for this long is taken for dead; a living one speaks every second or so."""
PAUSE_AFTER_FAILURE: Final = timedelta(seconds=60)
PLANNER: Final = "planner"
BY_HAND: Final = "by-hand"
"""Why a version was made that somebody changed by hand, and what ended the search for it."""
KILO_G: Final = 1000
DAY_S: Final = 86_400
CLOCK_CHANGE: Final = timedelta(hours=1)
"""Seconds of a day are counted from its midnight; on two days of the year they come out an hour away from that."""
ANY_SEED: Final = 1
"""Of a run for which nobody gave another."""
MOST_QUESTIONS: Final = 5
"""What ifs of one cycle that wait at once: each is a whole solve, and its region plans nothing else meanwhile."""
PLANNABLE: Final = frozenset({Stage.CLOSED, Stage.PLANNED, Stage.CONFIRMING, Stage.CONFIRMED})
"""From the cut-off until goods move: what a hub has counted belongs to the plan that sent it."""


class NotPlannableError(RefusedError):
    """A plan needs batches, which exist from the cut-off on, and goods that have not been fetched yet."""

    code = "not-plannable"
    message = "A cycle in stage {stage} cannot be planned. Close it first; once its goods move, its plan stays."


class RunLiveError(RefusedError):
    """One region has one live run."""

    code = "run-live"
    message = (
        "This region is being planned right now (run {run_id}). Wait for it or cancel it; "
        "one whose process was killed ends by itself within a minute."
    )


class RunEndedError(RefusedError):
    """A run that ended, or that was taken for dead, writes nothing more."""

    code = "run-ended"
    message = "Run {run_id} has ended. Start a new one."


class RunNeededError(RefusedError):
    """A cycle that waits for the plan that shall hold is not left without one."""

    code = "run-needed"
    message = "Without this run the cycle would have no plan that holds. Let it begin, then cancel: it keeps its best."


class SeedTakenError(RefusedError):
    """One waiting run has one seed."""

    code = "seed-taken"
    message = "A run with seed {waiting} waits already. Let it begin or take it back, then ask with seed {asked}."


class PlanOutdatedError(RefusedError):
    """Something that the plan rests on changed after its snapshot."""

    code = "plan-outdated"
    message = "Farms promised or refused other quantities since this plan was made ({lots}). Plan again, then publish."


class PlanCrowdedError(RefusedError):
    """Another cycle's plan was published since the snapshot, and both count on the same trucks, room or hands."""

    code = "plan-crowded"
    message = "Another cycle's plan now counts on what this one needs ({what}). Plan again, then publish."


class PlanSupersededError(RefusedError):
    """A newer version of the plan is published."""

    code = "plan-superseded"
    message = "Version {published} of this plan is published already; version {version} is older."


class PlanBreaksRulesError(RefusedError):
    """A version that somebody changed by hand so that it breaks a rule can be looked at, and does not hold."""

    code = "plan-breaks-rules"
    message = (
        "Version {version} was changed by hand and breaks rules ({rules}). Change it by hand again until it breaks "
        "none and keep that, or plan again; then publish."
    )


class OnlySupposedError(RefusedError):
    """A plan of other inputs than there are is only looked at."""

    code = "only-supposed"
    message = (
        "Version {version} answers what if: its farms, trucks, orders or prices are not those that there are. "
        "Make them so and plan again, then publish."
    )


class NothingToPlanError(RefusedError):
    """A cycle without batches has no plan."""

    code = "nothing-to-plan"
    message = "Nobody ordered anything in this cycle, so there is nothing to plan."


class MoveImpossibleError(InvalidError):
    """A stop that is not there, or a trip of another kind: the plan has no such thing to change."""

    code = "move-impossible"
    message = "{field}: there is no such stop, or it cannot be put there. Choose the stop, the trip and its place anew."


class NothingToHoldError(InvalidError):
    """What a version does not do cannot be held to as it does it."""

    code = "nothing-to-hold"
    message = (
        "This version fetches nothing there, or brings nothing there by one truck alone. Pin what stands on its board."
    )


class NothingChangedError(InvalidError):
    """A plan as it was is no other version."""

    code = "nothing-changed"
    message = "Nothing was moved, so there is nothing to keep. Move a stop first."


class NothingSupposedError(InvalidError):
    """What if everything is as it is, is no question."""

    code = "nothing-supposed"
    message = "Say what shall be otherwise: a farm, a truck, orders, the price of a kilometre, or the seed."


class TooManyQuestionsError(RefusedError):
    """A region makes one plan at a time, and those that shall hold are not kept waiting by questions."""

    code = "too-many-questions"
    message = "{most} questions about this cycle wait for their answers already. Wait for one or take one back."


def require_plannable(stage: Stage) -> None:
    """Refuse to plan a cycle too early or too late."""
    if stage not in PLANNABLE:
        raise NotPlannableError(stage=stage.value)


def is_dead(leased_until_at: datetime, now: datetime) -> bool:
    """A run whose lease has run out holds nothing any more."""
    return leased_until_at < now


def furthest(before: Progress, told: Progress) -> Progress:
    """What is known of a run after it told more: a figure that it leaves out now stands as it was."""
    return Progress(
        stage=told.stage,
        best_minor=before.best_minor if told.best_minor is None else told.best_minor,
        bound_minor=before.bound_minor if told.bound_minor is None else told.bound_minor,
        elapsed_s=max(before.elapsed_s, told.elapsed_s),
        memory_mb=told.memory_mb or before.memory_mb,
        peak_memory_mb=max(before.peak_memory_mb, told.peak_memory_mb, told.memory_mb),
    )


def joined_cause(waiting: str, cause: str) -> str:
    """Of two causes that one run answers, the one that needs it: a planner's wish could also be taken back."""
    return waiting if cause == PLANNER else cause


def joined_seed(waiting: int, asked: int | None) -> int:
    """The seed of a run that answers several wishes: a planner's, where one was given."""
    if asked is None or waiting == asked:
        return waiting
    if waiting != ANY_SEED:
        raise SeedTakenError(waiting=waiting, asked=asked)
    return asked


def next_version(newest: int | None) -> int:
    """Plan versions of a cycle count from 1."""
    return (newest or 0) + 1


def broken_pins(pins: Iterable[PinChange], taken: Mapping[LotId, int]) -> list[LotId]:
    """Lots of which a plan takes less than was promised or more than is given."""
    return [pin.lot_id for pin in pins if not pin.at_least <= taken.get(pin.lot_id, 0) <= pin.at_most]


def left_of_day(daily_capacity: int, picked: int, promised: int) -> int:
    """What a lot still gives on a day on which other cycles have some picked; a promise stands above that."""
    return max(daily_capacity - picked, promised, 0)


def room_left(throughput_g: int, intake_g: int) -> int:
    """What a hub still takes in on a day on which other cycles bring it some."""
    return max(throughput_g - intake_g, 0)


def require_may_hold(plan: PlanView) -> None:
    """Refuse to let a version hold that breaks a rule or was made of other inputs than there are."""
    if plan.what_if is not None:
        raise OnlySupposedError(version=plan.version)
    if plan.edit is not None and plan.edit.broken:
        rules = list(dict.fromkeys(one.rule for one in plan.edit.broken))
        raise PlanBreaksRulesError(version=plan.version, rules=rules)


def require_supposed(assumptions: Assumptions) -> None:
    """Refuse a question of which every answer is known."""
    if assumptions == Assumptions():
        raise NothingSupposedError(field="what_if")


def require_few(waiting: int) -> None:
    """Refuse another question while so many wait."""
    if waiting >= MOST_QUESTIONS:
        raise TooManyQuestionsError(most=MOST_QUESTIONS)


def one_truck(routes: Iterable[RouteView], phase: str, place_id: UUID) -> UUID | None:
    """The truck that alone serves a place in a phase."""
    trucks = {
        route.vehicle_id
        for route in routes
        if route.phase == phase and any(stop.place_id == place_id for stop in route.stops)
    }
    return trucks.pop() if len(trucks) == 1 else None


def require_room(crowd: Crowd) -> None:
    """Refuse a plan that meets another cycle's on the road, in a hub or in a field."""
    if met := [*crowd.vehicles, *crowd.hubs, *crowd.lots]:
        raise PlanCrowdedError(what=[str(one) for one in met[:10]])


def small_farms(offered_g: Mapping[Any, int], terms: PolicyDocument) -> frozenset[Any]:
    """Find the farms that offer less in this cycle than the published policy calls small; a farm's word has no part."""
    return frozenset(farm for farm, weight_g in offered_g.items() if weight_g < terms.fairness.small_farm_kg * KILO_G)
