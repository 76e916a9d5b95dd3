"""Points by who keeps them."""

from __future__ import annotations

from farmlink.network.queries.leading import points_owned_by
from farmlink.store.store import Store
from tests.farmlink.network.builders import Country


def test_an_organisation_knows_its_own_points_approved_or_not(store: Store) -> None:
    country = Country.founded(store)
    mine, _ = country.point(), country.point("Zeeland Market")
    assert [one.id for one in store.read(points_owned_by, [mine.organisation_id])] == [mine.id]
    assert store.read(points_owned_by, []) == []
