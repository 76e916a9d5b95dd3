"""`farmlink reconcile`: the providers' books beside ours, as whoever keeps the accounts reads them."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL

from farmlink.payments import commands
from farmlink.payments.rules.books import BOOKS_ZONE
from farmlink.payments.values import Method
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
from tests.farmlink.cli.conftest import Run
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import street


def test_without_an_account_there_is_nothing_to_compare(run: Run) -> None:
    code, said, _ = run("reconcile")

    assert (code, said.startswith("There is no account")) == (0, True)


def test_books_that_agree_are_summed_and_what_differs_is_named_and_fails(
    run: Run, url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = ("--through", datetime.now(UTC).astimezone(BOOKS_ZONE).date())
    with open_engine(url) as engine, street(Store(engine), tmp_path) as running:
        monkeypatch.setenv("FARMLINK_PAYMENTS", str(running.accounts))
        purse = Purse(running.store)
        held = running.held(purse, Method.STRIPE, 800)
        agreed = run("reconcile", *today)
        Purse(running.store).start(Method.STRIPE, 500)
        nothing = run("reconcile", "--days", 1)
        purse.settle(800)
        purse.store.run(commands.refund, uuid4(), purse.about, 300)
        running.work_until_done()
        running.bounce(held)
        differing = run("reconcile", *today)

    assert (agreed[0], "The books agree" in agreed[1], "1 holds are open" in agreed[2]) == (0, True, True)
    assert (differing[0], str(held.id) in differing[1], "The books differ" in differing[1]) == (1, True, True)
    assert [cell.strip() for cell in differing[1].split(str(held.id))[1].splitlines()[0].split("\u2502")] == [
        "",
        "0",
        "0",
        "800",
        "500",
        "",
    ]
    assert nothing[0] == 0
    assert "There was nothing to judge" in nothing[1]
    assert "it began after these days: 2" in nothing[1]
    assert f"stripe {held.id}" in nothing[1]


def test_books_that_cannot_be_read_are_said_to_be_so_in_a_line(
    run: Run, url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_engine(url) as engine, street(Store(engine), tmp_path, "--faults", "busy=1") as running:
        monkeypatch.setenv("FARMLINK_PAYMENTS", str(running.accounts))
        code, _, complaint = run("reconcile")

    assert (code, "The books of stripe cannot be read now" in complaint) == (2, True)
