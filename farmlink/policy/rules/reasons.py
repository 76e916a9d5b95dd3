"""A sentence for each reason of the closed list, for whoever got less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from farmlink.kernel.locale import marked
from farmlink.policy.values.reasons import CutReason

TOO_MUCH: Final = marked("It is more than can be planned at once.")
SENTENCES: Final[Mapping[CutReason, str]] = {
    CutReason.CONSUMER: marked("You cancelled it."),
    CutReason.PLANNER: marked("The planner or your pick-up point cancelled it."),
    CutReason.THRESHOLD: marked("Too few people ordered."),
    CutReason.CASE_NOT_FULL: marked("It is bought in whole cases, and the last one did not fill up."),
    CutReason.NOT_ENOUGH: marked("More was ordered than there is; the published rule shared it out."),
    CutReason.NO_SUPPLY: marked("No farm offers it this time."),
    CutReason.GRADE: marked("No farm has it as good as it was ordered."),
    CutReason.FRESHNESS: marked("It would not be fresh enough when it is handed out."),
    CutReason.SOLD_OUT: marked("The farms have no more of it."),
    CutReason.MINIMUM_VISIT: marked("The little that is missing is not worth fetching for the farms that have it."),
    CutReason.WHOLE_PACKS: marked("Farms send whole packs, and less than one is missing."),
    CutReason.SHARE_CAP: marked("The published rules limit how much of it one farm may sell."),
    CutReason.HUB_THROUGHPUT: marked("More than that cannot go through the hub in a day."),
    CutReason.VEHICLE_CAPACITY: marked("The trucks cannot carry more."),
    CutReason.COLD_CHAIN: marked("It cannot be kept cold enough on the way."),
    CutReason.NO_HUB: marked("No hub is open on the day."),
    CutReason.UNREACHABLE: marked("No truck can bring it in time."),
    CutReason.TOO_DEAR: marked("Bringing it would cost more than the published rules allow."),
    CutReason.PIN: marked("A farm that was counted on cannot send it."),
    CutReason.TOO_LARGE: TOO_MUCH,
    CutReason.TOO_HEAVY: TOO_MUCH,
    CutReason.TOO_BULKY: TOO_MUCH,
    CutReason.TOO_COSTLY: TOO_MUCH,
    CutReason.NOT_PLANNED: marked("There is not enough for everybody."),
    CutReason.NOT_RECEIVED: marked("Less came in than the farms had promised."),
    CutReason.NOT_WHOLE: marked("Not all of it came, and you asked to have all of it or none."),
    CutReason.SWAPPED: marked("Not all of it came; you get what you agreed to take in its place."),
    CutReason.NOT_COLLECTED: marked("It was not collected."),
    CutReason.SPOILED: marked("It was spoiled when it was to be handed out."),
}
