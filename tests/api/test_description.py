"""The description of the API: complete, true, offline, and in every language that the pages speak."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import msgspec
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from api import kept, openapi
from api.app import create_app
from api.description import described, example
from api.v1.confirmations import AnswerGiven, LinkedAnswer
from api.v1.cycles.bodies import CycleBody
from farmlink.confirmations.rules import promised_by
from farmlink.cycles.rules import moment_at, require_sane
from farmlink.kernel.clock import day_of
from farmlink.kernel.locale import CHINESE, render
from farmlink.people.values import Role

if TYPE_CHECKING:
    from tests.api.conftest import Api

TEMPLATES = Path(openapi.__file__).parent / "templates"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return described(create_app())


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_it_is_openapi_3_1_and_says_of_every_operation_what_it_does_and_for_whom(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["x-principal"] in operation["description"], name


def test_it_is_a_valid_openapi_document_and_every_schema_in_it_is_one(document: dict[str, Any]) -> None:
    assert list(OPENAPI_31_VALIDATOR.iter_errors(document)) == []
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        assert re.fullmatch(r"\w+", name), name


def test_every_answer_has_an_example_of_its_own_shape(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                schema = content.get("schema", {}) | {"components": document["components"]}
                shown = [content["example"]] if status.startswith("2") and "json" in kind else []
                shown += [at(document, one["$ref"])["value"] for one in content.get("examples", {}).values()]
                assert shown or kind in {"text/event-stream", "application/xml", "text/csv"}, f"{name} {status}"
                for one in shown:
                    assert jsonschema_rs.is_valid(schema, one), f"{name} {status} {one}"


def at(document: dict[str, Any], reference: str) -> Any:
    """What stands in a document where a reference points."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_what_two_people_can_edit_says_so(document: dict[str, Any]) -> None:
    """A role is given or not, who moves gets another home, who chooses letters says them all: none is edited."""
    edited = {name for name, one in operations(document) if {"412", "428"} & one["responses"].keys()}
    shown = {
        name.split()[1]
        for name, one in operations(document)
        if "ETag" in one["responses"].get("200", {}).get("headers", {})
    }

    changes = {name for name, _ in operations(document) if name.startswith(("put ", "patch "))}
    assert {name for name in changes if not name.endswith(("/roles/{held}", "/home", "/letters"))} <= edited
    for name in edited - {"post /api/v1/policy/versions"}:
        path = name.split()[1].removesuffix("/price").removesuffix("/name").removesuffix("/extension")
        assert path in shown, name


def test_the_codes_of_an_operation_are_those_of_all_that_it_calls(document: dict[str, Any]) -> None:
    placing = document["paths"]["/api/v1/cycles/{cycle_id}/orders"]["post"]["responses"]
    reading = document["paths"]["/api/v1/policy/current"]["get"]["responses"]

    assert set(placing["409"]["content"]["application/problem+json"]["examples"]) >= {
        *("below-minimum", "cycle-closed", "cycle-not-open", "cycle-paused", "key-reused", "order-exists"),
        *("point-closed", "point-full", "point-laden", "sold-out"),
    }
    assert "lot-gone" not in json.dumps(placing)
    for path, method in (("points", "post"), ("farms", "post"), ("hubs/{hub_id}", "put"), ("people/me/home", "put")):
        located = document["paths"][f"/api/v1/{path}"][method]["responses"]["409"]["content"]
        known = set(located["application/problem+json"]["examples"])
        assert known >= {"address-unknown", "geocoder-unreachable"}, path
    assert reading.keys() == {"200", "400", "422", "503"}


def test_every_json_body_has_an_example_of_its_own_shape(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            if "json" in kind:
                schema = content["schema"] | {"components": document["components"]}
                assert jsonschema_rs.is_valid(schema, content["example"]), name


def test_the_example_of_a_cycle_and_of_an_answer_are_accepted_as_they_are(document: dict[str, Any]) -> None:
    def shown(path: str) -> Any:
        return document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]

    terms = msgspec.convert(shown("/api/v1/cycles"), CycleBody).value()
    opens_at, closes_at = moment_at(terms.opens, "Asia/Shanghai"), moment_at(terms.closes, "Asia/Shanghai")
    require_sane(terms, opens_at, closes_at, day_of(closes_at, "Asia/Shanghai"))
    given = msgspec.convert(shown("/api/v1/confirmations/{request_id}/answer"), AnswerGiven)
    linked = msgspec.convert(shown("/api/v1/answers/{token}"), LinkedAnswer)
    for answer in (given, linked):
        assert promised_by(answer.value(), 60_000, 0, 1000) == (50_000, "weather")


def test_every_error_is_described_as_a_problem(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                assert list(answer["content"]) == ["application/problem+json"], f"{name} {status}"


def test_a_schema_without_an_end_still_gets_an_example() -> None:
    endless: dict[str, Any] = {"type": "object", "properties": {"next": {"$ref": "#/x/Endless"}}}
    row: dict[str, Any] = {"type": ["array", "null"], "items": {"$ref": "#/x/Row"}}

    assert "next" in example(endless, {"Endless": endless})
    assert isinstance(example(row, {"Row": row}), list)
    assert example({"anyOf": [{"const": 7}]}, {}) == 7
    assert example({"type": "number"}, {}) == 1.5


def test_the_api_page_reads_without_scripts_and_asks_nobody_else(api: Api) -> None:
    page = api.nobody.get("/api", headers={"accept": "text/html"}, follow_redirects=True)

    assert "POST /api/v1/people/sign-ins" in page.text
    assert re.findall(r'(?:src|href)="https?:', page.text) == []
    assert re.findall(r"<script[^>]*>[^<]|<style|style=| on[a-z]+=", page.text) == []
    assert "unsafe" not in page.headers["content-security-policy"]


def test_built_files_are_named_by_their_content(api: Api) -> None:
    page = api.nobody.get("/sign-in").text
    manifest = api.nobody.get("/static/manifest.json").json()

    assert dict(re.findall(r"/static/([\w.-]+)\?v=(\w+)", page)) == {
        name: manifest[name] for name in ("app.css", "app.js", "mark.svg")
    }


def test_the_description_is_served_as_it_is_kept(api: Api) -> None:
    served = api.nobody.get("/api/schema/openapi.json")

    assert served.json() == json.loads(openapi.written())
    assert served.content == kept.KEPT.read_bytes()
    assert api.nobody.get("/api/schema/other").status_code == 404


def test_a_server_reads_no_source_to_describe_itself() -> None:
    program = (
        "import sys, api.app; print(sorted({'api.refusals', 'api.problems', 'api.description'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert loaded == "[]\n"


def test_a_changed_description_is_noticed_until_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(openapi, "KEPT", tmp_path / "openapi.json")

    assert openapi.main(["--check"]) == 1
    assert "review the change" in capsys.readouterr().err
    assert openapi.main(["--write"]) == 0
    assert openapi.main(["--check"]) == 0
    assert openapi.main([]) == 2


def test_every_text_of_the_pages_exists_in_chinese() -> None:
    texts = {text for page in TEMPLATES.glob("*.html") for text in re.findall(r'\bt\("([^"]+)"\)', page.read_text())}
    texts |= {text for page in TEMPLATES.glob("*.html") for text in re.findall(r"\bt\('([^']+)'\)", page.read_text())}

    assert len(texts) > 5
    assert [text for text in sorted(texts) if render(text, CHINESE) == text] == []


def test_a_policy_is_published_over_the_api_and_only_on_the_version_seen(api: Api) -> None:
    admin = api.as_role(Role.ADMIN)
    current = admin.get("/api/v1/policy/current")
    document = current.json()["document"]
    document["fairness"]["small_farm_kg"] = 300
    wish = {"document": document, "reason": "Members voted on 3 May."}
    headers = {"if-match": current.headers["etag"], "idempotency-key": "01981a3c-7b1e-7c4d-9f2a-3b6d5e8f7a90"}

    published, again = (admin.post("/api/v1/policy/versions", json=wish, headers=headers) for _ in range(2))
    headers["idempotency-key"] = "01981a3c-7b1e-7c4d-9f2a-3b6d5e8f7a91"
    stale = admin.post("/api/v1/policy/versions", json=wish, headers=headers)

    assert (published.status_code, published.json()["version"]) == (201, 2)
    assert again.json() == published.json()
    assert stale.status_code == 412
    assert [one["version"] for one in api.nobody.get("/api/v1/policy/versions").json()["items"]] == [2, 1]
    assert api.nobody.get("/api/v1/policy/versions/1").json()["document"]["fairness"]["small_farm_kg"] == 200
