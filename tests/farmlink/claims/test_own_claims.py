"""Nobody answers a claim about their own order: not who leads the point, and not who plans the cycle."""

from __future__ import annotations

import pytest

from farmlink.claims import commands, queries
from farmlink.claims.values import ClaimId, State
from farmlink.kernel.errors import MissingError
from farmlink.network.values import PlaceId
from farmlink.people import commands as people
from farmlink.people import queries as known
from farmlink.people.values import OrganisationId, PersonId, Principal, Role
from farmlink.store.store import Store
from tests.farmlink.claims.builders import Claimed
from tests.farmlink.planning.builders import force_sql


@pytest.fixture
def season(store: Store) -> Claimed:
    season = Claimed.done(store)
    season.settle()
    return season


def is_now(season: Claimed, person: PersonId, role: Role, organisation_id: OrganisationId) -> Principal:
    """Somebody who has this role for an organisation from now on."""
    season.store.run(people.grant, person, role, organisation_id)
    return season.store.read(known.principal, person)


def answers(season: Claimed, who: Principal, claim_id: ClaimId) -> set[State]:
    """In which states somebody answers a claim."""
    found = set()
    for state in (State.OPEN, State.PASSED_ON):
        try:
            season.store.read(queries.require_answering, who, claim_id, state)
        except MissingError:
            continue
        found.add(state)
    return found


def test_who_leads_the_point_and_plans_the_cycle_answers_others_claims_and_none_of_their_own(season: Claimed) -> None:
    thirty, twenty = season.orders
    leads = is_now(season, thirty.consumer_id, Role.LEADER, season.market.point.organisation_id)
    both = is_now(season, leads.person_id, Role.PLANNER, season.market.hub.organisation_id)
    own, other = season.claim(thirty), season.claim(twenty)
    assert answers(season, both, other) == {State.OPEN, State.PASSED_ON}
    assert answers(season, both, own) == set()
    with pytest.raises(MissingError):
        season.store.read(queries.answers_as, both, own)
    assert season.store.read(queries.claim_for, both, own).id == own


def test_who_paid_for_a_gift_and_who_collected_it_answer_no_claim_about_it(season: Claimed) -> None:
    thirty, aunt = season.orders[0], season.market.person()
    force_sql(season.store, "UPDATE consumer_order SET recipient_id = :aunt WHERE id = :id", aunt=aunt, id=thirty.id)
    claim_id = season.store.run(commands.make, season.wanted(thirty, 1_000), aunt)
    for person in (aunt, thirty.consumer_id):
        plans = is_now(season, person, Role.PLANNER, season.market.hub.organisation_id)
        assert answers(season, plans, claim_id) == set()


def test_a_claim_of_somebody_who_leads_the_point_goes_to_the_planners_at_once(season: Claimed) -> None:
    thirty, twenty = season.orders
    is_now(season, thirty.consumer_id, Role.LEADER, season.market.point.organisation_id)
    own, other = season.read(season.claim(thirty)), season.read(season.claim(twenty))
    assert (own.state, own.answer_by, own.passed_on_at) == (State.PASSED_ON, None, own.made_at)
    assert other.state is State.OPEN
    assert own.place_id == PlaceId(season.market.point.id)


def test_who_leads_and_plans_is_seen_to_have_answered_in_the_turn_in_which_they_did(season: Claimed) -> None:
    who = is_now(season, season.market.person(), Role.LEADER, season.market.point.organisation_id)
    both = is_now(season, who.person_id, Role.PLANNER, season.market.hub.organisation_id)
    at_point, at_hub = season.claim(), season.passed_on()
    for claim_id, seen in ((at_point, State.OPEN), (at_hub, State.PASSED_ON)):
        assert season.store.read(queries.answers_as, both, claim_id) is seen
        season.accept(claim_id, seen=seen)
        assert season.store.read(queries.answers_as, both, claim_id) is seen
