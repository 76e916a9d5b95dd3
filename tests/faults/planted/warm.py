"""A warm pytest: other people's libraries are imported once, every run is a fork that imports ours from its folder.

Reads one run a line (folder, server, tests, whether the tables are made anew) and answers one outcome a line. It is run
as a script by `copies`.
"""

import gc
import importlib
import json
import os
import sys
import traceback
from contextlib import nullcontext
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import psycopg
import pytest

DATABASE = "farmlink_tests"
STORED = ("tests/farmlink/", "tests/api/")
OURS = ("farmlink", "solver", "api", "tests")
HEAVY = (
    *("numpy", "scipy.optimize", "scipy.sparse", "scipy.spatial", "ortools.sat.python.cp_model"),
    *("ortools.graph.python.min_cost_flow", "ortools.constraint_solver.pywrapcp", "pyvrp", "highspy"),
    *("sqlmodel", "sqlalchemy.dialects.postgresql.psycopg", "psycopg_pool", "alembic", "msgspec", "babel.dates"),
    *("litestar", "litestar.testing", "uvicorn", "hypothesis.strategies", "argon2", "psutil", "geopy"),
)
PLAIN = ("-x", "-q", "--assert=plain", "--rootdir=.", *("-pno:cacheprovider", "-pno:schemathesis", "-pno:playwright"))


class Heard:
    """What became of the tests: passed, failed, or never really begun."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.errors: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failure counts only while the test itself runs; before and after it is an error."""
        if report.failed:
            (self.failed if report.when == "call" else self.errors).append(f"{report.nodeid}: {_reason(report)}")
        elif report.when == "call" and report.passed:
            self.passed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be imported says nothing about the trade."""
        if report.failed:
            self.errors.append(f"{report.nodeid}: {str(report.longrepr)[-2000:]}")


def _reason(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(getattr(crash, "message", report.longrepr))[:2000]


def _share(base: str, *, anew: bool) -> None:
    """Let the tests' own server be the one that is running already, with its tables as the last run left them."""
    scratch, schema = (importlib.import_module(f"farmlink.store.{name}") for name in ("scratch", "schema"))
    server = scratch.EmbeddedServer(Path(base), scratch.CARELESS, shelf=scratch.default_data(os.environ).parent)
    with psycopg.connect(server.conninfo, autocommit=True) as connection:
        if anew:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
    make_database = scratch.make_database
    stands = {
        (scratch, "scratch_server"): lambda: nullcontext(server),
        (scratch, "make_database"): lambda server, name: (
            scratch.embedded_url(server, name) if there and name == DATABASE else make_database(server, name)
        ),
    }
    if there:
        stands[schema, "build"] = lambda _engine: schema.import_tables()
    for (module, name), stand in stands.items():
        setattr(module, name, stand)


def _strangers(folder: Path) -> list[str]:
    """Our own modules that came from anywhere but the copy."""
    named = [module for name, module in sys.modules.items() if name.split(".")[0] in OURS]
    files = [file for module in named if (file := getattr(module, "__file__", None))]
    return [file for file in files if not Path(file).is_relative_to(folder)]


def _run(order: dict[str, Any]) -> dict[str, Any]:
    folder, tests = Path(order["folder"]), order["tests"]
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    stored = any(test.startswith(STORED) for test in tests)
    if stored:
        _share(order["server"], anew=order["anew"])
    heard = Heard()
    fixtures = () if stored else ("--confcutdir=tests/solver",)
    exit_code = int(pytest.main([*PLAIN, *fixtures, *tests], plugins=[heard]))
    return {"exit_code": exit_code, "strangers": _strangers(folder), **vars(heard)}


def _forked(order: dict[str, Any], answers: int) -> None:
    """Run in a child, whose prints go to a file, and whose last line is the answer."""
    folder = Path(order["folder"])
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        log = os.open(folder / "pytest.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        outcome = _run(order)
    except BaseException:  # noqa: BLE001  # whatever ends the child is its outcome
        outcome = {"exit_code": -1, "strangers": [], "passed": [], "failed": [], "errors": [traceback.format_exc()]}
    os.write(answers, f"{json.dumps(outcome)}\n".encode())
    os._exit(0)


def main() -> None:
    """Serve until the input ends."""
    sys.path[:] = [entry for entry in sys.path if Path(entry) != Path(__file__).parent]
    for name in HEAVY:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    # pytest collects garbage five times a run; what the runs inherit is none.
    gc.freeze()
    answers = os.dup(1)
    for line in sys.stdin:
        _forked(json.loads(line), answers)


if __name__ == "__main__":
    main()
