"""What people get when something happened that concerns them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farmlink.cycles import commands as cycles
from farmlink.demand import commands as demand
from farmlink.network.values import PlaceId
from farmlink.notify import commands
from farmlink.notify.values import Kind, MessageId, Waiting
from farmlink.orders import commands as orders
from farmlink.orders.values import Amendment, CancelReason, WantedLine
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Role
from farmlink.scheduler import REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market
from tests.farmlink.notify.builders import PostOffice, body, link, token
from tests.farmlink.planning.builders import run_sql


@pytest.fixture
def market(store: Store) -> Market:
    return Market.founded(store)


@pytest.mark.parametrize(
    ("language", "subject", "most"),
    [("en", "Your order for Sep 5, 2031", "at most $9.00"), ("zh-CN", "您的订单(2031年9月5日 交付)", "US$9.00")],
)
def test_an_order_is_confirmed_with_what_where_when_and_how_much_at_most(
    post: PostOffice, market: Market, language: str, subject: str, most: str
) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 3}, consumer_id=post.person(language=language))

    assert post.send() == 1

    letter = post.only_letter()
    assert (letter["To"], letter["From"], letter["Content-Language"]) == (
        "ana@example.org",
        "farmlink <post@farm.example>",
        language,
    )
    assert letter["Subject"].replace("（", "(").replace("）", ")") == subject  # noqa: RUF001  # Chinese brackets are wide
    assert most in body(letter)
    assert market.point.name in body(letter)


def test_an_order_that_changed_before_its_message_went_is_confirmed_as_it_stands(
    post: PostOffice, market: Market
) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3}, consumer_id=post.person())
    lines = (WantedLine(bags, 5),)
    amendment = Amendment(order_id=order.id, revision=order.revision, place_id=PlaceId(market.point.id), lines=lines)
    market.store.run(orders.amend, amendment)

    assert post.send() == 2

    assert ["$15.00" in body(letter) for letter in post.letters()] == [True, True]


def test_a_cancelled_order_is_not_confirmed_any_more(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3}, consumer_id=post.person())
    market.store.run(orders.cancel, order.id)

    assert post.send() == 1

    assert sorted(post.states()) == [("order", "outdated"), ("order-cancelled", "sent")]
    assert body(post.only_letter()) == "Your order for Sep 5, 2031 is cancelled, as you asked. Nothing is charged.\n"


def test_everybody_learns_that_too_few_ordered(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open()
    for email in ("ana@example.org", "bob@example.org"):
        market.place(cycle_id, {bags: 1}, consumer_id=post.person(email))
    post.send()
    market.store.run(orders.cancel_cycle, cycle_id, CancelReason.THRESHOLD)

    assert post.send() == 2

    told = [letter for letter in post.letters() if "cancelled" in letter["Subject"]]
    assert {letter["To"] for letter in told} == {"ana@example.org", "bob@example.org"}
    assert all(body(letter).startswith("Too few people ordered") for letter in told)


@pytest.mark.parametrize("stays", [True, False])
def test_what_the_cut_off_drops_from_an_order_is_said_once(post: PostOffice, market: Market, *, stays: bool) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    bags, crates = market.list_apples(cycle.id, threshold=90_000)
    [other, *_] = market.list_apples(cycle.id, grade=3)
    market.store.run(cycles.open_cycle, cycle.id)
    wanted = {bags: 1, crates: 1} | ({other: 2} if stays else {})
    market.place(cycle.id, wanted, consumer_id=post.person())
    market.place(cycle.id, {other: 2})
    post.send()
    market.store.run(demand.close, cycle.id)

    post.send()

    kinds = dict(state for state in post.states() if state[0] != "order")
    assert len([kind for kind, _ in post.states() if kind == "lines-dropped"]) == 1
    if stays:
        assert kinds == {"lines-dropped": "sent"}
        [letter] = [one for one in post.letters() if one["Subject"] == "Part of your order will not come"]
        assert "Apples bag: Too few people ordered." in body(letter)
        assert "Apples crate: Too few people ordered." in body(letter)
        assert "2 x Apples bag: $6.00" in body(letter)
        assert "$25" not in body(letter)
    else:
        assert kinds == {"lines-dropped": "outdated", "order-cancelled": "sent"}


@pytest.mark.parametrize(
    ("approve", "said"),
    [(True, "is approved. Sign in here"), (False, "was not approved: too far away")],
)
def test_an_applicant_learns_the_decision(post: PostOffice, said: str, *, approve: bool) -> None:
    ana, admin = post.person(), post.person("admin@example.org", role=Role.ADMIN)
    asked = post.store.run(people.apply, ana, Role.FARMER, "Two Creeks")
    post.store.run(people.decide_application, asked.id, admin, approve=approve, reason="too far away")

    post.send()

    assert "Two Creeks" in post.only_letter()["Subject"]
    assert said in body(post.only_letter())


def test_the_owner_of_an_address_hears_that_somebody_registered_it_again(post: PostOffice) -> None:
    post.person(language="zh-CN")
    post.store.run(people.ask_registration, "ana@example.org", "Eve", "en", "hash")

    post.send()

    assert post.only_letter()["Subject"] == "您已有 farmlink 账户"
    assert link(post.only_letter()) == "https://farm.example/sign-in"


def test_a_wish_that_expired_before_its_message_went_is_not_written(post: PostOffice) -> None:
    post.person()
    post.store.run(people.ask_registration, "bob@example.org", "Bob", "en", "hash")
    post.store.run(people.ask_reset, "ana@example.org")
    for table in ("registration", "password_reset"):
        run_sql(post.store, f"UPDATE {table} SET expires_at = now() - interval '1 second'")

    assert post.send() == 0

    assert post.states() == [("registration", "outdated"), ("password-reset", "outdated")]


def test_somebody_without_an_address_or_erased_gets_nothing(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open()
    erased = post.person()
    market.place(cycle_id, {bags: 1}, consumer_id=post.person(None))
    market.place(cycle_id, {bags: 1}, consumer_id=erased)
    post.store.run(people.erase_person, erased)

    assert post.send() == 0

    assert sorted(post.states()) == [*[("order", "nobody")] * 2, ("order-cancelled", "nobody")]
    assert not post.folder.exists()


def test_whoever_is_erased_while_their_message_is_written_gets_nothing(post: PostOffice, market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ana = post.person()
    order = market.place(cycle_id, {bags: 1}, consumer_id=ana)
    relay_due(post.store, REACTIONS)
    [taken] = post.store.run(commands.take_turn).messages
    post.store.run(people.erase_person, ana)

    written = post.store.run(commands.write_letter, taken, "https://farm.example")

    assert written is None
    assert taken == Waiting(MessageId(taken.id), Kind.ORDER, ana, order.id, 1)
    assert post.states() == [("order", "nobody")]
    assert post.store.read(persons.contact, ana).email is None


def test_a_message_holds_no_address_no_name_and_no_token(post: PostOffice) -> None:
    post.person()
    post.store.run(people.ask_reset, "ana@example.org")

    post.send()

    given = token(post.only_letter())
    stored = str(post.rows()) + str(post.store.read(lambda tx: tx.execute("SELECT * FROM password_reset").all()))
    assert given not in stored
    assert "ana@" not in str(post.rows())
    assert timedelta() <= post.rows()[0].sent_at - post.rows()[0].asked_at
