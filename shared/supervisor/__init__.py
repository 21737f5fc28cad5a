"""Runs the processes of one machine together: `anxin up`."""

from shared.supervisor.hospital import run

__all__ = ["run"]
