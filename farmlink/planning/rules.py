"""What may be planned, on which terms a run lives, and what planning refuses."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from farmlink.cycles.values import Stage
from farmlink.kernel.errors import RefusedError
from farmlink.planning.values import PinChange
from farmlink.policy.values import PolicyDocument
from farmlink.supply.values import LotId

LEASE: Final = timedelta(seconds=60)
"""A run that says nothing for this long is taken for dead; a living one speaks every second or so."""
PAUSE_AFTER_FAILURE: Final = timedelta(seconds=60)
PRIOR_ASKED: Final = 20
KILO_G: Final = 1000
PRIOR_DECLINED: Final = 1
PLANNABLE: Final = frozenset({Stage.CLOSED, Stage.PLANNED, Stage.CONFIRMING, Stage.CONFIRMED})
"""From the cut-off until goods move: what a hub has counted belongs to the plan that sent it."""


class NotPlannableError(RefusedError):
    """A plan needs batches, which exist from the cut-off on, and goods that have not been fetched yet."""

    code = "not-plannable"
    message = "A cycle in stage {stage} cannot be planned. Close it first; once its goods move, its plan stays."


class RunLiveError(RefusedError):
    """One region has one live run."""

    code = "run-live"
    message = "This region is being planned right now (run {run_id}). Wait for it or cancel it."


class RunEndedError(RefusedError):
    """A run that ended, or that was taken for dead, writes nothing more."""

    code = "run-ended"
    message = "Run {run_id} has ended. Start a new one."


class RunWaitingError(RefusedError):
    """What has not begun cannot be stopped."""

    code = "run-waiting"
    message = "Run {run_id} has not begun. It begins within seconds; cancel it then."


class PlanOutdatedError(RefusedError):
    """Something that the plan rests on changed after its snapshot."""

    code = "plan-outdated"
    message = "Farms promised or refused other quantities since this plan was made ({lots}). Plan again, then publish."


class PlanSupersededError(RefusedError):
    """A newer version of the plan is published."""

    code = "plan-superseded"
    message = "Version {published} of this plan is published already; version {version} is older."


class NothingToPlanError(RefusedError):
    """A cycle without batches has no plan."""

    code = "nothing-to-plan"
    message = "Nobody ordered anything in this cycle, so there is nothing to plan."


def require_plannable(stage: Stage) -> None:
    """Refuse to plan a cycle too early or too late."""
    if stage not in PLANNABLE:
        raise NotPlannableError(stage=stage.value)


def is_dead(leased_until_at: datetime, now: datetime) -> bool:
    """A run whose lease has run out holds nothing any more."""
    return leased_until_at < now


def next_version(newest: int | None) -> int:
    """Plan versions of a cycle count from 1."""
    return (newest or 0) + 1


def broken_pins(pins: Iterable[PinChange], taken: Mapping[LotId, int]) -> list[LotId]:
    """Lots of which a plan takes less than was promised or more than is given."""
    return [pin.lot_id for pin in pins if not pin.at_least <= taken.get(pin.lot_id, 0) <= pin.at_most]


def expected_decline_ppm(asked: int, kept: int) -> int:
    """How likely a farm declines, with one decline in twenty assumed before anything is known of it."""
    return (asked - kept + PRIOR_DECLINED) * 1_000_000 // (asked + PRIOR_ASKED)


def small_farms(offered_g: Mapping[Any, int], terms: PolicyDocument) -> frozenset[Any]:
    """Find the farms that offer less in this cycle than the published policy calls small; a farm's word has no part."""
    return frozenset(farm for farm, weight_g in offered_g.items() if weight_g < terms.fairness.small_farm_kg * KILO_G)
