"""The ward's and the kitchen's databases, on both backends, and brokers in memory, in a folder and on RabbitMQ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from shared.database import Database
from shared.messaging.broker import Broker
from shared.messaging.pump import Pump
from shared.service import Service
from tests.shared.messaging import hospital
from tests.support.clock import StandingClock
from tests.support.databases import empty

OpenDatabase = Callable[[Service], Database]


@pytest.fixture(autouse=True)
def mood() -> dict[str, bool]:
    hospital.mood.update(broken=True, known=False)
    return hospital.mood


@pytest.fixture(scope="session")
def postgres_of(request: pytest.FixtureRequest) -> Callable[[Service], str]:
    """A function that gives the address of a service's PostgreSQL database, made once a run."""
    made: dict[str, str] = {}

    def address(service: Service) -> str:
        if service.name not in made:
            made[service.name] = request.getfixturevalue("new_lasting_postgres_database")(service.name)
            database = Database(made[service.name], service.toolbox)
            hospital.make_tables(database, service)
            database.close()
        return made[service.name]

    return address


@pytest.fixture
def open_empty(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenDatabase]:
    opened: list[Database] = []

    def make(service: Service) -> Database:
        if backend == "sqlite":
            opened.append(Database(f"sqlite:///{tmp_path}/{service.name}.sqlite3", service.toolbox))
            hospital.make_tables(opened[-1], service)
        else:
            opened.append(Database(request.getfixturevalue("postgres_of")(service), service.toolbox))
            empty(opened[-1])
        return opened[-1]

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def ward(open_empty: OpenDatabase) -> Database:
    return open_empty(hospital.WARD)


@pytest.fixture
def kitchen(open_empty: OpenDatabase) -> Database:
    return open_empty(hospital.KITCHEN)


@pytest.fixture
def pump(ward: Database, kitchen: Database, clock: StandingClock) -> Iterator[Pump]:
    made = Pump([hospital.WARD, hospital.KITCHEN], {"ward": ward, "kitchen": kitchen}, clock)
    yield made
    made.close()


@pytest.fixture(params=["memory", "filesystem", pytest.param("amqp", marks=pytest.mark.rabbitmq)])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """Each kind of broker in turn, with names of its own on RabbitMQ."""
    if request.param == "amqp":
        made = Broker(request.getfixturevalue("rabbitmq_url"), namespace=f"test-{uuid4().hex[:12]}")
    else:
        made = Broker(f"{request.param}://", tmp_path)
    yield made
    if made.is_amqp:
        made.drop(["ward", "kitchen"])
