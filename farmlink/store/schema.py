"""The schema: built from every room's tables, and compared with what the migrations make."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import SQLModel

from farmlink.store.compare import difference, schema_of
from farmlink.store.drafting import draft
from farmlink.store.engine import open_engine
from farmlink.store.migrations import migrate
from farmlink.store.rooms import import_tables
from farmlink.store.scratch import make_database, scratch_server


def build(engine: Engine) -> None:
    """Create every table in an empty database."""
    import_tables()
    SQLModel.metadata.create_all(engine)


def check() -> list[str]:
    """Say where the schema that the tables build differs from the one that the migrations make."""
    with scratch_server() as server:
        urls = {name: make_database(server, name) for name in ("built", "migrated")}
        with open_engine(urls["built"]) as engine:
            build(engine)
        with open_engine(urls["migrated"]) as engine:
            migrate(engine)
        schemas = {name: schema_of(url) for name, url in urls.items()}
    return difference(schemas["built"], schemas["migrated"], ("built from the tables", "made by the migrations"))


@contextmanager
def built_and_migrated() -> Iterator[tuple[Engine, Engine]]:
    """Open two scratch databases: one built from the tables, one as the migrations so far leave it."""
    with (
        scratch_server() as server,
        open_engine(make_database(server, "built")) as built,
        open_engine(make_database(server, "migrated")) as migrated,
    ):
        build(built)
        yield built, migrated


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, or draft what is missing."""
    parser = ArgumentParser(prog="python -m farmlink.store.schema", description=main.__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--check", action="store_true", help="compare built and migrated schema; 1 when they differ")
    choice.add_argument(
        "--draft", metavar="TITLE", type=_title, help="write the next revision: all that the tables have and it lacks"
    )
    options = parser.parse_args(arguments)
    if options.check:
        lines = check()
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return 1 if lines else 0
    with built_and_migrated() as (built, migrated):
        migrate(migrated)
        path = draft(built, migrated, options.draft)
    if path is not None:
        sys.stdout.write(f"{path}\n")
    return 0


def _title(said: str) -> str:
    """What names a file and, with its number, a revision, for which alembic has 32 characters."""
    if not re.fullmatch("[A-Za-z0-9 ]{1,27}", said):
        raise ArgumentTypeError("a title has at most 27 letters, digits and spaces")
    return said


if __name__ == "__main__":
    sys.exit(main())
