"""The demo hospital's persons, and the wards in which some of them may come to lie: made through the use cases."""

from __future__ import annotations

from services.records.seed.crowd import LARGEST, Member, register_crowd
from services.records.seed.persons import FAMILY_FILE, demo_persons, register_persons
from services.records.seed.places import demo_wards, open_demo_wards
from shared.door import Door
from shared.settings import Settings

__all__ = ["FAMILY_FILE", "LARGEST", "Member", "demo_persons", "demo_wards", "register_crowd", "seed"]


def seed(door: Door, settings: Settings) -> None:
    """Make what is missing; seeded again, nothing changes."""
    open_demo_wards(door)
    register_persons(door, settings)
