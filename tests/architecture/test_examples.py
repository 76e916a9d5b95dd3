"""Examples in the sources answer what they say."""

import doctest
import importlib

import pytest

from tests.architecture.house import ROOT


def source_modules() -> list[str]:
    """Modules of ours that hold an example."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("farmlink", "solver", "api")
        for path in sorted((ROOT / package).rglob("*.py"))
        if "    >>> " in path.read_text()
    ]


def test_the_solvers_public_doors_show_an_example() -> None:
    assert {"solver.pooling", "solver.check", "solver.roads", "solver.instances.routing"} <= set(source_modules())


@pytest.mark.parametrize("name", source_modules())
def test_an_example_answers_what_it_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    outcome = doctest.testmod(importlib.import_module(name), raise_on_error=False)

    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_the_readmes_quick_start_answers_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    outcome = doctest.testfile(str(ROOT / "README.md"), module_relative=False)

    assert outcome.attempted >= 6
    assert outcome.failed == 0
