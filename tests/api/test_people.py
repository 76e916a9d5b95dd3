"""People over the API: accounts by message, admission, and what belongs to others."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from farmlink.people import commands, queries, work
from farmlink.people.values import OrganisationKind, RegistrationId, ResetId, Role

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Api

WISH = {"email": "ana@example.org", "name": "Ana", "password": "a long pass phrase", "language": "zh-CN"}
PEOPLE = "/api/v1/people"


def once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def announced(api: Api, name: str, field: str) -> UUID:
    """The id in the one event of this name."""
    payload = api.store.read(
        lambda tx: tx.execute("SELECT payload FROM outbox_event WHERE name = :name", {"name": name}).scalar_one()
    )
    return UUID(payload[field])


def test_an_account_from_the_wish_to_the_first_sign_in(api: Api) -> None:
    asked = api.nobody.post(f"{PEOPLE}/registrations", json=WISH)
    id_ = RegistrationId(announced(api, "registration.asked.v1", "registration_id"))
    token = api.store.run(commands.make_registration_token, id_)[2]
    opened = api.nobody.post(f"{PEOPLE}/registrations/confirmed", json={"token": token})
    spent = api.nobody.post(f"{PEOPLE}/registrations/confirmed", json={"token": token})
    entered = api.nobody.post(f"{PEOPLE}/sign-ins", json={"email": WISH["email"], "password": WISH["password"]})
    me = api.client({"authorization": f"Bearer {entered.json()['token']}"}).get(f"{PEOPLE}/me")

    assert (asked.status_code, opened.status_code, entered.status_code) == (202, 201, 201)
    assert (spent.status_code, spent.json()["code"]) == (409, "token-spent")
    assert (me.json()["name"], me.json()["language"]) == ("Ana", "zh-CN")


def test_registering_twice_answers_the_same_whether_known_or_not(api: Api) -> None:
    api.store.run(commands.add_person, "Ana", email=WISH["email"])

    known = api.nobody.post(f"{PEOPLE}/registrations", json=WISH)
    unknown = api.nobody.post(f"{PEOPLE}/registrations", json=WISH | {"email": "bo@example.org"})

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_a_forgotten_password_is_set_anew_by_the_message(api: Api) -> None:
    api.store.run(commands.add_person, "Ana", email=WISH["email"])
    asked = api.nobody.post(f"{PEOPLE}/password-resets", json={"email": WISH["email"]})
    unknown = api.nobody.post(f"{PEOPLE}/password-resets", json={"email": "nobody@example.org"})
    id_ = ResetId(announced(api, "password.reset-asked.v1", "reset_id"))
    token = api.store.run(commands.make_reset_token, id_)[1]

    short = api.nobody.post(f"{PEOPLE}/password-resets/confirmed", json={"token": token, "password": "short"})
    done = api.nobody.post(f"{PEOPLE}/password-resets/confirmed", json={"token": token, "password": WISH["password"]})

    assert (asked.status_code, unknown.status_code) == (202, 202)
    assert short.json()["errors"][0]["field"] == "password"
    assert done.status_code == 204


def test_a_stranger_cannot_fill_a_box_with_letters(api: Api) -> None:
    api.store.run(commands.add_person, "Ana", email=WISH["email"])

    answers = [api.nobody.post(f"{PEOPLE}/registrations", json=WISH) for _ in range(6)]
    reset = api.nobody.post(f"{PEOPLE}/password-resets", json={"email": WISH["email"]})

    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert reset.status_code == 202, "nor keep somebody from a new password"
    assert answers[-1].json()["code"] == "too-many-letters"
    assert 3500 < int(answers[-1].headers["retry-after"]) <= 3600


def test_too_many_wrong_passwords_are_slowed_down(api: Api) -> None:
    for _ in range(10):
        api.store.run(commands.note_failure, WISH["email"], "127.0.0.1")

    answer = api.nobody.post(f"{PEOPLE}/sign-ins", json={"email": WISH["email"], "password": "wrong"})

    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-failures")
    assert 800 < int(answer.headers["retry-after"]) <= 900
    assert answer.json()["facts"] == {"minutes": 15, "retry_after_s": int(answer.headers["retry-after"])}


def test_guesses_that_come_all_at_once_count_like_guesses_in_a_row(api: Api) -> None:
    def guess(number: int) -> int:
        body = {"email": WISH["email"], "password": f"guess {number}"}
        return api.client().post(f"{PEOPLE}/sign-ins", json=body).status_code

    clients = ThreadPoolExecutor(64)
    with clients:
        answered = Counter(clients.map(guess, range(64)))

    assert answered == {401: 10, 429: 54}


def test_a_wrong_password_is_answered_like_an_unknown_address_and_a_right_one_is_no_failure(api: Api) -> None:
    hashed = work.hash_password(WISH["password"])
    api.store.run(commands.add_person, "Ana", email=WISH["email"], password_hash=hashed)

    def entered(email: str, password: str) -> httpx.Response:
        return api.nobody.post(f"{PEOPLE}/sign-ins", json={"email": email, "password": password})

    wrong, unknown = entered(WISH["email"], "wrong"), entered("nobody@example.org", "wrong")
    right = [entered(WISH["email"], WISH["password"]).status_code for _ in range(12)]

    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong-password")
    assert wrong.headers["content-type"] == "application/problem+json"
    assert wrong.json() == unknown.json()
    assert right == [201] * 12


def test_a_person_changes_and_erases_themselves(api: Api) -> None:
    client = api.as_(api.person())
    tag = client.get(f"{PEOPLE}/me").headers["etag"]

    changed = client.patch(f"{PEOPLE}/me", json={"name": "Ana R."}, headers={"if-match": tag})
    stale = client.patch(f"{PEOPLE}/me", json={"name": "Late"}, headers={"if-match": tag})
    erased = client.delete(f"{PEOPLE}/me")

    assert (changed.json()["name"], changed.headers["etag"]) == ("Ana R.", '"2"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (erased.status_code, client.get(f"{PEOPLE}/me").status_code) == (204, 401)


def test_an_admin_erases_somebody_who_asked_for_it(api: Api) -> None:
    person = api.person()

    assert api.as_role(Role.ADMIN).delete(f"{PEOPLE}/persons/{person}").status_code == 204
    assert api.as_(person).get(f"{PEOPLE}/me").status_code == 401


def test_a_farmer_is_admitted_once_and_then_renames_the_farm(api: Api) -> None:
    farmer, planner = api.as_(api.person()), api.as_role(Role.PLANNER)
    key = once()
    asked, again = (
        farmer.post("/api/v1/applications", json={"role": "farmer", "organisation_name": "Two Creeks"}, headers=key)
        for _ in range(2)
    )
    address = f"/api/v1/applications/{asked.json()['id']}"
    decided = planner.post(f"{address}/decision", json={"approve": True}, headers=once())
    twice = planner.post(f"{address}/decision", json={"approve": False}, headers=once())
    farm = f"/api/v1/organisations/{decided.json()['organisation_id']}"
    renamed = farmer.put(f"{farm}/name", json={"name": "Three Creeks"}, headers={"if-match": '"1"'})
    members = farmer.get(f"{PEOPLE}/organisations/{decided.json()['organisation_id']}/persons")

    assert asked.json() == again.json()
    assert (decided.json()["stage"], twice.json()["code"]) == ("approved", "application-decided")
    assert (renamed.json()["name"], api.nobody.get(farm).headers["etag"]) == ("Three Creeks", '"2"')
    assert len(members.json()["items"]) == 1
    assert farmer.get(address).json()["stage"] == "approved"


def test_what_belongs_to_others_does_not_exist(api: Api) -> None:
    owner, stranger = api.as_(api.person()), api.as_(api.person())
    application = owner.post(
        "/api/v1/applications", json={"role": "leader", "organisation_name": "Corner shop"}, headers=once()
    ).json()["id"]
    farm = api.store.run(commands.add_organisation, "Two Creeks", OrganisationKind.FARM)

    answers = [
        stranger.get(f"/api/v1/applications/{application}"),
        stranger.put(f"/api/v1/organisations/{farm}/name", json={"name": "Mine"}, headers={"if-match": '"1"'}),
        stranger.get(f"{PEOPLE}/organisations/{farm}/persons"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert stranger.get("/api/v1/applications").json()["items"] == []
    assert len(api.as_role(Role.PLANNER).get("/api/v1/applications?stage=asked").json()["items"]) == 1


def test_an_admin_gives_and_takes_roles_and_sees_every_member(api: Api) -> None:
    admin, person = api.as_role(Role.ADMIN), api.person()
    hub = admin.post("/api/v1/organisations", json={"name": "North hub", "kind": "hub"}, headers=once()).json()["id"]
    role = f"/api/v1/organisations/{hub}/persons/{person}/roles/dock"

    given = admin.put(role)
    members = admin.get(f"{PEOPLE}/organisations/{hub}/persons").json()["items"]
    taken = admin.delete(role)
    renamed = admin.put(f"/api/v1/organisations/{hub}/name", json={"name": "Hub N"}, headers={"if-match": '"1"'})

    assert (given.status_code, taken.status_code, renamed.status_code) == (200, 204, 200)
    assert [one["id"] for one in members] == [str(person)]
    assert admin.put(f"/api/v1/organisations/{hub}/persons/{person}/roles/king").status_code == 404


def test_organisations_come_page_by_page(api: Api) -> None:
    for number in range(3):
        api.store.run(commands.add_organisation, f"Farm {number}", OrganisationKind.FARM)

    first = api.nobody.get("/api/v1/organisations?limit=2").json()
    second = api.nobody.get(f"/api/v1/organisations?limit=2&after={first['next']}").json()

    assert [one["name"] for one in first["items"] + second["items"]] == ["Farm 0", "Farm 1", "Farm 2"]
    assert second["next"] is None


def test_the_only_admin_cannot_leave_the_platform_without_one(api: Api) -> None:
    ana = api.person(Role.ADMIN)
    platform = api.store.read(queries.platform_id)
    role = f"/api/v1/organisations/{platform}/persons/{ana}/roles/admin"
    refused = api.as_(ana).delete(role)
    assert (refused.status_code, refused.json()["code"]) == (409, "last-admin")
    api.person(Role.ADMIN)
    assert api.as_(ana).delete(role).status_code == 204
