"""The demo's own arithmetic, and its clients."""

from functools import partial

import pytest
from rich.console import Console

from farmlink.demo.measure import Measured
from farmlink.demo.summary import COMPONENTS, per_kg_handed_out
from farmlink.demo.voice import Voice
from farmlink.demo.wire import Client, ServerGoneError, at_once, free_port

FIGURES = {"cost_minor": {**dict.fromkeys(COMPONENTS, 0), "purchase": 4000, "hub": 1000, "landed": 5000}}


def test_what_was_lost_on_the_way_makes_every_kilogram_that_arrived_dearer() -> None:
    found = per_kg_handed_out(FIGURES, 8_000)

    assert (found["purchase"], found["hub"], found["parcel"], found["total"]) == (500.0, 125.0, 0.0, 625.0)


def test_when_nothing_arrived_no_kilogram_has_a_cost() -> None:
    assert set(per_kg_handed_out(FIGURES, 0).values()) == {0.0}


def test_a_stage_that_comes_again_adds_up_and_memory_is_seen() -> None:
    with Measured(Voice(Console(quiet=True), "en")) as measured:
        with measured.stage("plan", "first"):
            measured.say("in between")
        before = measured.seconds["plan"]
        with measured.stage("plan", "again"), measured.counted("orders", 2) as told:
            told(1)
            while not measured.peaks_mb:
                pass

    assert measured.seconds["plan"] >= before
    assert measured.peak_memory_mb > 10


def test_tasks_come_back_in_their_order_and_one_failure_ends_all() -> None:
    def number(_client: Client, wanted: int) -> int:
        if wanted < 0:
            raise ValueError(wanted)
        return wanted

    tasks = [partial(number, wanted=wanted) for wanted in range(50)]

    assert at_once(free_port(), tasks) == list(range(50))
    with pytest.raises(ValueError, match="-1"):
        at_once(free_port(), [*tasks[:5], partial(number, wanted=-1), *tasks[5:]])


def test_a_server_that_is_not_there_is_named_as_gone() -> None:
    with pytest.raises(ServerGoneError):
        Client(free_port()).call("GET", "/ready")
