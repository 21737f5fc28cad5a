"""The demo hospital's bills: they come from its appointments through the queue, like every other day."""

from __future__ import annotations

from shared.door import Door
from shared.settings import Settings


def seed(door: Door, settings: Settings) -> None:
    """Billing owns nothing that exists before the first appointment: no rows are made here."""
