import pytest

from farmlink.kernel.ids import uuid7
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.settlement import rules
from farmlink.settlement.values import ToWeigh, Weighed, Weight

HENS = OrderLineId(uuid7())


def waiting(quantity: int = 4, weight_g: int | None = None) -> dict[OrderLineId, ToWeigh]:
    """Hens of nominally 1,500 g each."""
    return {HENS: ToWeigh(HENS, OrderId(uuid7()), quantity, 1_500 * quantity, weight_g)}


def test_what_the_scales_say_is_kept_for_what_was_there() -> None:
    assert rules.weighed([Weight(HENS, 6_600)], waiting()) == {HENS: Weighed(4, 6_600)}


def test_the_same_weight_again_is_nothing_new() -> None:
    assert rules.weighed([Weight(HENS, 6_600)], waiting(weight_g=6_600)) == {}


def test_only_what_is_sold_by_weight_is_weighed() -> None:
    with pytest.raises(rules.NotByWeightError):
        rules.weighed([Weight(OrderLineId(uuid7()), 6_600)], waiting())


def test_what_is_not_there_is_not_weighed() -> None:
    with pytest.raises(rules.NothingToWeighError):
        rules.weighed([Weight(HENS, 6_600)], waiting(quantity=0))


@pytest.mark.parametrize("weight_g", [3_000, 12_000])
def test_half_and_twice_the_nominal_weight_are_believed(weight_g: int) -> None:
    assert rules.weighed([Weight(HENS, weight_g)], waiting()) == {HENS: Weighed(4, weight_g)}


@pytest.mark.parametrize("weight_g", [7, 2_999, 12_001, 6_600_000])
def test_kilograms_for_grams_are_not_believed(weight_g: int) -> None:
    with pytest.raises(rules.ImplausibleWeightError):
        rules.weighed([Weight(HENS, weight_g)], waiting())


def test_two_weights_for_one_line_are_refused() -> None:
    with pytest.raises(rules.WeighedTwiceError):
        rules.weighed([Weight(HENS, 6_600), Weight(HENS, 6_500)], waiting())
