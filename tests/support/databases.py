"""pytest plugin: a service's migrated database, SQLite and PostgreSQL, empty for every test.

The `conftest.py` of a service's tests defines a session fixture `service` that gives its `SERVICE`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from shared.database import Database, upgrade
from shared.door import Door
from shared.service import Service
from shared.settings import Settings
from shared.web import create_app
from tests.support.callers import PRIVATE_KEY, PUBLIC_KEY, Caller
from tests.support.clock import StandingClock

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

Templates = Callable[[Service, str], str]


@pytest.fixture
def clock() -> StandingClock:
    """Monday morning at the hospital."""
    return StandingClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the demo profile with this run's own keys; nothing is read from the environment."""
    return make_settings(tmp_path)


def make_settings(folder: Path) -> Settings:
    """Demo settings whose data lie in `folder`."""
    from dataclasses import replace

    made = Settings.from_environment({"ANXIN_DATA_DIR": str(folder)})
    keys = {"actor_private_key": PRIVATE_KEY, "actor_public_key": PUBLIC_KEY}
    return replace(made, secrets={**made.secrets, **keys})


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Templates:
    """A function that gives the address of a service's migrated, empty database; each is migrated once a run."""
    made: dict[tuple[str, str], str] = {}

    def template(service: Service, backend: str) -> str:
        name = (service.name, backend)
        if name not in made:
            if backend == "sqlite":
                url = f"sqlite:///{tmp_path_factory.mktemp('migrated')}/{service.name}.sqlite3"
            else:
                url = request.getfixturevalue("new_lasting_postgres_database")(service.name)
            database = Database(url, service.toolbox)
            upgrade(database.engine, service.migrations)
            database.close()
            made[name] = url
        return made[name]

    return template


@pytest.fixture
def open_database(migrated: Templates, tmp_path: Path) -> Iterator[Callable[[Service, str], Database]]:
    """A function that opens an empty database of a service on `sqlite` or `postgresql`; closed after the test."""
    opened: list[Database] = []

    def make(service: Service, backend: str = "sqlite") -> Database:
        url = migrated(service, backend)
        if backend == "sqlite":
            own = tmp_path / f"{service.name}.sqlite3"
            shutil.copyfile(url.removeprefix("sqlite:///"), own)
            url = f"sqlite:///{own}"
        database = Database(url, service.toolbox)
        if backend == "postgresql":
            empty(database)
        opened.append(database)
        return database

    yield make
    for database in opened:
        database.close()


def empty(database: Database) -> None:
    """Forget every row of a PostgreSQL database and count from one again.

    Plain deletes without triggers (ours keep some tables append-only): for a few rows far quicker than TRUNCATE.
    """
    with database.engine.begin() as connection:
        names = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
        deletes = "; ".join(f'DELETE FROM "{name}"' for name in names)
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {deletes}")
        connection.exec_driver_sql("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The test runs on each database."""
    return str(request.param)


@pytest.fixture
def database(service: Service, backend: str, open_database: Callable[[Service, str], Database]) -> Database:
    """The service's empty database, on each backend in turn."""
    return open_database(service, backend)


@pytest.fixture
def door(database: Database, clock: StandingClock) -> Door:
    """The service's door under the test's clock."""
    return Door(database, clock)


@pytest.fixture
def as_caller(
    service: Service, database: Database, settings: Settings, clock: StandingClock
) -> Callable[[Any], Caller]:
    """`as_caller(actor)` calls the service's HTTP door as that actor."""
    http = create_app(service, settings, database=database, clock=clock).test_client()
    return lambda actor: Caller(http, actor, clock)
