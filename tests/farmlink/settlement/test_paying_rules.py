from __future__ import annotations

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.ledger.rules import check, sums
from farmlink.ledger.values import Account, AccountKind
from farmlink.people.values import OrganisationId
from farmlink.settlement import rules
from farmlink.settlement.values import BankDetails, Payee, PayOutId

ELM = BankDetails("Elm Farm", iban="DE89 3704 0044 0532 0130 00", bic="cobadeffxxx")
BANK = Account(AccountKind.BANK, uuid7(), "EUR")
PAY_OUT = PayOutId(uuid7())


def payee(owed_minor: int, details: BankDetails | None = ELM) -> Payee:
    return Payee(Account(AccountKind.FARM, uuid7(), "EUR"), OrganisationId(uuid7()), owed_minor, details)


def test_bank_details_are_read_as_people_write_them() -> None:
    assert rules.clean(ELM) == BankDetails("Elm Farm", iban="DE89370400440532013000", bic="COBADEFFXXX")
    chinese = BankDetails(" 王记农场 ", account="6222 0202 0000 1234 567", bank="中国农业银行")
    assert rules.clean(chinese) == BankDetails("王记农场", account="6222020200001234567", bank="中国农业银行")


@pytest.mark.parametrize(
    "iban", ["GB82WEST12345698765432", "NL91ABNA0417164300", "NO9386011117947", "MT84MALT011000012345MTLCAST001S"]
)
def test_an_iban_of_any_country_of_sepa_is_taken(iban: str) -> None:
    assert rules.is_iban(iban)


@pytest.mark.parametrize(
    "iban",
    [
        "DE89370400440532013001",
        "DE98370400440532013000",
        "DE8937040044053201300",
        "XX89370400440532013000",
        "89DE",
        "DE89-3704",
    ],
)
def test_a_slip_of_the_finger_is_no_iban(iban: str) -> None:
    assert not rules.is_iban(iban)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (BankDetails("", iban="DE89370400440532013000"), "holder"),
        (BankDetails("x" * 71, iban="DE89370400440532013000"), "holder"),
        (BankDetails("Elm Farm"), "iban"),
        (BankDetails("Elm Farm", iban="DE89370400440532013000", account="12345", bank="b"), "iban"),
        (BankDetails("Elm Farm", iban="DE89370400440532013001"), "iban"),
        (BankDetails("Elm Farm", iban="DE89370400440532013000", bic="COBADE"), "bic"),
        (BankDetails("Elm Farm", account="12345", bank="b", bic="COBADEFF"), "bic"),
        (BankDetails("Elm Farm", account="1_3", bank="b"), "account"),
        (BankDetails("Elm Farm", account="12345"), "bank"),
        (BankDetails("Elm Farm", account="12345", bank="b" * 71), "bank"),
    ],
)
def test_details_that_would_pay_nobody_are_refused_and_say_where(details: BankDetails, field: str) -> None:
    with pytest.raises(rules.BankDetailsWrongError) as refused:
        rules.clean(details)
    assert refused.value.facts["field"] == field


def test_everybody_with_bank_details_is_paid_what_they_are_owed() -> None:
    found = rules.transfers_of(PAY_OUT, [payee(500), payee(0), payee(-20), payee(300, None), payee(70)])
    assert [one.amount_minor for one in found] == [500, 70]
    assert len({one.reference for one in found}) == 2


@pytest.mark.parametrize("payees", [[], [payee(0)], [payee(500, None)]])
def test_a_pay_out_that_pays_nobody_is_refused(payees: list[Payee]) -> None:
    with pytest.raises(rules.NothingToPayError):
        rules.transfers_of(PAY_OUT, payees)


def test_a_pay_out_to_many_is_posted_in_entries_that_the_ledger_takes() -> None:
    transfers = rules.transfers_of(PAY_OUT, [payee(10) for _ in range(1_001)])
    entries = rules.paid_out(PAY_OUT, BANK, uuid7(), transfers)
    for entry in entries:
        check(entry)
        assert sums(entry) == {"EUR": 0}
    assert [len(entry.postings) for entry in entries] == [501, 501, 2]
    assert len({entry.key for entry in entries}) == 3
