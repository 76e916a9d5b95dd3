"""What the database itself refuses: a state's undeclared moves, and any change of rows that stay for ever."""

from collections.abc import Mapping

from sqlalchemy import DDL, Table, event


def guard_transitions(table: Table, column: str, arrows: Mapping[str, frozenset[str]]) -> None:
    """Attach a trigger that refuses an update of `column` along any arrow that is not declared.

    `arrows` maps each state to those that may follow it; staying in a state is always allowed.
    """
    allowed = ", ".join(f"'{old} {new}'" for old, follow in sorted(arrows.items()) for new in sorted(follow))
    attach_trigger(
        table,
        f"{table.name}_{column}_moves",
        f"BEFORE UPDATE OF {column} ON {table.name} FOR EACH ROW",
        f"IF NEW.{column} IS DISTINCT FROM OLD.{column}"
        f" AND (OLD.{column}::text || ' ' || NEW.{column}::text) <> ALL (ARRAY[{allowed}]::text[]) THEN"
        f" RAISE EXCEPTION '{table.name}.{column} cannot move from % to %', OLD.{column}, NEW.{column}"
        f" USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
    )


def keep_immutable(table: Table) -> None:
    """Attach a trigger that refuses every update and delete of a table's rows."""
    attach_trigger(
        table,
        f"{table.name}_stays",
        f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} FOR EACH STATEMENT",
        f"RAISE EXCEPTION '{table.name} is never changed' USING ERRCODE = 'check_violation';",
    )


def attach_trigger(table: Table, name: str, when: str, body: str) -> None:
    """Give a table a trigger and its function, both called `name`; `body` is PL/pgSQL without BEGIN and END."""
    statements = {
        "after_create": [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
            f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()",
        ],
        "after_drop": [f"DROP FUNCTION IF EXISTS {name}()"],
    }
    for moment, texts in statements.items():
        for text in texts:
            ddl = DDL(text.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
            event.listen(table, moment, ddl)
