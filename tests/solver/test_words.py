"""Every code that a plan may give has a sentence in every language, with the facts it comes with."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

import pytest

from solver import greedy
from solver.conflict.rules import rules
from solver.explain import explain
from solver.problem import Hubs, Pins, ints
from solver.solution import FLOOR_MISSED, Explanation, Reason
from solver.words import sentence, sentences
from tests.solver.builder import changed, flags, small_region
from tests.solver.regions import made_region

LOTS = {f"{what}-{how}" for what in ("price", "distance", "grade") for how in ("estimate", "verified")}
LOTS |= {"not-at-any-price", "held-back", "not-asked", "standby", FLOOR_MISSED}
ROUTES = {f"limited-by-{axis}" for axis in ("weight", "volume", "crates", "time")}
CONFLICTS = {f"conflict-{what}" for what in ("smallest", "irreducible", "none")}
HUB = Hubs.__slots__
STOPS = {"no-vehicle", "beyond-shift", "closed-before"}
RULES = {
    f"rule-{what}"
    for what in (
        "promise", "holds", "harvest", "grade", "demand", "shelf", "hours", "no-truck", "no-hub", "throughput",
        "vehicles", "room", "cold", "shift", "until", "sort",
    )
}  # fmt: skip


def asked_for(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_language_says_every_code_with_the_same_facts() -> None:
    codes = LOTS | ROUTES | STOPS | RULES | CONFLICTS | {str(reason) for reason in Reason}
    english, chinese = sentences()["en"], sentences()["zh-CN"]
    assert set(english) == set(chinese) == codes
    assert {code: asked_for(text) for code, text in english.items()} == {
        code: asked_for(text) for code, text in chinese.items()
    }
    assert len(set(chinese.values())) == len(codes)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_plans_say_can_be_read_aloud(language: str) -> None:
    for problem in (small_region(), *(made_region(seed) for seed in range(6))):
        for found in explain(problem, greedy(problem)):
            assert sentence(found, language) != found.code


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_rule_of_a_region_can_be_read_aloud(language: str) -> None:
    region = small_region(pins=Pins(ints(0, 4), ints(300_000, 10_000), ints(300_000, 50_000)))
    region = changed(region, "points", by_truck=flags(True, False, True))
    nowhere = replace(region, hubs=replace(region.hubs, **{name: getattr(region.hubs, name)[:0] for name in HUB}))
    spoken = {rule.code: rule.sentence(language) for rule in (*rules(region), *rules(nowhere))}
    assert set(spoken) == RULES
    assert all(code not in said for code, said in spoken.items())


def test_a_code_of_somebody_else_is_given_back() -> None:
    assert sentence(Explanation("lot", "lot 0", "too-bulky", {"quantity": 5})) == "too-bulky"


def test_a_language_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(KeyError):
        sentence(Explanation("lot", "lot 0", "not-asked"), "fr")
