"""The fairness ledger as its parties see it, and what it weighs in the next sharing and the next plan."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.fairness import rules
from farmlink.fairness.tables import COLUMN, FairShare
from farmlink.fairness.values import Balance, EntryId, Party, ShareView, Spread
from farmlink.kernel.page import Page, Paging, page
from farmlink.network.values import FarmId, RegionId
from farmlink.people.values import PersonId
from farmlink.store.pages import fetched
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

BALANCES = """
SELECT {party} AS party_id, count(*) AS cycles, sum(wanted_minor)::bigint AS wanted_minor,
       sum(equal_minor)::bigint AS equal_minor, sum(got_minor)::bigint AS got_minor
FROM fair_share WHERE region_id = :region AND {party} IS NOT NULL AND collect_on >= :since AND collect_on < :until
AND (CAST(:only AS uuid[]) IS NULL OR {party} = ANY(CAST(:only AS uuid[]))) GROUP BY {party} ORDER BY {party}
"""


def is_recorded(tx: Transaction, cycle_id: CycleId) -> bool:
    """Whether the ledger holds a cycle."""
    return tx.session.exec(select(FairShare.id).where(FairShare.cycle_id == cycle_id).limit(1)).first() is not None


def recorded(tx: Transaction, cycle_ids: Collection[CycleId]) -> frozenset[CycleId]:
    """Those of some cycles that the ledger holds."""
    found = "SELECT DISTINCT cycle_id FROM fair_share WHERE cycle_id = ANY(CAST(:cycles AS uuid[]))"
    return frozenset(map(CycleId, tx.execute(found, {"cycles": uuids(cycle_ids)}).scalars()))


def balances(
    tx: Transaction, party: Party, region_id: RegionId, until: date, only: Collection[UUID] | None = None
) -> dict[UUID, Balance]:
    """What the half year before a day comes to for each of a region's consumers or farms, or only for some of them."""
    named: dict[str, Any] = {"region": region_id, "since": until - rules.SEASON, "until": until}
    rows = tx.execute(BALANCES.format(party=COLUMN[party]), named | {"only": None if only is None else uuids(only)})
    return {row.party_id: rules.balance_of(**row._asdict()) for row in rows}


def owed_ppm(tx: Transaction, region_id: RegionId, until: date, consumers: Collection[PersonId]) -> dict[PersonId, int]:
    """What each of these consumers is owed, as a share of what they wanted; below zero were favoured."""
    found = balances(tx, Party.CONSUMERS, region_id, until, consumers)
    return {PersonId(party_id): balance.owed_ppm for party_id, balance in found.items()}


def spread(tx: Transaction, party: Party, region_id: RegionId, until: date) -> Spread:
    """How far apart a region's consumers or farms are after the half year before a day."""
    return rules.spread(party, list(balances(tx, party, region_id, until).values()))


def consumer_shares(tx: Transaction, person_id: PersonId, paging: Paging) -> Page[ShareView]:
    """What somebody wanted and got, cycle by cycle."""
    rows = fetched(tx, select(FairShare).where(FairShare.consumer_id == person_id), col(FairShare.id), paging)
    return page([_view(row) for row in rows], paging, lambda view: view.id)


def farm_shares(tx: Transaction, farm_id: FarmId, paging: Paging) -> Page[ShareView]:
    """What a farm offered and sold, cycle by cycle."""
    rows = fetched(tx, select(FairShare).where(FairShare.farm_id == farm_id), col(FairShare.id), paging)
    return page([_view(row) for row in rows], paging, lambda view: view.id)


def _view(row: FairShare) -> ShareView:
    return ShareView(
        id=EntryId(row.id),
        cycle_id=CycleId(row.cycle_id),
        collect_on=row.collect_on,
        wanted_minor=row.wanted_minor,
        equal_minor=row.equal_minor,
        got_minor=row.got_minor,
        owed_minor=row.equal_minor - row.got_minor,
    )
