"""What an operator gets wrong: refused before anything begins, in one line that says how to mend it."""

import os
from pathlib import Path

import pytest

from farmlink.cli import BAD_INPUT
from farmlink.store import engine
from tests.farmlink.cli.conftest import Run


@pytest.mark.parametrize(
    ("variable", "value", "mend"),
    [
        ("FARMLINK_POOL_SIZE", "abc", "use a whole number from 1 to 16"),
        ("FARMLINK_POOL_SIZE", "0", "use a whole number from 1 to 16"),
        ("FARMLINK_GEOCODER", "zzz", "use offline, nominatim:DOMAIN or baidu:KEY"),
        ("FARMLINK_DATABASE_URL", "nonsense", "use postgresql://user:password@host:port/database"),
        ("FARMLINK_DATABASE_URL", "postgresql://a:b@c:d/e", "use postgresql://user:password@host:port/database"),
        ("FARMLINK_SMTP_URL", "mail:25", "use smtp://host:25 or smtps://user:password@host:465"),
    ],
)
def test_a_wrong_setting_is_named_with_how_it_is_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, mend: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert run("tick") == (BAD_INPUT, "", f"farmlink: The setting {variable} is wrong: {mend}.\n")


@pytest.mark.parametrize("command", ["serve", "scheduler"])
def test_accounts_that_cannot_be_read_are_refused_before_anything_is_served(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    half = tmp_path / "payments.toml"
    half.write_text('[stripe]\nsecret_key = "x"\n', encoding="utf-8")
    monkeypatch.setenv("FARMLINK_PAYMENTS", str(half))

    code, out, err = run(command)

    assert (code, out) == (BAD_INPUT, "")
    assert err.startswith("farmlink: The setting FARMLINK_PAYMENTS is wrong: write the accounts as TOML")


def test_a_server_that_is_too_old_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OLDEST_SERVER", 10_000_000)
    code, _, err = run("check")
    assert code == BAD_INPUT
    assert "is too old (FARMLINK_DATABASE_URL). Use 15 or newer." in err


def test_a_state_without_a_file_is_refused_before_the_demo_begins(run: Run) -> None:
    code, _, err = run("demo", "--once", "--state", "OH")

    assert code == 2
    assert "--state OH picks rows of a file: name that with --farms FILE." in err


@pytest.mark.parametrize(
    ("place", "said"),
    [("nowhere/x.json", "its folder does not exist"), (".", "it is no file"), ("/proc/x", "may not write there")],
)
def test_a_summary_that_would_have_nowhere_to_go_is_refused_before_the_demo_begins(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, said: str
) -> None:
    # Root may write everywhere as far as the system says beforehand.
    monkeypatch.setattr(os, "access", lambda path, _mode: "proc" not in str(path))
    code, _, err = run("demo", "--once", "--json", tmp_path / place)
    assert code == BAD_INPUT
    assert said in err
    assert "Nothing was begun." in err


def test_the_help_says_what_the_exit_codes_mean(run_anywhere: Run) -> None:
    code, out, _ = run_anywhere("--help")
    assert code == 0
    assert (
        "Exit codes: 0 done; 1 failed, check or reconcile found something wrong, or an import left rows out; 2 refused"
        in " ".join(out.split())
    )
