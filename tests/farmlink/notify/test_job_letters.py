"""Admins read of work that cannot be done: once in each trouble, and not of one that is over."""

from __future__ import annotations

import pytest

from farmlink.people.values import Role
from farmlink.store import jobs
from farmlink.store.jobs import Ran
from farmlink.store.store import Store
from tests.farmlink.notify.builders import PostOffice, body

TROUBLE = Ran("close", 2, 5, failures=3, error="OperationalError: the disk is full")


@pytest.mark.parametrize(("language", "said"), [("en", "failed 3 times in a row"), ("zh-CN", "连续失败 3 次")])
def test_admins_read_which_job_fails_since_when_and_why(
    store: Store, post: PostOffice, language: str, said: str
) -> None:
    post.person("ada@example.org", language, Role.ADMIN)
    post.person("bo@example.org", role=Role.PLANNER)
    store.run(jobs.note, TROUBLE)
    post.send()
    store.run(jobs.note, TROUBLE)
    post.send()

    letter = post.only_letter()
    assert letter["to"] == "ada@example.org"
    assert all(words in body(letter).replace("\n", " ") for words in (said, "close", "the disk is full"))


def test_of_trouble_that_is_over_nobody_reads(store: Store, post: PostOffice) -> None:
    post.person("ada@example.org", role=Role.ADMIN)
    store.run(jobs.note, TROUBLE)
    store.run(jobs.note, Ran("close", 2, 5))
    post.send()

    assert (post.letters(), post.states()) == ([], [("jobs-failing", "outdated")])
