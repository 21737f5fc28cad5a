"""Alembic's environment: the toolbox runs the history on the connection it was given."""

from shared.database.migrations import run_in_alembic

run_in_alembic()
