"""An operator's pages: what waits, what was done, who may do what, and the next version of the rules."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import httpx
import pytest

from api.pages.ops.queue import shortly
from farmlink.kernel.ids import uuid7
from farmlink.network import commands as network
from farmlink.people import commands, queries
from farmlink.people.values import PersonId, Role
from farmlink.policy import queries as policy
from farmlink.store.audit import seal
from farmlink.store.transaction import Transaction
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, browser_of, send
from tests.farmlink.counted import counted
from tests.farmlink.network.builders import Country

PAGES = (
    "/ops",
    "/ops/jobs",
    "/ops/metrics",
    "/ops/backups",
    "/ops/queue",
    "/ops/audit",
    "/ops/approvals",
    "/ops/people",
    "/ops/policy",
)


@pytest.fixture
def operator(api: Api) -> httpx.Client:
    return browser_of(api, Role.ADMIN)[0]


@pytest.mark.parametrize("path", PAGES)
def test_an_operators_page_is_for_admins_of_the_platform_alone(api: Api, operator: httpx.Client, path: str) -> None:
    answers = [client.get(path) for client in (operator, browser_of(api, Role.FARMER)[0], browser(api))]

    assert [answer.status_code for answer in answers] == [200, 403, 200]
    assert answers[2].url.path == "/sign-in"


def test_what_waits_is_counted_and_sent_again_only_when_it_changes(api: Api, operator: httpx.Client) -> None:
    first = operator.get("/ops/standing")
    again = operator.get("/ops/standing", headers={"if-none-match": first.headers["etag"]})
    send(operator, "/ops/people", "/ops/people", name="Bo", email="bo@example.org")
    later = operator.get("/ops/standing", headers={"if-none-match": first.headers["etag"]})

    assert [first.status_code, again.status_code, later.status_code] == [200, 304, 200]
    assert (again.text, "Events that wait" in later.text) == ("", True)


def test_what_was_given_up_is_shown_with_its_error_and_tried_again(api: Api, operator: httpx.Client) -> None:
    error = "SMTPRefused: (550, ada@example.org)"
    give_up = f"UPDATE outbox_event SET dead_at = now(), last_error = '{error}' WHERE delivered_at IS NULL"
    send(operator, "/ops/people", "/ops/people", name="Bo", email="bo@example.org")
    api.store.run(lambda tx: tx.execute(give_up).rowcount)

    shown = operator.get("/ops/queue").text
    after = send(operator, "/ops/queue", "/ops/queue/revived")

    assert "<code>SMTPRefused 550</code>" in shown
    assert "ada@example.org" not in shown
    assert re.search(r"M UTC</td>", shown), "whose clock it is"
    assert "Nothing was given up." in after.text


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("SMTPRecipientsRefused: {'ada@example.org': (550, b'no such user')}", "SMTPRecipientsRefused 550"),
        ("IntegrityError: (psycopg.errors.CheckViolation) Key=(ada@example.org)", "IntegrityError CheckViolation"),
        ("ValueError: 5501 Ada 404.1 ada@500.example", "ValueError"),
        ("ada@example.org is unknown", "?"),
        ("", "?"),
    ],
)
def test_of_an_error_its_kind_and_code_are_shown_and_nothing_that_could_name_somebody(error: str, shown: str) -> None:
    assert shortly(error) == shown


def test_the_check_says_that_everything_holds_and_names_the_row_that_does_not(api: Api, operator: httpx.Client) -> None:
    whole = send(operator, "/ops", "/ops/check")
    send(operator, "/ops/people", "/ops/people", name="Bo", email="bo@example.org")
    api.store.run(tampered)

    broken = send(operator, "/ops", "/ops/check")

    assert "Everything holds." in whole.text
    assert "audit_seal" in broken.text
    assert "was changed since" in broken.text


def tampered(tx: Transaction) -> None:
    """Seal the audit, then change a deed behind its back."""
    seal(tx)
    tx.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    tx.execute(
        "UPDATE audit_entry SET action = 'person.never' WHERE id = (SELECT min(id::text)::uuid FROM audit_entry)"
    )
    tx.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")


def test_deeds_are_found_by_what_they_were_done_to(api: Api, operator: httpx.Client) -> None:
    answer = send(operator, "/ops/people", "/ops/people", name="Bo", email="bo@example.org")
    person_id = answer.url.path.rsplit("/", 1)[1]

    found = operator.get("/ops/audit", params={"subject": person_id}).text
    others = operator.get("/ops/audit", params={"action": "cycle."}).text

    assert person_id in found
    assert "Person invited" in found
    assert "When (" in found
    assert "No such deed." in others


def move(tx: Transaction, crates: list[UUID]) -> None:
    """Move crates all at once."""
    for crate in crates:
        tx.record("crate.moved", crate)


def test_deeds_of_one_transaction_stand_on_as_many_pages_as_they_need(api: Api, operator: httpx.Client) -> None:
    moved = [uuid7() for _ in range(101)]
    api.store.run(move, moved)

    first = operator.get("/ops/audit", params={"action": "crate."}).text
    earlier = unescape(first.rpartition('class="button second" href="')[2].partition('"')[0])
    shown = first + operator.get(earlier).text

    assert [crate for crate in moved if f"subject={crate}" not in shown] == []


def test_somebody_is_invited_found_and_given_a_role(api: Api, operator: httpx.Client) -> None:
    platform = api.store.read(queries.platform_id)
    invited = send(operator, "/ops/people", "/ops/people", name="Bo Lind", email="bo@example.org")
    path = invited.url.path

    given = send(operator, path, f"{path}/roles", held="planner", organisation_id=str(platform), deed="give")
    found = operator.get("/ops/people", params={"q": "lind"}).text
    newest = operator.get("/ops/people").text

    assert "planner" in given.text
    assert (path in found, path in newest) == (True, True)
    held = api.store.read(queries.person, PersonId(UUID(path.rsplit("/", 1)[1]))).memberships
    assert Role.PLANNER in {one.role for one in held}


def test_an_address_that_is_none_is_refused_at_its_field(operator: httpx.Client) -> None:
    answer = send(operator, "/ops/people", "/ops/people", name="Bo", email="not an address")

    assert answer.status_code == 422
    assert 'id="email-fault"' in answer.text
    assert 'value="not an address"' in answer.text


def test_somebody_who_asked_for_it_is_erased(api: Api, operator: httpx.Client) -> None:
    path = send(operator, "/ops/people", "/ops/people", name="Bo", email="bo@example.org").url.path

    send(operator, path, f"{path}/erasure")

    assert "Somebody who was erased" in operator.get(path).text


def test_an_application_is_admitted_and_a_farm_that_waits_is_approved(api: Api, operator: httpx.Client) -> None:
    country = Country.founded(api.store)
    farm = api.store.run(network.add_farm, country.farm_draft())
    person_id = api.store.run(commands.add_person, "Ana")
    api.store.run(commands.apply, person_id, Role.FARMER, "Two Creeks")
    shown = operator.get("/ops/approvals").text
    application = re.findall(r'action="(/ops/approvals/applications/[^"]+)"', shown)[0]

    declined = send(operator, "/ops/approvals", application, decision="decline", reason="")
    admitted = send(operator, "/ops/approvals", application, decision="admit")
    approved = send(operator, "/ops/approvals", f"/ops/approvals/farms/{farm.id}")

    assert declined.status_code in {409, 422}
    assert "Two Creeks" not in admitted.text
    assert "No farm waits." in approved.text


@pytest.mark.parametrize(("path", "told"), [("/ops/standing", "<dd>4</dd>"), ("/ops/approvals", "ana@example.org")])
def test_many_who_ask_take_as_many_statements_as_one(api: Api, operator: httpx.Client, path: str, told: str) -> None:
    apply(api, "Ana", "ana@example.org")
    with counted(api.store) as few:
        operator.get(path)
    for name in ("Bo", "Cy", "Di"):
        apply(api, name)
    with counted(api.store) as many:
        shown = operator.get(path).text

    assert told in shown
    assert len(many) == len(few)


def apply(api: Api, name: str, email: str | None = None) -> None:
    """Let somebody ask to sell as a farm."""
    person_id = api.store.run(commands.add_person, name, email=email)
    api.store.run(commands.apply, person_id, Role.FARMER, f"{name}'s farm")


def test_the_rules_are_read_by_everybody_and_the_next_version_is_published_with_its_reason(
    api: Api, operator: httpx.Client
) -> None:
    without = send(operator, "/ops/policy", "/ops/policy", **figures(operator))
    more = {"charges.order_fee_minor": "25", "charges.commission_ppm": "3.5", "reason": "Members voted on 3 May."}
    changed = figures(operator) | more
    published = send(operator, "/ops/policy", "/ops/policy", **changed)

    assert without.status_code == 422
    assert 'id="reason-fault"' in without.text
    assert "Members voted on 3 May." in browser(api).get("/policy").text
    assert "每个新平台最初的规则。" in browser(api, "zh-CN").get("/policy").text
    assert published.url.path == "/policy"
    assert api.store.read(policy.current).document.charges.order_fee_minor == 25
    assert api.store.read(policy.current).document.charges.commission_ppm == 35_000


def test_a_figure_that_is_no_number_is_named_and_nothing_is_published(api: Api, operator: httpx.Client) -> None:
    before = api.store.read(policy.current).version

    answer = send(
        operator, "/ops/policy", "/ops/policy", **figures(operator) | {"charges.crate_g": "many", "reason": "Because."}
    )

    assert answer.status_code == 422
    assert 'id="charges.crate_g-fault"' in answer.text
    assert 'value="many"' in answer.text
    assert api.store.read(policy.current).version == before


def figures(client: httpx.Client) -> dict[str, str]:
    """The form of the policy as it stands."""
    shown = client.get("/ops/policy").text
    fields = dict(re.findall(r'name="(\w+\.\w+)" type="text" value="([^"]*)"', shown))
    return fields | {"shortage_rule": re.findall(r'value="([\w-]+)" checked', shown)[0]}


def test_a_broken_address_leads_back_to_ones_own_first_page(operator: httpx.Client) -> None:
    answer = operator.get(f"/plan/cycles/{UUID(int=0)}")
    assert (answer.status_code, '<a href="/ops">' in answer.text.partition("<h1>")[2]) == (404, True)
