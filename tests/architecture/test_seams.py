"""Who may open what, beyond what import-linter can say; each rule is seen to bite."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import seams
from tests.architecture.house import House

RULES = [seams.strangers_in_solver, seams.opened_tables, seams.misplaced_classes]
STRUCT = "import msgspec\nclass Placing(msgspec.Struct): pass"
STORED = "from sqlmodel import SQLModel\nclass Row(SQLModel, table=True): pass"
BREACHES = [
    (seams.strangers_in_solver, "solver.routing.breach", "import networkx"),
    (seams.strangers_in_solver, "solver.shards.breach", "from distributed import Client"),
    (seams.strangers_in_solver, "solver.breach", "from farmlink.kernel import money"),
    (seams.opened_tables, "farmlink.orders.commands", "from farmlink.cycles import tables"),
    (seams.opened_tables, "farmlink.orders.commands", "from farmlink.cycles.tables import Listing"),
    (seams.opened_tables, "farmlink.cycles.rules", "from .tables import Listing"),
    (seams.opened_tables, "farmlink.scheduler", "import farmlink.cycles.tables"),
    (seams.opened_tables, "api.breach", "from farmlink.cycles.tables import Listing"),
    (seams.misplaced_classes, "farmlink.orders.values", STRUCT),
    (seams.misplaced_classes, "solver.breach", "from msgspec import Struct\nclass Lot(Struct, frozen=True): pass"),
    (seams.misplaced_classes, "farmlink.orders.values", STORED),
    (seams.misplaced_classes, "api.breach", STORED),
]
ALLOWED = [
    (
        seams.strangers_in_solver,
        "solver.routing.breach",
        "import json, numpy.linalg\nfrom ortools.sat.python import cp_model",
    ),
    (seams.opened_tables, "farmlink.cycles.commands", "from .tables import Listing"),
    (seams.opened_tables, "farmlink.cycles.queries.board", "from farmlink.cycles.tables import Listing"),
    (seams.opened_tables, "farmlink.store.outbox", "from farmlink.store.tables import OutboxEvent"),
    (seams.opened_tables, "farmlink.store.schema", "import farmlink.cycles.tables"),
    (seams.misplaced_classes, "api.v1.orders", STRUCT),
    (seams.misplaced_classes, "farmlink.orders.tables", STORED),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_house_as_it_stands_keeps_its_seams(house: House, rule: Callable[[Path], list[str]]) -> None:
    assert rule(house.root) == []


@pytest.mark.parametrize(("rule", "module", "line"), BREACHES)
def test_a_torn_seam_is_seen(tmp_path: Path, rule: Callable[[Path], list[str]], module: str, line: str) -> None:
    torn = House(tmp_path)
    torn.breach(module, line)

    assert any(module in found for found in rule(torn.root))


@pytest.mark.parametrize(("rule", "module", "line"), ALLOWED)
def test_what_a_room_may_do_is_not_held_against_it(
    tmp_path: Path, rule: Callable[[Path], list[str]], module: str, line: str
) -> None:
    sound = House(tmp_path)
    sound.breach(module, line)

    assert rule(sound.root) == []
