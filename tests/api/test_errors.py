"""What the house answers when something breaks: a problem that hides what is nobody's business."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from litestar import get
from litestar.params import FromPath
from litestar.testing import TestClient, create_test_client
from psycopg.errors import InvalidTextRepresentation, UniqueViolation
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from api.app import create_app
from api.body import StrictRequest
from api.errors import HANDLERS, IN_DOUBT
from api.guards import OPT, admit, anyone, role
from api.security import secure
from farmlink.kernel.errors import ForbiddenError, InvalidError
from farmlink.kernel.locale import render
from farmlink.people.rules import LinkElsewhereError
from farmlink.people.values import Role
from farmlink.store.store import OutcomeUnknownError, Store

BREAKING: dict[str, Exception] = {
    "mistake": ZeroDivisionError("a secret"),
    "figure": DataError("INSERT a secret", {}, InvalidTextRepresentation("no integer: ana@example.org")),
    "race": IntegrityError("INSERT a secret", {}, UniqueViolation("duplicate key\nDETAIL: (ana@example.org)")),
    "away": OperationalError("SELECT a secret", {}, Exception("connection refused")),
    "doubt": OutcomeUnknownError("a secret"),
    "forbidden": ForbiddenError(),
    "family": LinkElsewhereError(),
    "field": InvalidError(field="email", reason="Choose en or zh-CN."),
}


@get("/break/{name:str}", opt={OPT: anyone}, sync_to_thread=False)
def break_(name: FromPath[str]) -> None:
    raise BREAKING[name]


@get("/staff", opt={OPT: role(Role.ADMIN)}, sync_to_thread=False)
def staff() -> None: ...


@get("/unnamed", sync_to_thread=False)
def unnamed() -> None: ...


@pytest.fixture
def client() -> Iterator[TestClient]:  # type: ignore[type-arg]  # any application
    with create_test_client(
        [break_, staff, unnamed],
        exception_handlers=HANDLERS,
        guards=[admit],
        request_class=StrictRequest,
        before_send=[secure],
        raise_server_exceptions=False,
        openapi_config=None,
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("mistake", 500, "internal"),
        ("figure", 400, "malformed"),
        ("race", 409, "refused"),
        ("away", 503, "unavailable"),
        ("doubt", 503, "outcome-unknown"),
        ("forbidden", 403, "forbidden"),
        ("family", 403, "link-elsewhere"),
        ("field", 422, "invalid"),
    ],
)
def test_whatever_breaks_is_answered_without_telling_how(
    client: TestClient,  # type: ignore[type-arg]  # any application
    name: str,
    status: int,
    code: str,
) -> None:
    answer: httpx.Response = client.get(f"/break/{name}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "secret" not in answer.text


@pytest.mark.parametrize("name", ["figure", "race", "away", "doubt"])
def test_what_broke_is_written_down_without_what_somebody_wrote(
    client: TestClient,  # type: ignore[type-arg]  # any application
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    client.get(f"/break/{name}")

    (said,) = (one.getMessage() for one in caplog.records if one.name == "api")
    assert "GET /break/{name}" in said
    assert f"/break/{name}" not in said
    assert "ana@example.org" not in said


def test_a_reason_is_told_in_the_readers_language(client: TestClient) -> None:  # type: ignore[type-arg]  # any application
    answer = client.get("/break/field", headers={"accept-language": "zh"})

    assert answer.json()["errors"] == [{"field": "email", "code": "invalid", "message": "请选择 en 或 zh-CN。"}]


def test_an_outcome_in_doubt_is_told_in_the_readers_language(client: TestClient) -> None:  # type: ignore[type-arg]  # any application
    answer = client.get("/break/doubt", headers={"accept-language": "zh"})

    assert answer.json()["detail"] == render(IN_DOUBT, "zh-CN") != IN_DOUBT
    assert answer.headers["retry-after"] == "5"


def test_a_browser_at_a_closed_page_is_led_to_the_sign_in(client: TestClient) -> None:  # type: ignore[type-arg]  # any application
    answer = client.get("/staff", headers={"accept": "text/html"}, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/staff")


def test_a_door_without_a_name_lets_nobody_in_even_if_it_were_served(client: TestClient) -> None:  # type: ignore[type-arg]  # any application
    assert client.get("/unnamed").status_code == 500


def test_over_https_the_browser_is_told_to_stay_there(client: TestClient) -> None:  # type: ignore[type-arg]  # any application
    assert "strict-transport-security" in client.get("https://testserver.local/break/field").headers
    assert "strict-transport-security" not in client.get("/break/field").headers


def test_which_methods_an_address_takes_is_told_to_anybody(store: Store) -> None:
    with TestClient(create_app(store)) as served:
        answer = served.options("/api/v1/people/me")

    assert answer.status_code == 204
    assert "PATCH" in answer.headers["allow"]


def test_without_a_store_the_application_opens_that_of_the_settings(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARMLINK_DATABASE_URL", database_url)

    with TestClient(create_app()) as served:
        assert served.get("/ready").json() == {"status": "ready"}
