"""The toy service's database, on both backends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.database import Database
from shared.service import Service
from tests.support import toy
from tests.support.databases import empty


@pytest.fixture(scope="session")
def service() -> Service:
    return toy.SERVICE


@pytest.fixture(scope="session")
def toy_on_postgres(request: pytest.FixtureRequest) -> Callable[[], str]:
    """A function that gives the address of the toy's tables on PostgreSQL, made once a run."""
    made: list[str] = []

    def address() -> str:
        if not made:
            made.append(request.getfixturevalue("new_lasting_postgres_database")("toy"))
            database = Database(made[0], toy.toolbox)
            toy.make_tables(database)
            database.close()
        return made[0]

    return address


@pytest.fixture
def database(backend: str, tmp_path: Path, toy_on_postgres: Callable[[], str]) -> Iterator[Database]:
    if backend == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/toy.sqlite3", toy.toolbox)
        toy.make_tables(made)
    else:
        made = Database(toy_on_postgres(), toy.toolbox)
        empty(made)
    yield made
    made.close()
