"""What farmers' pages call things: `(words, icon)` or `(words, tone, icon)`."""

from typing import Final

from farmlink.confirmations.values import DeclineReason, RequestState
from farmlink.kernel.locale import marked
from farmlink.settlement.values import Item
from farmlink.supply.values import LotState

REASONS: Final = {
    DeclineReason.WEATHER: (marked("Weather"), "rain"),
    DeclineReason.PEST: (marked("Pests"), "bug"),
    DeclineReason.UNRIPE: (marked("Not ripe"), "unripe"),
    DeclineReason.SOLD: (marked("Sold elsewhere"), "money"),
    DeclineReason.LABOUR: (marked("No hands to pick it"), "hand"),
    DeclineReason.OTHER: (marked("Something else"), "note"),
}
STATES: Final = {
    RequestState.OPEN: (marked("Waits for your answer"), "wait", "clock"),
    RequestState.ACCEPTED: (marked("You said yes to all of it."), "go", "check"),
    RequestState.REDUCED: (marked("You said yes to a part."), "wait", "part"),
    RequestState.DECLINED: (marked("You said no."), "stop", "cross"),
    RequestState.LAPSED: (marked("The time to answer is over."), "stop", "clock"),
    RequestState.SUPERSEDED: (marked("The plan has changed, and this is no longer asked."), "quiet", "history"),
}
STANDING_SAID: Final = marked("No answer came in time; as your farm chose, that counts as yes.")
LOTS: Final = {
    LotState.OFFERED: (marked("On offer"), "go", "leaf"),
    LotState.FAILED: (marked("Harvest failed"), "stop", "warning"),
    LotState.WITHDRAWN: (marked("Taken back"), "quiet", "undo"),
}
OFFERED: Final = marked("Your offer is in.")
CHANGED: Final = marked("The offer is changed.")
WITHDRAWN: Final = marked("The offer is taken back.")
FAILED: Final = marked("The failed harvest is reported.")
ITEMS: Final = {
    Item.GOODS: marked("Goods"),
    Item.RELIEF: marked("Relief for small farms"),
}
WEEKDAYS: Final = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
WHY: Final = {
    "price-estimate": marked("At about {price} instead of your {ask} we would have asked you for {quantity} more."),
    "price-verified": marked(
        "At {price} instead of your {ask} we would have asked you for {quantity} more. We tried it."
    ),
    "distance-estimate": marked(
        "With a detour of {metres} instead of {detour} we would have asked you for {quantity}."
    ),
    "distance-verified": marked(
        "With a detour of {metres} instead of {detour} we would have asked you for {quantity}. We tried it."
    ),
    "grade-estimate": marked("In grade {better} instead of {grade} we would have asked you for {quantity} more."),
    "grade-verified": marked(
        "In grade {better} instead of {grade} we would have asked you for {quantity} more. We tried it."
    ),
    "not-at-any-price": marked("No price would have sold more of it: it does not fit what was ordered."),
    "held-back": marked("Your price is low enough. Trucks, hubs, shares or fairness hold it back."),
    "not-asked": marked("Nobody ordered more of it."),
    "standby": marked("You are on standby for {quantity}: we ask if another farm cannot send."),
    "no-vehicle": marked("No truck could come to your gate."),
    "beyond-shift": marked("Your gate is farther than a truck gets in one shift."),
    "closed-before": marked("Your gate closes before a truck could be there."),
}
"""What the explanations of a plan say to the farm itself; others are for planners."""
