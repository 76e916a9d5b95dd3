"""The planner's words: what a stage waits for, what caused a run, why something is short, what limits a trip."""

from dataclasses import dataclass
from typing import Final

from farmlink.cycles.values import Stage
from farmlink.kernel.locale import marked
from farmlink.policy.values.reasons import CutReason

NEXT: Final = {
    Stage.DRAFT: marked("Opens by itself at its hour, or now by your hand."),
    Stage.OPEN: marked("People are ordering. It closes by itself at the cut-off."),
    Stage.CLOSED: marked("Orders are pooled, and a plan is made of them by itself."),
    Stage.PLANNED: marked("A plan is made. Look at it, then publish: farms are asked only then."),
    Stage.CONFIRMING: marked("Farms are answering. Call those who stay silent, or end the answers early."),
    Stage.CONFIRMED: marked("Every farm has answered. Print the trips; the hub takes over when goods come in."),
    Stage.MOVING: marked("Goods are on the road. The hub and the points count what arrives."),
    Stage.DONE: marked("Handed out and settled. Compare it with the week before."),
    Stage.CANCELLED: marked("Nothing moves and nobody pays."),
}


@dataclass(frozen=True, slots=True)
class Act:
    """What a planner can do with a cycle: its word, what it does, and whether it needs a second look."""

    name: str
    words: str
    does: str
    drawn: str
    stages: frozenset[Stage]
    final: bool = False


ACTS: Final = (
    Act(
        "open",
        marked("Open for orders now"),
        marked("People can order from this moment until the cut-off. The rules of today hold for this cycle."),
        "play",
        frozenset({Stage.DRAFT}),
    ),
    Act(
        "pause",
        marked("Pause ordering"),
        marked("Nobody can order or change an order for now. The cut-off stays where it is."),
        "pause",
        frozenset({Stage.OPEN}),
    ),
    Act(
        "resume",
        marked("Let ordering go on"),
        marked("People can order again until the cut-off."),
        "play",
        frozenset({Stage.OPEN}),
    ),
    Act(
        "close",
        marked("Close now"),
        marked(
            "The cut-off comes now: orders are pooled, money is held no longer than needed, and a plan is made. "
            "If too few joined, nobody pays. This cannot be taken back."
        ),
        "lock",
        frozenset({Stage.OPEN}),
        final=True,
    ),
    Act(
        "end-answers",
        marked("End the answers now"),
        marked("Farms that have not answered count as silent, and what they leave is planned again. Call them first."),
        "clock",
        frozenset({Stage.CONFIRMING}),
        final=True,
    ),
    Act(
        "cancel",
        marked("Cancel the cycle"),
        marked("Every order is cancelled, held money is let go, and everybody is told. This cannot be taken back."),
        "cross",
        frozenset({Stage.OPEN, Stage.CLOSED}),
        final=True,
    ),
)

PHASES: Final = {
    "collection": (marked("Collection"), "sprout"),
    "line-haul": (marked("Between hubs"), "truck"),
    "delivery": (marked("Delivery"), "point"),
}
KINDS: Final = {
    "farm": (marked("Farm"), "sprout"),
    "hub": (marked("Hub"), "home"),
    "point": (marked("Pick-up point"), "point"),
    "home": (marked("Home"), "person"),
}
CAUSES: Final = {
    "planner": marked("A planner asked"),
    "cut-off": marked("The cut-off"),
    "answers": marked("Farms' answers"),
    "harvest-failed": marked("A failed harvest"),
    "by-hand": marked("Changed by hand"),
}
RUN_STATES: Final = {
    "waiting": (marked("Waits to begin"), "wait", "clock"),
    "running": (marked("Running"), "go", "play"),
    "done": (marked("Finished"), "go", "check"),
    "failed": (marked("Failed"), "stop", "warning"),
    "cancelled": (marked("Stopped by a planner"), "quiet", "cross"),
    "stopped": (marked("Handed back"), "quiet", "undo"),
}
RUN_STEPS: Final = {
    "waiting": marked("waits for its turn"),
    "starting": marked("reads what is ordered and offered"),
    "verifying": marked("checks the plan by every rule"),
    "storing": marked("stores the plan"),
    "greedy": marked("makes a first plan"),
    "earlier": marked("keeps what farms promised"),
    "promises": marked("keeps what farms promised"),
    "search": marked("searches for better farms and trips"),
    "joint": marked("improves farms and trips together"),
    "together": marked("improves farms and trips together"),
    "again": marked("mends the plan around what changed"),
    "routes": marked("shortens the trips"),
    "done": marked("finished"),
}
STOPPED_BY: Final = {
    "iterations": marked("searched to its end; the same inputs give the same plan"),
    "deadline": marked("ran out of time: the best plan so far"),
    "cancelled": marked("stopped by a planner: the best plan so far"),
    "greedy": marked("the simple plan, because the search came to nothing"),
    "memory": marked("ran out of memory: the best plan so far"),
    "crashed": marked("the search broke down: the best plan so far"),
    "by-hand": marked("nobody searched: a plan was changed by hand"),
}
SHORT: Final = {
    CutReason.NO_SUPPLY: marked("nobody offers it"),
    CutReason.GRADE: marked("what is offered is not of the grade asked"),
    CutReason.FRESHNESS: marked("it would be too old at hand-out"),
    CutReason.SOLD_OUT: marked("all that fits goes to others"),
    CutReason.MINIMUM_VISIT: marked("less than a farm's least worth a visit"),
    CutReason.WHOLE_PACKS: marked("less than a whole pack"),
    CutReason.SHARE_CAP: marked("one farm's share of a product is capped"),
    CutReason.HUB_THROUGHPUT: marked("the hub can take no more"),
    CutReason.VEHICLE_CAPACITY: marked("the trucks are full"),
    CutReason.COLD_CHAIN: marked("no truck or parcel keeps it cold"),
    CutReason.NO_HUB: marked("no hub is open"),
    CutReason.UNREACHABLE: marked("no truck gets there in time"),
    CutReason.TOO_DEAR: marked("serving it costs more than leaving it out"),
    CutReason.PIN: marked("a farm promised less or said no"),
    CutReason.TOO_LARGE: marked("more than a plan can hold"),
    CutReason.TOO_HEAVY: marked("heavier than a plan can hold"),
    CutReason.TOO_BULKY: marked("bulkier than a plan can hold"),
    CutReason.TOO_COSTLY: marked("dearer than a plan can hold"),
}
HELD: Final = {
    "kept": marked("kept"),
    "gone": marked("not kept: the farm offers it no longer, or the place or the truck is not there"),
    "promised-otherwise": marked("not kept: the farm promised another quantity"),
    "lot-smaller": marked("not kept: there is less of it by now"),
    "too-much": marked("not kept: with the other pins and promises it is more than is ordered"),
    "too-many": marked("not kept: too many trucks of the hub are pinned already"),
    "no-plan": marked("not kept: with the pins there is no plan that keeps every rule"),
    "somebody-short": marked("not kept: with the pins somebody would get less"),
    "by-hand": marked("not kept: this version was changed by hand"),
}
LIMITS: Final = {
    "limited-by-weight": marked("full by weight"),
    "limited-by-volume": marked("full by volume"),
    "limited-by-crates": marked("full by crates"),
    "limited-by-time": marked("full by working time"),
}
ANSWERED: Final = {
    "open": (marked("Not answered yet"), "wait", "clock"),
    "accepted": (marked("Yes, all"), "go", "check"),
    "reduced": (marked("A part"), "wait", "part"),
    "declined": (marked("No"), "stop", "cross"),
    "lapsed": (marked("Stayed silent"), "stop", "bell"),
}
RULES: Final = {
    "capacity": marked("The truck is overloaded."),
    "shift": marked("A driver works longer than a shift allows."),
    "windows": marked("A stop is outside opening hours, or the trip outside its hours."),
    "synchronisation": marked("Goods would leave before they have come in and are sorted."),
    "home": marked("Goods of one hub are carried by a truck of another."),
    "overlap": marked("A truck would be on two trips at once."),
    "cold": marked("The truck does not keep these goods cold enough."),
    "splits": marked("A place is called at more often than needed."),
    "service": marked("A stop is shorter or longer than its work."),
    "roads": marked("The trip is faster than the roads."),
    "collected": marked("Something is fetched that was not planned, or left behind."),
    "delivered": marked("Something is brought that was not planned, or left behind."),
    "": marked("Another rule of planning is broken."),
}
