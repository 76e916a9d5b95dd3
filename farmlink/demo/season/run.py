"""A season from its first week to its last, in a database of its own that is thrown away afterwards."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from farmlink.demo.season import buying, ending
from farmlink.demo.season.books import sum_up
from farmlink.demo.season.bounds import beyond
from farmlink.demo.season.ground import lay_ground
from farmlink.demo.season.neighbours import move_in
from farmlink.demo.season.story import weeks
from farmlink.demo.season.street import Street, opened_street
from farmlink.demo.season.week import Season
from farmlink.demo.voice import Voice
from farmlink.demo.wire import free_port, serving
from farmlink.kernel.locale import marked
from farmlink.planning.values import Budget
from farmlink.store.check import check
from farmlink.store.engine import open_engine
from farmlink.store.migrations import migrate
from farmlink.store.scratch import make_database, scratch_server
from farmlink.store.store import Store

WEEK: Final = marked("Week {number} of {count}: {rule}, {stage}")
ITERATIONS: Final = 20
"""Eight farms and three points are planned as well by so few."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A database, a served API that hears the providers, and the providers."""

    store: Store
    street: Street


def run_season(voice: Voice, *, cycles: int, seed: int, json_file: Path | None = None) -> dict[str, Any]:
    """Play the weeks and sum the books up; `violations` are those of `farmlink check`, and equals too far apart."""
    logging.getLogger("farmlink.payments.work").setLevel(logging.ERROR)  # a provider that fails for now is no news here
    with _built(seed) as stage:
        store, street = stage.store, stage.street
        ground = store.run(lay_ground)
        store.run(buying.top_up, ground)
        store.run(ending.keep_bank_details, ground)
        neighbours = store.run(move_in, ground)
        season = Season(store, ground, neighbours, street, Budget(seed=seed, iterations=ITERATIONS, rounds=0))
        for week in weeks(cycles, seed):
            reached = season.play(week)
            voice.say(WEEK, number=week.number + 1, count=cycles, rule=week.rule.value, stage=reached.value)
        found = store.read(sum_up, ground)
        found["double_charges"] += street.taken_twice()
        found["provider_difference_minor"] = street.difference_minor(store)
        found["violations"] = [f"{one.statement}: {one.table} {one.id} {one.what}" for one in check(store)]
        found["violations"] += beyond(found)
    if json_file is not None:
        json_file.write_text(f"{json.dumps(found, indent=2)}\n", encoding="utf-8")
    return found


@contextmanager
def _built(seed: int) -> Iterator[Stage]:
    """Start the database, the providers and the API that they call; all end with the season."""
    port = free_port()
    public_url = f"http://127.0.0.1:{port}"
    with TemporaryDirectory(prefix="farmlink-season-") as folder, scratch_server() as server:
        url = make_database(server, "season")
        with open_engine(url) as engine, opened_street(Path(folder), public_url, seed) as street:
            migrate(engine)
            environment = {
                "FARMLINK_DATABASE_URL": url.render_as_string(hide_password=False),
                "FARMLINK_PAYMENTS": str(street.accounts),
                "FARMLINK_PUBLIC_URL": public_url,
            }
            with serving(port, environment=environment):
                yield Stage(Store(engine, "season"), street)
