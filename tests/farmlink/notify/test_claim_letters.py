"""A point's leaders are told of a claim, and whoever made it is told how it ended; nobody is told twice."""

from __future__ import annotations

from farmlink.claims import commands
from farmlink.claims.values import State
from farmlink.people import commands as people
from farmlink.people.values import Role
from tests.farmlink.claims.builders import Claimed
from tests.farmlink.notify.builders import PostOffice, body
from tests.farmlink.planning.builders import run_sql

ANA, LEO = "ana@example.org", "leo@example.org"


def settled(post: PostOffice, language: str = "en") -> Claimed:
    """A cycle that is settled: the order of thirty is Ana's, and Leo leads the point."""
    season = Claimed.done(post.store)
    season.settle()
    post.send()
    named = {"email": ANA, "language": language, "id": season.orders[0].consumer_id}
    run_sql(post.store, "UPDATE person SET email = :email, language = :language WHERE id = :id", **named)
    point = season.market.point
    post.store.run(people.add_person, "Leo", email=LEO, role=Role.LEADER, organisation_id=point.organisation_id)
    return season


def letters_to(post: PostOffice, email: str) -> list[tuple[str, str]]:
    return [(str(one["Subject"]), body(one)) for one in post.letters() if one["To"] == email]


def test_a_leader_is_asked_and_who_claimed_reads_what_comes_back_in_one_letter(post: PostOffice) -> None:
    season = settled(post)
    claim_id = season.claim()
    post.send()
    [(subject, said)] = letters_to(post, LEO)
    assert subject == f"A claim at {season.market.point.name}: Apples"
    assert "says of 6 kg of Apples: damaged." in said
    assert f"https://farm.example/lead/points/{season.market.point.id}/claims" in said

    season.accept(claim_id)
    post.send()
    ((subject, said),) = letters_to(post, ANA)
    assert subject == "Your claim is accepted: Apples"
    assert said.startswith("Of 6 kg of Apples that you claimed, 6 kg are accepted. $18.00 are given back.\n\n")


def test_a_part_says_why_not_all_and_a_refusal_why_not_in_the_readers_language(post: PostOffice) -> None:
    season = settled(post, "zh-CN")
    part, none = season.passed_on(), season.passed_on()
    season.accept(part, 2_000, State.PASSED_ON, "四袋完好")
    season.store.run(commands.decline, none, "照片上是梨")
    post.send()
    told = {subject[:9]: said for subject, said in letters_to(post, ANA)}
    assert set(told) == {"您的售后申请已通过", "您的售后申请未通过"}
    assert "四袋完好" in told["您的售后申请已通过"]
    assert "照片上是梨" in told["您的售后申请未通过"]


def test_a_claim_that_was_answered_before_the_post_went_asks_nobody(post: PostOffice) -> None:
    season = settled(post)
    season.accept(season.claim())
    post.send()
    assert letters_to(post, LEO) == []
    assert ("claim-made", "outdated") in post.states()


def test_what_was_brought_home_asks_no_leader(post: PostOffice) -> None:
    season = settled(post)
    run_sql(post.store, "UPDATE consumer_order SET at_home = true WHERE id = :id", id=season.orders[0].id)
    claim_id = season.claim()
    post.send()
    assert season.read(claim_id).state is State.PASSED_ON
    assert letters_to(post, LEO) == []
