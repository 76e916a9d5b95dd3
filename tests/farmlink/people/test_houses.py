"""Organisations are found by part of their name."""

from __future__ import annotations

from farmlink.kernel.page import Paging
from farmlink.people import commands
from farmlink.people.queries.houses import organisations_named
from farmlink.people.values import OrganisationKind
from farmlink.store.store import Store


def test_organisations_are_found_by_part_of_their_name_and_by_what_they_are(store: Store) -> None:
    store.run(commands.add_organisation, "Oak Hill", OrganisationKind.FARM)
    store.run(commands.add_organisation, "Oak Hall", OrganisationKind.POINT)

    def found(asked: str, kind: OrganisationKind | None = None) -> list[str]:
        return [one.name for one in store.read(organisations_named, asked, Paging(10), kind).items]

    assert found("oak h") == ["Oak Hill", "Oak Hall"]
    assert found("OAK", OrganisationKind.POINT) == ["Oak Hall"]
    assert found("%") == []


def test_a_list_of_organisations_goes_on_where_its_page_ended(store: Store) -> None:
    for name in ("Oak Hill", "Oak Hall"):
        store.run(commands.add_organisation, name, OrganisationKind.FARM)

    first = store.read(organisations_named, "oak", Paging(1))
    then = store.read(organisations_named, "oak", Paging(1, first.next))

    assert [one.name for one in (*first.items, *then.items)] == ["Oak Hill", "Oak Hall"]
    assert then.next is None
