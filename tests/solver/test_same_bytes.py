"""The same problem, seed and iterations give the same plan to the byte, whichever process makes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

import solver
from solver.codec import problem_to_bytes, solution_from_bytes
from tests.solver.regions import made_region

PROGRAM = """
import sys
from pathlib import Path
import solver
from solver.codec import problem_from_bytes, solution_to_bytes

if __name__ == "__main__":
    problem = problem_from_bytes(Path(sys.argv[1]).read_bytes())
    plan = solver.solve(problem, solver.Params(seed=5, iterations=30, rounds=2, workers=int(sys.argv[2])))
    sys.stdout.buffer.write(solution_to_bytes(problem, plan))
"""


def planned(problem: Path, workers: int, hash_seed: int) -> bytes:
    """What a process of its own makes, whose sets and texts are in another order."""
    program = problem.with_suffix(".py")
    program.write_text(PROGRAM)
    found = subprocess.run(
        [sys.executable, str(program), str(problem), str(workers)],
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        check=True,
    )
    return found.stdout


def test_two_processes_one_worker_or_two_and_any_order_of_hashes_make_the_same_plan(tmp_path: Path) -> None:
    problem, stored = made_region(47, farms=12, points=8, hubs=3), tmp_path / "problem"
    stored.write_bytes(problem_to_bytes(problem))
    alone, together, again = planned(stored, 1, 1), planned(stored, 2, 2), planned(stored, 2, 3)
    assert alone == together == again
    assert solver.check(problem, solution_from_bytes(problem, alone)) == ()
    assert np.sum(solution_from_bytes(problem, alone).allocations.quantity) > 0
