"""Money that is held longer than was promised: planners are told once, and what shows the threshold says so."""

from __future__ import annotations

import threading

from farmlink import scheduler
from farmlink.cycles.queries.due import overdue
from farmlink.cycles.values import Unmet
from farmlink.demand import queries as demand
from farmlink.kernel.page import Paging
from farmlink.people.values import Role
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.notify.builders import PostOffice, body
from tests.farmlink.planning.builders import run_sql

LATE = "UPDATE order_cycle SET collect_on = current_date - 9, hand_out_on = current_date - :days"
SUBJECT = "everybody was to be charged or released by now"


def promised(post: PostOffice, language: str = "en", **terms: object) -> Goods:
    """Every farm has said yes, and a planner of the hub is there to finish the cycle."""
    goods = Goods.closed(post.store, **terms).confirmed()  # type: ignore[arg-type]  # terms of the cycle
    post.person("hub@example.org", language, Role.PLANNER, goods.market.hub.organisation_id)
    post.send()
    return goods


def look(post: PostOffice, goods: Goods, *, days: int) -> None:
    """Let so many days pass since the hand-out, and what is due be told."""
    run_sql(goods.store, LATE, days=days)
    for job in scheduler.JOBS:
        if job.name == "overdue":
            job.work(goods.store, stop=threading.Event())
    post.send()


def told(post: PostOffice) -> list[str]:
    return [body(letter) for letter in post.letters() if SUBJECT in letter["Subject"] or "逾期" in letter["Subject"]]


def test_planners_are_told_once_of_a_cycle_that_nobody_settled_or_finished(post: PostOffice) -> None:
    goods = promised(post)
    look(post, goods, days=1)
    assert told(post) == []

    for _ in range(2):
        look(post, goods, days=4)

    (said,) = told(post)
    assert "What is held for the orders stays held" in said
    assert "finish the cycle" in said


def test_they_are_told_in_their_language_even_where_less_than_needed_was_shared(post: PostOffice) -> None:
    goods = promised(post, "zh-CN", threshold_minor=100_000, unmet=Unmet.PARTIAL)

    look(post, goods, days=4)

    (said,) = told(post)
    assert "冻结" in said


def test_a_letter_that_comes_after_the_cycle_was_settled_is_not_sent(post: PostOffice) -> None:
    goods = promised(post)
    run_sql(goods.store, LATE, days=4)
    for job in scheduler.JOBS:
        if job.name == "overdue":
            job.work(goods.store, stop=threading.Event())
    goods.receive()
    goods.share()
    goods.finish()

    post.send()

    assert told(post) == []
    assert goods.store.read(overdue) == ()


def test_who_looks_at_the_cycle_sees_that_it_is_overdue(post: PostOffice) -> None:
    goods = promised(post)
    seen = []
    for days in (1, 4):
        run_sql(goods.store, LATE, days=days)
        listed = goods.store.read(demand.listings_progress, goods.cycle_id, Paging(10), "en").items
        seen.append((goods.store.read(demand.progress, goods.cycle_id).overdue, {one.overdue for one in listed}))

    assert seen == [(False, {False}), (True, {True})]
