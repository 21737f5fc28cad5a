"""The demo hospital's persons, its wards, and who lies in them: made through the use cases."""

from __future__ import annotations

from services.records.seed.crowd import LARGEST, Member, register_crowd
from services.records.seed.inpatients import admit_inpatients
from services.records.seed.persons import FAMILY_FILE, demo_persons, register_persons
from services.records.seed.places import demo_wards, open_demo_wards
from shared.door import Door
from shared.settings import Settings

__all__ = ["FAMILY_FILE", "LARGEST", "Member", "demo_persons", "demo_wards", "register_crowd", "seed"]


def seed(door: Door, settings: Settings) -> None:
    """Make what is missing; seeded again, nothing changes."""
    open_demo_wards(door)
    register_persons(door, settings)
    admit_inpatients(door, settings)
