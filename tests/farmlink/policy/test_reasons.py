"""Nobody gets less than they ordered for a reason that is not on the list, and everybody can read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from farmlink.dispatch.values import ShortReason
from farmlink.kernel.locale import CHINESE, render
from farmlink.orders.values import CancelReason
from farmlink.policy.rules.reasons import SENTENCES
from farmlink.policy.values.reasons import AT_CUT_OFF, AT_HAND_OUT, AT_SHARING, BY_PLAN, CutReason
from farmlink.store.check import CHECKS
from farmlink.store.rooms import import_tables
from solver.check.given import unfit
from solver.solution import Reason
from tests.farmlink.policy import reasons

CODES = {reason.value for reason in CutReason}
UNFIT = set(re.findall(r'"(too-\w+)"', Path(unfit.__code__.co_filename).read_text(encoding="utf-8")))


def test_the_page_is_what_the_list_says() -> None:
    assert reasons.listed().splitlines() == reasons.KEPT.read_text(encoding="utf-8").splitlines()


def test_the_page_is_written_by_its_own_command_only() -> None:
    assert reasons.main([]) == 2


def test_every_reason_has_a_sentence_in_both_languages_and_an_example() -> None:
    assert set(SENTENCES) == set(reasons.EXAMPLES) == set(CutReason)
    assert [code for code, sentence in SENTENCES.items() if render(sentence, CHINESE) == sentence] == []


def test_whoever_cuts_knows_no_reason_beside_the_list() -> None:
    assert {reason.value for reason in CancelReason if reason is not CancelReason.NO_ORDERS} == set(AT_CUT_OFF)
    assert {reason.value for reason in ShortReason} == {*AT_SHARING, *AT_HAND_OUT}
    assert {reason.value for reason in Reason} | UNFIT == set(BY_PLAN)


def test_the_judge_of_a_live_database_knows_the_same_list() -> None:
    judged = (CHECKS / "04_line_ends.sql").read_text(encoding="utf-8")
    (named,) = re.findall(r"reason NOT IN \(([^)]*)\)", judged)
    assert set(re.findall(r"'([a-z-]+)'", named)) == CODES


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("consumer_order", "reason"),
        ("order_line", "reason"),
        ("shortfall", "reason"),
        ("short_line", "reason"),
        ("hand_out", "reason"),
        ("hand_out", "end_reason"),
    ],
)
def test_the_database_takes_no_reason_that_is_not_on_the_list(table: str, column: str) -> None:
    import_tables()
    conditions = [str(getattr(one, "sqltext", "")) for one in SQLModel.metadata.tables[table].constraints]
    (named,) = [found for text in conditions for found in re.findall(rf"(?<!\w){column} IN \(([^)]*)\)", text)]
    assert set(re.findall(r"'([a-z-]+)'", named)) <= CODES
