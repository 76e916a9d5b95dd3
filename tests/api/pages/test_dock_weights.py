"""At the scales: many weights at once, each kept if it can be right, the others as they were typed."""

from __future__ import annotations

import httpx
import pytest

from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.api.pages.pointing import dock_of
from tests.farmlink.counted import counted
from tests.farmlink.settlement.builders import Ledgered


@pytest.fixture
def season(api: Api) -> Ledgered:
    return Ledgered.by_weight(api.store)


@pytest.fixture
def dock(api: Api, season: Ledgered) -> httpx.Client:
    return dock_of(api, season)


def page_of(season: Ledgered) -> str:
    return f"/dock/cycles/{season.cycle_id}/weights"


def weighed(season: Ledgered) -> list[int | None]:
    return [one.weight_g for one in season.to_weigh()]


def test_weights_are_kept_many_at_once(season: Ledgered, dock: httpx.Client) -> None:
    first, second = season.to_weigh()
    page = page_of(season)
    assert "0 of 2 weighed" in dock.get(page).text
    kept = send(dock, page, page, **{f"weight-{first.line_id}": "30.25", f"weight-{second.line_id}": "19,8"})
    assert (kept.status_code, "Everything is weighed." in kept.text) == (200, True)
    assert weighed(season) == [30_250, 19_800]
    assert 'value="30.25"' in dock.get(f"{page}?every=yes").text


def test_what_cannot_be_right_stays_at_its_row_and_the_rest_is_kept(season: Ledgered, dock: httpx.Client) -> None:
    first, second = season.to_weigh()
    page = page_of(season)
    refused = send(dock, page, page, **{f"weight-{first.line_id}": "3025", f"weight-{second.line_id}": "20"})
    assert refused.status_code == 422
    assert 'value="3025"' in refused.text
    assert "This should weigh about 30 kg" in refused.text
    assert "Kept: 1." in refused.text
    assert weighed(season) == [None, 20_000]
    nonsense = send(dock, page, page, **{f"weight-{first.line_id}": "heavy"})
    assert (nonsense.status_code, "Write a weight such as" in nonsense.text) == (422, True)


def test_what_stays_empty_or_as_it_was_changes_nothing(season: Ledgered, dock: httpx.Client) -> None:
    page = page_of(season)
    assert send(dock, page, page).status_code == 200
    assert weighed(season) == [None, None]


def test_saving_looks_at_nothing_but_what_was_typed(api: Api, season: Ledgered, dock: httpx.Client) -> None:
    first, second = season.to_weigh()
    page = page_of(season)
    word = dock.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]
    dock.follow_redirects = False
    typed = {f"weight-{first.line_id}": "30", f"weight-{second.line_id}": "", "weight-mine": "5"}
    with counted(api.store) as sent:
        kept = dock.post(page, data={"csrf": word} | typed)

    assert (kept.status_code, weighed(season)) == (303, [30_000, None])
    assert not any("FROM point" in said for said in sent), "whose the other packs are is not looked up"


def test_after_settlement_weights_can_only_be_looked_at(season: Ledgered, dock: httpx.Client) -> None:
    first, _ = season.to_weigh()
    page = page_of(season)
    word = dock.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]
    season.over()
    season.settle()
    assert "can no longer be changed" in dock.get(f"{page}?every=yes").text
    late = dock.post(page, data={"csrf": word, f"weight-{first.line_id}": "30"})
    assert (late.status_code, "is settled" in late.text) == (409, True)


def test_nothing_is_weighed_before_it_is_shared_and_nowhere_else(api: Api) -> None:
    season = Ledgered.on_the_way(api.store)
    assert "not shared out yet" in dock_of(api, season).get(page_of(season)).text
    assert browser_of(api, Role.DOCK)[0].get(page_of(season)).status_code == 404
