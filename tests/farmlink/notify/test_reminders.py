"""A farm is reminded once, before its deadline, of a question that nobody has answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from farmlink.confirmations import commands as answers
from farmlink.confirmations import queries as questions
from farmlink.notify import commands
from farmlink.notify.values import Letters
from farmlink.scheduler import JOBS
from tests.farmlink.notify.builders import PostOffice, body
from tests.farmlink.notify.test_farm_letters import asked_season, farmer_of
from tests.farmlink.planning.builders import YES, Season, run_sql

HALF_OVER = "UPDATE confirmation_request SET remind_at = now() - interval '1 second' WHERE remind_at > now()"


def remind(season: Season) -> None:
    """What the scheduler does every minute."""
    [job] = [job for job in JOBS if job.name == "remind"]
    job.work(season.store, stop=Event())


def reminders(post: PostOffice) -> list[str]:
    return [state for kind, state in post.states() if kind == "answer-soon"]


def answer_link(letter_body: str) -> str:
    """The token of the link by which one answers."""
    return letter_body.partition("https://farm.example/answers/")[2].split()[0]


def test_a_farm_is_reminded_once_when_half_the_time_is_over(post: PostOffice) -> None:
    season, _ = asked_season(post)
    farmer_of(post, season.lots[0], "wang@example.org", "zh-CN")
    post.send()
    remind(season)
    assert reminders(post) == [], "it is early still"

    run_sql(post.store, HALF_OVER)
    for _ in range(2):
        remind(season)
        assert season.store.read(questions.due_to_remind) == []
    post.send()

    assert reminders(post) == ["sent", "sent"]
    english = next(one for one in post.letters() if "nobody has answered yet" in str(one["Subject"]))
    assert english["Subject"] == "Apples for Sep 4, 2031: nobody has answered yet"
    assert "sends 30 kg of Apples" in body(english)
    assert "If you do not answer, it counts as no." in body(english)


def test_the_reminder_carries_the_link_to_the_same_answer(post: PostOffice) -> None:
    season, _ = asked_season(post)
    [asked] = season.asked()
    post.send()
    run_sql(post.store, HALF_OVER)
    remind(season)
    post.send()
    first, reminder = (answer_link(body(letter)) for letter in post.letters())

    assert season.store.read(questions.request_by_link, first).id == asked.id
    answered = season.store.run(answers.answer_by_link, reminder, "phone", YES)
    assert (answered.id, answered.state) == (asked.id, "accepted")


def test_who_has_answered_is_not_reminded(post: PostOffice) -> None:
    season, _ = asked_season(post)
    run_sql(post.store, HALF_OVER)
    season.answer(season.asked()[0].id, YES)

    remind(season)

    assert reminders(post) == []


def test_an_answer_that_came_before_the_reminder_went_makes_it_outdated(post: PostOffice) -> None:
    season, _ = asked_season(post)
    post.send()
    run_sql(post.store, HALF_OVER)
    remind(season)
    season.answer(season.asked()[0].id, YES)

    post.send()

    assert reminders(post) == ["outdated"]


def test_two_schedulers_remind_once(post: PostOffice) -> None:
    season, _ = asked_season(post)
    run_sql(post.store, HALF_OVER)
    [cycle_id] = season.store.read(questions.due_to_remind)

    def take(_scheduler: int) -> None:
        season.store.run(commands.remind, cycle_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take, range(2)))

    assert reminders(post) == ["waiting"]


def test_a_farmer_who_wants_no_reminders_gets_none_but_is_asked(post: PostOffice) -> None:
    season, farmer = asked_season(post)
    post.store.run(commands.choose_letters, farmer, {Letters.FARM})
    run_sql(post.store, HALF_OVER)
    remind(season)

    post.send()

    assert sorted(post.told()) == [("answer-soon", "unwanted"), ("question", "sent")]
