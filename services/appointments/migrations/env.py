"""Run by Alembic."""

from shared.database.migrations import run_in_alembic

run_in_alembic()
