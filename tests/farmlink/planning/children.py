"""Solver children that go wrong, as programs: a fault each; all read a problem and are to leave a plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

READ: Final = """
import json, os, signal, sys, time
from dataclasses import replace
from pathlib import Path
out = Path(sys.argv[-1])
settings = json.loads(sys.stdin.buffer.readline())
content = sys.stdin.buffer.read()
def tell(stage):
    print(json.dumps({"stage": stage, "best_minor": 5, "bound_minor": 1}), flush=True)
"""
GREEDY: Final = """
from solver import codec
from solver.pooling import greedy
problem = codec.problem_from_bytes(content)
solution = greedy(problem)
def keep(solution):
    out.write_bytes(codec.solution_to_bytes(problem, solution))
"""
HANG: Final = "tell('hanging')\nwhile True: time.sleep(60)\n"
FAULTS: Final = {
    "crash": READ + "os.abort()\n",
    "crash-after-best": READ + GREEDY + "keep(solution)\nos.abort()\n",
    "segfault": READ + "import ctypes\nctypes.string_at(0)\n",
    "segfault-after-best": READ + GREEDY + "keep(solution)\nimport ctypes\nctypes.string_at(0)\n",
    "no-answer": READ + "tell('nothing')\n",
    "garbage": READ + "print('[libfoo] chatter', flush=True)\nout.write_bytes(b'no plan at all')\n",
    "deaf": "import os, sys\nos.close(0)\nsys.exit(3)\n",
    "infeasible": READ
    + GREEDY
    + "a = solution.allocations\nkeep(replace(solution, allocations=replace(a, quantity=a.quantity + 1)))\n",
    "cheaper-than-possible": READ
    + GREEDY
    + "r = solution.report\nkeep(replace(solution, report=replace(r, cost=replace(r.cost, purchase=0))))\n",
    "hang": READ + HANG,
    "hang-after-best": READ + GREEDY + "keep(solution)\n" + HANG,
    "hang-deaf-to-signals": READ + GREEDY + "keep(solution)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + HANG,
    "eat-memory": READ
    + GREEDY
    + "keep(solution)\ntell('eating')\nhoard = [bytearray(1 << 20) for _ in range(400)]\n"
    + HANG,
    "eat-memory-at-once": READ + "tell('eating')\nhoard = [bytearray(1 << 20) for _ in range(400)]\n" + HANG,
    "with-a-child-of-its-own": READ
    + "import subprocess\nkid = subprocess.Popen(['sleep', '600'])\n"
    + "Path(out.parent.parent, 'kid').write_text(str(kid.pid))\n"
    + HANG,
}


def planted(folder: Path, fault: str) -> tuple[str, ...]:
    """The command that starts a child with a fault."""
    program = folder / f"{fault}.py"
    program.write_text(FAULTS[fault])
    return sys.executable, str(program)
