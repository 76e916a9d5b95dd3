"""A plan made by a Dask cluster of real processes, one of which is killed at work: the same plan to the byte."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from distributed import Client

import solver
from solver import cli
from solver import cluster as dask
from solver.cluster import cluster
from solver.codec import problem_to_json, read_solution, solution_to_bytes
from solver.errors import BadInputError, PieceLostError
from solver.shards import Shards
from tests.faults.cluster_of_two import Cluster, Killer, cluster_of_two
from tests.solver.lethal import Piece, doubled
from tests.solver.regions import made_region
from tests.solver.test_shards import never, until_halted

PARAMS = solver.Params(iterations=300, rounds=0)
PROBLEM = made_region(47, farms=12, points=8, hubs=3)


def test_a_plan_is_the_same_to_the_byte_although_a_worker_is_killed_at_work(tmp_path: Path) -> None:
    with cluster_of_two(tmp_path) as (running, client):
        killer = Killer(running, client)
        plan = solver.solve(PROBLEM, PARAMS, executor=killer)
        killed = running.processes[killer.killed]
        assert killed.wait() == -signal.SIGKILL
        assert len(client.scheduler_info()["workers"]) == 1
        assert f"name: {killer.killed}" in running.log("scheduler").split("Remove worker addr")[1]
        begun, ended = (running.log(killer.killed).count(word) for word in (" begins", " ends"))
        assert begun == ended + 1
    assert solution_to_bytes(PROBLEM, plan) == solution_to_bytes(PROBLEM, solver.solve(PROBLEM, PARAMS))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, Client]]:
    """A cluster that gives no piece out again."""
    with cluster_of_two(tmp_path_factory.mktemp("cluster"), failures=0) as found:
        yield found


def test_a_piece_that_kills_as_many_workers_as_it_may_is_named(running: tuple[Cluster, Client]) -> None:
    shards = Shards(1, monotonic() + 120, never, running[1].get_executor(pure=False))
    with pytest.raises(PieceLostError, match=r"doubled: piece 1 of 0\.\.1 was lost: .*KilledWorker"):
        shards.map(doubled, [Piece(0), Piece(1, "abort")])


def test_the_plan_command_takes_a_cluster(running: tuple[Cluster, Client], tmp_path: Path) -> None:
    problem, out = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(problem_to_json(PROBLEM))
    assert cli.main(["plan", str(problem), "--cluster", running[0].address, "-o", str(out)]) == cli.DONE
    assert "best_trips" in running[0].log("first") + running[0].log("second")
    assert solver.check(PROBLEM, read_solution(out, PROBLEM)) == ()


def test_who_asks_to_stop_does_not_wait_for_the_cluster(running: tuple[Cluster, Client]) -> None:
    deadline_s = monotonic() + 20
    shards = Shards(1, deadline_s, lambda: True, running[1].get_executor(pure=False))
    assert shards.map(until_halted, [1, 2, 3]) == [1, 2, 3]
    assert monotonic() < deadline_s


def test_a_cluster_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "CONNECT_S", 1)
    refused = pytest.raises(BadInputError, match=r"command line: --cluster: no scheduler answers at")
    with refused, cluster("tcp://127.0.0.1:1"):
        pass


def test_who_lacks_the_extra_is_told_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInputError, match=r"farmlink\[cluster\]"), cluster("tcp://127.0.0.1:1"):
        pass


@pytest.mark.parametrize(
    "address", ["nonsense", "nowhere://x", "tcp://", "tcp://here", "http://here:80", "tcp://here:0", "tcp://here:70000"]
)
def test_what_is_no_address_is_refused_at_once(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Dask is not asked: its client would take 40 s to go, and leave a traceback."""
    code = cli.main(["plan", "docs/example/problem.json", "--cluster", address])
    assert code == cli.BAD_INPUT
    assert capsys.readouterr().err == f"command line: --cluster: '{address}' is not of the form tcp://HOST:PORT\n"
