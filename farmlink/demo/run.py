"""The demo from beginning to end: one whole cycle on real farms, measured, summed up and then served."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from farmlink import scheduler
from farmlink.demo import screen
from farmlink.demo.entrance import show_entrance
from farmlink.demo.fresh import alone
from farmlink.demo.measure import Measured
from farmlink.demo.play import Play
from farmlink.demo.scenario import for_orders, read_scenario
from farmlink.demo.setting import choose_place
from farmlink.demo.voice import Voice
from farmlink.demo.wire import serving
from farmlink.kernel.locale import ENGLISH
from farmlink.planning.values import Budget
from farmlink.store.engine import open_store

ROUNDS: Final = 1
"""More rounds of marginal costs found nothing better on Michigan."""


def run_demo(  # noqa: PLR0913  # each is an option of the command line
    *,
    once: bool = False,
    json_file: Path | None = None,
    farms: Path | None = None,
    state: str | None = None,
    orders: int = 5000,
    seed: int = 1,
    port: int = 8000,
    iterations: int = 400,
    language: str = ENGLISH,
) -> dict[str, Any]:
    """Run one whole cycle and print what came of it; serve it afterwards unless `once`.

    Raises
    ------
    NotADemoError
        The database of the settings holds something else than a demo.
    """
    voice = Voice(Console(), language)
    scenario = for_orders(read_scenario(), orders)
    place = choose_place(scenario, farms, state)
    budget = Budget(seed=seed, iterations=iterations, rounds=ROUNDS)
    with open_store() as opened, alone(opened.engine):
        with Measured(voice) as measured:
            play = Play(opened.by("demo"), scenario, place, measured, budget)
            performed = play.perform(orders)
        found = performed.found
        screen.show(voice, found, place, seed)
        if json_file is not None:
            json_file.write_text(f"{json.dumps(found, indent=2)}\n", encoding="utf-8")
        if once:
            show_entrance(voice, port, performed.addresses, performed.open_cycle_id, served=False)
        else:
            with serving(port):
                show_entrance(voice, port, performed.addresses, performed.open_cycle_id)
                with scheduler.told_by_signal(signal.SIGTERM, signal.SIGINT) as stop:
                    scheduler.run(opened.by("scheduler"), stop)
    return found
