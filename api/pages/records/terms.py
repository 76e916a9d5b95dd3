"""The fields of a cycle's terms."""

from typing import Final

from api.pages.records.fields import Field, Group
from api.pages.records.kinds import Day, Moment, Money, Scaled, Tick, Whole
from api.pages.records.several import Choice, Ticks
from api.pages.records.words import SILENCES, UNMETS
from farmlink.cycles.values import Silence, Unmet
from farmlink.kernel.locale import marked

PERCENT: Final = Scaled(places=4, unit="%")
TERMS: Final = (
    Group(
        marked("When"),
        (
            Field(name="hub_id", label=marked("Hub"), kind=Choice(), needed=True),
            Field(
                name="opens",
                label=marked("Opens for orders"),
                kind=Moment(),
                needed=True,
                hint=marked(
                    "By the hub's clock. Is the hour past already, it opens at once, with the prices as they are."
                ),
            ),
            Field(
                name="closes", label=marked("Cut-off"), kind=Moment(), needed=True, hint=marked("By the hub's clock.")
            ),
            Field(name="collect_on", label=marked("Collected on"), kind=Day(), needed=True),
            Field(name="hand_out_on", label=marked("Handed out on"), kind=Day(), needed=True),
        ),
    ),
    Group(
        marked("Farms"),
        (
            Field(
                name="answer_hours",
                label=marked("Farms answer within"),
                kind=Whole(unit=marked("hours")),
                needed=True,
                start=12,
            ),
            Field(
                name="silence",
                label=marked("Silence means"),
                kind=Choice(words=SILENCES),
                needed=True,
                start=Silence.FARM_CHOICE,
            ),
        ),
    ),
    Group(
        marked("Money"),
        (
            Field(
                name="threshold_minor",
                label=marked("Comes about from"),
                kind=Money(),
                start=0,
                hint=marked("What all orders must come to by the cut-off; 0 is no minimum."),
            ),
            Field(name="markup_ppm", label=marked("Markup on the farms' prices"), kind=PERCENT, start=0),
            Field(name="delivery_fee_minor", label=marked("Fee for each order"), kind=Money(), start=0),
            Field(name="minimum_order_minor", label=marked("Least of one order"), kind=Money(), start=0),
        ),
    ),
    Group(
        marked("When too few want it"),
        (
            Field(
                name="extension_hours",
                label=marked("The cut-off is put off once by"),
                kind=Whole(unit=marked("hours")),
                start=0,
            ),
            Field(name="unmet", label=marked("After that"), kind=Choice(words=UNMETS), needed=True, start=Unmet.ZERO),
        ),
    ),
    Group(
        marked("Where it is handed out"),
        (
            Field(name="private", label=marked("Only for who is invited"), kind=Tick()),
            Field(name="every_point", label=marked("At every approved point of the region"), kind=Tick(), start=True),
            Field(
                name="point_ids",
                label=marked("Or at these points"),
                kind=Ticks(),
                hint=marked("They count when every point is not ticked."),
            ),
        ),
    ),
    Group(
        marked("Brought home"),
        (
            Field(name="brings_home", label=marked("Orders are brought home too"), kind=Tick()),
            Field(name="homes.fee_minor", label=marked("Fee for bringing home"), kind=Money()),
            Field(name="homes.minimum_order_minor", label=marked("Least of such an order"), kind=Money()),
            Field(
                name="homes.range_m",
                label=marked("As far from a hub as"),
                kind=Scaled(places=3, unit="km"),
                hint=marked("As the crow flies."),
            ),
        ),
        folded=True,
    ),
)
