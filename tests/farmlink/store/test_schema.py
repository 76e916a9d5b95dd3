from contextlib import nullcontext
from itertools import count
from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import URL, Engine, event, text
from sqlalchemy.exc import DBAPIError

from farmlink.store import drafting, migrations, schema
from farmlink.store.compare import difference, schema_of
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import open_engine
from farmlink.store.migrations import EMPTY, FOLDER, current_revision, known_revisions, migrate, newest_revision
from farmlink.store.scratch import make_database


def test_the_built_and_the_migrated_schema_are_the_same(built_url: URL, bare_url: URL) -> None:
    with open_engine(bare_url) as engine:
        migrate(engine)
    assert difference(schema_of(built_url), schema_of(bare_url), ("built", "migrated")) == []


def test_migrations_go_up_down_and_up_again(bare_url: URL) -> None:
    empty = schema_of(bare_url)
    with open_engine(bare_url) as engine:
        assert current_revision(engine) is None
        assert migrate(engine) == newest_revision()
        full = schema_of(bare_url)
        assert migrate(engine) == newest_revision()
        assert migrate(engine, EMPTY) is None
        assert schema_of(bare_url) == empty
        assert migrate(engine, "0001_store") == "0001_store"
        migrate(engine)
        assert schema_of(bare_url) == full
        assert migrate(engine, "0001_store") == "0001_store"
    assert newest_revision() in known_revisions()


def test_every_migration_can_be_read_by_people() -> None:
    for path in (FOLDER / "versions").glob("[0-9]*.py"):
        assert len(path.read_text().splitlines()) < drafting.LONGEST_FILE, path.name


def test_a_revision_that_nobody_knows_is_refused_and_changes_nothing(bare_url: URL) -> None:
    with open_engine(bare_url) as engine:
        with pytest.raises(CommandError):
            migrate(engine, "9999_future")
        assert current_revision(engine) is None


def statements_of(url: URL) -> list[str]:
    """Every statement of the way up, as it was sent."""
    sent: list[str] = []
    with open_engine(url) as engine:
        event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: sent.append(statement))
        migrate(engine)
        up = list(sent)
        migrate(engine, EMPTY)
    return [statement for statement in up if statement.startswith(("CREATE", "ALTER", "\nCREATE", "\nALTER"))]


def test_a_migration_that_is_cut_at_any_statement_leaves_the_database_as_it_was(bare_url: URL) -> None:
    number = len(statements_of(bare_url))
    before = schema_of(bare_url)
    for cut in range(1, number, max(1, number // 8)):
        counted = [0]

        def kill(connection: object, cursor: object, *_: object, counted: list[int] = counted, cut: int = cut) -> None:
            counted[0] += 1
            if counted[0] == cut + 5:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")  # type: ignore[attr-defined]  # a cursor

        with open_engine(bare_url) as engine:
            event.listen(engine, "before_cursor_execute", kill)
            with pytest.raises(DBAPIError):
                migrate(engine)
        assert schema_of(bare_url) == before


def add_by_hand(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_draft_sees_what_alembic_does_not(
    bare_url: URL, built_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    for known in [FOLDER / "env.py", *(FOLDER / "versions").glob("[0-9]*.py")]:
        (tmp_path / known.relative_to(FOLDER)).write_text(known.read_text())
    for module in (migrations, drafting):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    with open_engine(built_url) as built, open_engine(bare_url) as migrated:
        before = str(migrate(migrated))
        assert drafting.draft(built, migrated, "nothing new") is None
        add_by_hand(
            migrated,
            "ALTER TABLE message DROP CONSTRAINT message_attempts_counted",
            "ALTER TABLE message ADD CONSTRAINT message_attempts_counted CHECK (attempts > 1)",
            "DROP TRIGGER audit_seal_stays ON audit_seal",
            "DROP FUNCTION audit_seal_stays",
            "CREATE FUNCTION leftover() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
            "ALTER TABLE outbox_event DROP COLUMN last_error",
        )
        path = drafting.draft(built, migrated, "mend the store")
        assert path is not None
        assert path.name.endswith("_mend_the_store.py")
        assert schema_of(bare_url) == schema_of(built_url)
        assert drafting.draft(built, migrated, "again") is None
        migrate(migrated, before)
        with migrated.connect() as connection:
            assert connection.execute(text("SELECT leftover()")).scalar_one() == 1  # the way down brings it back


@pytest.fixture
def shared_server(embedded_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands use the session's server, with new databases each time: starting one takes most of their time."""
    numbers = count()
    monkeypatch.setattr(schema, "scratch_server", lambda: nullcontext(embedded_server))
    monkeypatch.setattr(
        schema, "make_database", lambda server, name: make_database(server, f"schema_{name}_{next(numbers)}")
    )


@pytest.mark.usefixtures("shared_server")
def test_the_developers_commands_compare_and_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text((FOLDER / "env.py").read_text())
    for module in (migrations, drafting):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    assert schema.main(["--check"]) == 1
    assert "-CREATE TABLE public.outbox_event (" in capsys.readouterr().out
    assert schema.main(["--draft-rooms"]) == 0
    assert "0001_store.py" in capsys.readouterr().out
    assert schema.main(["--check"]) == 0
    assert schema.main(["--draft", "nothing new"]) == 0
    assert capsys.readouterr().out == ""
