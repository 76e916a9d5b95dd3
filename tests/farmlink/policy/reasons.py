"""The closed list of reasons with an example of each; `python -m tests.farmlink.policy.reasons --write` keeps it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from farmlink.kernel.locale import CHINESE, ENGLISH, render
from farmlink.policy.rules.reasons import SENTENCES
from farmlink.policy.values.reasons import AT_CUT_OFF, AT_HAND_OUT, AT_SHARING, BY_PLAN, CutReason

KEPT = Path(__file__).parents[3] / "docs" / "reasons.md"
HEAD = """# Why somebody got less than they ordered

Every cut carries one of these codes; the database takes no other. The sentence is what its consumer reads.
Kept by `python -m tests.farmlink.policy.reasons --write`; a test holds page, list and database equal.

"""
TABLE = "| Code | English | 中文 | For example |\n|---|---|---|---|\n"
WHEN = {
    "At the cut-off": AT_CUT_OFF,
    "In the plan": BY_PLAN,
    "When what came in is shared out": AT_SHARING,
    "At the hand-out": AT_HAND_OUT,
}
EXAMPLES: Mapping[CutReason, str] = {
    CutReason.CONSUMER: "Ada cancels her order on the day before the cut-off.",
    CutReason.PLANNER: "The point floods; its planner cancels what was to be handed out there.",
    CutReason.THRESHOLD: "The cycle delivers from 500 on; orders come to 420.",
    CutReason.CASE_NOT_FULL: "Figs come 12 to a case, 27 are ordered, nobody takes more: 24 are bought.",
    CutReason.NOT_ENOUGH: "A frost takes half of the kale before the cut-off; the rest is shared out.",
    CutReason.NO_SUPPLY: "Chestnuts are ordered, and the one farm that had them withdrew its lot.",
    CutReason.GRADE: "Grade 5 pears are ordered; all that is left is grade 3.",
    CutReason.FRESHNESS: "Chard keeps three days, and was cut four days before the hand-out.",
    CutReason.SOLD_OUT: "Farms offer 300 kg of potatoes in all, 340 kg are ordered.",
    CutReason.MINIMUM_VISIT: "2 kg of beets are missing, and the farm that has them sends no less than 20 kg.",
    CutReason.WHOLE_PACKS: "3 kg of carrots are missing, and the farm fills sacks of 10 kg.",
    CutReason.SHARE_CAP: "Three farms offer leeks, and no one of them may sell more than 60 %.",
    CutReason.HUB_THROUGHPUT: "The hub sorts 10 t a day; 10.4 t are ordered.",
    CutReason.VEHICLE_CAPACITY: "Both trucks are full, and a third is not there.",
    CutReason.COLD_CHAIN: "Spinach must stay below 4 °C, and no truck of the day is cooled.",
    CutReason.NO_HUB: "The region's only hub is closed for the holiday.",
    CutReason.UNREACHABLE: "The bridge is closed, and the way round takes longer than a driver's day.",
    CutReason.TOO_DEAR: "One bag for an island would cost a ferry of its own.",
    CutReason.PIN: "The farm had promised 80 kg, hail took half of them, and it said so.",
    CutReason.TOO_LARGE: "A thousand million tonnes of apples are ordered.",
    CutReason.TOO_HEAVY: "All that is ordered weighs more than a plan can count.",
    CutReason.TOO_BULKY: "All that is ordered fills more than a plan can count.",
    CutReason.TOO_COSTLY: "All that is ordered is worth more than a plan can count.",
    CutReason.NOT_PLANNED: "Bo ordered 3 bags, 2 were planned, and the plan gives no reason for his batch.",
    CutReason.NOT_RECEIVED: "20 of 30 kg came in: pro rata 20 bags become 13, and 10 become 7.",
    CutReason.NOT_WHOLE: "6 cabbages were ordered for a feast, all or none; 4 came, and go to those who take less.",
    CutReason.SWAPPED: "No plums came; two bags of damsons that were left over take their place, as agreed.",
    CutReason.NOT_COLLECTED: "Nobody came for the bag until the point closed.",
    CutReason.SPOILED: "The leader opens the box of strawberries, and they are mouldy.",
}


def listed() -> str:
    """The list, as Markdown."""
    parts = [f"## {when}\n\n{TABLE}{''.join(map(_row, reasons))}" for when, reasons in WHEN.items()]
    return HEAD + "\n".join(parts)


def _row(reason: CutReason) -> str:
    said = [render(SENTENCES[reason], language) for language in (ENGLISH, CHINESE)]
    return f"| `{reason.value}` | {' | '.join(said)} | {EXAMPLES[reason]} |\n"


def main(arguments: list[str]) -> int:
    """Write the list."""
    if arguments != ["--write"]:
        sys.stderr.write("usage: python -m tests.farmlink.policy.reasons --write\n")
        return 2
    KEPT.write_text(listed(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
