"""Whether a version may yet be the one that holds."""

from farmlink.cycles import queries as cycles
from farmlink.planning import rules
from farmlink.planning.queries.plans import get_plan, published_plan
from farmlink.planning.values import PlanId
from farmlink.store.transaction import Transaction


def may_hold(tx: Transaction, plan_id: PlanId) -> bool:
    """Tell whether publishing would be judged at all.

    The version breaks no rule and is made of what is, goods are not on the road, and no newer version holds.
    """
    plan = get_plan(tx, plan_id)
    if not plan.may_hold or cycles.cycle(tx, plan.cycle_id).stage not in rules.PLANNABLE:
        return False
    held = published_plan(tx, plan.cycle_id)
    return held is None or get_plan(tx, held).version < plan.version
