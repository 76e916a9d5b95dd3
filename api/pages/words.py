"""Words for states that several pages show, with how each is drawn: `(words, tone, icon)`."""

from typing import Final

from farmlink.cycles.values import Stage
from farmlink.kernel.locale import marked
from farmlink.orders.values import CancelReason
from farmlink.people.values import Role

STAGES: Final = {
    Stage.DRAFT: (marked("Draft"), "quiet", "note"),
    Stage.OPEN: (marked("Taking orders"), "go", "basket"),
    Stage.CLOSED: (marked("Closed, being planned"), "wait", "clock"),
    Stage.PLANNED: (marked("Planned"), "wait", "route"),
    Stage.CONFIRMING: (marked("Farms are answering"), "wait", "bell"),
    Stage.CONFIRMED: (marked("Farms have confirmed"), "go", "check"),
    Stage.MOVING: (marked("On the road"), "go", "truck"),
    Stage.DONE: (marked("Done"), "quiet", "check"),
    Stage.CANCELLED: (marked("Cancelled"), "stop", "cross"),
}
WHY_CANCELLED: Final = {
    CancelReason.THRESHOLD: marked("Too few joined: the minimum was missed. Nothing comes and nobody pays."),
    CancelReason.NO_ORDERS: marked("Nobody had ordered, so it was cancelled."),
    CancelReason.PLANNER: marked("The planner cancelled it. Nothing comes and nobody pays."),
    CancelReason.CASE_NOT_FULL: marked("Too little was ordered to fill whole cases. Nothing comes and nobody pays."),
    CancelReason.NOT_ENOUGH: marked("There was not enough for anybody. Nothing comes and nobody pays."),
}
"""Why a cycle was cancelled, for those who run it."""
ROLES: Final = {
    Role.CONSUMER: marked("consumer"),
    Role.FARMER: marked("farmer"),
    Role.LEADER: marked("leader"),
    Role.DOCK: marked("dock"),
    Role.DRIVER: marked("driver"),
    Role.PLANNER: marked("planner"),
    Role.ADMIN: marked("admin"),
}
