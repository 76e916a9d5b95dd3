"""What an operator sees of the work that is done by itself: what fails, what stands still, and the figures."""

from __future__ import annotations

import re

import httpx
import pytest

from farmlink.people.values import Role
from farmlink.store import jobs, safekeeping
from farmlink.store.jobs import Ran
from farmlink.store.sealed import Seal
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser_of, send
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import run_sql

TOKEN = "what-nobody-ever-guesses"
SILENCE = "UPDATE job_seen SET started_at = started_at - interval '1 hour', ended_at = ended_at - interval '1 hour'"


@pytest.fixture
def operator(api: Api) -> httpx.Client:
    return browser_of(api, Role.ADMIN)[0]


def test_jobs_are_shown_with_what_fails_first_and_why(api: Api, operator: httpx.Client) -> None:
    assert "No scheduler has written anything down yet" in operator.get("/ops/jobs").text
    api.store.run(jobs.note, Ran("close", 2, 12))
    good = operator.get("/ops/jobs").text
    api.store.run(jobs.note, Ran("plan", 2, 40, failures=2, error="MemoryError: too large"))
    bad = operator.get("/ops/jobs").text

    assert ("every job succeeds" in good, "Close cycles at their cut-off" in good) == (True, True)
    assert all(said in bad for said in ("1 job fails", "failed 2 times", "MemoryError: too large"))
    assert bad.index("Make plans") < bad.index("Close cycles")
    assert 'href="/ops/queue"' in bad


def test_a_scheduler_that_fell_silent_is_said_where_an_operator_begins(api: Api, operator: httpx.Client) -> None:
    api.store.run(jobs.note, Ran("close", 2, 12))
    assert "nobody runs them" not in operator.get("/ops").text
    run_sql(api.store, SILENCE)

    assert "nobody runs them" in operator.get("/ops").text
    assert "Nobody runs the jobs" in operator.get("/ops/jobs").text


def test_what_is_looked_for_seldom_is_wished_done_now(api: Api, operator: httpx.Client) -> None:
    for name, every_s in (("close", 2), ("forget", 3600)):
        api.store.run(jobs.note, Ran(name, every_s, 12))
    shown = operator.get("/ops/jobs").text
    wished = send(operator, "/ops/jobs", "/ops/jobs/forget/wished")
    send(operator, "/ops/jobs", "/ops/jobs/forget/wished")

    assert ("/ops/jobs/close/wished" in shown, "wished now" in wished.text) == (False, True)
    assert api.store.read(jobs.wished) == ["forget"]
    hidden = dict(HIDDEN.findall(shown))
    assert operator.post("/ops/jobs/harvest/wished", data=hidden).status_code == 404


def test_the_part_that_changes_is_sent_only_when_it_has(api: Api, operator: httpx.Client) -> None:
    first = operator.get("/ops/jobs/now")
    again = operator.get("/ops/jobs/now", headers={"if-none-match": first.headers["etag"]})
    api.store.run(jobs.note, Ran("close", 2, 12))
    later = operator.get("/ops/jobs/now", headers={"if-none-match": first.headers["etag"]})

    assert [first.status_code, again.status_code, later.status_code] == [200, 304, 200]


def test_figures_are_for_eyes_and_for_programs(api: Api, operator: httpx.Client) -> None:
    season = Goods.opened(api.store)
    season.order(3)
    api.store.run(jobs.note, Ran("close", 2, 12))
    operator.get(f"/plan/plans/{season.cycle_id}")
    shown, told = operator.get("/ops/metrics").text, operator.get("/metrics")

    assert all(said in shown for said in ("Orders in the last minute", "1 in an hour", "/plan/plans/{plan_id}"))
    assert told.headers["content-type"].startswith("text/plain")
    figures = dict(line.rsplit(" ", 1) for line in told.text.splitlines() if not line.startswith("#"))
    assert float(figures['farmlink_orders_placed{span="1h"}']) == 1
    assert float(figures["farmlink_jobs_failing"]) == 0
    asked = 'farmlink_http_requests_total{method="GET",route="/plan/plans/{plan_id}",status="404"}'
    assert float(figures[asked]) == 1
    assert str(season.cycle_id) not in told.text


def test_only_admins_and_who_holds_the_token_of_the_settings_read_figures(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(token: str) -> int:
        return api.nobody.get("/metrics", headers={"authorization": f"Bearer {token}"}).status_code

    stranger = browser_of(api, Role.PLANNER)[0]
    without = (api.nobody.get("/metrics").status_code, stranger.get("/metrics").status_code, read(TOKEN))
    monkeypatch.setenv("FARMLINK_METRICS_TOKEN", TOKEN)

    assert without == (401, 403, 401)
    assert (read(TOKEN), read(TOKEN + "x"), read("x")) == (200, 401, 401)


def test_no_address_and_no_method_that_nobody_serves_makes_a_figure_of_its_own(
    api: Api, operator: httpx.Client
) -> None:
    for number in range(3):
        operator.get(f"/nowhere/{number}")
        operator.request(f"BREW{number}", "/")
    told = operator.get("/metrics").text

    assert re.search(r'route="other",status="404"\} 3\.0', told)
    assert ("BREW" in told, "nowhere" in told) == (False, False)


def test_a_missing_backup_is_said_and_how_one_is_made_and_comes_back(api: Api, operator: httpx.Client) -> None:
    none = operator.get("/ops/backups").text
    seal = Seal("0037_jobs_seen", "a" * 64, 4_000_000)
    api.store.run(safekeeping.write_down, seal, "barn", "/backups/all.backup")
    fresh = operator.get("/ops/backups").text
    run_sql(api.store, "UPDATE backup_made SET made_at = made_at - interval '30 hours'")
    late = operator.get("/ops/backups").text

    assert "There is no backup that could be brought back." in none
    assert all(said in fresh for said in ("barn", "4,000 kB", "farmlink restore /backups/all.backup", "not yet"))
    assert ("whatever happened since would be lost" in fresh, "30 h 00 min" in late) == (False, True)
    assert "make one" in operator.get("/ops").text
