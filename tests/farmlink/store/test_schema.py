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

LONGEST_FILE = 300


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
        assert len(path.read_text().splitlines()) < LONGEST_FILE, path.name


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


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the migrations, to which drafts are added."""
    (tmp_path / "versions").mkdir()
    for known in [FOLDER / "env.py", *(FOLDER / "versions").glob("[0-9]*.py")]:
        (tmp_path / known.relative_to(FOLDER)).write_text(known.read_text())
    for module in (migrations, drafting):
        monkeypatch.setattr(module, "FOLDER", tmp_path)


STORE_OF_YORE = (
    "ALTER TABLE message DROP CONSTRAINT message_attempts_counted",
    "ALTER TABLE message ADD CONSTRAINT message_attempts_counted CHECK (attempts > 1)",
    "DROP TRIGGER audit_seal_stays ON audit_seal",
    "DROP FUNCTION audit_seal_stays",
    "CREATE FUNCTION leftover() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
    "ALTER TABLE outbox_event DROP COLUMN last_error",
)
DROPPED_TABLES = (
    (
        "CREATE TABLE cart (id uuid PRIMARY KEY, farm_id uuid NOT NULL REFERENCES farm, wheels bigint NOT NULL,"
        " axles bigint CONSTRAINT cart_axles CHECK (axles BETWEEN 1 AND 2), UNIQUE (farm_id, wheels),"
        " CONSTRAINT cart_rolls CHECK (wheels > 0 OR axles IS NULL),"
        " CONSTRAINT cart_once EXCLUDE (farm_id WITH =) WHERE (wheels > 4))"
    ),
    "CREATE INDEX cart_by_farm ON cart (farm_id) WHERE axles IS NOT NULL",
    "CREATE FUNCTION cart_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no: %', 1; END $$",
    "CREATE TRIGGER cart_stays BEFORE DELETE ON cart FOR EACH STATEMENT EXECUTE FUNCTION cart_stays()",
    "CREATE TABLE ox (id uuid PRIMARY KEY, cart_id uuid NOT NULL REFERENCES cart)",
    "CREATE TABLE yoke (ox_id uuid PRIMARY KEY REFERENCES ox, cart_id uuid NOT NULL REFERENCES cart)",
    "ALTER TABLE hub ADD COLUMN cart_id uuid REFERENCES cart",
)
DROPPED_COLUMNS = (
    "ALTER TABLE hub ADD COLUMN docks bigint NOT NULL, ADD CONSTRAINT hub_docks CHECK (docks > 0)",
    "ALTER TABLE farm ADD COLUMN twin_id uuid REFERENCES farm, ADD CONSTRAINT farm_alone CHECK (twin_id <> id)",
)
OTHER_FUNCTIONS = (
    (
        "CREATE OR REPLACE FUNCTION audit_seal_stays() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'of yore: %', TG_NAME; END $$"
    ),
    "DROP TRIGGER hub_state_moves ON hub",
    (
        "CREATE OR REPLACE FUNCTION hub_state_moves() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW::hub; END $$"
    ),
    "CREATE TRIGGER hub_state_moves BEFORE INSERT ON hub FOR EACH ROW EXECUTE FUNCTION hub_state_moves()",
)
NEW_TABLES = ("DROP TABLE plan_hub", "DROP FUNCTION plan_hub_stays", "DROP TABLE message")


@pytest.mark.usefixtures("own_migrations")
@pytest.mark.parametrize(
    "before",
    [STORE_OF_YORE, DROPPED_TABLES, DROPPED_COLUMNS, OTHER_FUNCTIONS, NEW_TABLES, DROPPED_TABLES + OTHER_FUNCTIONS],
    ids=["what alembic does not see", "tables go", "columns go", "functions change", "tables come", "all at once"],
)
def test_a_draft_leads_there_and_back_and_there_again(bare_url: URL, built_url: URL, before: tuple[str, ...]) -> None:
    with open_engine(built_url) as built, open_engine(bare_url) as migrated:
        migrate(migrated)
        drafting.draft(built, migrated, "what others lack")
        assert drafting.draft(built, migrated, "nothing new") is None
        revision = str(current_revision(migrated))
        add_by_hand(migrated, *before)
        of_yore = schema_of(bare_url)
        assert of_yore != schema_of(built_url)

        path = drafting.draft(built, migrated, "mend the store")

        assert path is not None
        assert path.name.endswith("_mend_the_store.py")
        assert difference(schema_of(built_url), schema_of(bare_url), ("built", "drafted")) == []
        assert drafting.draft(built, migrated, "again") is None
        migrate(migrated, revision)
        assert difference(of_yore, schema_of(bare_url), ("before", "back again")) == []
        migrate(migrated)
        assert difference(schema_of(built_url), schema_of(bare_url), ("built", "drafted")) == []


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
    assert schema.main(["--draft", "all at once"]) == 0
    assert "0001_all_at_once.py" in capsys.readouterr().out
    assert schema.main(["--check"]) == 0
    assert schema.main(["--draft", "nothing new"]) == 0
    assert capsys.readouterr().out == ""
    for title in ("a title that is longer than its revision may be", "up/../and away", "", '"""'):
        with pytest.raises(SystemExit):
            schema.main(["--draft", title])
        assert "at most 27 letters, digits and spaces" in capsys.readouterr().err
