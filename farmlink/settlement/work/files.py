"""Files for the bank: SEPA credit transfers (pain.001.001.03) by sepaxml, and CSV for every other bank."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from html import unescape
from typing import Final

from babel.numbers import get_currency_precision
from sepaxml import SepaTransfer

from farmlink.kernel.rows import FORMULA
from farmlink.network import queries as network
from farmlink.settlement import queries, rules
from farmlink.settlement.values import BankDetails, PayOut, PayOutId, Transfer
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

SEPA_CURRENCY: Final = "EUR"
SCHEMA: Final = "pain.001.001.03"
NAME: Final = re.compile(rb"<Nm>([^<]*)</Nm>")
FOREIGN: Final = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")
"""What no bank of SEPA has to read; sepaxml has written other alphabets in Latin letters before."""
COLUMNS: Final = ("reference", "holder", "iban", "bic", "account", "bank", "amount", "currency")


def sepa_file(store: Store, pay_out_id: PayOutId) -> bytes:
    """The pay-out as the bank's program takes it; checked against the schema of ISO 20022."""
    pay_out, own = store.read(_from, pay_out_id)
    if pay_out.currency != SEPA_CURRENCY or any(one.details.iban is None for one in pay_out.transfers):
        raise rules.NotSepaError(in_currency=pay_out.currency)
    if own is None or own.iban is None:
        raise rules.OwnBankMissingError
    sender = {"name": own.holder, "IBAN": own.iban, "batch": True, "currency": SEPA_CURRENCY}
    file = SepaTransfer(sender | ({"BIC": own.bic} if own.bic else {}), schema=SCHEMA, clean=True)
    for one in pay_out.transfers:
        file.add_payment(_payment(pay_out, one))
    return _named(NAME.sub(_in_bank_letters, file.export(validate=True)), pay_out)


def csv_file(store: Store, pay_out_id: PayOutId) -> str:
    """The pay-out as a table, amounts in whole currency units as banks write them."""
    pay_out, _ = store.read(_from, pay_out_id)
    digits = get_currency_precision(pay_out.currency)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for one in pay_out.transfers:
        details = one.details
        amount = Decimal(one.amount_minor).scaleb(-digits)
        cells = (one.reference, details.holder, details.iban, details.bic, details.account, details.bank)
        table.writerow([*(_safe(cell or "") for cell in cells), f"{amount:.{digits}f}", pay_out.currency])
    return written.getvalue()


def _from(tx: Transaction, pay_out_id: PayOutId) -> tuple[PayOut, BankDetails | None]:
    pay_out = queries.pay_out(tx, pay_out_id)
    keeper = network.hub(tx, pay_out.hub_id).organisation_id
    return pay_out, queries.bank_details(tx, [keeper]).get(keeper)


def _payment(pay_out: PayOut, one: Transfer) -> dict[str, object]:
    sent: dict[str, object] = {
        "name": one.details.holder,
        "IBAN": one.details.iban,
        "amount": one.amount_minor,
        "execution_date": pay_out.made_at.date(),
        "description": f"farmlink {one.reference}",
        "endtoend_id": one.reference,
    }
    return sent | ({"BIC": one.details.bic} if one.details.bic else {})


def _in_bank_letters(found: re.Match[bytes]) -> bytes:
    """A name in the letters that every bank reads: one with others could turn the whole file back."""
    letters = " ".join(FOREIGN.sub(" ", unescape(found[1].decode())).split())
    return f"<Nm>{letters or '-'}</Nm>".encode()


def _named(made: bytes, pay_out: PayOut) -> bytes:
    """Give the file the pay-out's own name and moment: a bank refuses to take the same file twice by its name."""
    name = f"FL-{pay_out.id.hex[-24:].upper()}"
    stamps = {"MsgId": name, "PmtInfId": f"{name}-1", "CreDtTm": f"{pay_out.made_at:%Y-%m-%dT%H:%M:%S}"}
    for tag, text in stamps.items():
        made = re.sub(rf"<{tag}>[^<]*".encode(), f"<{tag}>{text}".encode(), made)
    return made


def _safe(cell: str) -> str:
    """A spreadsheet must not run what somebody entered as a name."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
