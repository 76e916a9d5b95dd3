"""When a cycle is settled, everybody reads what they got, what it costs and how it is paid; and what is given back."""

from __future__ import annotations

from farmlink.settlement import commands
from farmlink.settlement.values import Weight
from tests.farmlink.notify.builders import PostOffice, body, said
from tests.farmlink.planning.builders import run_sql
from tests.farmlink.settlement.builders import Ledgered, under

ANA, BOB = "ana@example.org", "bob@example.org"
TAKEN = "$45.00 were taken out of what was held for it; what was held above that goes back to you."
HOW = "What you have not paid yet is asked less; what you paid comes back the way you paid, or as credit."
SUBJECT = "The final price of your order for Sep 5, 2031"


def reached(post: PostOffice, season: Ledgered) -> Ledgered:
    """The order of thirty is Ana's, that of twenty Bob's, who reads Chinese."""
    for order, (email, language) in zip(season.orders, ((ANA, "en"), (BOB, "zh-CN")), strict=True):
        named = {"email": email, "language": language, "id": order.consumer_id}
        run_sql(post.store, "UPDATE person SET email = :email, language = :language WHERE id = :id", **named)
    post.send()
    return season


def letters_to(post: PostOffice, email: str) -> list[tuple[str, str]]:
    return [(str(one["Subject"]), body(one)) for one in post.letters() if one["To"] == email]


def test_who_was_held_reads_what_was_taken_and_who_pays_at_the_point_what_is_due(post: PostOffice) -> None:
    season = reached(post, Ledgered.on_the_way(post.store))
    season.check_out(season.orders[0], 9_000)
    season.handed_out(part=2)
    post.send()

    assert letters_to(post, ANA)[-1] == (
        SUBJECT,
        f"This is what you got, and what it costs:\n\n15 x Apples bag: $45.00\nIn all: $45.00.\n{TAKEN}\n",
    )
    subject, said = letters_to(post, BOB)[-1]
    assert subject == "您 2031年9月5日 订单的最终价格"
    assert "苹果 袋" in said
    assert "还需在自提点支付 US$30.00。" in said


def test_who_had_it_brought_home_does_not_read_of_a_pick_up_point(post: PostOffice) -> None:
    season = reached(post, Ledgered.on_the_way(post.store))
    season.receive(lambda view: view.allocated // 2)
    season.share()
    season.over()
    run_sql(post.store, "UPDATE consumer_order SET at_home = true WHERE id = :id", id=season.orders[0].id)
    post.send()

    subject, said = letters_to(post, ANA)[-1]
    assert (subject, "pick-up" in said) == (SUBJECT, False)
    assert said.endswith("In all: $45.00.\n$45.00 are to pay to who brought it.\n")


def test_who_got_nothing_reads_that_nothing_is_charged(post: PostOffice) -> None:
    season = reached(post, Ledgered.on_the_way(post.store))
    season.receive(lambda _: 0)
    season.share()
    season.over()
    post.send()
    assert letters_to(post, ANA)[-1] == (
        SUBJECT,
        "Nothing was handed out of your order for Sep 5, 2031. Nothing is charged.\n",
    )


def test_what_was_weighed_and_the_deposit_for_crates_are_named(post: PostOffice) -> None:
    under(post.store, crate_deposit_minor=400)
    season = reached(post, Ledgered.by_weight(post.store))
    season.check_out(season.orders[0], 9_000)
    post.store.run(commands.weigh, season.cycle_id, [Weight(season.orders[0].lines[0].id, 31_500)])
    season.over()
    post.send()
    _, said = letters_to(post, ANA)[-1]
    assert "30 x Apples bag, weighed 31.5 kg: $94.50\n" in said
    assert "Deposit for crates, 2 x $4.00, which you get back with them: $8.00\nIn all: $102.50.\n" in said
    assert "$90.00 were held for it, and all of that was taken.\n$12.50 are to pay at the pick-up point.\n" in said


def test_what_is_given_back_is_told_with_its_reason_whatever_is_written_there(post: PostOffice) -> None:
    season = reached(post, Ledgered.done(post.store))
    post.send()
    note = season.note(season.orders[0], 4_500, reason="{bruised}")
    post.store.run(commands.credit, note)
    post.send()
    letter = [one for one in post.letters() if one["To"] == ANA][-1]
    assert letter["Subject"] == "$45.00 are given back of your order for Sep 5, 2031"
    assert said(letter) == f"Why: {{bruised}}\n\n{HOW}\n"
