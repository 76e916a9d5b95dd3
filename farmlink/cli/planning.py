"""Planning a cycle by hand, with a way to stop that keeps the best plan so far."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer

from farmlink.cli.opening import ACTOR, ready
from farmlink.cli.screen import language, note, say, spinner
from farmlink.confirmations.work import plan_and_publish
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked, render
from farmlink.kernel.money import Money
from farmlink.kernel.page import Paging
from farmlink.planning import commands, queries
from farmlink.planning.values import Budget, Progress
from farmlink.planning.work import plan_cycle
from farmlink.store.store import Store

PLAN = marked("plan {plan_id}")
PLAN_HOLDS = marked("plan {plan_id} holds")
DEGRADED = marked("It was stopped early ({stopped_by}): the best that was found until then.")
STOPPING = marked("Stopping with the best plan so far. Once more to give it up.")
GIVEN_UP = marked("Given up: this run leaves no plan.")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(plan)


def plan(
    cycle: Annotated[UUID, typer.Argument(help="The cycle's id, as the API and the pages show it.")],
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1)] = 1,
    deadline: Annotated[
        int, typer.Option(min=1, max=86_400, help="Seconds after which the best so far is kept.")
    ] = 120,
    memory: Annotated[int, typer.Option(min=128, help="Megabytes that the solver may use.")] = 4096,
    publish: Annotated[bool, typer.Option("--publish", help="Let the plan hold, and ask the farms.")] = False,
) -> None:
    """Plan a closed cycle. Ctrl-C stops with the best plan so far, twice gives it up."""
    cycle_id = CycleId(cycle)
    budget = Budget(seed=seed, deadline_s=deadline, memory_mb=memory)
    with ready() as store, spinner() as show, _stopping(store, cycle_id) as look:
        currency = store.read(cycles.cycle, cycle_id).currency

        def tell(progress: Progress) -> None:
            best = None if progress.best_minor is None else Money(progress.best_minor, currency)
            show(progress.stage if best is None else progress.stage + render(" {best}", language(), {"best": best}))
            look()

        if publish:
            plan_id = plan_and_publish(store, cycle_id, ACTOR, budget, tell)
        else:
            plan_id = plan_cycle(store, cycle_id, ACTOR, budget, tell, publish=False)
        made = store.read(queries.get_plan, plan_id)
    say(PLAN_HOLDS if publish else PLAN, plan_id=made.id)
    if made.degraded:
        note(DEGRADED, stopped_by=made.stopped_by)


@contextmanager
def _stopping(store: Store, cycle_id: CycleId) -> Iterator[Callable[[], None]]:
    """Ask the run to stop once somebody pressed Ctrl-C or sent SIGTERM; what is yielded looks whether they did."""
    wishes, asked = 0, False

    def wish(_signal: int, _frame: object) -> None:
        nonlocal wishes
        wishes += 1
        if wishes > 1:
            raise KeyboardInterrupt

    def look() -> None:
        nonlocal asked
        if wishes and not asked:
            asked = _ask_to_stop(store, cycle_id)

    before = {number: signal.signal(number, wish) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield look
    except KeyboardInterrupt:
        note(GIVEN_UP)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ask_to_stop(store: Store, cycle_id: CycleId) -> bool:
    """Ask the live run to end with the best it has."""
    live = [run.id for run in store.read(queries.runs, cycle_id, Paging(5)).items if run.state == "running"]
    note(STOPPING)
    try:
        for run_id in live:
            store.run(commands.ask_cancel, run_id)
    except RefusedError:  # it ended by itself meanwhile
        return True
    return bool(live)
