"""Paying farms and leaders what they are owed: bank details first, then all of a region at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from farmlink.ledger import commands as ledger
from farmlink.ledger.values import Account, AccountKind
from farmlink.network import queries as network
from farmlink.network.values import HubId
from farmlink.people.values import OrganisationId
from farmlink.settlement import queries, rules
from farmlink.settlement.tables import BankDetailsRow, PayOutRow, TransferRow
from farmlink.settlement.values import BankDetails, BankDetailsChanged, PayOutId, Transfer
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def keep_bank_details(tx: Transaction, organisation_id: OrganisationId, details: BankDetails) -> None:
    """Keep where an organisation is paid from now on; what was paid before stays where it went.

    It answers nothing, for an answer is kept under the key of whoever asked, and is nobody's place for an account.
    Its members are told, for one of them, or who stole their session, could have all of it paid to themselves.
    """
    exclude(tx, organisation_id)
    cleaned, before = rules.clean(details), queries.bank_details(tx, [organisation_id]).get(organisation_id)
    if cleaned == before:
        return
    row = tx.find(BankDetailsRow, organisation_id) or BankDetailsRow(
        organisation_id=organisation_id, holder=cleaned.holder, changed_at=tx.now
    )
    for name in ("holder", "iban", "bic", "account", "bank"):
        setattr(row, name, getattr(cleaned, name))
    row.changed_at = tx.now
    tx.add(row)
    tx.announce(BankDetailsChanged(organisation_id))
    tx.record("settlement.bank-details", organisation_id, before=rules.ending(before), after=rules.ending(cleaned))


def pay_out(tx: Transaction, key: UUID, hub_id: HubId) -> PayOutId:
    """Pay the farms and leaders of a hub's region all that they are owed, once under each key; whereto stays here."""
    exclude(tx, hub_id)
    pay_out_id, hub = PayOutId(key), network.hub(tx, hub_id)
    made = tx.find(PayOutRow, pay_out_id)
    if made is not None:
        if made.hub_id != hub_id:
            raise rules.NoSuchPayOutError
        return pay_out_id
    exclude(tx, hub.region_id)
    transfers = rules.transfers_of(pay_out_id, queries.payees(tx, hub_id))
    bank = Account(AccountKind.BANK, hub_id, hub.currency)
    ledger.post_many(tx, rules.paid_out(pay_out_id, bank, hub_id, transfers))
    total = sum(one.amount_minor for one in transfers)
    tx.add(PayOutRow(id=pay_out_id, hub_id=hub_id, currency=hub.currency, total_minor=total, made_at=tx.now))
    tx.session.connection().execute(insert(TransferRow), [_row(pay_out_id, one) for one in transfers])
    tx.record("settlement.pay-out", hub_id, total_minor=total, transfers=len(transfers))
    return pay_out_id


def _row(pay_out_id: PayOutId, one: Transfer) -> dict[str, object]:
    return {
        "pay_out_id": pay_out_id,
        "end_to_end": one.reference,
        "account": one.account.value,
        "owner_id": one.owner_id,
        "organisation_id": one.organisation_id,
        "amount_minor": one.amount_minor,
        "holder": one.details.holder,
        "iban": one.details.iban,
        "bic": one.details.bic,
        "account_number": one.details.account,
        "bank": one.details.bank,
    }
