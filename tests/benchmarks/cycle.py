"""How a whole cycle grows: 1k, 10k and 100k orders with 100, 1k and 10k farms; seconds and peak memory per stage.

Farms and markets are Michigan's, repeated with scattered coordinates. The first 10,000 orders are placed by HTTP, one
request each, the others by the same command in batches of 500. Farmers accept everything, by command. The plan that
counts is the one that is published: whatever the search found until its deadline, verified.
Run as `scripts/bench cycle [--sizes 1000 10000] [--json FILE] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from rich.console import Console

from farmlink.confirmations import commands as confirmations
from farmlink.confirmations import queries as questions
from farmlink.confirmations.values import Answer, Reply, RequestId, RequestState
from farmlink.cycles.values import CycleId
from farmlink.demand import commands as demand
from farmlink.demo import hands, setting
from farmlink.demo import market as selling
from farmlink.demo.market import Market
from farmlink.demo.play import REACTIONS
from farmlink.demo.recipe import Made
from farmlink.demo.scenario import MICHIGAN, for_orders, read_scenario
from farmlink.demo.setting import Ground, Place, choose_place
from farmlink.demo.wire import free_port, serving
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.network.values import PlaceId, PointId
from farmlink.orders import commands as orders
from farmlink.orders.values import Placing, WantedLine
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Role, SignedIn
from farmlink.planning import queries as planning
from farmlink.planning.values import Budget, PlanId
from farmlink.planning.work import plan_cycle
from farmlink.settings import shelf
from farmlink.store import outbox
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import embedded_url, open_engine
from farmlink.store.migrations import migrate
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.benchmarks.stand.grown import ONLY_UP_TO, lines, shown, written
from tests.benchmarks.stand.page import PAGE, keep_section, machine
from tests.benchmarks.stand.stages import Stages
from tests.benchmarks.stand.till import Wish, take_orders

SIZES: Final = (1000, 10_000, 100_000)
ORDERS_A_FARM: Final = 10
POINTS_A_THOUSAND_FARMS: Final = 57
"""Michigan's markets; a thousand farms have as many again, and fewer farms have no fewer."""
BY_HTTP_UP_TO: Final = ONLY_UP_TO["orders by HTTP"]
AT_ONCE: Final = 500
WORKERS: Final = 2
BUDGET: Final = Budget(seed=1, iterations=100, rounds=0, deadline_s=240)


@dataclass(frozen=True, slots=True)
class Placed:
    """Orders with their points, and how the requests went."""

    orders: list[tuple[UUID, PointId]]
    by_http: int
    answer_ms: list[float]


def repeated(file: Path, farms: int, points: int) -> None:
    """Write a directory with so many farms and markets, scattered around Michigan's own."""
    dice = np.random.default_rng(BUDGET.seed)
    with MICHIGAN.open(encoding="utf-8") as text:
        reader = csv.DictReader(text)
        rows, columns = list(reader), reader.fieldnames or []
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns)
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
        with EmbeddedServer(base, shelf=shelf(os.environ)) as server:
            url = embedded_url(server)
            os.environ["FARMLINK_DATABASE_URL"] = url.render_as_string(hide_password=False)
            with open_engine(url) as engine:
                migrate(engine)
                yield Store(engine, "benchmark")
    finally:
        os.environ.pop("FARMLINK_DATABASE_URL", None)
        shutil.rmtree(base, ignore_errors=True)


def run_cycle(count: int, console: Console) -> dict[str, Any]:
    """One cycle from the import to its end, each stage measured."""
    farms = count // ORDERS_A_FARM
    console.print(f"{count:,} orders, {farms:,} farms")
    scenario = for_orders(read_scenario(), count)
    with tempfile.TemporaryDirectory() as folder, own_server() as store, Stages(console) as stages:
        file = Path(folder) / "places.csv"
        repeated(file, farms, max(1000, farms) * POINTS_A_THOUSAND_FARMS // 1000)
        place = Place(choose_place(scenario, None, None).draft, file)
        with stages.stage("import"):
            ground = setting.lay_ground(store, scenario, place, count)
        with stages.stage("people"):
            setting.admit_people(store, ground)
            consumers = store.run(people.seed_consumers, count)
        with stages.stage("offers"):
            made = selling.make_goods(scenario, ground, count, BUDGET.seed)
            market = selling.open_market(store, ground, made)
        port = free_port()
        with serving(port, workers=WORKERS):
            placed = intake(store, stages, port, ground, market, made, consumers)
            with stages.stage("close"):
                store.run(demand.close, market.cycle_id)
                outbox.relay_due(store, REACTIONS)
            plan_and_answer(store, stages, market.cycle_id)
            dock = store.run(setting.sign_in, store.read(persons.member_ids, ground.keeper, Role.DOCK)[0])
            with stages.stage("receive"):
                hands.count_in(port, store, market.cycle_id, dock, BUDGET.seed)
            with stages.stage("hand out"):
                leaders = store.run(setting.leaders, ground)
                hands.hand_out(port, market.cycle_id, placed.orders, leaders, dock, BUDGET.seed)
        return facts(store, stages, market, made, placed) | {"orders": count, "farms": farms}


def intake(
    store: Store, stages: Stages, port: int, ground: Ground, market: Market, made: Made, consumers: Sequence[SignedIn]
) -> Placed:
    """Take the first orders by HTTP, and what is more by command; who finds something sold out there goes without."""
    points = [point.id for point in ground.points]
    first, others = made.orders[:BY_HTTP_UP_TO], made.orders[BY_HTTP_UP_TO:]
    wishes = [
        Wish(
            consumer.token,
            points[order.point],
            {str(market.listings[product]): packs for product, packs in order.packs},
        )
        for order, consumer in zip(first, consumers, strict=False)
    ]
    with stages.stage("orders by HTTP"):
        taken = take_orders(port, f"/api/v1/cycles/{market.cycle_id}/orders", wishes)
    pairs = zip(taken.orders, first, strict=True)
    placed = [(order_id, points[order.point]) for order_id, order in pairs if order_id is not None]
    by_http = len(placed)
    if others:
        placings = (
            Placing(
                key=uuid7(),
                cycle_id=market.cycle_id,
                consumer_id=consumer.person_id,
                place_id=PlaceId(points[order.point]),
                lines=tuple(WantedLine(market.listings[product], packs) for product, packs in order.packs),
            )
            for order, consumer in zip(others, consumers[BY_HTTP_UP_TO:], strict=True)
        )
        with stages.stage("orders by command"):
            while batch := list(islice(placings, AT_ONCE)):
                outcomes = store.run(orders.place_many, batch)
                placed += [(one.order.id, PointId(one.order.place_id)) for one in outcomes if one.order is not None]
    return Placed(placed, by_http, [seconds * 1000 for seconds in taken.answer_s])


def plan_and_answer(store: Store, stages: Stages, cycle_id: CycleId) -> None:
    """Plan, let the plan hold, and have every farmer say yes."""
    (due,) = store.read(planning.due_to_plan)
    with stages.stage("snapshot"):
        store.read(planning.snapshot, cycle_id)
    with stages.stage("plan"):
        plan_id: PlanId = plan_cycle(store, cycle_id, due.cause, BUDGET, run_id=due.run_id, publish=True)
    with stages.stage("publish"):
        store.run(confirmations.publish, plan_id)
        outbox.relay_due(store, REACTIONS)
    with stages.stage("answers"):
        while store.run(_accept_page, cycle_id):
            pass
        outbox.relay_due(store, REACTIONS)


def _accept_page(tx: Transaction, cycle_id: CycleId) -> int:
    page = questions.requests(tx, Paging(200), cycle_id=cycle_id, state=RequestState.OPEN)
    for request in page.items:
        confirmations.answer(tx, RequestId(request.id), Answer(Reply.ACCEPTED), None)
    return len(page.items)


def facts(store: Store, stages: Stages, market: Market, made: Made, placed: Placed) -> dict[str, Any]:
    """What the cycle came to."""
    plan = store.read(planning.plans, market.cycle_id)[0]
    answers = statistics.quantiles(placed.answer_ms, n=100)
    return {
        "placed": len(placed.orders),
        "orders_per_s_by_http": round(placed.by_http / max(stages.seconds["orders by HTTP"], 0.01)),
        "answer_ms": {"p50": round(answers[49], 1), "p99": round(answers[98], 1)},
        "lots": len(made.lots),
        "batches": plan.figures["batches"],
        "fill_rate": round(plan.figures["fill_rate"], 4),
        "gap": round(plan.figures["gap"], 4),
        "stopped_by": plan.stopped_by,
        "questions": store.read(questions.counts, market.cycle_id).accepted,
        "seconds": stages.seconds,
        "peak_mb": stages.peak_mb,
    }


def main() -> None:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench cycle", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="ORDERS", help="at least 50 each")
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write them into {PAGE}")
    asked = parser.parse_args()
    console = Console()
    ran_on = machine(served=True) if asked.keep else ""
    runs: list[dict[str, Any]] = []
    for count in asked.sizes:
        runs.append(run_cycle(count, console))
        # Kept after each size: a run that is stopped half way has measured something all the same.
        if asked.json:
            asked.json.write_text(json.dumps(runs, indent=2), encoding="utf-8")
        if asked.keep:
            keep_section(asked.keep, "cycle", f"{ran_on}\n\n{written(runs, BUDGET)}")
    console.print(shown(runs))
    console.print("\n".join(lines(BUDGET)), style="dim")


if __name__ == "__main__":
    main()
