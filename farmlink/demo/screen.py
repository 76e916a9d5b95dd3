"""The summary as a person reads it."""

from __future__ import annotations

from typing import Any, Final

from babel.numbers import format_decimal, get_currency_precision
from rich.table import Table

from farmlink.demo import labels
from farmlink.demo.setting import Place
from farmlink.demo.voice import Voice
from farmlink.kernel.locale import marked

HEAD: Final = marked("What came of it")
BASELINES: Final = {
    "collection_alone": marked("(a) each farm drives to its hub (collection only)"),
    "self_haul": marked("(b) each farm to its hub, shared delivery"),
    "alone": marked("(c) each farm on its own tours"),
}
LITERATURE: Final = marked("Bosona & Gebresenbet 2011, beside (a)")
FOUND_THERE: Final = ("-68 %", "-50 %", "-47 %", "", "")
REAL: Final = (
    marked("Farms, markets, where they are and what kinds they sell are real (USDA directories)."),
    marked("Farms, markets, where they are and what kinds they sell are as {file} has them."),
)
MADE: Final = (
    marked(
        "Everything else is made from seed {seed}: quantities, prices (US dollars), orders, hubs, vehicles, tariffs, "
        "and the farmers' answers."
    ),
    marked(
        "Everything else is made from seed {seed}: quantities, prices (US dollars), orders, hubs (placed by the solver "
        "among the file's towns), vehicles, tariffs, and the farmers' answers."
    ),
)
FIGURE, VALUE = marked("figure"), marked("value")
AMOUNTS: Final = marked("orders, batches")
FARMS: Final = marked("farms that offer, farms that send")
ANSWERS: Final = marked("farmers' answers")
REPLANS: Final = marked("plans made again")
FILLED: Final = marked("value planned, confirmed, handed out")
GAP: Final = marked("landed cost with routes at most above the best")
GAP_ALLOCATION: Final = marked("allocation at most above the best")
JAIN: Final = marked("Jain index of farms' sales")
ROUTES, NUMBER, HOURS, ALL = marked("routes"), marked("number"), marked("hours"), marked("all")
LANDED: Final = marked("landed cost per kg handed out")
AGAINST, MONEY = marked("pooling against"), marked("money")
WITHOUT: Final = marked("without it: routes, km, hours, not reachable")
DEARER: Final = marked(
    "Here pooling costs more money than {baselines}: goods so few do not fill the trucks and hubs that a region shares."
)
ORDERS: Final = marked("orders")
TRANSPORT: Final = marked("transport, {currency} per kg")
NOTHING_SENT: Final = marked("nothing sent")
SHORT: Final = marked("Short after the last plan: {short}")
NOTHING_SHORT: Final = marked("Nothing is short after the last plan.")
SECONDS: Final = marked("Seconds: {stages}. Peak memory {megabytes} MB.")


def show(voice: Voice, found: dict[str, Any], place: Place, seed: int) -> None:
    """Print the summary."""
    currency, console = place.draft.currency, voice.console
    console.rule(voice.text(HEAD))
    places = voice.text(REAL[place.elsewhere], file=place.file.name)
    made = voice.text(MADE[place.elsewhere], seed=str(seed))
    console.print(f"{places} {made}", style="yellow", markup=False)
    for table in (
        _figures(voice, found),
        _legs(voice, found),
        _costs(voice, found, currency),
        _savings(voice, found),
        _curve(voice, found, currency),
    ):
        console.print(table)
    if dearer := [voice.text(said) for name, said in BASELINES.items() if found["saved"][name]["money"] < 0]:
        voice.say(DEARER, baselines=dearer)
    parts = [
        f"{voice.text(labels.REASONS[reason])} {_number(grams / 1000, voice)} kg"
        for reason, grams in found["shortfalls"].items()
    ]
    voice.say(SHORT if parts else NOTHING_SHORT, short=parts)
    stages = [f"{voice.text(labels.STAGES[stage])} {seconds:.1f}" for stage, seconds in found["seconds"].items()]
    voice.say(SECONDS, stages=stages, megabytes=found["peak_memory_mb"])


def _figures(voice: Voice, found: dict[str, Any]) -> Table:
    fill, answers = found["fill_rate"], found["confirmations"]
    told = ", ".join(f"{count} {voice.text(name)}" for name, count in answers.items())
    table = Table(voice.text(FIGURE), voice.text(VALUE))
    for name, value in (
        (AMOUNTS, f"{_number(found['orders'], voice)}, {_number(found['batches'], voice)}"),
        (FARMS, f"{found['farms_with_lots']}, {found['farms_used']}"),
        (ANSWERS, told),
        (REPLANS, str(found["replans"])),
        (FILLED, " / ".join(f"{part:.1%}" for part in fill.values())),
        (GAP, f"{found['gap']:.1%}"),
        (GAP_ALLOCATION, f"{found['gap_allocation']:.2%}"),
        (JAIN, voice.text(NOTHING_SENT) if found["jain"] is None else f"{found['jain']:.3f}"),
    ):
        table.add_row(voice.text(name), value)
    return table


def _legs(voice: Voice, found: dict[str, Any]) -> Table:
    table = Table(voice.text(ROUTES), voice.text(NUMBER), "km", voice.text(HOURS))
    for leg in ("collection", "line_haul", "delivery"):
        table.add_row(voice.text(labels.COMPONENTS[leg]), *_effort(voice, found[leg]))
    table.add_row(voice.text(ALL), *_effort(voice, found), style="bold")
    return table


def _costs(voice: Voice, found: dict[str, Any], currency: str) -> Table:
    table = Table(voice.text(LANDED), currency)
    for name, amount_minor in found["landed_cost_per_kg_minor"].items():
        style = "bold" if name == "total" else ""
        table.add_row(voice.text(labels.COMPONENTS[name]), _major(amount_minor, currency), style=style)
    return table


def _savings(voice: Voice, found: dict[str, Any]) -> Table:
    heads = (AGAINST, ROUTES, "km", HOURS, MONEY, WITHOUT)
    table = Table(*(voice.text(head) for head in heads))
    for name, said in BASELINES.items():
        saved, without = found["saved"][name], found["baselines"][name]
        parts = [f"{-saved[part]:+.0%}" for part in ("routes", "distance", "duration", "money")]
        table.add_row(voice.text(said), *parts, f"{', '.join(_effort(voice, without))}, {without['unreachable']}")
    table.add_row(voice.text(LITERATURE), *FOUND_THERE)
    return table


def _curve(voice: Voice, found: dict[str, Any], currency: str) -> Table:
    curve = found["transport_per_kg_minor"]
    table = Table(voice.text(ORDERS), *(_number(int(orders), voice) for orders in curve))
    table.add_row(
        voice.text(TRANSPORT, currency=currency),
        *(_major(figure, currency) if figure else voice.text(NOTHING_SENT) for figure in curve.values()),
    )
    return table


def _major(amount_minor: float, currency: str) -> str:
    """Whole units of a currency, one place finer than its coins: what a kilogram costs is a mean."""
    digits = get_currency_precision(currency)
    return f"{amount_minor / 10**digits:.{digits + 1}f}"


def _number(value: float, voice: Voice) -> str:
    return str(format_decimal(round(value), "#,##0", locale=voice.language.replace("-", "_")))


def _effort(voice: Voice, part: dict[str, Any]) -> tuple[str, str, str]:
    return str(part["routes"]), _number(part["distance_m"] / 1000, voice), _number(part["duration_s"] / 3600, voice)
