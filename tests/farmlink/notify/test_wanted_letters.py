"""Letters that somebody may do without, and those that come whatever they want."""

from __future__ import annotations

from uuid import UUID

import pytest

from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.notify import commands, queries, rules
from farmlink.notify.values import Choice, Kind, Letters
from farmlink.orders import commands as orders
from farmlink.people import commands as people
from farmlink.people.rules import LinkBrokenError
from farmlink.people.values import Membership, OrganisationId, PersonId, Principal, Role
from farmlink.scheduler import REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market
from tests.farmlink.notify.builders import PostOffice, body, link, token

MUST = {
    Kind.REGISTRATION,
    Kind.KNOWN_ADDRESS,
    Kind.PASSWORD_RESET,
    Kind.SIGN_IN_CODE,
    Kind.INVITATION,
    Kind.APPLICATION,
    Kind.ORDER_CANCELLED,
    Kind.LINES_DROPPED,
    Kind.ORDER_ADJUSTED,
    Kind.SHORTAGE,
    Kind.QUESTION,
    Kind.ANSWERED_FOR,
    Kind.SILENCE,
    Kind.FINAL_PRICE,
    Kind.PAYMENT,
    Kind.BANK_DETAILS,
}
PLATFORM, FARM = OrganisationId(UUID(int=1)), OrganisationId(UUID(int=2))
EVERYBODYS = [Letters.ORDERS, Letters.PRICES, Letters.STANDING_ORDERS, Letters.MONEY_BACK]


@pytest.fixture
def market(store: Store) -> Market:
    return Market.founded(store)


def test_a_letter_that_is_not_wanted_is_not_sent_and_its_row_says_so(post: PostOffice, market: Market) -> None:
    ana, bob = post.person(), post.person("bob@example.org")
    post.store.run(commands.choose_letters, ana, {Letters.PRICES})
    cycle_id, bags, _ = market.open()
    for consumer in (ana, bob):
        market.place(cycle_id, {bags: 1}, consumer_id=consumer)

    assert post.send() == 1

    assert post.only_letter()["To"] == "bob@example.org"
    assert {(row.kind, row.state, row.person_id) for row in post.rows()} == {
        ("order", "unwanted", ana),
        ("order", "sent", bob),
    }


def test_what_must_come_comes_to_who_wants_nothing(post: PostOffice, market: Market) -> None:
    ana = post.person()
    post.store.run(commands.choose_letters, ana, set())
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 1}, consumer_id=ana)
    market.store.run(orders.cancel, order.id)
    post.store.run(people.ask_reset, "ana@example.org")
    post.store.run(people.ask_code, "ana@example.org")

    assert post.send() == 3

    assert sorted(post.states()) == [
        ("order", "unwanted"),
        ("order-cancelled", "sent"),
        ("password-reset", "sent"),
        ("sign-in-code", "sent"),
    ]
    assert all("List-Unsubscribe" not in letter for letter in post.letters())


def test_a_letter_names_at_its_foot_where_its_kind_is_ended_without_signing_in(
    post: PostOffice, market: Market
) -> None:
    ana = post.person()
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 1}, consumer_id=ana)
    post.send()

    letter = post.only_letter()

    assert body(letter).endswith(f"\n\nYou can do without letters of this kind: {link(letter)}\n")
    assert link(letter).startswith("https://farm.example/letters/orders/")
    assert letter["List-Unsubscribe"] == f"<{link(letter)}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert post.store.read(queries.reader_of, Letters.ORDERS, token(letter)) == ana
    for _ in range(2):
        post.store.run(commands.end_letters, Letters.ORDERS, token(letter))
    assert [one.letters for one in post.store.read(queries.choices, ana) if not one.wanted] == [Letters.ORDERS]


def test_the_way_out_of_one_kind_ends_no_other(post: PostOffice, market: Market) -> None:
    ana = post.person()
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 1}, consumer_id=ana)
    post.send()

    with pytest.raises(LinkBrokenError):
        post.store.run(commands.end_letters, Letters.PRICES, token(post.only_letter()))


def test_what_was_ended_is_wanted_again(post: PostOffice) -> None:
    ana = post.person()
    post.store.run(commands.choose_letters, ana, set())

    chosen = post.store.run(commands.choose_letters, ana, {Letters.ORDERS})

    assert chosen == [Choice(one, one is Letters.ORDERS) for one in EVERYBODYS]


def test_nobody_chooses_letters_that_do_not_concern_them(post: PostOffice) -> None:
    with pytest.raises(InvalidError):
        post.store.run(commands.choose_letters, post.person(), {Letters.CYCLES})


def test_a_farmer_who_left_the_farm_keeps_what_they_chose_for_it(post: PostOffice) -> None:
    farmer = post.person(role=Role.FARMER)
    platform = post.store.run(people.found_platform)
    post.store.run(commands.choose_letters, farmer, set(EVERYBODYS) | {Letters.FARM})
    post.store.run(people.revoke, farmer, Role.FARMER, platform)
    post.store.run(commands.choose_letters, farmer, EVERYBODYS)
    post.store.run(people.grant, farmer, Role.FARMER, platform)

    chosen = {one.letters: one.wanted for one in post.store.read(queries.choices, farmer)}

    assert (chosen[Letters.FARM], chosen[Letters.REMINDERS]) == (True, False)


def test_who_is_erased_has_chosen_nothing_and_their_way_out_leads_nowhere(post: PostOffice, market: Market) -> None:
    ana = post.person()
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 1}, consumer_id=ana)
    post.send()
    market.store.run(orders.cancel, order.id)
    post.store.run(commands.choose_letters, ana, set())
    post.store.run(people.erase_person, ana)

    relay_due(post.store, REACTIONS)

    assert post.store.read(queries.unwanted, [ana]) == set()
    with pytest.raises(MissingError):
        post.store.run(commands.end_letters, Letters.ORDERS, token(post.only_letter()))


@pytest.mark.parametrize("kind", sorted(MUST))
def test_what_takes_away_binds_or_opens_an_account_cannot_be_done_without(kind: Kind) -> None:
    assert kind not in rules.LETTERS_OF


def test_every_group_of_letters_has_some() -> None:
    assert set(rules.LETTERS_OF.values()) == set(Letters)


@pytest.mark.parametrize(
    ("role", "house", "more"),
    [
        (Role.CONSUMER, PLATFORM, []),
        (Role.FARMER, FARM, [Letters.FARM, Letters.REMINDERS]),
        (Role.PLANNER, FARM, [Letters.CYCLES]),
        (Role.ADMIN, PLATFORM, [Letters.PLATFORM]),
        (Role.ADMIN, FARM, []),
    ],
)
def test_letters_are_offered_to_whom_they_concern(role: Role, house: OrganisationId, more: list[Letters]) -> None:
    principal = Principal(PersonId(UUID(int=9)), (Membership(role, house),), PLATFORM)

    assert rules.offered(principal) == (*EVERYBODYS, *more)
