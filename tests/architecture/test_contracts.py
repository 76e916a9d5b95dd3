"""The import contracts of pyproject.toml stand, and each bites."""

import tomllib

import pytest

from tests.architecture.house import House

BREACHES = [
    ("storeys", "farmlink.kernel.breach", "import api", "farmlink is not allowed to import api"),
    ("storeys", "solver.breach", "import api", "solver is not allowed to import api"),
    ("storeys", "solver.breach", "import farmlink.kernel", "solver is not allowed to import farmlink"),
    ("rooms", "farmlink.kernel.breach", "import farmlink.store", "farmlink.kernel is not allowed to import"),
    (
        "rooms",
        "farmlink.people.breach",
        "from farmlink.orders import commands",
        "farmlink.people is not allowed to import",
    ),
    ("rooms", "farmlink.orders.breach", "import farmlink.scheduler", "farmlink.orders is not allowed to import"),
    ("rooms", "farmlink.attic.breach", "", "not listed as layers"),
    ("entrances", "api.breach", "import farmlink.cli", "api is not allowed to import farmlink.cli"),
    ("entrances", "api.breach", "import farmlink.demo", "api is not allowed to import farmlink.demo"),
    ("entrances", "api.breach", "import farmlink.scheduler", "api is not allowed to import farmlink.scheduler"),
    ("planning-asks", "api.breach", "import solver.check", "api is not allowed to import solver"),
    ("planning-asks", "farmlink.orders.breach", "import solver.cost", "farmlink is not allowed to import solver"),
    ("planning-asks", "farmlink.demo.breach", "from solver import check", "farmlink is not allowed to import solver"),
    ("judge", "solver.check", "import ortools", "solver.check is not allowed to import ortools"),
    ("judge", "solver.cost", "from pyvrp import Model", "solver.cost is not allowed to import pyvrp"),
    ("judge", "solver.problem", "import highspy", "solver.check is not allowed to import highspy"),
    ("kernel", "farmlink.kernel.breach", "import socket", "farmlink.kernel is not allowed to import socket"),
    ("kernel", "farmlink.kernel.breach", "import sqlmodel", "farmlink.kernel is not allowed to import sqlmodel"),
]


def test_the_house_as_it_stands_keeps_every_contract(copied_house: House) -> None:
    answer = copied_house.contract()

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(("contract", "module", "line", "said"), BREACHES)
def test_a_breach_of_a_contract_is_seen(copied_house: House, contract: str, module: str, line: str, said: str) -> None:
    for entrance in ("farmlink.cli", "farmlink.demo", "farmlink.scheduler", "farmlink.orders.commands"):
        copied_house.breach(entrance, "")
    copied_house.breach(module, line)

    answer = copied_house.contract(contract)

    assert answer.returncode == 1
    assert said in " ".join(answer.stdout.split())


def test_planning_may_ask_the_solver(copied_house: House) -> None:
    copied_house.breach("farmlink.planning.work", "import solver.check")

    assert copied_house.contract("planning-asks").returncode == 0


def test_every_contract_has_been_seen_to_bite(house: House) -> None:
    agreed = tomllib.loads((house.root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

    assert {contract["id"] for contract in agreed} == {contract for contract, *_ in BREACHES}
