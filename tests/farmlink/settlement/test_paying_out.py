from __future__ import annotations

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.ledger import commands as ledger
from farmlink.ledger.values import Account, AccountKind, Entry, EntryKind, Posting
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people.values import OrganisationId
from farmlink.settlement import commands, queries, rules
from farmlink.settlement.values import BankDetails, PayOut, PayOutId
from farmlink.settlement.work import csv_file, sepa_file
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.planning.builders import run_sql
from tests.farmlink.settlement.builders import ELM, Ledgered, under

CHINESE = BankDetails("王记农场", account="6222020200001234567", bank="中国农业银行")


@pytest.fixture
def season(store: Store) -> Ledgered:
    under(store, leader_commission_ppm=30_000)
    season = Ledgered.done(store, lots=(60_000,))
    season.settle()
    return season


def farm_house(season: Ledgered) -> OrganisationId:
    return season.store.read(network.farm, FarmId(season.farms()[0])).organisation_id


def keep(season: Ledgered, organisation_id: OrganisationId, details: BankDetails = ELM) -> BankDetails:
    """Say where somebody is paid; what is kept of it."""
    season.store.run(commands.keep_bank_details, organisation_id, details)
    return season.store.read(queries.bank_details, [organisation_id])[organisation_id]


def pay(season: Ledgered, key: PayOutId | None = None) -> PayOut:
    made = season.store.run(commands.pay_out, key or uuid7(), season.market.hub.id)
    return season.store.read(queries.pay_out, made)


def owe(season: Ledgered, minor: int) -> None:
    """Owe the farm so much more."""
    hub, farm = season.market.hub, season.farms()[0]
    borne, owed = Account(AccountKind.SPREAD, hub.id, hub.currency), Account(AccountKind.FARM, farm, hub.currency)
    postings = (Posting(borne, minor), Posting(owed, -minor))
    season.store.run(ledger.post, Entry(str(uuid7()), EntryKind.CHARGE, uuid7(), postings))


def in_euro(season: Ledgered, pay_out: PayOut) -> None:
    """Say that a pay-out was in euros, though the market's currency is another."""
    unguarded = "SET LOCAL session_replication_role = replica; "
    run_sql(season.store, f"{unguarded}UPDATE pay_out SET currency = 'EUR' WHERE id = '{pay_out.id}'")


def test_a_farm_is_paid_all_that_it_is_owed(season: Ledgered) -> None:
    keep(season, farm_house(season))
    owed = season.earned()
    made = pay(season)

    assert (made.total_minor, [one.amount_minor for one in made.transfers]) == (owed, [owed])
    assert season.earned() == 0
    assert season.on(AccountKind.BANK, season.market.hub.id) == -owed, "the SEPA file debits the hub's own account"
    assert season.on(AccountKind.COMMISSION, season.market.point.id) == -450, "the leader gave no bank details"
    assert check(season.store) == []


def test_the_same_pay_out_again_pays_nobody_twice(season: Ledgered) -> None:
    keep(season, farm_house(season))
    key = PayOutId(uuid7())
    assert pay(season, key) == pay(season, key)
    assert season.earned() == 0
    with pytest.raises(rules.NothingToPayError):
        pay(season)


def test_another_hub_cannot_look_at_a_pay_out_by_its_key(season: Ledgered) -> None:
    keep(season, farm_house(season))
    made = pay(season)
    other = season.market.country.hub("Elsewhere")
    with pytest.raises(rules.NoSuchPayOutError):
        season.store.run(commands.pay_out, made.id, other.id)


def test_a_leader_is_paid_the_commission(season: Ledgered) -> None:
    keep(season, season.market.point.organisation_id)
    (transfer,) = pay(season).transfers
    assert (transfer.account, transfer.amount_minor) == (AccountKind.COMMISSION, 450)


def test_without_bank_details_nobody_is_paid(season: Ledgered) -> None:
    with pytest.raises(rules.NothingToPayError):
        pay(season)


def test_bank_details_change_and_what_was_paid_stays_where_it_went(season: Ledgered) -> None:
    house = farm_house(season)
    assert keep(season, house, replace(ELM, iban="de89 3704 0044 0532 0130 00")) == ELM
    made = pay(season)
    keep(season, house, CHINESE)
    assert season.store.read(queries.bank_details, [house]) == {house: CHINESE}
    assert season.store.read(queries.pay_out, made.id).transfers[0].details == ELM
    with pytest.raises(DBAPIError):
        run_sql(season.store, "UPDATE transfer SET holder = 'somebody else'")


def told(season: Ledgered) -> list[tuple[str, str]]:
    """What the audit says of bank details, before and after."""
    chosen = "SELECT facts FROM audit_entry WHERE action = 'settlement.bank-details' ORDER BY done_at"
    rows = season.store.run(lambda tx: tx.execute(chosen).scalars().all())
    return [(facts["before"], facts["after"]) for facts in rows]


def test_the_audit_names_the_old_account_and_the_new_one_by_their_endings(season: Ledgered) -> None:
    house = farm_house(season)
    for details in (ELM, ELM, CHINESE):
        keep(season, house, details)
    assert told(season) == [("", "…3000"), ("…3000", "…4567")], "the same details again change nothing"


def test_a_transfer_to_another_account_than_the_last_says_so(season: Ledgered) -> None:
    house, hub = farm_house(season), season.market.hub
    keep(season, house)
    made = [pay(season)]
    for details in (CHINESE, CHINESE):
        keep(season, house, details)
        owe(season, 100)
        made.append(pay(season))
    assert [season.store.read(queries.pay_out, one.id).transfers[0].changed for one in made] == [False, True, False]
    assert season.store.read(queries.pay_outs, hub.id, Paging()).items[0].transfers == ()


def test_pay_outs_are_listed_without_their_transfers(season: Ledgered) -> None:
    keep(season, farm_house(season))
    made = pay(season)
    (listed,) = season.store.read(queries.pay_outs, season.market.hub.id, Paging()).items
    assert (listed.id, listed.total_minor, listed.transfers) == (made.id, made.total_minor, ())
    with pytest.raises(rules.NoSuchPayOutError):
        season.store.read(queries.pay_out, PayOutId(uuid7()))


def test_the_bank_gets_a_sepa_file_that_keeps_to_the_schema(season: Ledgered) -> None:
    keep(season, farm_house(season))
    keep(season, season.market.hub.organisation_id, replace(ELM, holder="Müller's Hub", bic=None))
    made = pay(season)
    in_euro(season, made)

    file = ET.fromstring(sepa_file(season.store, made.id))
    names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"}
    amounts = [one.text for one in file.iterfind(".//p:InstdAmt", names)]
    assert amounts == [f"{made.total_minor // 100}.{made.total_minor % 100:02}"]
    assert [one.text for one in file.iterfind(".//p:Cdtr/p:Nm", names)] == ["Elm Farm"]
    assert [one.text for one in file.iterfind(".//p:EndToEndId", names)] == [made.transfers[0].reference]
    assert next(one.text for one in file.iterfind(".//p:CtrlSum", names)) == amounts[0]
    assert sepa_file(season.store, made.id) == sepa_file(season.store, made.id), "a bank knows a file by its name"


@pytest.mark.parametrize(
    ("holder", "written"),
    [
        ("Müller & Söhne <Hof>", "Muller Sohne Hof"),
        ("=1+1|Hof!", "1+1 Hof"),
        ("王记农场", "Wang Ji Nong Chang"),
        ("农" * 70, ("Nong " * 14).strip()),
        ("&&&", "-"),
    ],
    ids=["umlauts", "signs", "Chinese", "long", "nothing left"],
)
def test_a_bank_reads_names_in_its_own_letters(season: Ledgered, holder: str, written: str) -> None:
    keep(season, farm_house(season), replace(ELM, holder=holder))
    keep(season, season.market.hub.organisation_id, replace(ELM, holder=holder))
    made = pay(season)
    in_euro(season, made)

    file = ET.fromstring(sepa_file(season.store, made.id))

    assert {one.text for one in file.iterfind(".//{*}Nm")} == {written}


def test_sepa_pays_euros_to_ibans_only(season: Ledgered) -> None:
    keep(season, farm_house(season), CHINESE)
    made = pay(season)
    with pytest.raises(rules.NotSepaError):
        sepa_file(season.store, made.id)
    in_euro(season, made)
    with pytest.raises(rules.NotSepaError):
        sepa_file(season.store, made.id)


def test_a_sepa_file_needs_an_account_to_pay_from(season: Ledgered) -> None:
    keep(season, farm_house(season))
    made = pay(season)
    in_euro(season, made)
    with pytest.raises(rules.OwnBankMissingError):
        sepa_file(season.store, made.id)
    keep(season, season.market.hub.organisation_id, CHINESE)
    with pytest.raises(rules.OwnBankMissingError):
        sepa_file(season.store, made.id)


def test_any_other_bank_gets_a_table_in_which_nothing_can_run(season: Ledgered) -> None:
    keep(season, farm_house(season), replace(CHINESE, holder="=1+1"))
    made = pay(season)
    (row,) = csv.DictReader(io.StringIO(csv_file(season.store, made.id)))
    assert (row["holder"], row["account"], row["bank"]) == ("'=1+1", CHINESE.account, CHINESE.bank)
    assert (row["amount"], row["iban"]) == (f"{made.total_minor / 100:.2f}", "")
