"""The stand-in of the providers: it believes nobody without a signature, and its books refuse what theirs would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from farmlink.demo.provider.__main__ import main
from farmlink.demo.provider.books import Books, Intent, RefusedError
from farmlink.demo.provider.faults import Faults
from farmlink.payments.values import Method
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import Street, street


@pytest.fixture
def purse(store: Store) -> Purse:
    return Purse(store)


@pytest.fixture
def calm(store: Store, tmp_path: Path) -> Iterator[Street]:
    with street(store, tmp_path) as running:
        yield running


UNSIGNED = [
    ("POST", "/v1/payment_intents", 401),
    ("GET", "/v3/pay/transactions/out-trade-no/1?mchid=1900000001", 401),
    ("GET", "/gateway.do?app_id=2021000000000001&method=alipay.trade.query&sign=AAAA&biz_content=%7B%7D", 200),
    ("GET", "/gateway.do?method=alipay.trade.query", 200),
    ("GET", "/nothing", 404),
    ("POST", "/payers/nobody/pay", 409),
]


@pytest.mark.parametrize(("method", "path", "status"), UNSIGNED)
def test_nothing_is_done_without_the_merchants_signature(calm: Street, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, f"{calm.address}{path}", content=b"{}" if method == "POST" else None)

    assert answer.status_code == status
    assert status != 200 or "invalid-signature" in answer.text
    assert calm.told() == []


def test_a_signature_of_somebody_else_is_none(calm: Street) -> None:
    signed = (
        'WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="A",signature="AAAA",timestamp="1",serial_no="4A6B"'
    )

    answer = httpx.get(f"{calm.address}/v3/pay/transactions/out-trade-no/1", headers={"authorization": signed})

    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")


def intent(*, holds: bool = True) -> Intent:
    return Intent("stripe" if holds else "wechat", "there", "1", 800, "CNY", "", holds=holds)


def test_what_is_not_held_is_not_captured_nor_more_than_is_held() -> None:
    one = intent()
    with pytest.raises(RefusedError):
        one.capture(800)
    one.pay()
    with pytest.raises(RefusedError):
        one.pay()
    for amount_minor in (0, 801):
        with pytest.raises(RefusedError):
            one.capture(amount_minor)
    one.capture(500)

    assert (one.captured_minor, one.held_minor, one.captures) == (500, 0, 1)


def test_what_was_not_taken_is_not_given_back_nor_more_than_was() -> None:
    one = intent(holds=False)
    with pytest.raises(RefusedError):
        one.refund("a", 1)
    one.pay()
    one.refund("a", 500)
    one.refund("a", 500)
    for key, amount_minor in (("a", 400), ("b", 301), ("b", 0)):
        with pytest.raises(RefusedError):
            one.refund(key, amount_minor)

    assert one.refunded_minor == 500


@pytest.mark.parametrize("holds", [True, False])
def test_what_is_closed_stays_closed(holds: bool) -> None:  # noqa: FBT001  # pytest's parameter
    one = intent(holds=holds)
    one.close()

    with pytest.raises(RefusedError):
        one.close()
    with pytest.raises(RefusedError):
        one.pay()


def test_what_is_paid_is_not_closed() -> None:
    one = intent(holds=False)
    one.pay()

    with pytest.raises(RefusedError, match="ORDERPAID"):
        one.close()


def test_who_named_no_address_is_not_called_and_others_still_are(calm: Street, purse: Purse) -> None:
    calm.pay(calm.opened(purse, Method.STRIPE, 800))  # the stand-in was started without an address for Stripe
    calm.pay(calm.opened(Purse(purse.store), Method.WECHAT, 800))

    assert httpx.get(f"{calm.address}/calls", timeout=20).json() == 1


def test_one_reference_is_one_intent(tmp_path: Path) -> None:
    books = Books(tmp_path / "books.json")
    assert books.open(intent()) is books.open(intent())
    other = intent()
    other.amount_minor = 900

    with pytest.raises(RefusedError):
        books.open(other)
    with pytest.raises(RefusedError):
        books.find("stripe", "elsewhere", "resource_missing")


def test_faults_follow_their_seed_and_unknown_ones_are_refused() -> None:
    first, second = (Faults.read("twice=0.5,shuffle=1", 7) for _ in range(2))

    assert first.ordered(range(50)) == second.ordered(range(50))
    assert len(first.ordered(range(50))) > 50
    with pytest.raises(ValueError, match="explode"):
        Faults.read("explode=1", 7)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--faults", "explode=1", "no such fault: explode"),
        ("--faults", "lose=5", "lose=5: write a number from 0 to 1"),
        ("--faults", "lose", "lose=: write a number from 0 to 1"),
        ("--port", "99999", "port"),
        ("--accounts", "nowhere/payments.toml", "nowhere/payments.toml"),
    ],
)
def test_what_cannot_be_served_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--accounts", str(tmp_path / "payments.toml"), option, value])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]
