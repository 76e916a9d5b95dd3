"""Two schemas compared by what PostgreSQL itself says they are."""

from __future__ import annotations

import difflib
import os
import re
import subprocess

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from farmlink.store.embedded.release import client_program

NOISE = re.compile(r"^(--.*|\\(un)?restrict .*|SET .*|SELECT pg_catalog\.set_config.*)?$")


def schema_of(url: URL) -> list[str]:
    """Dump a schema, one line a column or clause, in an order that does not depend on its history."""
    done = subprocess.run(  # noqa: S603  # our own binary, and no shell
        [
            client_program("pg_dump"),
            "--schema-only",
            "--no-owner",
            "--exclude-table=alembic_version",
            "--dbname",
            conninfo(url),
        ],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": os.environ.get("PATH", ""), "PGPASSWORD": str(url.password or "")},
    )
    statements = re.split(r"\n{2,}", "\n".join(line for line in done.stdout.splitlines() if not line.startswith("--")))
    ordered = sorted(_normal(statement) for statement in statements)
    return [line for statement in ordered for line in statement.splitlines() if not NOISE.match(line)]


def difference(one: list[str], other: list[str], names: tuple[str, str]) -> list[str]:
    """Say where two schemas differ."""
    return list(difflib.unified_diff(one, other, *names, lineterm="", n=2))


def conninfo(url: URL) -> str:
    """Write an address as libpq reads it, the password left out: it would be seen among the processes."""
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    asked = {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    return make_conninfo("", **{name: str(value) for name, value in parts.items() if value is not None} | asked)


def without_brackets(statement: str) -> str:
    """Drop brackets: PostgreSQL writes those of nested conditions differently after reading its own text."""
    return statement.replace("(", "").replace(")", "")


def _normal(statement: str) -> str:
    """Order a table's columns by name: one added later stands last in the database, and that means nothing."""
    if statement.startswith("CREATE TRIGGER"):
        return without_brackets(statement)
    if not statement.startswith("CREATE TABLE"):
        return statement
    first, *clauses, last = statement.splitlines()
    return "\n".join([first, *sorted(clause.rstrip(",") for clause in clauses), last])
