"""Where it comes from: everybody sees farm and harvest of a lot that was sent, and of no other."""

from __future__ import annotations

from uuid import uuid4

from tests.api.conftest import Api
from tests.api.pages.browsers import browser
from tests.api.pages.shopping import choose
from tests.farmlink.dispatch.builders import Goods


def test_a_lot_code_leads_to_the_farm_and_the_harvest(api: Api) -> None:
    goods = Goods.closed(api.store)
    reader = browser(api)
    unsent = reader.get(f"/lots/{goods.lots[0]}")
    goods.confirmed()

    page = reader.get(f"/lots/{goods.lots[0]}")
    choose(reader, goods.market.point.id)
    near = reader.get(f"/lots/{goods.lots[0]}")

    assert unsent.status_code == 404
    assert "Apples of Farm" in page.text
    assert "Wed 3 Sep" in page.text
    assert "To your pick-up point" not in page.text
    assert "To your pick-up point" in near.text
    assert "2.00" not in page.text, "what the farm asks for it is its own business"


def test_the_code_on_a_label_can_be_typed_and_one_that_several_farms_use_asks_which(api: Api) -> None:
    goods = Goods.closed(api.store).confirmed()
    reader = browser(api)
    first, second = (str(lot) for lot in goods.lots)

    ours = reader.get("/lots", params={"code": f" {first[-8:].upper()} "})
    api.store.run(lambda tx: tx.execute("UPDATE lot SET code = 'Apples-1'"))
    several = reader.get("/lots/apples-1")
    none = reader.get("/lots")

    assert "Apples of Farm" in ours.text
    assert f"/lots/{first}" in several.text
    assert f"/lots/{second}" in several.text
    assert none.status_code == 200
    assert 'name="code"' in none.text
    assert "No lot has this code" not in none.text


def test_an_unknown_code_says_what_to_do(api: Api) -> None:
    reader = browser(api, "zh-CN")

    for code in ("no-such-code", str(uuid4())):
        page = reader.get(f"/lots/{code}")
        assert page.status_code == 404
        assert "没有这个批次" in page.text
