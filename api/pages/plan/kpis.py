"""The figures of a plan, each with what it was in the run before: what is good is said by a word, not by a colour."""

from dataclasses import dataclass
from typing import Any, Final

from farmlink.kernel.locale import marked
from farmlink.planning.values import PlanView
from farmlink.planning.work.drawn import Measures

PPM: Final = 1_000_000
TENTH: Final = 1000
"""A tenth of a per cent."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure as written by a filter; `better` says which way is good: 1 more, -1 less, 0 neither."""

    words: str
    value: int | None
    written: str
    better: int
    hint: str = ""
    before: int | None = None
    whole: int | None = None

    @property
    def change(self) -> int | None:
        """How much more than before; None where there is nothing to compare."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def tone(self) -> str:
        """Better, worse, or neither."""
        if not self.change or not self.better:
            return "same"
        return "better" if (self.change > 0) == (self.better > 0) else "worse"


def kpis(
    plan: PlanView, measures: Measures, before: PlanView | None = None, measured: Measures | None = None
) -> list[Kpi]:
    """The figures of a plan beside those of another."""
    now, then = _figures(plan.figures, measures), None
    if before is not None and measured is not None:
        then = _figures(before.figures, measured)
    return [
        Kpi(words, now[name], written, better, hint, None if then is None else then[name], _whole(plan.figures, name))
        for name, words, written, better, hint in TABLE
    ]


TABLE: Final = (
    ("landed", marked("Landed cost per kg"), "money", -1, marked("goods, trips, hubs, packing, commission")),
    ("fill", marked("Fill rate"), "percent", 1, marked("of what was ordered, by its worth")),
    ("distance", marked("Driven"), "distance", -1, ""),
    ("trips", marked("Trips"), "number", -1, ""),
    ("full", marked("Utilisation"), "percent", 1, marked("how full trucks are where they are fullest")),
    ("in-time", marked("On time"), "percent", 1, marked("calls that begin within opening hours")),
    ("fresh", marked("Hours from harvest"), "number", -1, marked("until the truck is at the point, by weight")),
    ("farms", marked("Farms served"), "number", 1, marked("of those that offer something")),
    ("jain", marked("Jain index"), "percent", 1, marked("100% means that every farm sells its equal share")),
    ("short", marked("Unserved"), "money", -1, marked("priced as declared for what stays short")),
)


def _figures(figures: dict[str, Any], measures: Measures) -> dict[str, int | None]:
    calls = measures.calls
    return {
        "landed": round(figures["landed_cost_per_kg_minor"]["total"]),
        "fill": _tenths(figures["fill_rate"] * PPM),
        "distance": figures["distance_m"],
        "trips": figures["routes"],
        "full": None if measures.utilisation_ppm is None else _tenths(measures.utilisation_ppm),
        "in-time": _tenths(measures.calls_in_time * PPM / calls) if calls else None,
        "fresh": measures.fresh_h,
        "farms": figures["farms_used"],
        "jain": _tenths(figures["jain"] * PPM),
        "short": figures["cost_minor"]["shortfall"],
    }


def _tenths(ppm: float) -> int:
    """Parts per million as they are written, so that a difference nobody sees is none."""
    return round(ppm / TENTH) * TENTH


def _whole(figures: dict[str, Any], name: str) -> int | None:
    return int(figures["farms_with_lots"]) if name == "farms" else None
