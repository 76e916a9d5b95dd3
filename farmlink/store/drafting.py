"""Drafts of migrations: alembic's comparison, and what it does not see (checks, triggers, functions, extensions)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import CreateTableOp, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, ForeignKeyConstraint, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem
from sqlmodel import AutoString, SQLModel

from farmlink.store.compare import without_brackets
from farmlink.store.migrations import FOLDER, current_revision, migrate
from farmlink.store.rooms import tables_by_room

LONGEST_FILE = 300
UNSEEN = """
SELECT 0 AS rank, 'extension' AS kind, '' AS owner, extname::text AS name,
  format('CREATE EXTENSION %I', extname) AS made, format('DROP EXTENSION %I', extname) AS dropped
FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT 1, 'function', coalesce((SELECT min(tgrelid::regclass::text) FROM pg_trigger WHERE tgfoid = pg_proc.oid), ''),
  proname::text, pg_get_functiondef(oid), format('DROP FUNCTION %s', oid::regprocedure)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
UNION ALL
SELECT 2, 'check', conrelid::regclass::text, conname::text,
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
  format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL
SELECT 3, 'foreign key to ' || confrelid::regclass, conrelid::regclass::text, conname::text,
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
  format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0
UNION ALL
SELECT 4, 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid),
  format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
FROM pg_trigger WHERE NOT tgisinternal
ORDER BY rank, owner, name
"""
TEMPLATE = '''"""{title}."""

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {before}


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something of a schema that alembic does not compare."""

    kind: str
    owner: str
    shape: str
    made: str = field(compare=False)
    dropped: str = field(compare=False)


def draft(built: Engine, migrated: Engine, title: str, tables: Collection[str] | None = None) -> Path | None:
    """Write the revision that leads from the migrated schema to the built one; nothing when they are equal.

    With `tables`, only those and what belongs to them.
    """
    before = current_revision(migrated)
    with migrated.connect() as connection, built.connect() as target:
        existing = set(inspect(connection).get_table_names())
        up, down = _table_changes(connection, tables, existing)
        extra_up, extra_down = _unseen_changes(_unseen(connection), _unseen(target), tables, up, existing)
    if up.is_empty() and not extra_up:
        return None
    number = 1 + max((int(path.name[:4]) for path in (FOLDER / "versions").glob("[0-9]*.py")), default=0)
    name = f"{number:04}_{'_'.join(title.lower().split())}"
    upgrades = [*_rendered(up), *extra_up]
    downgrades = [*extra_down, *_rendered(down)]
    lines = upgrades + downgrades
    written = TEMPLATE.format(
        title=title[:1].upper() + title[1:],
        imports="from sqlalchemy.dialects import postgresql\n" if any("postgresql." in line for line in lines) else "",
        revision=name,
        before=f'"{before}"' if before else None,
        up="\n    ".join(upgrades),
        down="\n    ".join(downgrades),
    )
    path = FOLDER / "versions" / f"{name}.py"
    path.write_text(written)
    migrate(migrated)
    return path


def draft_rooms(built: Engine, migrated: Engine) -> list[Path]:
    """Write every revision anew, one a room; only right as long as no database has been migrated for good."""
    for old in (FOLDER / "versions").glob("[0-9]*.py"):
        old.unlink()
    paths = [draft(built, migrated, room, tables) for room, tables in tables_by_room().items()]
    return [path for path in paths if path is not None]


def _table_changes(
    connection: Connection, tables: Collection[str] | None, existing: Collection[str]
) -> tuple[UpgradeOps, Any]:
    def wanted(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001  # alembic's signature
        if kind != "table":
            return True
        return name != "alembic_version" and (tables is None or name in tables)

    context = MigrationContext.configure(
        connection,
        opts={"include_object": wanted, "compare_type": True, "compare_server_default": True},
    )
    known = {*(tables or ()), *existing}
    script = produce_migrations(context, SQLModel.metadata)
    assert script.upgrade_ops is not None
    for op in script.upgrade_ops.ops:
        if tables is not None and isinstance(op, CreateTableOp):
            op.columns = [part for part in op.columns if not _leads_to_later(part, known)]
    return script.upgrade_ops, script.downgrade_ops


def _leads_to_later(part: SchemaItem, known: Collection[str]) -> bool:
    """Tell a foreign key to a table of a later room, which makes it when it makes the table."""
    return isinstance(part, ForeignKeyConstraint) and part.referred_table.name not in known


def _unseen(connection: Connection) -> dict[tuple[str, str, str], Unseen]:
    rows = connection.execute(text(UNSEEN))
    return {
        (row.kind, row.owner, row.name): Unseen(row.kind, row.owner, without_brackets(row.made), row.made, row.dropped)
        for row in rows
    }


def _unseen_changes(
    before: Mapping[tuple[str, str, str], Unseen],
    after: Mapping[tuple[str, str, str], Unseen],
    tables: Collection[str] | None,
    ops: UpgradeOps,
    existing: Collection[str],
) -> tuple[list[str], list[str]]:
    """Write statements up and down; a new table brings its checks, a dropped one takes along what hangs on it."""
    new = {op.table_name for op in ops.ops if isinstance(op, CreateTableOp)}

    def wanted(thing: Unseen) -> bool:
        if thing.kind.startswith("foreign key"):  # alembic sees them, but not those from an earlier room to a later one
            return tables is not None and thing.owner in existing and thing.kind.split()[-1] in new
        if thing.kind == "check" and thing.owner in new:
            return False
        return tables is None or thing.owner in tables or (thing.owner == "" and not before)

    gone = [old for key, old in before.items() if after.get(key) != old and wanted(old)]
    made = [fresh for key, fresh in after.items() if before.get(key) != fresh and wanted(fresh)]
    up = [_execute(old.dropped) for old in reversed(gone)] + [_execute(fresh.made) for fresh in made]
    down = [_execute(fresh.dropped) for fresh in reversed(made) if fresh.kind != "function"]
    dropped_later = [_execute(fresh.dropped) for fresh in made if fresh.kind == "function"]
    return up, down + dropped_later + [_execute(old.made) for old in gone]


def _execute(statement: str) -> str:
    quotes = '"""' if "\n" in statement else '"'
    escaped = statement.replace("\\", "\\\\").replace(":", "\\\\:") if ":" in statement else statement
    if quotes == '"':
        escaped = escaped.replace('"', '\\"')
    return f"op.execute({quotes}{escaped}{quotes})"


def _rendered(ops: Any) -> list[str]:
    """Alembic's code, a line each and indented within itself, without its comments."""
    lines = render_python_code(ops, render_item=_plain_type).splitlines()
    return [line.removeprefix("    ") for line in lines if line.strip() and not line.strip().startswith("#")]


def _plain_type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write the types of our own columns so that a migration needs nothing but SQLAlchemy."""
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String({thing.length})" if thing.length else "sa.String()"
    if kind == "type" and isinstance(thing, JSONB):
        return "postgresql.JSONB()"
    return False
