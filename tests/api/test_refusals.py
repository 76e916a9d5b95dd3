"""The list of what each refused input answers says the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from farmlink.kernel.locale import CHINESE, render
from tests.api import refusals

if TYPE_CHECKING:
    from tests.api.conftest import Api

NAMED = (
    "consumer order", "order cycle", "plan", "lot", "hub", "vehicle", "farm", "point", "region", "product", "variant",
    "organisation", "person", "application", "listing",
    "standing order", "standing turn", "settled cycle", "order charge", "bank details", "credit note", "sign in",
)  # fmt: skip


def test_every_refused_input_answers_what_the_list_says_in_both_languages(api: Api) -> None:
    told = refusals.listed(api)

    assert told.splitlines() == refusals.KEPT.read_text(encoding="utf-8").splitlines()


def test_the_list_is_written_by_its_own_command_only() -> None:
    assert refusals.main([]) == 2


def test_what_does_not_exist_has_a_chinese_name() -> None:
    nouns = {"plan run", "confirmation request", *NAMED}

    assert nouns <= {str(name).replace("_", " ") for name in SQLModel.metadata.tables}
    assert [noun for noun in sorted(nouns) if render("{noun}", CHINESE, {"noun": noun}) == noun] == []
