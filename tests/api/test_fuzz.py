"""Generated requests at every door: never a server error, never an answer that the description does not know."""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import status_code_conformance

from farmlink.people.values import PersonId, Role
from tests.farmlink.planning.builders import Season

if TYPE_CHECKING:
    from schemathesis import APIOperation

    from tests.api.conftest import Api

EXAMPLES = int(os.environ.get("FARMLINK_FUZZ_EXAMPLES", "2"))
CHECKS = [not_a_server_error, status_code_conformance]
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Knocking:
    """One person who sends whatever comes to mind, about things that exist."""

    api: Api
    role: Role
    known: dict[str, str]
    wrong: list[str] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    person: PersonId | None = None

    def at(self, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> None:
        if self.person is None or (operation.method == "delete" and "/people/" in operation.path):
            self.person = self.api.person(self.role)  # the one before may have erased itself or signed out

        @seed(20260731)
        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=mode))
        def knock(case: Case[Any]) -> None:
            self.send(case)

        with suppress(Unsatisfiable):  # a door that takes nothing cannot be asked wrongly
            knock()

    def send(self, case: Case[Any]) -> None:
        assert self.person is not None
        self.name_what_exists(case)
        answer = case.call(headers={"authorization": f"Bearer {self.api.token(self.person)}"})
        self.answered.add(answer.status_code)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failure:
            said = [str(one)[:120] for one in failure.exceptions]
            self.wrong.append(f"{case.operation.label}: {answer.status_code} {answer.text[:300]} {case.body!r} {said}")

    def name_what_exists(self, case: Case[Any]) -> None:
        """Name what exists wherever a well-formed id was made up."""
        for name in set(case.path_parameters or ()) & set(self.known):
            case.path_parameters[name] = self.known[name]
        if isinstance(case.body, dict):
            case.body.update({name: self.known[name] for name in set(case.body) & set(self.known)})


def everything(season: Season) -> dict[str, str]:
    """The ids of a market in the middle of its week."""
    market = season.market
    [asked, *_] = season.asked()
    return {
        "cycle_id": str(season.cycle_id),
        "hub_id": str(market.hub.id),
        "region_id": str(market.hub.region_id),
        "organisation_id": str(market.hub.organisation_id),
        "farm_id": str(asked.farm_id),
        "lot_id": str(asked.lot_id),
        "point_id": str(market.point.id),
        "place_id": str(market.point.id),
        "product_id": str(market.apples.id),
        "variant_id": str(market.bag.id),
        "order_id": str(season.orders[0].id),
        "plan_id": str(asked.plan_id),
        "request_id": str(asked.id),
    }


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("role", [Role.CONSUMER, Role.FARMER, Role.PLANNER, Role.ADMIN])
def test_whatever_is_sent_is_answered_as_described(api: Api, role: Role, mode: GenerationMode) -> None:
    season = Season.closed(api.store).planned()
    knocking = Knocking(api, role, everything(season))
    schema = schemathesis.openapi.from_url(f"{api.address}/api/schema/openapi.json")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for result in schema.get_all_operations():
            assert isinstance(result, Ok)
            knocking.at(result.ok(), mode)

    assert knocking.wrong == []
    assert {200, 404, 422} <= knocking.answered
