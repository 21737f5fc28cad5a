"""Alembic's way in."""

from shared.database.migrations import run_in_alembic

run_in_alembic()
