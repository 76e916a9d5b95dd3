"""Finding a pick-up point: by its name or its town, approved ones alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farmlink.network import commands, queries
from farmlink.network.values import Address, PointId
from farmlink.store.store import Store
from tests.farmlink.network.builders import Country


@pytest.fixture
def country(store: Store) -> Country:
    return Country.founded(store)


def point(country: Country, name: str, town: str, *, approved: bool = True) -> PointId:
    draft = replace(country.point_draft(name), address=Address(town=town, postcode="49503"))
    added = country.store.run(commands.add_point, draft)
    if approved:
        country.store.run(commands.approve_point, added.id)
    return added.id


def found(country: Country, asked: str, most: int = 9, among: list[PointId] | None = None) -> list[str]:
    return [one.name for one in country.store.read(queries.find_points, asked, most, among)]


def test_a_point_is_found_by_any_words_of_its_name_and_address_in_the_order_of_towns(country: Country) -> None:
    point(country, "Old mill", "Zeeland")
    point(country, "Church hall", "Ada")

    assert found(country, "") == ["Church hall", "Old mill"]
    assert found(country, "zee MILL") == ["Old mill"]
    assert found(country, "49503") == ["Church hall", "Old mill"]
    assert found(country, "100%") == []


def test_no_more_are_found_than_were_asked_for_and_only_among_those_named(country: Country) -> None:
    mill = point(country, "Old mill", "Zeeland")
    point(country, "Church hall", "Ada")

    assert found(country, "", most=1) == ["Church hall"]
    assert found(country, "", among=[mill]) == ["Old mill"]
    assert found(country, "", among=[]) == []


def test_a_point_that_waits_for_approval_is_not_found(country: Country) -> None:
    point(country, "Old mill", "Zeeland", approved=False)

    assert found(country, "mill") == []
