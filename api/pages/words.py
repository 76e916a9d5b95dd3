"""Words for states that several pages show, with how each is drawn: `(words, tone, icon)`."""

from typing import Final

from farmlink.cycles.values import Stage
from farmlink.kernel.locale import marked
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
ROLES: Final = {
    Role.CONSUMER: marked("consumer"),
    Role.FARMER: marked("farmer"),
    Role.LEADER: marked("leader"),
    Role.DOCK: marked("dock"),
    Role.DRIVER: marked("driver"),
    Role.PLANNER: marked("planner"),
    Role.ADMIN: marked("admin"),
}
