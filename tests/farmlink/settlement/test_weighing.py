from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.rows import NOT_WHOLE
from farmlink.orders.values import OrderLineId
from farmlink.settlement import commands, queries, rules
from farmlink.settlement.values import Weight
from farmlink.settlement.work import import_weights
from farmlink.store.check import check
from farmlink.store.sheets import Request
from farmlink.store.store import Store
from tests.farmlink.planning.builders import run_sql
from tests.farmlink.settlement.builders import Ledgered


@pytest.fixture
def season(store: Store) -> Ledgered:
    """Goods by weight for an order of nominally 30 kg and one of 20 kg, at 3.00 a kilogram."""
    return Ledgered.by_weight(store)


def line_ids(season: Ledgered) -> list[OrderLineId]:
    return [order.lines[0].id for order in season.orders]


def weigh(season: Ledgered, *weights_g: int) -> int:
    weights = [Weight(*pair) for pair in zip(line_ids(season), weights_g, strict=False)]
    return season.store.run(commands.weigh, season.cycle_id, weights)


def test_everybody_pays_what_the_scales_said(season: Ledgered) -> None:
    assert weigh(season, 31_500, 19_000) == 2
    season.over()
    season.settle()
    assert [season.charge(order).goods_minor for order in season.orders] == [9_450, 5_700]
    assert check(season.store) == []


def test_what_nobody_weighed_costs_its_nominal_weight(season: Ledgered) -> None:
    assert weigh(season, 31_500) == 1
    season.over()
    settled = season.settle()
    assert settled.unweighed == (season.orders[1].lines[0].id,), "whoever settles is told what was not weighed"
    assert season.store.read(queries.settled, season.cycle_id) == settled == season.settle()
    assert [season.charge(order).goods_minor for order in season.orders] == [9_450, 6_000]
    assert check(season.store) == []


def test_weighing_again_corrects_and_the_same_weight_changes_nothing(season: Ledgered) -> None:
    weigh(season, 31_500, 19_000)
    assert weigh(season, 31_500, 19_500) == 1
    assert weigh(season, 31_500, 19_500) == 0
    waiting = season.store.read(queries.to_weigh, season.cycle_id)
    assert {one.weight_g for one in waiting.values()} == {31_500, 19_500}


def test_one_wrong_row_keeps_all_of_them_out(season: Ledgered) -> None:
    with pytest.raises(rules.ImplausibleWeightError):
        weigh(season, 31_500, 19)
    assert {one.weight_g for one in season.store.read(queries.to_weigh, season.cycle_id).values()} == {None}


def test_after_settlement_nothing_is_weighed(season: Ledgered) -> None:
    weigh(season, 31_500, 19_000)
    season.over()
    season.settle()
    with pytest.raises(rules.CycleSettledError):
        weigh(season, 31_500, 19_500)
    with pytest.raises(DBAPIError, match="is settled"):
        run_sql(season.store, "UPDATE catch_weight SET weight_g = 1")


def test_apples_by_the_bag_are_not_weighed(store: Store) -> None:
    season = Ledgered.on_the_way(store)
    season.receive()
    season.share()
    assert season.store.read(queries.to_weigh, season.cycle_id) == {}
    with pytest.raises(rules.NotByWeightError):
        weigh(season, 31_500)


def file(tmp_path: Path, *rows: str) -> Request:
    path = tmp_path / "weights.csv"
    path.write_text("\n".join(["line,weight_g", *rows, ""]))
    return Request(path, skip_bad=True)


def test_a_file_of_weights_is_read_row_by_row_and_bad_rows_are_named(season: Ledgered, tmp_path: Path) -> None:
    thirty, twenty = line_ids(season)
    rows = (f"{thirty},31500", f"{twenty},19", f"{thirty},31000", f"{season.cycle_id},500", f"{twenty},much")
    imported = import_weights(season.store, file(tmp_path, *rows), season.cycle_id)

    assert (imported.written, imported.wrong, imported.stands) == (1, 4, True)
    assert [(error.line, error.column, error.message) for error in imported.errors] == [
        (3, "weight_g", rules.ImplausibleWeightError.message),
        (4, "line", rules.WeighedTwiceError.message),
        (5, "", rules.NotByWeightError.message),
        (6, "weight_g", NOT_WHOLE),
    ]
    again = import_weights(season.store, file(tmp_path, rows[0]), season.cycle_id)
    assert (again.written, again.known) == (0, 1)


def test_a_file_that_comes_after_settlement_changes_nothing(season: Ledgered, tmp_path: Path) -> None:
    season.over()
    season.settle()
    imported = import_weights(season.store, file(tmp_path, f"{line_ids(season)[0]},31500"), season.cycle_id)
    assert (imported.written, imported.wrong, imported.stands) == (0, 1, False)
    assert imported.errors[0].message == rules.CycleSettledError.message
