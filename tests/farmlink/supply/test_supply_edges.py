from datetime import date

import pytest

from farmlink.supply import rules
from farmlink.supply.values import LotState


def test_all_that_is_there_may_be_promised_and_not_a_gram_more() -> None:
    rules.check_allocation(LotState.OFFERED, quantity=1000, allocated=0, wanted=1000)
    with pytest.raises(rules.LotOverAllocatedError):
        rules.check_allocation(LotState.OFFERED, quantity=1000, allocated=0, wanted=1001)


def test_nothing_is_collected_only_before_it_is_harvested() -> None:
    rules.check_window(date(2026, 9, 3), date(2026, 9, 1), date(2026, 9, 3))
    with pytest.raises(rules.LotWindowError):
        rules.check_window(date(2026, 9, 3), date(2026, 9, 1), date(2026, 9, 2))
