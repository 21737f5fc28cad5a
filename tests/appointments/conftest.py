"""What the tests of appointments share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.appointments.app import SERVICE
from shared.actor import Actor
from shared.database import Database
from shared.service import Service
from shared.settings import Settings
from shared.web import create_app
from tests.appointments.hospital import Hospital
from tests.support.callers import Caller
from tests.support.clock import StandingClock


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@pytest.fixture
def hospital(database: Database, clock: StandingClock) -> Hospital:
    """A small hospital on each database in turn."""
    return Hospital(database, clock)


@pytest.fixture
def hospital_on(
    service: Service, open_database: Callable[[Service, str], Database], clock: StandingClock
) -> Callable[[str], Hospital]:
    """A small hospital on the named database."""
    return lambda backend: Hospital(open_database(service, backend), clock)


@pytest.fixture
def make_callers(
    service: Service, settings: Settings, clock: StandingClock
) -> Callable[[Hospital], Callable[[Actor], Caller]]:
    """`make_callers(hospital)(actor)` calls the HTTP door of a hospital on a database of the test's choice."""

    def callers(hospital: Hospital) -> Callable[[Actor], Caller]:
        http = create_app(service, settings, database=hospital.database, clock=clock).test_client()
        return lambda actor: Caller(http, actor, clock)

    return callers
