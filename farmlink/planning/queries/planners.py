"""Who plans what: the planners of a cycle's hub and those of the platform; for others it does not exist."""

from uuid import UUID

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.people.rules import plans_for
from farmlink.people.values import Principal
from farmlink.planning.queries.holds import get_hold
from farmlink.planning.queries.plans import get_plan
from farmlink.planning.queries.runs import get_run
from farmlink.planning.values import HoldId, HoldView, PlanId, PlanView, RunId, RunView
from farmlink.store.transaction import Transaction


def is_planner(tx: Transaction, principal: Principal, cycle_id: CycleId) -> bool:
    """Tell whether somebody plans a cycle."""
    return plans_for(principal, network.hub(tx, cycles.cycle(tx, cycle_id).hub_id).organisation_id)


def require_planner(tx: Transaction, principal: Principal, cycle_id: CycleId) -> None:
    """Refuse whoever does not plan a cycle."""
    _require(tx, principal, cycle_id, "order cycle", cycle_id)


def run_for(tx: Transaction, principal: Principal, run_id: RunId) -> RunView:
    """One run, for its planners."""
    run = get_run(tx, run_id)
    _require(tx, principal, run.cycle_id, "plan run", run_id)
    return run


def plan_for(tx: Transaction, principal: Principal, plan_id: PlanId) -> PlanView:
    """One version of a plan, for its planners."""
    plan = get_plan(tx, plan_id)
    _require(tx, principal, plan.cycle_id, "plan", plan_id)
    return plan


def hold_for(tx: Transaction, principal: Principal, hold_id: HoldId) -> HoldView:
    """What is held to, for the planners of its cycle."""
    held = get_hold(tx, hold_id)
    _require(tx, principal, held.cycle_id, "hold", hold_id)
    return held


def _require(tx: Transaction, principal: Principal, cycle_id: CycleId, noun: str, key: UUID) -> None:
    """Refuse with the words of a thing that does not exist."""
    if not is_planner(tx, principal, cycle_id):
        raise MissingError(noun=noun, id=key)
