"""What a demo says at its end, in the language of the machine."""

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from rich.console import Console

from farmlink.cycles.values import CycleId
from farmlink.demo import entrance, screen
from farmlink.demo.labels import COMPONENTS, REASONS, STAGES
from farmlink.demo.scenario import read_scenario
from farmlink.demo.setting import LOGINS, Place, choose_place
from farmlink.demo.summary import COMPONENTS as PRICED
from farmlink.demo.voice import Voice
from farmlink.kernel.locale import CHINESE, ENGLISH
from solver.solution import Reason

EFFORT = {"routes": 2, "distance_m": 1_234_500, "duration_s": 36_000}
SAVED = dict.fromkeys(("routes", "distance", "duration", "money"), 0.5)
FOUND: dict[str, Any] = {
    **EFFORT,
    **dict.fromkeys(("collection", "line_haul", "delivery"), EFFORT),
    "orders": 1_500,
    "batches": 40,
    "farms_with_lots": 9,
    "farms_used": 0,
    "replans": 1,
    "jain": None,
    "fill_rate": {"planned": 0.0, "confirmed": 0.0, "handed_out": 0.0},
    "landed_cost_per_kg_minor": {**dict.fromkeys(PRICED, 0.0), "total": 0.0},
    "gap": 0.0,
    "gap_allocation": 0.0,
    "confirmations": {"accepted": 1, "reduced": 0, "declined": 2, "lapsed": 0},
    "shortfalls": {"too-dear": 1_234_000},
    "transport_per_kg_minor": {"150": None, "1500": 123.0},
    "baselines": dict.fromkeys(screen.BASELINES, EFFORT | {"unreachable": 0}),
    "saved": dict.fromkeys(screen.BASELINES, SAVED),
    "seconds": {"plan": 1.0},
    "peak_memory_mb": 2_000,
}


@pytest.fixture
def michigan() -> Place:
    return choose_place(read_scenario(), None, None)


def said(language: str, place: Place, **other: Any) -> str:
    console = Console(width=200, record=True, file=StringIO())
    screen.show(Voice(console, language), FOUND | other, place, 1)
    addresses = {name: f"{name}@demo.example" for name, _ in LOGINS}
    entrance.show_entrance(Voice(console, language), 8000, addresses, CycleId(uuid4()))
    return console.export_text()


def test_a_demo_that_sent_nothing_has_a_summary_all_the_same(michigan: Place) -> None:
    told = said(ENGLISH, michigan)

    assert "Jain index of farms' sales" in told
    assert "nothing sent" in told
    assert "Short after the last plan: too dear 1,234 kg" in told
    assert "is made from seed 1: " in told
    assert "http://127.0.0.1:8000/" in told
    assert "Nothing is short" in said(ENGLISH, michigan, shortfalls={}, jain=0.5)


def test_where_pooling_costs_more_that_is_explained(michigan: Place) -> None:
    dearer = FOUND["saved"] | {"self_haul": SAVED | {"money": -0.1}}

    assert "pooling costs more money than (b) each farm to its hub" in said(ENGLISH, michigan, saved=dearer)
    assert "costs more money" not in said(ENGLISH, michigan)


def test_a_chinese_machine_reads_chinese(michigan: Place) -> None:
    told = said(CHINESE, michigan)

    for text in ("结果", "未发货", "成本过高 1,234 kg", "1 已接受", "团长", "密码"):
        assert text in told
    for text in ("batches", "nothing", "sign in as", "Seconds", "farms that", "plans made"):
        assert text not in told


def test_every_figure_has_a_name() -> None:
    assert {*PRICED, "line_haul", "total"} <= set(COMPONENTS)
    assert set(REASONS) == set(Reason)
    assert "re-plan" in STAGES
