"""The authorisation matrix: every principal at every door, generated from the live route table."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import SQLModel

from api.app import create_app
from api.guards import audience_of, doors
from farmlink.kernel.ids import uuid7
from farmlink.people.commands import add_organisation
from farmlink.people.values import OrganisationKind, Role

if TYPE_CHECKING:
    import httpx

    from farmlink.store.store import Store
    from tests.api.conftest import Api

LISTED = Path(__file__).parent / "audiences.txt"
HERE = " of the platform"


def listed() -> dict[tuple[str, str], str]:
    """What audiences.txt says."""
    lines = [line.split(maxsplit=2) for line in LISTED.read_text().splitlines() if line and not line.startswith("#")]
    return {(method, path): audience for method, path, audience in lines}


@cache
def live() -> dict[tuple[str, str], str]:
    """What the application says, in the same words."""
    found = {}
    for route, handler in doors(create_app()):
        path = re.sub(r":\w+}", "}", route.path)
        audience = audience_of(handler)
        assert audience is not None
        for method in set(getattr(handler, "http_methods", ())) - {"OPTIONS"}:
            found[str(method), path] = audience.name
    return found


def test_every_door_is_listed_with_its_audience_and_every_listed_door_exists() -> None:
    unlisted = {f"{method:6} {path} {audience}" for (method, path), audience in live().items()}
    known = {f"{method:6} {path} {audience}" for (method, path), audience in listed().items()}

    assert sorted(unlisted - known) == []
    assert sorted(known - unlisted) == []


def admitted(audience: str, role: Role | None) -> bool:
    if audience in {"anyone", "unasked"}:
        return True
    return role is not None and (audience == "signed in" or role.value in audience.removesuffix(HERE).split(" or "))


def ends(method: str, path: str) -> bool:
    """Doors that may end the sign-in that knocks; they come last."""
    return method == "DELETE" or path == "/sign-out"


def knock(client: httpx.Client, method: str, path: str) -> int:
    """Ask with ids that name nothing and a body that says nothing, so that only the guard can differ."""
    address = re.sub(r"{held}", "consumer", path)
    address = re.sub(r"{version}", "999", address)
    address = re.sub(r"{(path|file_path)}", "nothing", address)
    address = re.sub(r"{\w+}", lambda _: str(uuid7()), address)
    headers = {"if-match": '"1"', "idempotency-key": str(uuid7())}
    if method in {"GET", "HEAD", "DELETE"}:
        return client.request(method, address, headers=headers).status_code
    if not path.startswith("/api/"):  # a page: its forms come as forms
        return client.request(method, address, headers=headers, data={"email": "x"}).status_code
    return client.request(method, address, headers=headers, json={}).status_code


def rows(store: Store) -> int:
    """How many rows the database holds; a key keeps even a refusal, and belongs to whoever sent it."""
    tables = sorted(set(SQLModel.metadata.tables) - {"idempotency_key"})
    counts = " + ".join(f'(SELECT count(*) FROM "{table}")' for table in tables)
    with store.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT {counts}")).scalar_one())


def test_nobody_and_every_role_is_let_in_exactly_where_the_list_says(api: Api) -> None:
    wrong = []
    for role in (None, *Role):
        client, shut_out = (api.nobody, 401) if role is None else (api.as_role(role), 403)
        shut = [door for door, audience in sorted(listed().items()) if not admitted(audience, role)]
        before = rows(api.store)
        answers = {door: knock(client, *door) for door in shut}
        wrong += [f"{role} {door}: {status}" for door, status in answers.items() if status != shut_out]
        if rows(api.store) != before:
            wrong.append(f"{role} changed the database through a door that is shut to them")
        for door in sorted(set(listed()) - set(shut), key=lambda door: (ends(*door), door)):
            if role is not None and ends(*door):
                client = api.as_role(role)  # the one before may have erased itself or signed out
            status = knock(client, *door)
            if status == shut_out or status >= 500:
                wrong.append(f"{role} {door}: {status}")
    assert wrong == []


def test_a_role_elsewhere_opens_no_door_of_the_platform(api: Api) -> None:
    elsewhere = api.store.run(add_organisation, "North hub", OrganisationKind.HUB)
    clients = [api.as_(api.person(role, elsewhere)) for role in (Role.ADMIN, Role.PLANNER)]
    doors_here = [door for door, audience in listed().items() if audience.endswith(HERE)]

    assert len(doors_here) > 5
    assert {knock(client, *door) for client in clients for door in doors_here} == {403}
