"""The first admin of a new installation."""

import re

import pytest
from sqlalchemy import URL

from farmlink.people import queries, work
from farmlink.people.commands import add_person
from farmlink.people.rules import TokenSpentError, WrongPasswordError
from farmlink.people.values import Role
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
from tests.farmlink.cli.conftest import Run

PASSWORD = "orchard in the rain"
LINK = re.compile(r"http://127\.0\.0\.1:8000/password-resets/(\S+)\n")


def link(said: str) -> str:
    found = LINK.fullmatch(said)
    assert found
    return found[1]


def test_the_first_admin_is_named_at_the_machine_and_signs_in_by_the_printed_link(run_bare: Run, bare_url: URL) -> None:
    code, out, err = run_bare("admin", "Ada@Example.org")

    with open_engine(bare_url) as engine:
        store = Store(engine)
        work.reset_password(store, link(out), PASSWORD)
        signed_in = work.sign_in(store, "ada@example.org", PASSWORD, network="127.0.0.1")
        assert store.read(queries.principal, signed_in.person_id).serves_platform(Role.ADMIN)
        with pytest.raises(TokenSpentError):
            work.reset_password(store, link(out), PASSWORD)
    assert code == 0
    assert "Ada@Example.org is an admin. Whoever opens this link sets the password, once and within 2 hours." in err
    assert "farmlink import" in err


def test_somebody_known_becomes_an_admin_and_keeps_name_and_password_until_the_link_is_used(run: Run, url: URL) -> None:
    with open_engine(url) as engine:
        store = Store(engine)
        ada = store.run(add_person, "Ada", email="ada@example.org", password_hash=work.hash_password(PASSWORD))
        token = link(run("admin", "ada@example.org", "--name", "Somebody")[1])
        assert {held.role for held in store.read(queries.person, ada).memberships} == {Role.CONSUMER, Role.ADMIN}
        assert store.read(queries.person, ada).name == "Ada"
        assert work.sign_in(store, "ada@example.org", PASSWORD, network="127.0.0.1").person_id == ada
        work.reset_password(store, token, "another long password")
        with pytest.raises(WrongPasswordError):
            work.sign_in(store, "ada@example.org", PASSWORD, network="127.0.0.1")


def test_an_address_that_is_none_makes_nobody_an_admin(run: Run) -> None:
    code, out, err = run("admin", "Ada")
    assert (code, out) == (2, "")
    assert "Give an e-mail address such as name@example.org." in err
