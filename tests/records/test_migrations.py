"""The migrations make the tables that the store speaks of."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.records import store
from shared.database import Database, append_only_tables


def test_migrations_and_store_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), store.metadata) == []
        assert append_only_tables(connection) == {
            *("access_log", "copy_terms", "copy_steps", "copy_decisions", "copy_paper_views"),
            *("disclosures", "shipment_events"),
        }
