"""Runs the gateway's history on the connection that `shared.database.upgrade` hands over."""

from shared.database.migrations import run_in_alembic

run_in_alembic()
