"""The map of the readme shows the house as it is."""

import re
import tomllib

from solver.cli import COMMANDS
from tests.architecture.house import ROOT

README = (ROOT / "README.md").read_text()


def row_of_the_map(place: str) -> str:
    found = re.search(rf"(?m)^\| `{place}/` \| (.*) \|$", README)
    assert found
    return found[1]


def rooms_of_the_map() -> list[str]:
    return re.findall(r"[a-z]+", row_of_the_map("farmlink").split(": ")[1])


def test_every_room_is_on_the_map_and_every_place_of_the_map_exists() -> None:
    rooms = {path.parent.name for path in (ROOT / "farmlink").glob("*/__init__.py")} - {"cli"}
    places = re.findall(r"(?m)^\| `([a-z]+/[a-z/]*)` \|", README)

    assert set(rooms_of_the_map()) == rooms
    assert {"solver/", "farmlink/", "api/", "tests/", "scripts/", "docs/decisions/"} == set(places)
    assert [place for place in places if not (ROOT / place).is_dir()] == []


def test_the_map_names_the_rooms_in_the_order_in_which_they_may_import() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "rooms")
    upwards = [layer.strip("()") for layer in reversed(layers)]
    shown = rooms_of_the_map()

    assert shown == [room for room in upwards if room in shown]


def test_every_script_is_on_the_map() -> None:
    scripts = {path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix}

    assert set(re.findall(r"`([a-z_]+)`", row_of_the_map("scripts"))) == scripts


def test_the_solver_is_shown_with_all_its_commands() -> None:
    assert set(re.findall(r"`(?:python -m solver )?([a-z]+)`", row_of_the_map("solver"))) == set(COMMANDS)


def test_units_of_the_readme_are_those_of_the_sources() -> None:
    section = README.split("## Units")[1].split("\n## ")[0]
    names = set(re.findall(r"`(\w+_\w+)`", section))
    sources = "\n".join(path.read_text() for path in (ROOT / "farmlink").rglob("*.py"))

    assert names >= {"price_minor", "weight_g", "distance_m", "service_s"}
    assert {name for name in names if name not in sources} == set()
