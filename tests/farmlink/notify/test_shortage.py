"""Before anything is handed out, consumers know what will be missing, and planners know when nothing comes."""

from __future__ import annotations

from collections import Counter

import pytest

from farmlink.confirmations.values import Answer, AnswersComplete
from farmlink.cycles.values import Stage
from farmlink.dispatch import queries
from farmlink.dispatch.values import ShortReason
from farmlink.notify import rules
from farmlink.people.values import Role
from farmlink.planning import queries as planning
from farmlink.store.check import check
from solver.solution import Reason
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.notify.builders import PostOffice, body
from tests.farmlink.planning.builders import NO, YES, run_sql

ANA, BOB = "ana@example.org", "bob@example.org"


def goods_of(post: PostOffice, *lots: int, language: str = "en") -> Goods:
    """Thirty kilograms for Ana and twenty for Bob; half of it goes when one of two lots does."""
    goods = Goods.closed(post.store, lots=lots, bags=(30, 20))
    for order, email in zip(goods.orders, (ANA, BOB), strict=True):
        named = {"email": email, "language": language, "id": order.consumer_id}
        run_sql(post.store, "UPDATE person SET email = :email, language = :language WHERE id = :id", **named)
    post.send()
    return goods


def answered(goods: Goods, *answers: Answer) -> Goods:
    """Plan and publish; the farms answer in the order of their lots."""
    goods.planned()
    for lot_id, given in zip(goods.lots, answers, strict=True):
        goods.answer(goods.question(lot_id).id, given)
    return goods


def replanned(goods: Goods) -> Goods:
    """Plan again what the farms left open, and let them say yes to all that is asked."""
    goods.relay()
    return goods.confirmed()


def told(post: PostOffice, email: str) -> list[str]:
    """Subjects of the letters about what will be missing that somebody got."""
    subjects = [str(letter["Subject"]) for letter in post.letters() if letter["To"] == email]
    return [subject for subject in subjects if ": not all" in subject or "cannot" in subject or "after all" in subject]


def letter_to(post: PostOffice, email: str) -> str:
    """The newest letter to somebody."""
    return body([letter for letter in post.letters() if letter["To"] == email][-1])


NOT_ALL = "Your order for Sep 5, 2031: not all of it will come"
NOTHING = "Your order for Sep 5, 2031 cannot be served"
AFTER_ALL = "Your order for Sep 5, 2031 comes in full after all"


def test_everybody_whose_order_will_be_short_is_told_what_is_missing_why_and_what_comes_at_most(
    post: PostOffice,
) -> None:
    goods = replanned(answered(goods_of(post, 25_000, 25_000), YES, NO))
    assert goods.stage() is Stage.CONFIRMED

    post.send()

    assert (told(post, ANA), told(post, BOB)) == ([NOT_ALL], [NOT_ALL])
    assert letter_to(post, ANA) == (
        "The farms have answered. This will be missing from your order for Sep 5, 2031:\n\n"
        "Apples bag: at most 15 kg of 30 kg will come, so 15 kg will be missing."
        " A farm that was counted on cannot send it.\n\n"
        "You pay only for what you get.\n"
    )
    assert "at most 10 kg of 20 kg will come, so 10 kg" in letter_to(post, BOB)
    assert check(post.store) == []


def test_what_is_told_is_what_is_handed_out_when_all_of_it_comes(post: PostOffice) -> None:
    goods = replanned(answered(goods_of(post, 25_000, 25_000), YES, NO))
    goods.relay()
    said = post.store.read(queries.foreseen, goods.cycle_id)

    goods.receive()
    goods.share()

    assert {order: list(lines.values()) for order, lines in said.items()} == {
        order.id: [goods.line(order).due] for order in goods.orders
    }


def test_nobody_is_told_anything_while_another_plan_is_to_follow(post: PostOffice) -> None:
    goods = goods_of(post, 25_000, 25_000)
    # Short already before anybody answers: there is something that could be told too early.
    run_sql(post.store, "UPDATE lot SET quantity = 20000 WHERE id = :id", id=goods.lots[1])
    answered(goods, YES, NO)

    post.send()

    assert (told(post, ANA), goods.wishes()) == ([], ["answers"])
    assert goods.store.read(queries.foreseen, goods.cycle_id) == {}


def test_an_order_that_comes_in_full_needs_no_letter(post: PostOffice) -> None:
    assert goods_of(post, 60_000).confirmed().stage() is Stage.CONFIRMED

    assert post.send() == 0


def test_who_gets_nothing_is_told_so_plainly_and_planners_that_nothing_comes(post: PostOffice) -> None:
    goods = goods_of(post, 50_000)
    keeper = goods.market.hub.organisation_id
    post.person("hub@example.org", role=Role.PLANNER, organisation_id=keeper)
    run_sql(post.store, "UPDATE lot SET state = 'withdrawn'")
    assert goods.planned().stage() is Stage.CONFIRMED

    post.send()

    assert (told(post, ANA), told(post, BOB)) == ([NOTHING], [NOTHING])
    assert letter_to(post, ANA) == (
        "The farms have answered. Nothing of your order for Sep 5, 2031 will come:\n\n"
        "Apples bag: none of 30 kg will come. No farm offers it this time.\n\n"
        "Nothing is charged.\n"
    )
    subject = f"{goods.market.hub.name}, Sep 5, 2031: nothing can be served"
    [planners] = [letter for letter in post.letters() if letter["Subject"] == subject]
    assert planners["To"] == "hub@example.org"
    assert "No farm offers it this time." in body(planners)
    assert "plan the cycle again" in body(planners)


def test_letters_speak_the_readers_language(post: PostOffice) -> None:
    goods = goods_of(post, 50_000, language="zh-CN")
    post.person("hub@example.org", "zh-CN", Role.PLANNER, goods.market.hub.organisation_id)
    run_sql(post.store, "UPDATE lot SET quantity = 25000, minimum = 0")
    replanned(goods)
    post.send()
    assert "订购 30 公斤，最多到货 15 公斤，缺少 15 公斤。农场已没有更多。" in letter_to(post, ANA)  # noqa: RUF001  # Chinese commas
    run_sql(post.store, "UPDATE pin SET at_least = 0, at_most = 0")
    goods.planned()

    post.send()

    assert "订购 30 公斤，全部不能到货。" in letter_to(post, ANA)  # noqa: RUF001  # Chinese commas
    assert any("无货可供" in letter["Subject"] for letter in post.letters())


def test_said_twice_it_is_told_once(post: PostOffice) -> None:
    goods = goods_of(post, 50_000)
    post.person("hub@example.org", role=Role.PLANNER, organisation_id=goods.market.hub.organisation_id)
    run_sql(post.store, "UPDATE lot SET state = 'withdrawn'")
    goods.planned()
    plan_id = post.store.read(planning.published_plan, goods.cycle_id)
    assert plan_id is not None
    for _ in range(2):
        post.store.run(lambda tx: tx.announce(AnswersComplete(goods.cycle_id, plan_id, cut=False)))
        post.send()

    counted = Counter(kind for kind, _ in post.told())
    assert (counted["nothing-served"], counted["shortage"]) == (1, 2)


def test_a_plan_that_holds_no_more_tells_nothing(post: PostOffice) -> None:
    goods = goods_of(post, 50_000)
    run_sql(post.store, "UPDATE lot SET quantity = 25000, minimum = 0")
    before = goods.plan()
    goods.planned()
    post.store.run(lambda tx: tx.announce(AnswersComplete(goods.cycle_id, before, cut=False)))

    post.send()

    assert told(post, ANA) == []


def test_a_later_plan_tells_only_those_for_whom_other_quantities_come(post: PostOffice) -> None:
    goods = replanned(answered(goods_of(post, 25_000, 25_000), YES, NO))
    post.send()
    goods.planned()
    post.send()
    assert (told(post, ANA), told(post, BOB)) == ([NOT_ALL], [NOT_ALL]), "the same again is no news"

    run_sql(post.store, "UPDATE pin SET at_least = 24000, at_most = 24000 WHERE at_least > 0")
    goods.planned()
    post.send()
    assert (told(post, ANA), told(post, BOB)) == ([NOT_ALL, NOT_ALL], [NOT_ALL]), "one bag less comes, of Ana's"
    assert "at most 14 kg of 30 kg" in letter_to(post, ANA)

    goods.market.lot(26_000)
    goods.confirmed()
    post.send()
    assert (told(post, ANA)[2:], told(post, BOB)[1:]) == ([AFTER_ALL], [AFTER_ALL])
    assert letter_to(post, ANA).startswith("What would have been missing was found")


@pytest.mark.parametrize("sent", [True, False])
def test_a_letter_that_a_newer_one_puts_right_is_not_sent_any_more(post: PostOffice, *, sent: bool) -> None:
    goods = replanned(answered(goods_of(post, 25_000, 25_000), YES, NO))
    if sent:
        post.send()
    goods.relay()
    goods.market.lot(26_000)
    goods.confirmed()

    post.send()

    assert told(post, ANA) == ([NOT_ALL, AFTER_ALL] if sent else [AFTER_ALL])


def test_what_is_shared_out_already_is_not_foreseen_any_more(post: PostOffice) -> None:
    goods = replanned(answered(goods_of(post, 25_000, 25_000), YES, NO))
    goods.relay()
    goods.receive(lambda view: view.allocated // 2)
    goods.share()

    post.send()

    assert told(post, ANA) == []
    assert ("shortage", "outdated") in post.states()


def test_what_came_of_a_settled_plan_after_sharing_is_told_at_the_point(post: PostOffice) -> None:
    goods = replanned(answered(goods_of(post, 25_000, 25_000), YES, NO))
    goods.receive()
    goods.share()

    post.send()

    assert (told(post, ANA), [kind for kind, _ in post.states()].count("shortage")) == ([], 0)


def test_every_reason_of_a_plan_has_a_sentence_of_its_own() -> None:
    sentences = {reason: rules.why_short(reason.value) for reason in Reason}

    assert len({*sentences.values(), rules.why_short(ShortReason.NOT_PLANNED)}) == len(Reason) + 1
