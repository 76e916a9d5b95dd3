"""The figures of a cycle at several sizes, side by side, with how many times each stage grew from size to size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table

from farmlink.planning.values import Budget
from tests.benchmarks.stand.page import table

Run = dict[str, Any]
SHORTEST_S: Final = 0.2
"""What took less than this before says nothing about growth."""
ONLY_UP_TO: Final = {"orders by HTTP": 10_000}
"""Orders that a stage sees at most, whatever the size: beyond, its time says nothing about growth."""
FIGURES: Final = (
    "placed", "orders_per_s_by_http", "answer_ms", "lots", "batches", "questions", "fill_rate", "gap", "stopped_by",
)  # fmt: skip


def grown(runs: Sequence[Run]) -> list[list[str]]:
    """Rows of a table: each stage with its seconds and megabytes, and its growth from one size to the next."""
    stages = list(dict.fromkeys(stage for run in runs for stage in run["seconds"]))
    rows = []
    for stage in [*stages, "all"]:
        row = [stage]
        for before, run in _steps(runs):
            if before is not None:
                whole = run["orders"] <= ONLY_UP_TO.get(stage, run["orders"])
                row.append(_times(_seconds(before, stage), _seconds(run, stage)) if whole else "")
            seconds = _seconds(run, stage)
            peak = max(run["peak_mb"].values()) if stage == "all" else run["peak_mb"].get(stage)
            row.append("" if seconds is None else f"{seconds:,.1f} s, {peak:,} MB")
        rows.append(row)
    return rows


def head(runs: Sequence[Run]) -> list[str]:
    """The columns: sizes, and growth between them."""
    columns = ["stage"]
    for before, run in _steps(runs):
        columns += ["growth"] if before is not None else []
        columns.append(f"{run['orders']:,} orders, {run['farms']:,} farms")
    return columns


def shown(runs: Sequence[Run]) -> Table:
    """For the screen."""
    screen = Table(*head(runs))
    for row in grown(runs):
        screen.add_row(*row)
    screen.add_section()
    for name in FIGURES:
        screen.add_row(*_figure(runs, name), style="dim")
    return screen


def written(runs: Sequence[Run], budget: Budget) -> str:
    """For the page."""
    rows = [*grown(runs), *(_figure(runs, name) for name in FIGURES)]
    return f"{table(head(runs), rows)}\n\n{' '.join(lines(budget))}"


def lines(budget: Budget) -> tuple[str, ...]:
    """What the figures mean."""
    return (
        "Megabytes are the most that this process and all that it started held resident at once, without the database.",
        "Growth is how many times longer a stage took than at the size before; ten times the orders is 10.",
        *(f"Of more than {most:,} orders only as many count as {stage}." for stage, most in ONLY_UP_TO.items()),
        f"The solver may try {budget.iterations} iterations a routing problem, and stops after {budget.deadline_s} s.",
        "`stopped by` says which of the two ended it. A plan is published only when the checker accepts it.",
    )


def _steps(runs: Sequence[Run]) -> list[tuple[Run | None, Run]]:
    """Each run with the one before."""
    return list(zip([None, *runs[:-1]], runs, strict=True))


def _seconds(run: Run, stage: str) -> float | None:
    found: float | None = sum(run["seconds"].values()) if stage == "all" else run["seconds"].get(stage)
    return found


def _times(before: float | None, now: float | None) -> str:
    if before is None or now is None or before < SHORTEST_S:
        return ""
    return f"x {now / before:.1f}"


def _figure(runs: Sequence[Run], name: str) -> list[str]:
    row = [name.replace("_", " ")]
    for before, run in _steps(runs):
        row += [""] if before is not None else []
        row.append(_said(run[name]))
    return row


def _said(figure: Any) -> str:
    if isinstance(figure, dict):
        return ", ".join(f"{key} {value}" for key, value in figure.items())
    return f"{figure:,}" if isinstance(figure, int) else str(figure)
