"""What names, addresses, passwords, links and guesses must satisfy."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.people import rules
from farmlink.people.values import (
    Link,
    Membership,
    OrganisationId,
    OrganisationKind,
    PersonId,
    Principal,
    Role,
)

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECRET = b"s" * 32
ANA, FARM, OTHER = (UUID(int=number) for number in (1, 2, 3))
LINK = Link(UUID(int=9), UUID(int=8), PersonId(ANA), NOW + timedelta(hours=1))


def test_a_name_is_kept_trimmed_and_composed() -> None:
    assert rules.clean_name("  Jose\u0301 ") == "Jos\u00e9"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Ana\r\nBcc: all", "Ana\x00", "Ana\u2028x"])
def test_a_name_that_could_break_a_mail_header_or_a_log_is_refused(name: str) -> None:
    with pytest.raises(InvalidError):
        rules.clean_name(name)


def test_an_address_is_compared_without_regard_to_capitals() -> None:
    assert rules.clean_email(" Ana@Example.org ") == "ana@example.org"


@pytest.mark.parametrize("email", ["ana", "@b", "a@", "a b@c", "a@b@c", "a@b\n", "<a@b>", "x" * 250 + "@b.org", 'a"@b'])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(InvalidError):
        rules.clean_email(email + "\r\nBcc: c@d" if email == "a@b\n" else email)


def test_a_language_that_nobody_speaks_here_is_refused() -> None:
    assert rules.clean_language("zh-CN") == "zh-CN"
    with pytest.raises(InvalidError):
        rules.clean_language("xx")


@pytest.mark.parametrize(("length", "allowed"), [(9, False), (10, True), (200, True), (201, False)])
def test_length_is_the_only_rule_for_a_password(length: int, allowed: bool) -> None:  # noqa: FBT001  # a column of the table
    if allowed:
        rules.check_password("x" * length)
        return
    with pytest.raises(InvalidError):
        rules.check_password("x" * length)


@pytest.mark.parametrize("failures", [rules.Failures(10, 10), rules.Failures(0, 100)])
def test_guessing_is_slowed_down_but_never_for_a_device_that_signed_in_before(failures: rules.Failures) -> None:
    rules.check_failures(failures, known_device=True)
    with pytest.raises(rules.TooManyFailuresError):
        rules.check_failures(failures, known_device=False)


def test_a_few_wrong_passwords_stop_nobody() -> None:
    rules.check_failures(rules.Failures(9, 99), known_device=False)


def asked(most: int, newest: datetime, apart: timedelta = timedelta(minutes=1)) -> list[datetime]:
    return [newest - number * apart for number in range(most)]


def test_letters_are_refused_until_the_one_that_made_them_too_many_counts_no_more() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    apart = timedelta(seconds=5)
    rules.check_letters(asked(4, now), asked(599, now, apart), now)
    for to_address, from_here, minutes, seconds in ((5, 5, 56, 3360), (1, 600, 11, 605), (5, 600, 56, 3360)):
        with pytest.raises(rules.TooManyLettersError) as refused:
            rules.check_letters(asked(to_address, now), asked(from_here, now, apart), now)
        assert refused.value.facts == {"minutes": minutes, "retry_after_s": seconds}


def test_invitations_are_refused_until_the_one_that_made_them_too_many_counts_no_more() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    rules.check_invitations(asked(59, now), now)
    with pytest.raises(rules.TooManyLettersError) as refused:
        rules.check_invitations(asked(60, now), now)
    assert refused.value.facts == {"minutes": 1, "retry_after_s": 60}


def test_a_farmer_opens_a_farm_and_a_leader_a_point() -> None:
    assert rules.founds(Role.FARMER) is OrganisationKind.FARM
    assert rules.founds(Role.LEADER) is OrganisationKind.POINT
    with pytest.raises(InvalidError):
        rules.founds(Role.ADMIN)


def test_another_organisation_does_not_exist_for_whoever_holds_no_role_there() -> None:
    farmer = Principal(PersonId(ANA), (Membership(Role.FARMER, OrganisationId(FARM)),))

    rules.require(farmer, OrganisationId(FARM), Role.FARMER, Role.LEADER)
    with pytest.raises(MissingError):
        rules.require(farmer, OrganisationId(OTHER), Role.FARMER)
    with pytest.raises(MissingError):
        rules.require(farmer, OrganisationId(FARM), Role.DOCK)


def test_a_link_says_what_was_signed() -> None:
    assert rules.read_link(SECRET, "answer", rules.sign_link(SECRET, "answer", LINK), NOW) == LINK


def test_a_link_made_for_one_purpose_opens_nothing_else() -> None:
    with pytest.raises(rules.LinkBrokenError):
        rules.read_link(SECRET, "reset", rules.sign_link(SECRET, "answer", LINK), NOW)


def test_a_link_ends_at_its_very_second() -> None:
    token = rules.sign_link(SECRET, "answer", LINK)

    rules.read_link(SECRET, "answer", token, LINK.expires_at - timedelta(seconds=1))
    with pytest.raises(rules.LinkExpiredError):
        rules.read_link(SECRET, "answer", token, LINK.expires_at)


@given(position=st.integers(0, 71), bit=st.integers(0, 7))
def test_a_link_with_any_bit_changed_is_broken(position: int, bit: int) -> None:
    raw = bytearray(urlsafe_b64decode(rules.sign_link(SECRET, "answer", LINK) + "=" * 4))
    raw[position % len(raw)] ^= 1 << bit

    with pytest.raises(rules.LinkBrokenError):
        rules.read_link(SECRET, "answer", urlsafe_b64encode(bytes(raw)).decode(), NOW)


@given(st.text(max_size=120))
def test_whatever_is_no_link_is_broken_and_nothing_worse(token: str) -> None:
    with pytest.raises(rules.LinkBrokenError):
        rules.read_link(SECRET, "answer", token, NOW)


def test_a_device_is_known_by_its_own_person_only() -> None:
    kept = rules.known_device_token(SECRET, PersonId(ANA))

    assert rules.knows_device(SECRET, PersonId(ANA), kept)
    assert not rules.knows_device(SECRET, PersonId(OTHER), kept)
    assert not rules.knows_device(SECRET, PersonId(ANA), None)
    assert not rules.knows_device(SECRET, PersonId(ANA), "\ud800")


def test_a_role_serves_the_platform_only_where_the_platform_gave_it() -> None:
    platform, farm = OrganisationId(UUID(int=7)), OrganisationId(FARM)
    at_home = Principal(PersonId(ANA), (Membership(Role.ADMIN, farm),), platform)
    at_platform = Principal(PersonId(ANA), (Membership(Role.ADMIN, platform),), platform)

    assert not at_home.serves_platform(Role.ADMIN)
    assert at_platform.serves_platform(Role.ADMIN)
    rules.require_member(at_home, farm, Role.ADMIN)
    for principal, asked in ((at_platform, platform), (at_platform, farm)):
        with pytest.raises(MissingError):
            rules.require_member(principal, asked, Role.ADMIN)
