"""Claims on pages: a consumer says it with a photo, a leader and a planner answer, and money comes back."""

from __future__ import annotations

import re

import httpx
import pytest

from farmlink.claims import queries
from farmlink.claims.values import State
from farmlink.people import commands as people
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser, browser_of, send
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.claims.builders import Claimed
from tests.farmlink.kernel.drawn import PNG, SECRET

PHOTO = {"photos": ("photo.png", PNG, "image/png")}


@pytest.fixture
def season(api: Api) -> Claimed:
    season = Claimed.done(api.store)
    season.settle()
    return season


def consumer_of(api: Api, season: Claimed, language: str = "en") -> httpx.Client:
    return browser(api, language, api.token(season.orders[0].consumer_id))


def form_of(season: Claimed) -> str:
    order = season.orders[0]
    return f"/orders/{order.id}/lines/{order.lines[0].id}/claim"


def send_with_files(
    client: httpx.Client, page: str, to: str, files: dict[str, tuple[str, bytes, str]], **fields: str
) -> httpx.Response:
    """Fill in a form that takes files, with what the page hid in it."""
    found = client.get(page).text
    start = found.find(f'method="post" action="{to}"')
    hidden = dict(HIDDEN.findall(found[start : found.find("</form>", start)]))
    return client.post(to, data=hidden | fields, files=files)


def test_somebody_says_with_a_photo_what_was_not_right_and_reads_what_becomes_of_it(api: Api, season: Claimed) -> None:
    client, form = consumer_of(api, season), form_of(season)
    order = f"/orders/{season.orders[0].id}"
    assert form in client.get(order).text
    shown = client.get(form).text
    assert 'capture="environment"' in shown
    assert "At most 30 kg." in shown
    sent = send_with_files(client, form, form, PHOTO, kind="damaged", quantity="6", note="Squashed.")
    assert (sent.status_code, str(sent.url).endswith(f"{order}#claims")) == (200, True)
    assert "Your point looks at it" in sent.text
    (src,) = set(re.findall(r'<img src="([^"]+)"', sent.text))
    photo = client.get(src)
    assert (photo.headers["content-type"], SECRET in photo.content) == ("image/png", False)
    (claim,) = api.store.read(queries.claims_of, season.orders[0].id)
    assert (claim.quantity, claim.note) == (6_000, "Squashed.")


def test_a_form_without_files_is_taken_too_and_sent_twice_claims_once(api: Api, season: Claimed) -> None:
    client, form = consumer_of(api, season), form_of(season)
    hidden = dict(HIDDEN.findall(client.get(form).text))
    for _ in range(2):
        assert client.post(form, data=hidden | {"kind": "spoilt", "quantity": "1"}).status_code == 200
    assert len(api.store.read(queries.claims_of, season.orders[0].id)) == 1


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(api: Api, season: Claimed) -> None:
    client, form = consumer_of(api, season), form_of(season)
    page = {"photos": ("page.html", b"<html>", "image/png")}
    wrong = [
        (send_with_files(client, form, form, PHOTO, quantity="6"), "kind", "This is needed."),
        (send_with_files(client, form, form, PHOTO, kind="spoilt", quantity="31"), "quantity", "At most 30 kg of it"),
        (send_with_files(client, form, form, PHOTO, kind="spoilt", quantity="a bit"), "quantity", "Write a weight"),
        (send_with_files(client, form, form, page, kind="spoilt", quantity="6"), "photos", "no whole photo"),
    ]
    for answer, field, said in wrong:
        assert answer.status_code == 422
        assert re.search(rf'id="{field}-fault">.*{said}', answer.text), (field, said)
    assert 'value="spoilt" checked' in wrong[-1][0].text
    assert api.store.read(queries.claims_of, season.orders[0].id) == []


def test_another_sites_form_with_files_claims_nothing(api: Api, season: Claimed) -> None:
    client, form = consumer_of(api, season), form_of(season)
    answer = client.post(form, data={"kind": "spoilt", "quantity": "1", "csrf": "00"}, files=PHOTO)
    assert (answer.status_code, api.store.read(queries.claims_of, season.orders[0].id)) == (403, [])


def test_others_lines_have_no_form(api: Api, season: Claimed) -> None:
    stranger = browser(api, "en", api.token(season.orders[1].consumer_id))
    assert stranger.get(form_of(season)).status_code == 404
    own = season.orders[1].id
    assert stranger.get(f"/orders/{own}/lines/{season.orders[0].lines[0].id}/claim").status_code == 404


def test_a_leader_sees_what_was_counted_and_accepts_or_passes_on(api: Api, season: Claimed) -> None:
    one, other = season.claim(), season.claim()
    client, base = leader_of(api, season), f"{point_of(season)}/claims"
    assert "2 claims wait for your answer." in client.get(point_of(season)).text
    shown = client.get(base).text
    assert "The counts do not say" in shown
    silent = send(client, base, f"{base}/{other}/pass-on")
    assert (silent.status_code, f'id="word-{other}-fault"' in silent.text) == (422, True)
    assert "The hub looks at it" in send(client, base, f"{base}/{other}/pass-on", word="I cannot tell.").text
    assert send(client, base, f"{base}/{one}/accept").status_code == 200
    assert (season.read(one).state, season.read(other).word) == (State.ACCEPTED, "I cannot tell.")
    elsewhere = leader_of(api, season, "zh-CN")
    assert "没有待处理的售后申请" in elsewhere.get(base).text
    assert elsewhere.post(f"{base}/{season.orders[0].id}/accept", data={}).status_code in {403, 404}


def test_a_planner_grants_a_part_of_what_was_passed_on_or_declines_it(api: Api, season: Claimed) -> None:
    one, other = season.passed_on(), season.passed_on()
    client, _ = browser_of(api, Role.PLANNER, season.market.hub.organisation_id)
    assert "They came like that." in client.get("/plan/claims").text
    for fields, field in (
        ({"quantity": "2", "reason": ""}, f'id="reason-{one}-fault"'),
        ({"quantity": "much"}, f'id="quantity-{one}-fault"'),
    ):
        answer = send(client, "/plan/claims", f"/plan/claims/{one}/accept", **fields)
        assert (answer.status_code, field in answer.text) == (422, True)
    send(client, "/plan/claims", f"/plan/claims/{one}/accept", quantity="2", reason="Four were whole.")
    assert send(client, "/plan/claims", f"/plan/claims/{other}/decline").status_code == 422
    done = send(client, "/plan/claims", f"/plan/claims/{other}/decline", reason="They are pears.")
    assert "No claim waits for you." in done.text
    assert (season.read(one).accepted, season.read(other).reason) == (2_000, "They are pears.")
    elsewhere, _ = browser_of(api, Role.PLANNER, season.market.country.hub("Elsewhere").organisation_id)
    assert "No claim waits for you." in elsewhere.get("/plan/claims").text


def test_who_claims_of_their_own_order_sees_that_others_answer_it_and_no_button(api: Api, season: Claimed) -> None:
    first, consumer = season.claim(), season.orders[0].consumer_id
    api.store.run(people.grant, consumer, Role.LEADER, season.market.point.organisation_id)
    api.store.run(people.grant, consumer, Role.PLANNER, season.market.hub.organisation_id)
    client, at_point, second = consumer_of(api, season), f"{point_of(season)}/claims", season.claim()
    for page, claim_id, other in ((at_point, first, second), ("/plan/claims", second, first)):
        shown = client.get(page).text
        assert "somebody else answers it." in shown
        assert (f"{claim_id}/accept" in shown, str(other) in shown) == (False, False)
        assert send(client, page, f"{page}/{claim_id}/accept", quantity="6").status_code in {403, 404}
    assert (season.read(first).state, season.read(second).state) == (State.OPEN, State.PASSED_ON)


def test_a_leader_counts_what_came_with_a_photo_and_the_planner_reads_it(api: Api) -> None:
    season = Claimed.on_the_way(api.store)
    season.receive()
    season.share()
    client, page = leader_of(api, season), f"{point_of(season)}/arrival"
    bags = season.orders[0].lines[0].listing_id
    photo = {f"photo-{bags}": ("damage.png", PNG, "image/png")}
    for typed, field, said in (
        ({"came": "200"}, "came", "so much cannot have come"),
        ({"came": "1", "damaged": "2"}, "damaged", "Not more can be damaged than came."),
        ({"came": "some"}, "came", "Write a weight"),
    ):
        fields = {f"{name}-{bags}": value for name, value in typed.items()}
        answer = send_with_files(client, page, page, photo, **fields)
        assert answer.status_code == 422
        assert re.search(rf'id="{field}-{bags}-fault">.*{said}', answer.text), said
    kept = send_with_files(client, page, page, photo, **{f"came-{bags}": "48", f"damaged-{bags}": "1"})
    assert "Kept. The hub&#39;s planners see what is missing or damaged." in kept.text
    assert "2 kg missing" in kept.text
    planner, _ = browser_of(api, Role.PLANNER, season.market.hub.organisation_id)
    told = planner.get(f"/plan/cycles/{season.cycle_id}").text
    assert "Missing or damaged at points" in told
    (address,) = set(re.findall(r'href="(/api/v1/[^"]+/arrival/pictures/[^"]+)"', told))
    assert planner.get(address).headers["content-type"] == "image/png"
    season.hand_out_point()
    over = client.get(page).text
    assert "what was counted stays as it is" in over
    assert f'name="came-{bags}"' not in over
