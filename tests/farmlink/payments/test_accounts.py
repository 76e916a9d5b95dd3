"""The file of accounts at providers: what is wrong with it is said, and its secrets are not repeated."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from farmlink.cycles.rules import thresholds
from farmlink.cycles.rules.thresholds import due_at
from farmlink.cycles.values import ThresholdState
from farmlink.kernel.clock import start_of_day
from farmlink.payments.providers import read_providers
from farmlink.payments.rules import waiting
from farmlink.payments.rules.refusals import HoldNeverLongEnoughError, HoldTooShortError, NotOfferedError
from farmlink.payments.rules.waiting import outlasts
from farmlink.payments.values import Method
from farmlink.payments.work import offered, providers_of, require_offered
from farmlink.settings import Settings, SettingWrongError, read_settings

STRIPE = '[stripe]\nsecret_key = "sk_test_1"\nwebhook_secret = "whsec_1"\n'
WECHAT = """[wechat]
app_id = "1"
merchant_id = "1"
serial = "1"
private_key = "s3cret"
api_v3_key = "k"
public_key = "s3cret"
public_key_id = "P"
"""
TODAY, LATER = date(2031, 9, 4), date(2032, 9, 4)
URL = "https://farmlink.example.org"


def settings_with(tmp_path: Path, text: str | bytes) -> Settings:
    file = tmp_path / "accounts.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings({"FARMLINK_DATA": str(tmp_path), "FARMLINK_PAYMENTS": str(file)})


def test_without_a_file_only_credit_and_pick_up_are_offered(tmp_path: Path) -> None:
    settings = read_settings({"FARMLINK_DATA": str(tmp_path)})

    assert [offer.method for offer in offered(settings)] == [Method.PICK_UP, Method.CREDIT]
    require_offered(settings, Method.CREDIT, TODAY, LATER, TODAY)
    with pytest.raises(NotOfferedError, match="pick-up, credit"):
        require_offered(settings, Method.ALIPAY, TODAY, TODAY, TODAY)


def test_a_method_with_an_account_is_offered(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, STRIPE)

    assert list(providers_of(settings)) == [Method.STRIPE]
    require_offered(settings, Method.STRIPE, TODAY, TODAY, TODAY)


def test_a_hold_lasts_until_the_charge_is_due_or_is_not_begun(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, f"{STRIPE}hold_days = 5\n")

    require_offered(settings, Method.STRIPE, TODAY, TODAY + timedelta(days=3), TODAY)
    with pytest.raises(HoldTooShortError) as refused:
        require_offered(settings, Method.STRIPE, TODAY, TODAY + timedelta(days=4), TODAY + timedelta(days=2))
    assert refused.value.facts["from_day"] == TODAY + timedelta(days=1)
    require_offered(settings, Method.STRIPE, TODAY + timedelta(days=1), TODAY + timedelta(days=4), TODAY)


def test_nobody_is_told_to_come_back_after_the_cut_off(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, f"{STRIPE}hold_days = 5\n")
    tomorrow, hand_out_on = TODAY + timedelta(days=1), TODAY + timedelta(days=4)

    with pytest.raises(HoldTooShortError):
        require_offered(settings, Method.STRIPE, TODAY, hand_out_on, tomorrow)
    with pytest.raises(HoldNeverLongEnoughError, match="after the cut-off"):
        require_offered(settings, Method.STRIPE, TODAY, hand_out_on, TODAY)


def test_a_hold_that_is_begun_lasts_as_long_as_a_cycle_may_take_to_charge() -> None:
    begun = [day for day in range(10) if outlasts(TODAY, day, TODAY)]

    latest = due_at(ThresholdState.MET, datetime.now(UTC), TODAY, "UTC")
    assert latest == start_of_day(TODAY + timedelta(days=begun[0]), "UTC")
    assert waiting.CHARGED_WITHIN_DAYS == thresholds.CHARGED_WITHIN_DAYS


@pytest.mark.parametrize(
    "text",
    [
        "[stripe]\nsecret_key = 5\n",
        "[stripe\n",
        b"\xff",
        f'{STRIPE}secret = "s3cret"\n',
        '[paypal]\nsecret_key = "s3cret"\n',
        '[alipay]\napp_id = "1"\nprivate_key = "s3cret"\npublic_key = "s3cret"\n',
        WECHAT,
    ],
)
def test_a_file_that_says_nothing_farmlink_understands_is_refused(tmp_path: Path, text: str | bytes) -> None:
    settings = settings_with(tmp_path, text)

    with pytest.raises(SettingWrongError, match="FARMLINK_PAYMENTS") as refusal:
        providers_of(settings)

    assert "s3cret" not in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingWrongError, match="can read"):
        read_providers(tmp_path / "gone.toml", URL)
