"""A whole hospital on each database, with people in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.settings import Settings
from tests.support.clock import StandingClock
from tests.support.everyday import Everyday
from tests.support.whole_hospital import OpenDatabase, WholeHospital, open_hospital


@pytest.fixture
def hospital(
    open_database: OpenDatabase, settings: Settings, clock: StandingClock, backend: str
) -> Iterator[WholeHospital]:
    """Four services, gateway and wallet with empty books."""
    made = open_hospital(open_database, settings, clock, backend)
    yield made
    made.close()


@pytest.fixture
def day(hospital: WholeHospital) -> Everyday:
    """The people of that hospital."""
    return Everyday(hospital)
