"""Problems and plans as columns on disk: NumPy's npz, one array a column, read back without executing anything."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from solver.allocation.charged.fair import FairPlan
from solver.allocation.charged.problem import Batches, ChargedProblem, Lanes, Lots
from solver.allocation.charged.solve import ChargedPlan
from solver.errors import BadInputError
from solver.problem import Ints

TABLES: dict[str, type[Lots | Batches | Lanes]] = {"lots": Lots, "batches": Batches, "lanes": Lanes}


def write_charged(problem: ChargedProblem, path: Path) -> None:
    """Columns by their names: `lots.quantity`, `lanes.cost_minor` and so on."""
    columns = {
        f"{table}.{name}": getattr(getattr(problem, table), name)
        for table, kind in TABLES.items()
        for name in kind.__slots__
    }
    with path.open("wb") as file:
        np.savez(file, **columns)


def read_charged(path: Path) -> ChargedProblem:
    """What `write_charged` wrote; whether it makes sense is for `check_charged`.

    Raises
    ------
    BadInputError
        Not an npz file, or a column is missing or unknown.
    """
    columns = _columns(path)
    names = [f"{table}.{name}" for table, kind in TABLES.items() for name in kind.__slots__]
    for name in [*(set(columns) - set(names)), *(set(names) - set(columns))]:
        raise BadInputError(str(path), 0, name, "is no column of this format" if name in columns else "is missing")
    lots, batches, lanes = (
        kind(**{name: columns[f"{table}.{name}"] for name in kind.__slots__}) for table, kind in TABLES.items()
    )
    assert isinstance(lots, Lots)
    assert isinstance(batches, Batches)
    assert isinstance(lanes, Lanes)
    return ChargedProblem(lots, batches, lanes)


def write_plan(plan: ChargedPlan | FairPlan, path: Path) -> None:
    """`sent` of each lane and `short` of each batch, in the problem's order."""
    try:
        with path.open("wb") as file:
            np.savez(file, sent=plan.sent, short=plan.short)
    except OSError as error:
        raise BadInputError(str(path), 0, "-o", str(error.strerror)) from error


def _columns(path: Path) -> dict[str, Ints]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except OSError as error:
        raise BadInputError(str(path), 0, "file", str(error.strerror or error)) from error
    except (ValueError, AttributeError, BadZipFile, EOFError) as error:
        raise BadInputError(str(path), 0, "file", "is not a NumPy npz file of plain columns") from error
