"""What payments refuse, they refuse in sums of money that a reader understands."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import render_refusal
from farmlink.payments import commands
from farmlink.payments.rules.refusals import (
    NotDueError,
    PaymentSettledError,
    RefundAboveCaptureError,
    RefundDiffersError,
    SettledOtherwiseError,
)
from tests.farmlink.payments.builders import Purse


def test_whoever_is_refused_reads_sums_of_money_in_both_languages(purse: Purse) -> None:
    purse.settle(123_456)

    with pytest.raises(NotDueError) as refusal:
        purse.store.run(commands.collect, purse.about, purse.point_id, 500)

    assert "CN¥1,234.56 are due here, not CN¥5.00." in render_refusal(refusal.value, "en")
    assert "¥1,234.56" in render_refusal(refusal.value, "zh-CN")


@pytest.mark.parametrize(
    "refused", [PaymentSettledError, SettledOtherwiseError, NotDueError, RefundAboveCaptureError, RefundDiffersError]
)
def test_a_refusal_that_names_an_amount_names_its_currency(purse: Purse, refused: type[RefusedError]) -> None:
    purse.settle(800)
    key = uuid4()
    purse.store.run(commands.refund, key, purse.about, 100)
    deeds: dict[type[RefusedError], Callable[[], object]] = {
        PaymentSettledError: lambda: purse.store.run(commands.release_many, [purse.about]),
        SettledOtherwiseError: lambda: purse.settle(900),
        NotDueError: lambda: purse.store.run(commands.collect, purse.about, purse.point_id, 500),
        RefundAboveCaptureError: lambda: purse.store.run(commands.refund, uuid4(), purse.about, 900),
        RefundDiffersError: lambda: purse.store.run(commands.refund, key, purse.about, 90),
    }

    with pytest.raises(refused) as refusal:
        deeds[refused]()

    assert refusal.value.facts["currency"] == "CNY"
    assert "CN¥" in render_refusal(refusal.value, "en")
