"""A solve whose workers abort, crash, hang or run out of memory ends with its best verified plan, or says why not."""

from __future__ import annotations

from functools import partial, update_wrapper
from pathlib import Path

import pytest

import solver
from solver.check import check
from solver.errors import PieceLostError
from solver.routing import transport
from solver.shards import piece
from solver.solution import StoppedBy
from tests.solver.lethal import never_begin, search_badly
from tests.solver.regions import made_region

PARAMS = solver.Params(iterations=20, rounds=1)
PROBLEM = made_region(47, farms=12, points=8, hubs=3)


@pytest.mark.parametrize("way", ["abort", "segfault", "killed", "memory", "hang"])
def test_a_search_that_goes_wrong_leaves_the_best_plan_that_was_verified(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "begun"
    monkeypatch.setattr(piece, "GRACE_S", 0.5)
    monkeypatch.setattr(
        transport, "best_trips", update_wrapper(partial(search_badly, way=way, mark=mark), search_badly)
    )
    plan = solver.solve(PROBLEM, PARAMS, should_stop=lambda: way == "hang" and mark.exists())
    assert check(PROBLEM, plan) == ()
    assert (plan.report.stopped_by, plan.report.degraded) == (StoppedBy.CRASHED, True)


def test_where_not_even_the_first_trips_can_be_made_the_error_names_the_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "best_trips", never_begin)
    with pytest.raises(PieceLostError, match=r"never_begin: piece \d of 0..\d killed its worker twice: Aborted"):
        solver.solve(PROBLEM, PARAMS)
