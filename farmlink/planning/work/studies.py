"""What a plan is measured against: the same goods without pooling, and fewer orders pooled; in child processes."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import numpy as np

import solver
from farmlink.planning import queries
from farmlink.planning.values import PlanId
from farmlink.store.store import Store
from solver import baselines, codec, figures
from solver.problem import Earlier, Holds, Pins


@dataclass(frozen=True, slots=True)
class LoneVan:
    """What a farm drives when nobody pools."""

    weight_g: int
    crates: int
    fixed_minor: int
    minor_per_km: int
    minor_per_hour: int
    shift_s: int


@dataclass(frozen=True, slots=True)
class Studies:
    """Baselines and savings by name, and the transport cost per kilogram by number of orders."""

    baselines: dict[str, dict[str, int]]
    saved: dict[str, dict[str, float]]
    transport_per_kg_minor: dict[int, float]


def study(
    store: Store,
    plan_id: PlanId,
    van: LoneVan,
    samples: Mapping[int, Mapping[UUID, int]],
    *,
    seed: int,
    iterations: int,
) -> Studies:
    """Compare a plan with its baselines, and plan each sample (quantity by batch) as if nobody else had ordered."""
    problem, solution = store.read(queries.blobs, plan_id)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        compared = pool.submit(_compare, problem, solution, van)
        costs = {
            orders: pool.submit(
                _transport, problem, {str(batch): int(part) for batch, part in sample.items()}, seed, iterations
            )
            for orders, sample in sorted(samples.items(), reverse=True)
        }
        found = compared.result()
        curve = {orders: cost.result() for orders, cost in sorted(costs.items())}
    return Studies(found["baselines"], found["saved"], curve)


def _compare(problem: bytes, solution: bytes, van: LoneVan) -> dict[str, Any]:
    given = codec.problem_from_bytes(problem)
    return baselines.compare(given, codec.solution_from_bytes(given, solution), baselines.Van(**asdict(van)))


def _transport(problem: bytes, sample: Mapping[str, int], seed: int, iterations: int) -> float:
    given = only(codec.problem_from_bytes(problem), sample)
    params = solver.Params(seed=seed, iterations=iterations, rounds=0, workers=1)
    return float(figures.of(given, solver.solve(given, params))["transport_per_kg_minor"])


def only(problem: solver.Problem, quantities: Mapping[str, int]) -> solver.Problem:
    """The same problem with these batches alone, nothing promised yet and nothing planned before."""
    batches = problem.batches
    rows = np.flatnonzero(np.isin(batches.id, np.array(sorted(quantities), dtype=np.str_)))
    kept = {name: getattr(batches, name)[rows] for name in batches.__dataclass_fields__}
    kept["quantity"] = np.array([quantities[str(key)] for key in kept["id"]], dtype=np.int64)
    return replace(problem, batches=replace(batches, **kept), pins=Pins(), holds=Holds(), earlier=Earlier())
