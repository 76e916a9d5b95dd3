from hypothesis import given
from hypothesis import strategies as st

from farmlink.kernel.ids import uuid7
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.settlement.rules import sale_minor, share_of, spread_over, tax_within
from farmlink.settlement.values import EndedLine, Weighed


def hens(handed_out: int, weighed: Weighed | None = None) -> EndedLine:
    """Hens at 12.00 apiece, nominally of 1,500 g; four were ordered."""
    return EndedLine(
        line_id=OrderLineId(uuid7()),
        order_id=OrderId(uuid7()),
        batch_id=uuid7(),
        price_minor_per_1000=1_200_000,
        tax_ppm=70_000,
        quantity=4,
        packs=4,
        weight_g=6_000,
        due=4,
        handed_out=handed_out,
        weighed=weighed,
    )


def test_what_was_handed_out_is_sold_at_the_lines_price() -> None:
    assert [sale_minor(hens(count)) for count in (4, 3, 0)] == [4_800, 3_600, 0]


def test_hens_that_weigh_more_cost_more_and_lighter_ones_less() -> None:
    assert sale_minor(hens(4, Weighed(4, 6_600))) == 5_280
    assert sale_minor(hens(4, Weighed(4, 5_400))) == 4_320
    assert sale_minor(hens(4, Weighed(4, 6_000))) == sale_minor(hens(4))


def test_a_hen_of_the_weighed_that_nobody_took_is_not_charged() -> None:
    assert sale_minor(hens(3, Weighed(4, 6_600))) == 3_960
    assert sale_minor(hens(0, Weighed(4, 6_600))) == 0


def test_a_price_with_tax_contains_its_tax() -> None:
    assert tax_within(1_070, 70_000) == 70
    assert tax_within(119, 190_000) == 19
    assert tax_within(500, 0) == 0


def test_a_share_is_rounded_half_up() -> None:
    assert (share_of(10, 50_000), share_of(9, 50_000)) == (1, 0)


def test_the_largest_remainder_gets_the_last_cent_and_the_first_of_equals() -> None:
    assert spread_over(10, [1, 1, 1]) == [4, 3, 3]
    assert spread_over(10, [2, 3, 3]) == [2, 4, 4]
    assert spread_over(10, [1, 2]) == [3, 7]


def test_without_any_weight_nobody_gets_anything() -> None:
    assert spread_over(10, [0, 0]) == [0, 0]
    assert spread_over(10, []) == []


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_shares_add_up_to_the_cent_and_are_never_a_cent_off(total: int, weights: list[int]) -> None:
    shares, whole = spread_over(total, weights), sum(weights)
    assert sum(shares) == (total if whole else 0)
    assert all(
        abs(share * whole - total * weight) < whole or not whole for share, weight in zip(shares, weights, strict=True)
    )
