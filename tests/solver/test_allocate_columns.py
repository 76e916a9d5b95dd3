"""`python -m solver allocate FILE.npz`: columns in, a checked plan and its figures out, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from solver.allocation.charged.columns import TABLES, read_charged, write_charged, write_plan
from solver.allocation.charged.solve import allocate
from solver.allocation.charged.verify import verify_charged
from solver.cli import BAD_INPUT, main
from solver.errors import BadInputError
from tests.solver.allocation.lanes import charged, two_lots


@pytest.fixture
def given(tmp_path: Path) -> Path:
    file = tmp_path / "lots.npz"
    write_charged(two_lots(), file)
    return file


def test_what_is_written_is_read(given: Path) -> None:
    read, problem = read_charged(given), two_lots()
    for table, kind in TABLES.items():
        for name in kind.__slots__:
            assert (getattr(getattr(read, table), name) == getattr(getattr(problem, table), name)).all()


def test_a_plan_and_its_figures_are_written(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = given.with_name("plan.npz")
    assert main(["allocate", str(given), "--time", "100", "-o", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("seconds") > 0
    assert told == {"cost": 128, "bound": 128, "gap": 0}
    with np.load(out) as file:
        verdict = verify_charged(two_lots(), file["sent"])
        assert (verdict.violations, verdict.cost_minor, file["short"].tolist()) == ((), 128, [0, 0])


@pytest.mark.parametrize("option", [["--fair", "100"], ["--max-min"]])
def test_fair_shares_are_asked_for_by_name(
    tmp_path: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lots.npz"
    write_charged(charged([(10, 0, 0), (10, 0, 0)], [(10, 900)], [(0, 0, 50), (1, 0, 60)]), file)
    assert main(["allocate", str(file), *option]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cost"] in (5 * 50 + 5 * 60, 6 * 50 + 4 * 60)
    assert "bound" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--capacity", "5"], "--capacity: is for OR-Library files"),
        (["--fair", "-1"], "--fair: '-1' is not a whole number from 0 to 1000000000"),
        (["-o", "no such folder/plan.npz"], "-o: No such file"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    given: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["allocate", str(given), *words]) == 2
    assert said in capsys.readouterr().err


def test_facilities_have_no_fair_shares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["allocate", str(tmp_path / "cap64.txt"), "--max-min"]) == 2
    assert "--max-min are for npz files" in capsys.readouterr().err


def test_files_that_are_none_are_refused(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing, text, pickled = (given.with_name(f"{name}.npz") for name in ("missing", "text", "pickled"))
    text.write_text("1,2,3")
    np.savez(pickled, lots=np.array([{}], dtype=object), allow_pickle=True)
    for file, said in ((missing, "No such file"), (text, "is not a NumPy npz file"), (pickled, "is not a NumPy npz")):
        assert main(["allocate", str(file)]) == 2
        assert said in capsys.readouterr().err


def test_missing_and_unknown_columns_are_refused_by_name(given: Path) -> None:
    with np.load(given) as file:
        columns = {name: file[name] for name in file.files}
    np.savez(given, **{name: column for name, column in columns.items() if name != "lots.minimum"})
    with pytest.raises(BadInputError, match=r"lots\.minimum: is missing"):
        read_charged(given)
    np.savez(given, **columns, more=np.arange(3))
    with pytest.raises(BadInputError, match="more: is no column of this format"):
        read_charged(given)


def test_a_disk_that_refuses_a_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="-o: Is a directory"):
        write_plan(allocate(two_lots()), tmp_path)


@pytest.mark.parametrize(
    ("column", "values", "named"),
    [
        ("lots.quantity", np.array([-1, 5]), "lots[0].quantity"),
        ("lots.quantity", np.array([1]), "lots.quantity"),
        ("lots.id", np.int64(3), "lots.id"),
    ],
)
def test_columns_that_contradict_each_other_are_refused_by_name(
    given: Path, column: str, values: object, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with np.load(given) as file:
        columns = dict(file) | {column: np.asarray(values)}
    np.savez(given, **columns)
    assert main(["allocate", str(given)]) == BAD_INPUT
    assert capsys.readouterr().err.startswith(f"{given}: {named}: ")
