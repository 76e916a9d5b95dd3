"""Where organisations are paid, what is owed to them, and what was paid out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from farmlink.kernel.page import Page, Paging, page
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.people.values import OrganisationId
from farmlink.settlement.rules import NoSuchPayOutError
from farmlink.settlement.tables import BankDetailsRow, PayOutRow, TransferRow
from farmlink.settlement.values import BankDetails, Payee, PayOut, PayOutId, Transfer
from farmlink.store.pages import fetched
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction

CHANGED = """
SELECT transfer.end_to_end FROM transfer
JOIN pay_out ON pay_out.id = pay_out_id
CROSS JOIN LATERAL (
  SELECT known.iban, known.account_number, known.bank FROM transfer AS known
  JOIN pay_out AS earlier ON earlier.id = known.pay_out_id
  WHERE known.organisation_id = transfer.organisation_id
    AND (known.account, known.owner_id) = (transfer.account, transfer.owner_id)
    AND (earlier.made_at, earlier.id) < (pay_out.made_at, pay_out.id)
  ORDER BY earlier.made_at DESC, earlier.id DESC LIMIT 1
) AS last
WHERE pay_out_id = :pay_out
  AND (transfer.iban, transfer.account_number, transfer.bank)
    IS DISTINCT FROM (last.iban, last.account_number, last.bank)
"""


def bank_details(tx: Transaction, organisation_ids: Collection[OrganisationId]) -> dict[OrganisationId, BankDetails]:
    """Where organisations are paid, as far as they said so."""
    rows = tx.session.exec(select(BankDetailsRow).where(among(col(BankDetailsRow.organisation_id), organisation_ids)))
    return {OrganisationId(row.organisation_id): details_value(row) for row in rows}


def payees(tx: Transaction, hub_id: HubId) -> list[Payee]:
    """What is owed to the farms and leaders of a hub's region in its currency, and where it goes."""
    hub = network.hub(tx, hub_id)
    owners: dict[AccountKind, dict[UUID, OrganisationId]] = {
        AccountKind.FARM: {one.id: one.organisation_id for one in network.farms_of(tx, hub.region_id)},
        AccountKind.COMMISSION: {one.id: one.organisation_id for one in network.points_of(tx, hub.region_id)},
    }
    known = bank_details(tx, {owner for found in owners.values() for owner in found.values()})
    return [
        Payee(account, found[account.owner_id], -minor, known.get(found[account.owner_id]))
        for kind, found in owners.items()
        for account, minor in ledger.balances(tx, kind, found).items()
        if account.currency == hub.currency
    ]


def pay_out(tx: Transaction, pay_out_id: PayOutId) -> PayOut:
    """One pay-out with all its transfers."""
    row = tx.find(PayOutRow, pay_out_id)
    if row is None:
        raise NoSuchPayOutError
    chosen = select(TransferRow).where(TransferRow.pay_out_id == pay_out_id).order_by(col(TransferRow.end_to_end))
    changed = frozenset(tx.execute(CHANGED, {"pay_out": pay_out_id}).scalars())
    return _pay_out(row, tuple(_transfer(one, changed) for one in tx.session.exec(chosen)))


def pay_outs(tx: Transaction, hub_id: HubId, paging: Paging) -> Page[PayOut]:
    """What a hub paid out, by id, without the single transfers; each says when."""
    rows = fetched(tx, select(PayOutRow).where(PayOutRow.hub_id == hub_id), col(PayOutRow.id), paging)
    return page([_pay_out(row) for row in rows], paging, lambda one: one.id)


def details_value(row: Any) -> BankDetails:
    """Bank details out of a row that holds them."""
    return BankDetails(**{field.name: getattr(row, field.name) for field in fields(BankDetails)})


def _pay_out(row: PayOutRow, transfers: tuple[Transfer, ...] = ()) -> PayOut:
    return PayOut(
        id=PayOutId(row.id),
        hub_id=HubId(row.hub_id),
        currency=row.currency,
        total_minor=row.total_minor,
        made_at=row.made_at,
        transfers=transfers,
    )


def _transfer(row: TransferRow, changed: Collection[str]) -> Transfer:
    return Transfer(
        account=AccountKind(row.account),
        owner_id=row.owner_id,
        organisation_id=OrganisationId(row.organisation_id),
        amount_minor=row.amount_minor,
        reference=row.end_to_end,
        details=BankDetails(row.holder, row.iban, row.bic, row.account_number, row.bank),
        changed=row.end_to_end in changed,
    )
