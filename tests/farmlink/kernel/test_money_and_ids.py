import time
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from farmlink.kernel.ids import uuid7
from farmlink.kernel.money import divide_half_up, line_total_minor

AMOUNTS = st.integers(-(10**15), 10**15)


def test_half_a_cent_is_rounded_up_once_a_line() -> None:
    assert line_total_minor(500, 1) == 1
    assert line_total_minor(499, 1) == 0
    assert line_total_minor(1500, 333) == 500  # 499.5


@given(AMOUNTS, st.integers(1, 10**9))
def test_a_rounded_quotient_is_never_further_off_than_half(dividend: int, divisor: int) -> None:
    quotient = divide_half_up(dividend, divisor)
    assert abs(Fraction(dividend, divisor) - quotient) <= Fraction(1, 2)
    assert divide_half_up(-dividend, divisor) == -quotient


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_an_exact_half_goes_up(whole: int, divisor: int) -> None:
    assert divide_half_up((2 * whole + 1) * divisor, 2 * divisor) == whole + 1


def test_ids_carry_their_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    ids = [uuid7() for _ in range(100)]
    after = time.time_ns() // 1_000_000
    assert len(set(ids)) == 100
    for made in ids:
        assert (made.version, made.variant) == (7, "specified in RFC 4122")
        assert before <= made.int >> 80 <= after
