"""Drafts of migrations: alembic's comparison, and what it does not see (checks, triggers, functions, extensions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import CreateTableOp, DropTableOp, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Engine, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, SQLModel

from farmlink.store.compare import without_brackets
from farmlink.store.migrations import FOLDER, current_revision, migrate

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
SELECT 2, CASE contype WHEN 'c' THEN 'check' ELSE 'exclusion' END, conrelid::regclass::text, conname::text,
  format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
  format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
FROM pg_constraint WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL
SELECT 3, 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid),
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
    shape: str
    owner: str = field(compare=False)
    made: str = field(compare=False)
    dropped: str = field(compare=False)


Key = tuple[str, str, str]
"""Kind, table and name."""


def draft(built: Engine, migrated: Engine, title: str) -> Path | None:
    """Write the revision that leads from the migrated schema to the built one; nothing when they are equal."""
    before = current_revision(migrated)
    with migrated.connect() as connection, built.connect() as target:
        up = _table_changes(connection)
        gone, made = _unseen_changes(_unseen(connection), _unseen(target), up)
    if up.is_empty() and not gone and not made:
        return None
    number = 1 + max((int(path.name[:4]) for path in (FOLDER / "versions").glob("[0-9]*.py")), default=0)
    name = f"{number:04}_{'_'.join(title.lower().split())}"
    upgrades = [*_dropped(gone, made), *_rendered(up), *_made(made)]
    downgrades = [*_dropped(made, gone), *_rendered(up.reverse()), *_made(gone)]
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


def _table_changes(connection: Connection) -> UpgradeOps:
    """Alembic's comparison; a table is dropped when nothing leads to it any more, and so comes back before what did."""

    def wanted(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:  # noqa: FBT001  # alembic's signature
        return kind != "table" or name != "alembic_version"

    context = MigrationContext.configure(
        connection,
        opts={"include_object": wanted, "compare_type": True, "compare_server_default": True},
    )
    script = produce_migrations(context, SQLModel.metadata)
    assert script.upgrade_ops is not None
    by_need = [name for name, _ in inspect(connection).get_sorted_table_and_fkc_names()]
    script.upgrade_ops.ops.sort(
        key=lambda op: -by_need.index(op.table_name) if isinstance(op, DropTableOp) else -len(by_need)
    )
    return script.upgrade_ops


def _unseen(connection: Connection) -> dict[Key, Unseen]:
    """What a schema has of it, in the order in which it is made; a function is the same on whichever table it works."""
    return {
        (row.kind, "" if row.kind == "function" else row.owner, row.name): Unseen(
            row.kind, without_brackets(row.made), row.owner, row.made, row.dropped
        )
        for row in connection.execute(text(UNSEEN))
    }


def _unseen_changes(
    before: Mapping[Key, Unseen], after: Mapping[Key, Unseen], ops: UpgradeOps
) -> tuple[dict[Key, Unseen], dict[Key, Unseen]]:
    """What goes and what comes; a table that comes or goes has its checks with it."""
    new = {op.table_name for op in ops.ops if isinstance(op, CreateTableOp)}
    old = {op.table_name for op in ops.ops if isinstance(op, DropTableOp)}

    def wanted(thing: Unseen) -> bool:
        comes_along = thing.kind == "check" and thing.owner in new | old
        return not comes_along and not (thing.kind == "exclusion" and thing.owner in new)

    gone = {key: thing for key, thing in before.items() if after.get(key) != thing and wanted(thing)}
    made = {key: thing for key, thing in after.items() if before.get(key) != thing and wanted(thing)}
    declared = _declared()
    return gone, {key: replace(thing, made=declared.get(key, thing.made)) for key, thing in made.items()}


def _declared() -> dict[Key, str]:
    """How the tables say their checks: PostgreSQL writes its own words for them otherwise when it reads them again."""
    return {
        ("check", table.name, str(check.name)): f"ALTER TABLE {table.name} ADD CONSTRAINT {check.name}"
        f" CHECK ({check.sqltext})"
        for table in SQLModel.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }


def _dropped(things: Mapping[Key, Unseen], others: Mapping[Key, Unseen]) -> list[str]:
    """Statements that drop things, before the tables change; a function whose triggers stay is replaced later."""
    kept = {key for key in others if key[0] == "function"}
    return [_execute(things[key].dropped) for key in reversed(list(things)) if key not in kept]


def _made(things: Mapping[Key, Unseen]) -> list[str]:
    """Statements that make things, when the tables have changed."""
    return [_execute(thing.made) for thing in things.values()]


def _execute(statement: str) -> str:
    quotes = '"""' if "\n" in statement else '"'
    escaped = statement.replace("\\", "\\\\").replace(":", "\\\\:") if ":" in statement else statement
    if quotes == '"':
        escaped = escaped.replace('"', '\\"')
    return f"op.execute({quotes}{escaped}{quotes})"


def _rendered(ops: Any) -> list[str]:
    """Alembic's code, a line each and indented within itself, without its comments."""
    if ops.is_empty():
        return []
    lines = render_python_code(ops, render_item=_plain_type).splitlines()
    return [line.removeprefix("    ") for line in lines if line.strip() and not line.strip().startswith("#")]


def _plain_type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write the types of our own columns so that a migration needs nothing but SQLAlchemy."""
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String({thing.length})" if thing.length else "sa.String()"
    if kind == "type" and isinstance(thing, JSONB):
        return "postgresql.JSONB()"
    return False
