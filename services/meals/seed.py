"""Demo data of meals: its patients come by themselves, from what records tells; there is nothing else to fill in."""

from __future__ import annotations

from shared.door import Door
from shared.settings import Settings


def seed(_door: Door, _settings: Settings) -> None:
    """Nothing is missing that records would not tell."""
