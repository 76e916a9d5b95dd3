"""How a whole cycle grows: 1k, 10k and 100k orders with 100, 1k and 10k farms; seconds and peak memory per stage.

Farms and markets are Michigan's, repeated with scattered coordinates. Up to 10,000 orders are placed by HTTP, one
request each; more are placed by the same command in batches of 500, which the table says. Farmers accept everything,
by command.
Run as `scripts/bench cycle [--sizes 1000 10000] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from rich.console import Console
from rich.table import Table

from farmlink.confirmations import commands as confirmations
from farmlink.confirmations import queries as questions
from farmlink.confirmations.values import Answer, Reply, RequestId, RequestState
from farmlink.confirmations.work import plan_due
from farmlink.cycles.values import CycleId
from farmlink.demand import commands as demand
from farmlink.demo import hands, setting, shop
from farmlink.demo import market as selling
from farmlink.demo.market import Market
from farmlink.demo.measure import Measured
from farmlink.demo.play import REACTIONS
from farmlink.demo.recipe import Made
from farmlink.demo.scenario import MICHIGAN, for_orders, read_scenario
from farmlink.demo.setting import Ground, Place, choose_place
from farmlink.demo.wire import free_port, serving
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network.values import PointId
from farmlink.orders import commands as orders
from farmlink.orders.values import Placing, WantedLine
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Role, SignedIn
from farmlink.planning import queries as planning
from farmlink.planning.values import Budget
from farmlink.settings import default_data
from farmlink.store import outbox
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import embedded_url, open_engine
from farmlink.store.migrations import migrate
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

SIZES: Final = {1000: 100, 10_000: 1000, 100_000: 10_000}
BY_HTTP_UP_TO: Final = 10_000
AT_ONCE: Final = 500
SEED: Final = 1
DEADLINE_S: Final = 900


def repeated(file: Path, farms: int, points: int) -> None:
    """Write a directory with so many farms and markets, scattered around Michigan's own."""
    dice = np.random.default_rng(SEED)
    with MICHIGAN.open(encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        rows, columns = list(reader), reader.fieldnames or []
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        for kind, wanted in (("farm", farms), ("market", points)):
            mine = [row for row in rows if row["kind"] == kind and (kind == "market" or row["products"])]
            for number in range(wanted):
                row, again = mine[number % len(mine)], number // len(mine)
                north, east = dice.normal(0, 0.05, 2) if again else (0.0, 0.0)
                moved = {
                    "id": f"{row['id']}-{again}",
                    "latitude": f"{float(row['latitude']) + north:.6f}",
                    "longitude": f"{float(row['longitude']) + east:.6f}",
                }
                writer.writerow(row | moved)


@contextmanager
def own_server() -> Iterator[Store]:
    """A server of its own with the settings of every day, gone afterwards."""
    base = Path(tempfile.mkdtemp(prefix="farmlink-bench-"))
    try:
        with EmbeddedServer(base, shelf=default_data(os.environ).parent) as server:
            url = embedded_url(server)
            os.environ["FARMLINK_DATABASE_URL"] = url.render_as_string(hide_password=False)
            with open_engine(url) as engine:
                migrate(engine)
                yield Store(engine, "benchmark")
    finally:
        shutil.rmtree(base, ignore_errors=True)


def run_cycle(count: int, farms: int, console: Console) -> dict[str, Any]:
    """One cycle from the import to its end, each stage measured."""
    scenario = for_orders(read_scenario(), count)
    with tempfile.TemporaryDirectory() as folder, own_server() as store, Measured(console) as measured:
        file = Path(folder) / "places.csv"
        repeated(file, farms, max(57, farms * 57 // 1000))
        place = Place(choose_place(scenario, None, None).draft, file)
        with measured.stage("import", f"{farms:,} farms"):
            ground = setting.lay_ground(store, scenario, place, count)
            setting.admit_people(store, ground)
        with measured.stage("offers", "lots and listings"):
            made = selling.make_goods(scenario, ground, count, SEED)
            market = selling.open_market(store, ground, made)
        with measured.stage("consumers", f"{count:,} consumers"):
            consumers = store.run(people.seed_consumers, count)
        port = free_port()
        with serving(port, workers=2):
            placed = intake(store, measured, port, ground, market, made, consumers)
            with measured.stage("close", "the cut-off"):
                store.run(demand.close, market.cycle_id)
                outbox.relay_due(store, REACTIONS)
            with measured.stage("plan", "plan and publish"):
                plan_due(store, Budget(seed=SEED, iterations=300, rounds=0, deadline_s=DEADLINE_S))
            with measured.stage("answers", "everybody accepts"):
                accept_all(store, market.cycle_id)
                outbox.relay_due(store, REACTIONS)
            dock = store.run(setting.sign_in, store.read(persons.member_ids, ground.keeper, Role.DOCK)[0])
            with measured.stage("receive", "counted in and shared"):
                hands.count_in(port, store, market.cycle_id, dock, SEED)
            with measured.stage("hand out", "handed out"):
                hands.hand_out(port, market.cycle_id, placed, store.run(setting.leaders, ground), dock, SEED)
        figures = store.read(planning.plans, market.cycle_id)[0].figures
    return {
        "orders": count,
        "farms": farms,
        "intake": "HTTP" if count <= BY_HTTP_UP_TO else f"commands of {AT_ONCE}",
        "placed": len(placed),
        "batches": figures["batches"],
        "lots": len(made.lots),
        "planned": figures["fill_rate"],
        "gap": figures["gap"],
        "seconds": measured.seconds,
        "peak_memory_mb": measured.peaks_mb,
    }


def intake(
    store: Store, measured: Measured, port: int, ground: Ground, market: Market, made: Made, consumers: list[SignedIn]
) -> list[tuple[UUID, PointId]]:
    """Take the orders, by HTTP as long as that is a matter of minutes."""
    points = [point.id for point in ground.points]
    with measured.stage("orders", f"{len(consumers):,} orders"):
        if len(consumers) <= BY_HTTP_UP_TO:
            with measured.counted("orders", len(consumers)) as told:
                shopped = shop.place_orders(port, market, points, made.orders, consumers, told)
            pairs = zip(shopped, made.orders, strict=True)
            return [(one.order_id, points[order.point]) for one, order in pairs if one.order_id is not None]
        placings = (
            Placing(
                key=uuid7(),
                cycle_id=market.cycle_id,
                consumer_id=consumer.person_id,
                point_id=points[order.point],
                lines=tuple(WantedLine(market.listings[product], packs) for product, packs in order.packs),
            )
            for order, consumer in zip(made.orders, consumers, strict=True)
        )
        placed: list[tuple[UUID, PointId]] = []
        while batch := list(islice(placings, AT_ONCE)):
            outcomes = store.run(orders.place_many, batch)
            placed += [(one.order.id, one.order.point_id) for one in outcomes if one.order is not None]
    return placed


def accept_all(store: Store, cycle_id: CycleId) -> None:
    """Every farmer says yes, a page of questions in a transaction."""
    while store.run(_accept_page, cycle_id):
        pass


def _accept_page(tx: Transaction, cycle_id: CycleId) -> int:
    page = questions.requests(tx, Paging(200), cycle_id=cycle_id, state=RequestState.OPEN)
    for request in page.items:
        confirmations.answer(tx, RequestId(request.id), Answer(Reply.ACCEPTED))
    return len(page.items)


def show(console: Console, runs: Sequence[dict[str, Any]]) -> None:
    """Seconds and megabytes per stage, and how many times the one before."""
    table = Table("stage", *(f"{run['orders']:,} orders, {run['farms']:,} farms" for run in runs))
    for stage in runs[0]["seconds"]:
        cells = []
        for number, run in enumerate(runs):
            cell = f"{run['seconds'][stage]:.1f} s, {run['peak_memory_mb'].get(stage, 0):,} MB"
            if number:
                cell += f" (x {run['seconds'][stage] / max(runs[number - 1]['seconds'][stage], 0.05):.1f})"
            cells.append(cell)
        table.add_row(stage, *cells)
    for name in ("intake", "placed", "lots", "batches", "planned", "gap"):
        table.add_row(name, *(str(run[name]) for run in runs), style="dim")
    console.print(table)


def main() -> None:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    console = Console()
    runs = [run_cycle(count, SIZES[count], console) for count in asked.sizes]
    show(console, runs)
    if asked.json:
        asked.json.write_text(json.dumps(runs, indent=2))


if __name__ == "__main__":
    main()
