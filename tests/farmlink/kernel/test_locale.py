from datetime import UTC, date, datetime

import pytest

from farmlink.kernel.errors import InvalidError, MissingError, RefusedError
from farmlink.kernel.events import Event
from farmlink.kernel.locale import CHINESE, ENGLISH, best_language, marked, render, render_refusal
from farmlink.kernel.money import Money


def test_a_refusal_speaks_both_languages() -> None:
    refusal = InvalidError(field="extent", reason=marked("south before north, west before east"))
    assert render_refusal(refusal, ENGLISH) == "extent: south before north, west before east"
    assert render_refusal(refusal, CHINESE) == "extent：南在北之前，西在东之前"  # noqa: RUF001  # Chinese punctuation is wide


def test_a_fact_that_nobody_translated_stays_as_it_is() -> None:
    assert render_refusal(MissingError(noun="kumquat"), CHINESE) == "没有此编号的记录（kumquat）。"  # noqa: RUF001  # Chinese punctuation is wide


@pytest.mark.parametrize(
    ("fact", "english", "chinese"),
    [
        (Money(123_456, "USD"), "$1,234.56", "US$1,234.56"),
        (Money(5, "JPY"), "¥5", "JP¥5"),
        (1_234_567, "1,234,567", "1,234,567"),
        (True, "True", "True"),
        (["a", "b"], "a, b", "a, b"),
        (date(2026, 7, 1), "Jul 1, 2026", "2026年7月1日"),
        (datetime(2026, 7, 1, 16, tzinfo=UTC), "Jul 1, 2026, 12:00\u202fPM UTC-4", "2026年7月1日 12:00 UTC-4"),
    ],
)
def test_facts_are_written_as_the_language_and_the_place_write_them(fact: object, english: str, chinese: str) -> None:
    assert render("{fact}", ENGLISH, {"fact": fact}, "America/Detroit") == english
    assert render("{fact}", CHINESE, {"fact": fact}, "America/Detroit") == chinese


def test_amounts_beside_their_currency_are_written_as_money() -> None:
    facts = {"least_minor": 2_500, "currency": "USD"}
    assert render("At least {least_minor}.", ENGLISH, facts) == "At least $25.00."
    assert render("At least {least_minor}.", ENGLISH, {"least_minor": 2_500}) == "At least 2,500."


@pytest.mark.parametrize(
    ("zone", "written"),
    [("UTC", "12:00\u202fPM UTC"), ("Asia/Shanghai", "8:00\u202fPM UTC+8"), ("Asia/Kolkata", "5:30\u202fPM UTC+5:30")],
)
def test_an_instant_says_by_which_clock(zone: str, written: str) -> None:
    instant = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert render("{fact}", ENGLISH, {"fact": instant}, zone) == f"Jul 1, 2026, {written}"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, ENGLISH),
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("en;q=0.2,zh;q=0.7", CHINESE),
        ("fr, de;q=0.5", ENGLISH),
        ("zh;q=0, en;q=0.1", ENGLISH),
        ("zh;q=nonsense, en-GB", ENGLISH),
    ],
)
def test_the_browsers_wish_decides_the_language(accepted: str | None, language: str) -> None:
    assert best_language(accepted) == language


def test_two_refusals_cannot_share_a_code() -> None:
    with pytest.raises(TypeError, match="belongs to MissingError"):
        type("LostError", (RefusedError,), {"code": "missing", "__module__": __name__, "__qualname__": "LostError"})


def test_a_refusal_may_refine_only_the_message_of_its_family() -> None:
    refined = type("NoFarmError", (MissingError,), {"message": "No such farm."})
    assert str(refined()) == "missing: No such farm."
    assert RefusedError.known["missing"] is MissingError


def test_an_event_is_known_by_its_name_on_the_wire() -> None:
    counted = type("CratesCounted", (Event,), {"name": "crates.counted.v1"})
    assert Event.known.pop("crates.counted.v1") is counted
