"""The command line: every command opens the store, runs one thing and says what came of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from farmlink import scheduler as clock
from farmlink.confirmations.work import plan_and_publish
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.cycles.work import import_listings
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import best_language, render, render_refusal
from farmlink.kernel.money import Money
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network import queries as regions
from farmlink.network.values import RegionDraft, RegionId
from farmlink.network.work import import_places
from farmlink.orders.work import import_orders
from farmlink.planning.values import Budget
from farmlink.planning.values import Progress as PlanProgress
from farmlink.planning.work import plan_cycle
from farmlink.settings import read_settings
from farmlink.store import backup as backups
from farmlink.store.check import check as find_violations
from farmlink.store.engine import open_store
from farmlink.store.migrations import migrate as bring_up
from farmlink.store.sheets import Imported, Request
from farmlink.store.store import Store
from farmlink.supply.work import import_lots

BAD_INPUT: Final = 2
app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Many small farms sell as one."
)
imports = typer.Typer(no_args_is_help=True, help="Import a CSV file: all or nothing, with an error per row and column.")
app.add_typer(imports, name="import")
out = Console()
err = Console(stderr=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV with a header row.")]
Preview = Annotated[bool, typer.Option("--preview", help="Judge the file and write nothing.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Write the good rows even if others are bad.")]
Encoding = Annotated[str | None, typer.Option(help="When it is not UTF-8 and has no mark: gb18030, cp1252 ...")]
RegionName = Annotated[str | None, typer.Option("--region", help="Needed when there are several.")]


class RegionNotNamedError(RefusedError):
    """Places and lots belong to a region."""

    code = "region-not-named"
    message = "Say which region with --region (known: {names}). A new one is made with --region and --time-zone."


def main() -> None:
    """Run the command line; a refusal is one line on standard error and exit code 2."""
    try:
        app()
    except RefusedError as refusal:
        err.print(f"farmlink: {render_refusal(refusal, _language())}", style="red", soft_wrap=True, markup=False)
        sys.exit(BAD_INPUT)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with open_store() as store:
        out.print(f"schema {bring_up(store.engine)}")


@app.command()
def serve(host: str = "127.0.0.1", port: int = 8000, scheduler: bool = True) -> None:
    """Serve the API and the pages; --no-scheduler where it runs as a process of its own."""
    # uvicorn raises the signal again when it has stopped, which would end us before the scheduler is told.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    with _ready(), clock.beside() if scheduler else nullcontext():
        out.print(f"http://{host}:{port}/  (API: http://{host}:{port}/api/docs)")
        import_module("api.server").start(host, port)


@app.command()
def scheduler() -> None:
    """Open, close, plan, lapse and relay what is due, until told to stop."""
    with _ready() as store:
        clock.run(store.by("scheduler"))


@app.command()
def tick() -> None:
    """Do once what is due now."""
    with _ready() as store:
        clock.tick(store.by("scheduler"))


@app.command()
def plan(
    cycle: UUID,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1)] = 1,
    deadline: Annotated[
        int, typer.Option(min=1, max=86_400, help="Seconds after which the best so far is kept.")
    ] = 120,
    memory: Annotated[int, typer.Option(min=128, help="Megabytes that the solver may use.")] = 4096,
    publish: bool = False,
) -> None:
    """Plan a closed cycle; --publish lets the plan hold and asks the farms."""
    with _ready() as store, _spinner() as say:
        currency = store.read(cycles.cycle, CycleId(cycle)).currency

        def tell(progress: PlanProgress) -> None:
            best = None if progress.best_minor is None else Money(progress.best_minor, currency)
            say(progress.stage if best is None else progress.stage + render(" {best}", _language(), {"best": best}))

        work = plan_and_publish if publish else plan_cycle
        budget = Budget(seed=seed, deadline_s=deadline, memory_mb=memory)
        plan_id = work(store, CycleId(cycle), "command line", budget, tell)
    out.print(f"plan {plan_id}{' holds' if publish else ''}")


@app.command()
def check() -> None:
    """Judge what must always hold on the live database; exit code 1 when something does not."""
    with _ready() as store:
        violations = find_violations(store)
    if not violations:
        out.print("Everything holds.")
        return
    table = Table("statement", "table", "row", "what")
    for violation in violations:
        table.add_row(str(violation.statement), violation.table, violation.id, violation.what)
    out.print(table)
    raise typer.Exit(1)


@app.command()
def demo(  # noqa: PLR0913, PLR0917  # each is an option of the command line
    once: Annotated[bool, typer.Option("--once", help="Write the summary and end, instead of serving.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the summary as JSON.")] = None,
    farms: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Farms and markets of a region.")
    ] = None,
    state: Annotated[str | None, typer.Option(help="Only rows of this state.")] = None,
    orders: Annotated[int, typer.Option(min=1, max=1_000_000)] = 5000,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1)] = 1,
    port: int = 8000,
    iterations: Annotated[int, typer.Option(min=1, help="How long the solver searches.")] = 400,
) -> None:
    """Run one whole cycle on real farms and made-up orders, then serve it."""
    run = import_module("farmlink.demo.run").run_demo
    run(once=once, json_file=json, farms=farms, state=state, orders=orders, seed=seed, port=port, iterations=iterations)


@app.command()
def backup(file: Path) -> None:
    """Write the whole database to a file, complete or not at all."""
    with open_store() as store:
        out.print(f"schema {backups.back_up(store.engine.url, file)} in {file}")


@app.command()
def restore(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Put a backup in the database's place; the database that was there is kept under another name."""
    with open_store() as store:
        store.engine.dispose()
        out.print(f"restored; the database before is kept as {backups.restore(store.engine.url, file)}")


@imports.command()
def places(  # noqa: PLR0913, PLR0917  # each is an option of the command line
    file: File,
    region: RegionName = None,
    state: Annotated[str | None, typer.Option(help="Only rows of this state.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Makes the region when there is none of this name.")] = None,
    currency: str = "USD",
    approved: Annotated[bool, typer.Option("--approved", help="Trust the file: nothing waits for approval.")] = False,
    preview: Preview = False,
    skip_bad: SkipBad = False,
    encoding: Encoding = None,
) -> None:
    """Farms and pick-up points: columns id, kind, name, city, state, zip, latitude, longitude, products."""
    with _ready() as store:
        if region is not None and time_zone is not None:
            _make_region(store, region, time_zone, currency)
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        _report(
            _imported(
                request,
                lambda asked: import_places(store, asked, _region(store, region), state=state, approved=approved),
            )
        )


@imports.command()
def lots(
    file: File,
    region: RegionName = None,
    preview: Preview = False,
    skip_bad: SkipBad = False,
    encoding: Encoding = None,
) -> None:
    """What farms offer."""
    with _ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        _report(_imported(request, lambda asked: import_lots(store, asked, _region(store, region))))


@imports.command()
def listings(
    file: File, cycle: UUID, preview: Preview = False, skip_bad: SkipBad = False, encoding: Encoding = None
) -> None:
    """What a cycle sells."""
    with _ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        _report(_imported(request, lambda asked: import_listings(store, asked, CycleId(cycle))))


@imports.command()
def orders(
    file: File, cycle: UUID, preview: Preview = False, skip_bad: SkipBad = False, encoding: Encoding = None
) -> None:
    """Orders that were taken elsewhere, such as a leader's roll call."""
    with _ready() as store:
        request = Request(file, skip_bad=skip_bad, preview=preview, encoding=encoding)
        _report(_imported(request, lambda asked: import_orders(store, asked, CycleId(cycle))))


@contextmanager
def _ready() -> Iterator[Store]:
    """Open the store with its newest schema, on behalf of whoever sits at the machine."""
    with open_store(read_settings()) as store:
        bring_up(store.engine)
        yield store.by("command line")


@contextmanager
def _spinner() -> Iterator[Callable[[str], None]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("")
        yield lambda text: progress.update(task, description=text)


def _region(store: Store, name: str | None) -> RegionId:
    known = {card.name: card.id for card in store.read(regions.regions, Paging(200)).items}
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name not in known:
        raise RegionNotNamedError(names=sorted(known))
    return known[name]


def _make_region(store: Store, name: str, time_zone: str, currency: str) -> None:
    """Make a region unless there is one of this name; its roads, tariff and rhythm are changed later."""
    if all(card.name != name for card in store.read(regions.regions, Paging(200)).items):
        store.run(network.create_region, RegionDraft(name=name, time_zone=time_zone, currency=currency))


def _imported(request: Request, load: Callable[[Request], Imported]) -> Imported:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(request.path.name, total=max(1, request.path.stat().st_size))
        return load(replace(request, progress=lambda read, size: bar.update(task, completed=read, total=max(1, size))))


def _report(imported: Imported) -> None:
    for error in imported.errors:
        said = render(error.message, _language(), error.facts)
        err.print(f"line {error.line}, {error.column}: {said}", style="red", soft_wrap=True, markup=False)
    verb = "written" if imported.stands else "would be written" if not imported.wrong else "nothing written; good"
    out.print(f"{imported.rows} rows: {imported.written} {verb}, {imported.known} known, {imported.wrong} wrong")
    if imported.wrong and not imported.stands:
        raise typer.Exit(BAD_INPUT)


def _language() -> str:
    return best_language(os.environ.get("LC_ALL") or os.environ.get("LANG", "").replace("_", "-").partition(".")[0])


if __name__ == "__main__":
    main()
