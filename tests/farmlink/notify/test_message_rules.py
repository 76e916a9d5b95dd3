"""What messages say, and how long a failed one waits."""

from datetime import UTC, datetime, timedelta

import pytest

from farmlink.catalogue.rules import amount
from farmlink.catalogue.values import BaseUnit
from farmlink.kernel.locale import CHINESE, ENGLISH, LANGUAGES
from farmlink.notify import rules
from farmlink.notify.commands.questions import ANSWER_SOON
from farmlink.notify.values import Kind

FACTS: dict[str, object] = {
    "product": "Apples",
    "farm": "Two Creeks",
    "quantity": "50 kg",
    "floor": "20 kg",
    "grade": 4,
    "day": datetime(2031, 9, 4, tzinfo=UTC).date(),
    "due_at": datetime(2031, 9, 2, 16, tzinfo=UTC),
    "link": "https://farm.example/x",
    "hours": 2,
    "confirmation": "3 x Apples",
    "organisation": "Two Creeks",
    "why": "too far",
    "hub": "Grand Rapids",
    "lines": "Apples bag: none of 3 kg will come.",
    "reasons": "No farm offers it this time.",
    "days": 7,
    "sign_in": "https://farm.example/sign-in",
    "promised": "30 kg",
    "code": "042137",
    "minutes": 10,
}
ALL = [*rules.TEXTS.values(), rules.COUNTED_YES, rules.COUNTED_NO, rules.APPROVED, rules.DECLINED]
ALL += [rules.NOTHING_COMES, rules.COMES_AFTER_ALL, ANSWER_SOON]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ALL, ids=[text[0] for text in ALL])
def test_every_message_has_a_subject_of_one_line_and_says_all_its_facts(text: rules.Text, language: str) -> None:
    subject, body = rules.write(text, language, FACTS, "America/Detroit")
    assert subject
    assert "\n" not in subject
    assert "{" not in subject + body


def test_a_line_break_in_a_name_does_not_reach_the_subject() -> None:
    subject, _ = rules.write(rules.COUNTED_NO, ENGLISH, FACTS | {"product": "Apples\r\nBcc: eve@example.org"})
    assert subject == "Apples Bcc: eve@example.org for Sep 4, 2031: counted as no"


def test_a_farm_reads_what_its_silence_means() -> None:
    assert rules.question(promised=False, silent_yes=True)[-1] == rules.SILENT_YES
    assert rules.question(promised=False, silent_yes=False)[-1] == rules.SILENT_NO


def test_what_was_promised_before_is_named_only_if_there_is_any() -> None:
    assert rules.PROMISED in rules.question(promised=True, silent_yes=False)
    assert rules.PROMISED not in rules.question(promised=False, silent_yes=False)
    assert rules.PROMISED in rules.TEXTS[Kind.QUESTION]


@pytest.mark.parametrize(
    ("quantity", "unit", "english", "chinese"),
    [
        (1_234_500, BaseUnit.GRAM, "1,234.5 kg", "1,234.5 公斤"),
        (50, BaseUnit.GRAM, "0.05 kg", "0.05 公斤"),
        (1_200, BaseUnit.PIECE, "1,200 pieces", "1,200 件"),
    ],
)
def test_quantities_are_written_as_people_weigh_and_count(
    quantity: int, unit: BaseUnit, english: str, chinese: str
) -> None:
    assert amount(quantity, unit, ENGLISH) == english
    assert amount(quantity, unit, CHINESE) == chinese


def test_a_consumer_reads_what_comes_at_most_and_that_nothing_comes_is_said_plainly() -> None:
    some = rules.short_line("Eggs", 24, 6, "sold-out", BaseUnit.PIECE, ENGLISH)
    none = rules.short_line("Apples", 3_000, 0, "not-planned", BaseUnit.GRAM, CHINESE)

    assert some == "Eggs: at most 6 pieces of 24 pieces will come, so 18 pieces will be missing. " + rules.why_short(
        "sold-out"
    )
    assert none == "Apples：订购 3 公斤，全部不能到货。货量不足以满足所有人。"  # noqa: RUF001  # Chinese commas
    assert rules.shortage(comes=True, short=True) is rules.TEXTS[Kind.SHORTAGE]
    assert rules.shortage(comes=False, short=True) is rules.NOTHING_COMES
    assert rules.shortage(comes=True, short=False) is rules.COMES_AFTER_ALL


def test_a_product_without_a_name_in_the_language_keeps_its_english_one() -> None:
    assert rules.named({"en": "Apples", "zh-CN": "苹果"}, CHINESE) == "苹果"
    assert rules.named({"en": "Apples"}, CHINESE) == "Apples"


def test_a_failed_message_waits_longer_each_time_and_is_given_up_after_a_day_and_a_half() -> None:
    waits = [rules.wait_after(attempts) for attempts in range(1, rules.MOST_ATTEMPTS)]
    kept = [wait for wait in waits if wait is not None]
    assert kept[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert kept == sorted(kept)
    assert kept[-1] == timedelta(hours=1)
    assert timedelta(hours=36) < sum(kept, timedelta()) < timedelta(hours=40)
    assert rules.wait_after(rules.MOST_ATTEMPTS) is None
