from dataclasses import replace

import pytest

from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.errors import InvalidError
from farmlink.kernel.ids import uuid7
from farmlink.ledger import rules
from farmlink.ledger.values import AccountKind, Entry, EntryId, Posting, accounts_of
from tests.farmlink.ledger.builders import BANK, CREDIT, FARM, HOLD, account, moved

IN_YUAN = account(AccountKind.BANK, "hub", "CNY")


def test_money_that_comes_from_somewhere_and_goes_somewhere_may_be_posted() -> None:
    rules.check(moved(BANK, CREDIT, 500))


def test_two_currencies_in_one_entry_each_sum_to_zero() -> None:
    both = (*moved(BANK, CREDIT, 500).postings, *moved(IN_YUAN, account(AccountKind.CREDIT, "Ada", "CNY"), 70).postings)
    entry = replace(moved(BANK, CREDIT, 500), postings=both)
    rules.check(entry)
    assert rules.sums(entry) == {"CNY": 0, "EUR": 0}


@pytest.mark.parametrize("postings", [(), (Posting(BANK, 5),)])
def test_an_entry_needs_two_sides(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(rules.NothingPostedError):
        rules.check(replace(moved(BANK, CREDIT, 500), postings=postings))


def test_a_cent_that_goes_nowhere_is_refused() -> None:
    with pytest.raises(rules.UnbalancedError) as refused:
        rules.check(replace(moved(BANK, CREDIT, 500), postings=(Posting(BANK, 500), Posting(CREDIT, -499))))
    assert refused.value.facts["sum_minor"] == 1


def test_euros_are_never_set_against_yuan() -> None:
    with pytest.raises(rules.ForeignCurrencyError) as refused:
        rules.check(replace(moved(BANK, CREDIT, 500), postings=(Posting(IN_YUAN, 500), Posting(CREDIT, -500))))
    assert (refused.value.facts["expected"], refused.value.facts["given"]) == ("CNY", "EUR")


def test_two_open_currencies_that_do_not_even_look_equal_are_unbalanced() -> None:
    with pytest.raises(rules.UnbalancedError):
        rules.check(replace(moved(BANK, CREDIT, 500), postings=(Posting(IN_YUAN, 500), Posting(CREDIT, -400))))


def test_a_posting_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidError, match="leave out zeros"):
        rules.check(moved(BANK, CREDIT, 0))


def test_more_money_than_there_is_in_the_trade_is_refused() -> None:
    rules.check(moved(BANK, CREDIT, 10**12))
    with pytest.raises(OutOfBoundsError):
        rules.check(moved(BANK, CREDIT, 10**12 + 1))


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_is_given_and_short(key: str) -> None:
    with pytest.raises(InvalidError, match="1 to 200"):
        rules.check(moved(BANK, CREDIT, 5, key))


@pytest.mark.parametrize("currency", ["eur", "EURO", ""])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(InvalidError, match="three capital letters"):
        rules.check(moved(account(AccountKind.BANK, "hub", currency), account(AccountKind.CREDIT, "a", currency), 5))


def test_an_entry_of_a_thousand_postings_fits_and_one_more_does_not() -> None:
    pairs = [posting for minor in range(1, 501) for posting in moved(BANK, CREDIT, minor).postings]
    rules.check(replace(moved(BANK, CREDIT, 5), postings=tuple(pairs)))
    with pytest.raises(rules.TooManyPostingsError):
        rules.check(replace(moved(BANK, CREDIT, 5), postings=(*pairs, *moved(BANK, CREDIT, 1).postings)))


def test_a_key_said_twice_in_one_breath_is_one_entry() -> None:
    entry = moved(BANK, CREDIT, 500)
    turned = replace(entry, postings=entry.postings[::-1])
    assert list(rules.gather([entry, turned, moved(BANK, CREDIT, 1, "two")])) == ["one", "two"]


@pytest.mark.parametrize(
    "other",
    [
        moved(BANK, CREDIT, 499),
        moved(BANK, FARM, 500),
        replace(moved(BANK, CREDIT, 500), about=uuid7()),
        replace(moved(BANK, CREDIT, 500), reverses=EntryId(uuid7())),
    ],
)
def test_a_key_that_says_two_things_is_refused(other: Entry) -> None:
    with pytest.raises(rules.EntryDiffersError):
        rules.gather([moved(BANK, CREDIT, 500), other])


def test_only_what_was_posted_is_taken_back_and_only_in_its_currency() -> None:
    posted = EntryId(uuid7())
    back = moved(CREDIT, BANK, 500, "back", reverses=posted)
    rules.require_reversible([back, moved(BANK, CREDIT, 5)], {posted: frozenset({"EUR"})})
    with pytest.raises(rules.NoSuchEntryError):
        rules.require_reversible([back], {})
    with pytest.raises(rules.ForeignCurrencyError):
        rules.require_reversible([back], {posted: frozenset({"CNY"})})


def test_credit_is_spent_to_the_last_cent_and_not_beyond() -> None:
    rules.require_covered([moved(CREDIT, HOLD, 500)], {CREDIT: -500})
    with pytest.raises(rules.OverdrawnError) as refused:
        rules.require_covered([moved(CREDIT, HOLD, 501)], {CREDIT: -500})
    assert (refused.value.facts["left_minor"], refused.value.facts["asked_minor"]) == (500, 501)


def test_a_hold_gives_out_no_more_than_it_holds() -> None:
    with pytest.raises(rules.OverdrawnError):
        rules.require_covered([moved(HOLD, CREDIT, 1)], {})


def test_what_is_owed_to_a_farm_may_turn_into_what_it_owes() -> None:
    rules.require_covered([moved(FARM, BANK, 500)], {})


def test_entries_are_judged_one_after_the_other() -> None:
    paid_in, spent = moved(BANK, CREDIT, 500), moved(CREDIT, HOLD, 500, "two")
    rules.require_covered([paid_in, spent], {})
    with pytest.raises(rules.OverdrawnError):
        rules.require_covered([spent, paid_in], {})


def test_everybody_locks_accounts_in_one_order() -> None:
    one, other = moved(BANK, CREDIT, 5), moved(HOLD, BANK, 5)
    assert accounts_of([one, other]) == accounts_of([other, one])
    assert len(accounts_of([one, other])) == 3
