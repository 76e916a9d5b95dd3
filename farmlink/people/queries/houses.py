"""Organisations, found by part of their name."""

from __future__ import annotations

from farmlink.kernel.page import Page, Paging, page
from farmlink.people.values import Organisation, OrganisationKind
from farmlink.store.transaction import Transaction

NAMED = """
SELECT id, name, kind, revision FROM organisation WHERE strpos(lower(name), lower(:asked)) > 0
AND (CAST(:kind AS text) IS NULL OR kind = :kind) AND (CAST(:after AS uuid) IS NULL OR id > :after)
ORDER BY id LIMIT :most
"""


def organisations_named(
    tx: Transaction, asked: str, paging: Paging, kind: OrganisationKind | None = None
) -> Page[Organisation]:
    """Organisations whose name has this in it, of one kind or any."""
    facts = {"asked": asked, "kind": kind and kind.value, "after": paging.after, "most": paging.limit + 1}
    rows = tx.execute(NAMED, facts).all()
    found = [Organisation(row.id, row.name, OrganisationKind(row.kind), row.revision) for row in rows]
    return page(found, paging, lambda one: one.id)
