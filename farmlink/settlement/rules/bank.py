"""Bank details: an account number that is right in itself, so that a slip of the finger pays nobody else."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from farmlink.kernel.locale import marked
from farmlink.settlement.rules.refusals import BankDetailsWrongError
from farmlink.settlement.values import BankDetails

IBAN_LENGTHS: Final = {
    known[:2]: int(known[2:])
    for known in [
        "AD24",
        "AT20",
        "BE16",
        "BG22",
        "CH21",
        "CY28",
        "CZ24",
        "DE22",
        "DK18",
        "EE20",
        "ES24",
        "FI18",
        "FR27",
        "GB22",
        "GI23",
        "GR27",
        "HR21",
        "HU28",
        "IE22",
        "IS26",
        "IT27",
        "LI21",
        "LT20",
        "LU20",
        "LV21",
        "MC27",
        "MT31",
        "NL18",
        "NO15",
        "PL28",
        "PT25",
        "RO24",
        "SE24",
        "SI19",
        "SK24",
        "SM27",
        "VA22",
    ]
}
"""Characters of an IBAN by country, of the countries of SEPA."""
BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
ACCOUNT: Final = re.compile(r"[A-Z0-9-]{4,34}")
LONGEST: Final = 70
"""What a SEPA file takes of a name."""
SHOWN: Final = 4
"""Characters of an account that letters and the audit name."""
HOLDER_NEEDED = marked("Give the account's holder, in at most 70 characters.")
ONE_ACCOUNT = marked("Give an IBAN, or an account number with the name of its bank.")
IBAN_WRONG = marked("This IBAN is not right. Compare it with the bank statement, character by character.")
BIC_WRONG = marked("A BIC has 8 or 11 characters and goes with an IBAN. Leave it out when in doubt.")
ACCOUNT_WRONG = marked("An account number has 4 to 34 letters and digits.")
BANK_NEEDED = marked("Give the name of the bank, in at most 70 characters.")


def clean(details: BankDetails) -> BankDetails:
    """Details as a bank reads them; refused when they cannot be right."""
    iban, bic, account = (_packed(text) for text in (details.iban, details.bic, details.account))
    holder, bank = details.holder.strip(), (details.bank or "").strip() or None
    _require("holder", 0 < len(holder) <= LONGEST, HOLDER_NEEDED)
    _require("iban", (iban is None) != (account is None), ONE_ACCOUNT)
    if iban is not None:
        _require("iban", is_iban(iban), IBAN_WRONG)
    if account is not None:
        _require("account", ACCOUNT.fullmatch(account) is not None, ACCOUNT_WRONG)
        _require("bank", bank is not None and len(bank) <= LONGEST, BANK_NEEDED)
    _require("bic", bic is None or (iban is not None and BIC.fullmatch(bic) is not None), BIC_WRONG)
    return replace(details, holder=holder, iban=iban, bic=bic, account=account, bank=bank)


def ending(details: BankDetails | None) -> str:
    """What tells an account from another without saying which it is; nothing of none."""
    return "" if details is None else f"…{(details.iban or details.account or '')[-SHOWN:]}"


def is_iban(text: str) -> bool:
    """Tell whether an IBAN is of its country's length and its check digits fit (ISO 7064, modulo 97)."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", text) or IBAN_LENGTHS.get(text[:2]) != len(text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def _packed(text: str | None) -> str | None:
    return re.sub(r"\s", "", text or "").upper() or None


def _require(field: str, right: bool, reason: str) -> None:  # noqa: FBT001  # read as a sentence at every call
    if not right:
        raise BankDetailsWrongError(field=field, reason=reason)
