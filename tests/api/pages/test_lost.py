"""Forms that were sent in a lost session: they come along through the signing in of whoever wrote them."""

from __future__ import annotations

from html import unescape

from api.auth import SESSION
from farmlink.people import commands, queries, work
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN
from tests.api.pages.test_account import ADDRESS, PASSWORD, ana


def test_what_was_written_in_a_lost_session_is_sent_after_signing_in(api: Api) -> None:
    client, person_id = ana(api)
    written = hidden(client.get("/me").text) | {"name": "Ana Ruiz & Söhne", "language": "en", "phone": ""}
    client.cookies.delete(SESSION)
    lost = client.post("/me", data=written)
    assert lost.status_code == 401
    assert "You were signed out meanwhile." in lost.text
    wrong = client.post("/sign-in", data=hidden(lost.text) | {"email": ADDRESS, "password": "not hers"})

    back = client.post("/sign-in", data=hidden(wrong.text) | {"email": ADDRESS, "password": PASSWORD})
    assert "was not sent either" in back.text
    assert api.store.read(queries.person_card, person_id).name == "Ana Ruiz"
    sent = client.post("/me", data=hidden(back.text))

    assert sent.status_code == 200
    assert api.store.read(queries.person_card, person_id).name == "Ana Ruiz & Söhne"


def test_what_somebody_wrote_is_not_offered_to_the_next_at_the_same_device(api: Api) -> None:
    client, _ = ana(api)
    written = hidden(client.get("/me").text) | {"name": "Nobody else's business", "language": "en", "phone": ""}
    client.cookies.delete(SESSION)
    lost = client.post("/me", data=written)
    api.store.run(commands.add_person, "Bo", email="bo@example.org", password_hash=work.hash_password(PASSWORD))

    entered = client.post("/sign-in", data=hidden(lost.text) | {"email": "bo@example.org", "password": PASSWORD})

    assert "business" not in entered.text
    assert entered.url.path == "/"


def hidden(shown: str) -> dict[str, str]:
    """What a page hid in its first form."""
    form = shown[shown.find("<main") :].partition('<form method="post"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}
