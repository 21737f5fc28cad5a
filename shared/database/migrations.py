"""Running a service's Alembic history, and the triggers that make a table append-only."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

_ADVISORY_LOCK = 727_001
_TRIGGER = "{table}_append_only_{verb}"


def upgrade(engine: Engine, folder: Path, revision: str = "head") -> None:
    """Bring a database to `revision` of the history in `folder` (a service's `migrations`).

    Interrupted, it can be run again; two at once wait for each other (PostgreSQL advisory lock, SQLite's write lock).
    """
    from alembic import command  # noqa: PLC0415 (heavy, and only needed here)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
            connection.commit()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        finally:
            if connection.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
                connection.commit()


def run_in_alembic() -> None:
    """The whole of a service's `migrations/env.py`: one transaction per migration, on the connection it was given."""
    from alembic import context  # noqa: PLC0415 (heavy, and only needed here)

    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def append_only(connection: Connection, table: str) -> None:
    """Make the database itself refuse UPDATE and DELETE on a table (for migrations)."""
    for verb in ("UPDATE", "DELETE"):
        name = _TRIGGER.format(table=table, verb=verb.lower())
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION USING MESSAGE = 'append_only: ' || TG_TABLE_NAME; END $$"
            )
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def append_only_tables(connection: Connection) -> set[str]:
    """The tables whose UPDATE and DELETE the database refuses, as the catalogue tells."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
    names = set(connection.exec_driver_sql(query).scalars())
    suffixes = ("_append_only_update", "_append_only_delete")
    found = [{name.removesuffix(suffix) for name in names if name.endswith(suffix)} for suffix in suffixes]
    return found[0] & found[1]
