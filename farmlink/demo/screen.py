"""The summary as a person reads it."""

from __future__ import annotations

from typing import Any, Final

from babel.numbers import get_currency_precision
from rich.console import Console
from rich.table import Table

from farmlink.demo.setting import Place

BASELINES: Final = {
    "collection_alone": "(a) each farm drives to its hub (collection only)",
    "self_haul": "(b) each farm to its hub, shared delivery",
    "alone": "(c) each farm on its own tours",
}
LITERATURE: Final = ("Bosona & Gebresenbet 2011, beside (a)", "-68 %", "-50 %", "-47 %", "")
REAL: Final = (
    "Farms, markets, where they are and what kinds they sell are real (USDA directories).",
    "Farms, markets, where they are and what kinds they sell are as {file} has them.",
)
MADE: Final = (
    "[yellow]{places} Everything else is made from seed {seed}: quantities, prices (US dollars), orders, {sites}, "
    "vehicles, tariffs, and the farmers' answers.[/]"
)
SITES: Final = ("hubs", "hubs (placed by the solver among the file's towns)")


def show(console: Console, found: dict[str, Any], place: Place, seed: int) -> None:
    """Print the summary."""
    currency = place.draft.currency
    console.rule("What came of it")
    places = REAL[place.elsewhere].format(file=place.file.name)
    console.print(MADE.format(places=places, sites=SITES[place.elsewhere], seed=seed))
    console.print(_figures(found))
    console.print(_legs(found))
    console.print(_costs(found, currency))
    console.print(_savings(found))
    console.print(_curve(found, currency))
    short = ", ".join(f"{reason} {grams / 1000:,.0f} kg" for reason, grams in found["shortfalls"].items())
    console.print(f"Short after the last plan: {short or 'nothing'}")
    stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in found["seconds"].items())
    console.print(f"Seconds: {stages}. Peak memory {found['peak_memory_mb']:,} MB.")


def _figures(found: dict[str, Any]) -> Table:
    fill, answers = found["fill_rate"], found["confirmations"]
    table = Table("figure", "value")
    table.add_row("orders, batches", f"{found['orders']:,}, {found['batches']:,}")
    table.add_row("farms that offer, farms that send", f"{found['farms_with_lots']}, {found['farms_used']}")
    table.add_row("farmers' answers", ", ".join(f"{count} {name}" for name, count in answers.items()))
    table.add_row("plans made again", str(found["replans"]))
    table.add_row("value planned, confirmed, handed out", " / ".join(f"{fill[name]:.1%}" for name in fill))
    table.add_row("landed cost with routes at most above the best", f"{found['gap']:.1%}")
    table.add_row("allocation at most above the best", f"{found['gap_allocation']:.2%}")
    table.add_row("Jain index of farms' sales", f"{found['jain']:.3f}")
    return table


def _legs(found: dict[str, Any]) -> Table:
    table = Table("routes", "number", "km", "hours")
    for leg in ("collection", "line_haul", "delivery"):
        table.add_row(leg.replace("_", " "), *_effort(found[leg]))
    table.add_row("all", *_effort(found), style="bold")
    return table


def _costs(found: dict[str, Any], currency: str) -> Table:
    table = Table("landed cost per kg handed out", currency)
    for name, amount_minor in found["landed_cost_per_kg_minor"].items():
        table.add_row(name.replace("_", " "), _major(amount_minor, currency), style="bold" if name == "total" else "")
    return table


def _savings(found: dict[str, Any]) -> Table:
    table = Table("pooling against", "routes", "km", "hours", "money", "without it: routes, km, hours, not reachable")
    for name, said in BASELINES.items():
        saved, without = found["saved"][name], found["baselines"][name]
        parts = [f"{-saved[part]:+.0%}" for part in ("routes", "distance", "duration", "money")]
        table.add_row(said, *parts, f"{', '.join(_effort(without))}, {without['unreachable']}")
    table.add_row(*LITERATURE, "")
    return table


def _curve(found: dict[str, Any], currency: str) -> Table:
    curve = found["transport_per_kg_minor"]
    table = Table("orders", *(f"{int(orders):,}" for orders in curve))
    table.add_row(
        f"transport, {currency} per kg",
        *(_major(figure, currency) if figure else "nothing sent" for figure in curve.values()),
    )
    return table


def _major(amount_minor: float, currency: str) -> str:
    """Whole units of a currency, one place finer than its coins: what a kilogram costs is a mean."""
    digits = get_currency_precision(currency)
    return f"{amount_minor / 10**digits:.{digits + 1}f}"


def _effort(part: dict[str, Any]) -> tuple[str, str, str]:
    return str(part["routes"]), f"{part['distance_m'] / 1000:,.0f}", f"{part['duration_s'] / 3600:,.0f}"
