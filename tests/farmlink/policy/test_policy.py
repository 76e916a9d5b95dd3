"""The policy is public, is checked before it is published, and never changes afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.kernel.errors import InvalidError, StaleError
from farmlink.policy import commands, queries, rules
from farmlink.policy.values import (
    FIRST,
    Charges,
    Fairness,
    PolicyDocument,
    PolicyVersion,
    Ranking,
    Service,
    Standing,
)

if TYPE_CHECKING:
    from farmlink.store.store import Store
    from farmlink.store.transaction import Transaction

PLAIN = PolicyDocument()
CAME_LATER = {
    "leader_commission_ppm": 0,
    "order_fee_minor": 0,
    "pack_fee_minor": 0,
    "crate_deposit_minor": 0,
    "crate_g": 20_000,
}
CLAIMS = {"claim_window_h": 48, "claim_answer_h": 24}


def test_the_first_version_is_what_it_always_was() -> None:
    """Figures that came later charge nothing in it: a deposit of nothing leaves its crate without meaning.

    Claims came later too: cycles that pinned it before had none, and take them now for as long as every other.
    """
    document = msgspec.to_builtins(FIRST.document)
    assert {name: document["charges"].pop(name) for name in CAME_LATER} == CAME_LATER
    assert {name: document["service"].pop(name) for name in CLAIMS} == CLAIMS
    written = msgspec.json.encode(document, order="sorted")

    assert hashlib.sha256(written).hexdigest() == "92c787313c579058f2ec09280bbfe9e4a74c59044b353b5a86d14bf13893cfe4"


def test_what_every_installation_begins_with_satisfies_the_rules() -> None:
    rules.check(PLAIN)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (replace(PLAIN, charges=replace(PLAIN.charges, commission_ppm=-1)), "charges.commission_ppm"),
        (replace(PLAIN, charges=replace(PLAIN.charges, payment_fee_ppm=1_000_001)), "charges.payment_fee_ppm"),
        (replace(PLAIN, charges=replace(PLAIN.charges, crate_g=0)), "charges.crate_g"),
        (replace(PLAIN, charges=replace(PLAIN.charges, order_fee_minor=10**9 + 1)), "charges.order_fee_minor"),
        (replace(PLAIN, ranking=Ranking(price_weight_ppm=500_000)), "ranking"),
        (replace(PLAIN, fairness=Fairness(segments=0)), "fairness.segments"),
        (replace(PLAIN, fairness=Fairness(segments=21)), "fairness.segments"),
        (replace(PLAIN, fairness=Fairness(cap_needs_farms=2)), "fairness.cap_needs_farms"),
        (replace(PLAIN, fairness=Fairness(share_cap_ppm=300_000)), "fairness.share_cap_ppm"),
        (replace(PLAIN, standing=Standing(counted_answers=0)), "standing.counted_answers"),
        (replace(PLAIN, fairness=Fairness(cap_needs_farms=1001)), "fairness.cap_needs_farms"),
        (replace(PLAIN, charges=Charges(packaging_minor_per_kg=100_001)), "charges.packaging_minor_per_kg"),
        (replace(PLAIN, charges=Charges(remote_from_km=1_000_001)), "charges.remote_from_km"),
        (replace(PLAIN, service=Service(fresh_days_at_hand_out=3651)), "service.fresh_days_at_hand_out"),
        (replace(PLAIN, service=Service(shortfall_times=1001)), "service.shortfall_times"),
        (replace(PLAIN, service=Service(shortfall_minor_per_kg=100_001)), "service.shortfall_minor_per_kg"),
        (replace(PLAIN, service=Service(claim_window_h=-1)), "service.claim_window_h"),
        (replace(PLAIN, service=Service(claim_answer_h=87_601)), "service.claim_answer_h"),
    ],
)
def test_a_figure_that_cannot_be_meant_is_refused_by_its_name(document: PolicyDocument, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        rules.check(document)

    assert refused.value.facts["field"] == field


def publish(tx: Transaction, kilograms: int, follows: int = 1) -> int:
    document = replace(PLAIN, fairness=replace(PLAIN.fairness, small_farm_kg=kilograms))
    return commands.publish_version(tx, document, "Members voted.", follows).version


def test_a_published_version_is_followed_and_the_earlier_one_still_says_what_it_said(store: Store) -> None:
    store.run(publish, 300)

    assert store.read(queries.current).document.fairness.small_farm_kg == 300
    assert store.read(queries.current).version == 2
    assert store.read(queries.at, 1) == FIRST
    assert [policy.version for policy in store.read(queries.versions)] == [2, 1]


def test_two_authors_who_saw_the_same_version_cannot_both_publish(store: Store) -> None:
    store.run(publish, 300)

    with pytest.raises(StaleError):
        store.run(publish, 400)


def test_a_version_that_says_the_same_is_refused(store: Store) -> None:
    with pytest.raises(rules.PolicyUnchangedError):
        store.run(publish, PLAIN.fairness.small_farm_kg)


def test_a_version_that_was_never_published_is_missing(store: Store) -> None:
    with pytest.raises(rules.NoSuchPolicyError):
        store.read(queries.at, 7)


@pytest.mark.parametrize("statement", ["UPDATE policy_version SET reason = 'x'", "DELETE FROM policy_version"])
def test_the_database_itself_keeps_a_published_version_as_it_is(store: Store, statement: str) -> None:
    store.run(publish, 300)

    with pytest.raises(IntegrityError):
        store.run(lambda tx: tx.execute(statement))


def test_a_service_level_of_nothing_is_allowed() -> None:
    rules.check(replace(PLAIN, service=Service(0, 1, 0)))


def test_who_published_a_version_is_on_record(store: Store) -> None:
    document = replace(PLAIN, service=Service(0, 1, 0))
    store.by("ann").run(commands.publish_version, document, "Nobody waits.", 1)
    deeds = store.read(lambda tx: tx.execute("SELECT actor, action, facts FROM audit_entry").all())
    assert [tuple(deed) for deed in deeds] == [("ann", "policy.published", {"version": 2})]


def test_a_version_that_was_published_before_claims_were_taken_is_read_with_their_terms(store: Store) -> None:
    document = msgspec.to_builtins(PLAIN)
    for name in CLAIMS:
        del document["service"][name]
    row = "INSERT INTO policy_version (version, document, published_at, reason) VALUES (2, :written, now(), 'Then.')"
    store.run(lambda tx: tx.execute(row, {"written": msgspec.json.encode(document).decode()}))
    assert store.read(queries.at, PolicyVersion(2)).document == PLAIN
