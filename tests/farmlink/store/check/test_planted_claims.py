"""`farmlink check` finds claims of more than anybody got, and money that does not follow from them."""

from __future__ import annotations

from typing import Any

from farmlink.kernel.ids import uuid7
from farmlink.store.store import Store
from tests.farmlink.store.check.planting import IDS, NOW, a_cycle, found

CLAIM = uuid7()


def row(**changed: Any) -> tuple[str, dict[str, Any]]:
    """A claim of five of the one line of the cycle."""
    facts: dict[str, Any] = {"id": CLAIM, "order_id": IDS["order"], "line_id": IDS["line"], "cycle_id": IDS["cycle"]}
    facts |= {"place_id": IDS["point"], "claimant_id": IDS["consumer"], "kind": "damaged", "quantity": 5}
    ended = {"state": "passed-on", "accepted": None, "blame": None, "decided_at": None, "reason": ""}
    return "claim", facts | ended | changed


def note(**changed: Any) -> tuple[str, dict[str, Any]]:
    """The credit note of that claim."""
    facts = {"id": CLAIM, "order_id": IDS["order"], "line_id": IDS["line"], "amount_minor": 1, "tax_minor": 0}
    return "credit_note", facts | {"crates": 0, "bearer": "hub"} | changed


def said(store: Store, *rows: tuple[str, dict[str, Any]]) -> set[str]:
    """What is found of claims."""
    tables = {"claim", "order_line"}
    return {what for number, table, what in found(store, *a_cycle(), *rows) if number == 7 and table in tables}


ACCEPTED = {"state": "accepted", "accepted": 5, "blame": "hub", "decided_at": NOW}


def test_a_claim_within_what_was_handed_out_is_in_order(store: Store) -> None:
    assert said(store, row()) == set()


def test_more_claimed_than_was_handed_out_is_found(store: Store) -> None:
    assert said(store, row(), row(id=uuid7(), quantity=4)) == {"9 are claimed of it, 8 were handed out"}


def test_an_accepted_claim_without_its_credit_note_is_found_and_with_it_is_in_order(store: Store) -> None:
    assert said(store, row(**ACCEPTED)) == {"is accepted and nothing was given back for it"}
    assert said(store, row(**ACCEPTED), note()) == set()


def test_money_that_went_back_for_a_claim_that_nobody_accepted_is_found(store: Store) -> None:
    assert said(store, row(), note()) == {"is passed-on and something was given back for it"}


def test_a_credit_note_of_another_line_than_its_claim_is_found(store: Store) -> None:
    assert said(store, row(**ACCEPTED), note(line_id=uuid7())) == {"is of another line than its credit note"}


def test_a_claim_of_somebody_else_or_at_another_place_than_its_line_is_found(store: Store) -> None:
    assert said(store, row(place_id=uuid7(), claimant_id=uuid7())) == {
        "is of a line of another order, place or cycle than it says",
        "is made by somebody whose order it is not",
    }


def charged(minor: int) -> tuple[str, dict[str, Any]]:
    """What the eight of that line that were handed out were charged."""
    facts: dict[str, Any] = {"line_id": IDS["line"], "credit_note_id": None, "item": "sale"}
    return "statement_line", facts | {"amount_minor": -minor}


def test_a_loss_that_another_bears_than_its_blame_says_is_found(store: Store) -> None:
    said_of_bearer = "is blamed on {}, and its credit note is borne by {}"
    for blame, bearer in (("farm", "hub"), ("hub", "shared")):
        rows = row(**ACCEPTED | {"blame": blame}), note(bearer=bearer), charged(80)
        assert said(store, *rows) == {said_of_bearer.format(blame, bearer)}
    assert said(store, row(**ACCEPTED | {"blame": "farm"}), note(bearer="shared"), charged(80)) == set()


def test_more_given_back_than_what_was_accepted_cost_is_found(store: Store) -> None:
    assert said(store, row(**ACCEPTED), note(amount_minor=51), charged(80)) == set()
    assert said(store, row(**ACCEPTED), note(amount_minor=52), charged(80)) == {
        "gave back 52 for 5 of 8 that were charged 80"
    }
