"""What the demo's farmers say."""

from collections import Counter
from datetime import UTC, date, datetime
from uuid import uuid4

from farmlink.catalogue.values import ProductId
from farmlink.confirmations.values import RequestId, RequestView
from farmlink.cycles.values import CycleId
from farmlink.demo.farmers import drawn, said
from farmlink.network.values import FarmId
from farmlink.planning.values import PlanId
from farmlink.supply.values import LotCard, LotId, LotState

NOW = datetime(2026, 8, 1, tzinfo=UTC)


def lot(code: str, pack: int = 500) -> LotCard:
    return LotCard(
        id=LotId(uuid4()), farm_id=FarmId(uuid4()), product_id=ProductId(uuid4()), grade=3, code=code, quantity=50_000,
        minimum=0, pack=pack, ask_minor_per_1000=100, harvest_on=date(2026, 8, 3), collect_from=date(2026, 8, 3),
        collect_until=date(2026, 8, 9), shelf_days=9, daily_capacity=50_000, forecast_low=0, forecast_likely=50_000,
        forecast_high=50_000, state=LotState.OFFERED, allocated=0, revision=1,
    )  # fmt: skip


def request(quantity: int = 20_000, floor: int = 0) -> RequestView:
    return RequestView(
        id=RequestId(uuid4()), cycle_id=CycleId(uuid4()), farm_id=FarmId(uuid4()), lot_id=LotId(uuid4()),
        plan_id=PlanId(uuid4()), day=date(2026, 8, 3), quantity=quantity, floor=floor, state="open", answered=None,
        reason=None, standing=False, on_behalf=False, asked_at=NOW, due_at=NOW, answered_at=None,
    )  # fmt: skip


def test_most_accept_some_reduce_a_few_decline_or_stay_silent() -> None:
    answers = [said(request(), lot(f"lot-{number}"), 1, seed=1) for number in range(4000)]

    shares = Counter("silent" if answer is None else answer["reply"] for answer in answers)

    assert 0.80 < shares["accepted"] / 4000 < 0.84
    assert 0.085 < shares["reduced"] / 4000 < 0.115
    assert 0.04 < shares["declined"] / 4000 < 0.06
    assert 0.02 < shares["silent"] / 4000 < 0.04


def test_a_part_is_whole_packs_more_than_promised_and_less_than_asked() -> None:
    parts = [said(request(20_000, 6_000), lot(f"lot-{number}"), 1, seed=1) for number in range(1000)]

    reduced = [part["quantity"] for part in parts if part and part["reply"] == "reduced"]

    assert reduced
    assert all(6_000 < quantity < 20_000 and quantity % 500 == 0 for quantity in reduced)


def test_one_pack_cannot_be_parted() -> None:
    answers = [said(request(500), lot(f"lot-{number}"), 1, seed=1) for number in range(500)]

    assert all(answer is None or answer["reply"] != "reduced" for answer in answers)


def test_from_the_third_round_on_everybody_keeps_to_it() -> None:
    assert all(said(request(), lot(f"lot-{number}"), 3, seed=1) == {"reply": "accepted"} for number in range(500))


def test_a_draw_depends_on_seed_round_and_lot_alone() -> None:
    assert drawn(1, 1, "a") == drawn(1, 1, "a")
    assert len({drawn(1, 1, "a"), drawn(2, 1, "a"), drawn(1, 2, "a"), drawn(1, 1, "b")}) == 4
