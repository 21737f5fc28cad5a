"""What the two ways into a database allow: writing, reading, and waiting in bounded time."""

from __future__ import annotations

from contextlib import ExitStack
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from shared.database import Busy, Database, engine
from tests.support import toy


def test_a_read_cannot_change_anything(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly database|read-only transaction"), database.read() as uow:
        uow.insert(toy.numbers, [{"id": uuid4(), "number": 7}])
    assert toy.state_of(database)["numbers"] == []


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("way", ["read", "write"])
def test_who_gets_no_connection_in_time_is_told_that_the_database_is_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(engine, "WRITE_DEADLINE_SECONDS", 0.05)
    url = database.url.render_as_string(hide_password=False)
    impatient = Database(url, database.toolbox)
    with ExitStack() as others:
        for _ in range(engine.POOL_SIZE):
            uow = others.enter_context(getattr(impatient, way)())
            uow.session.execute(sa.select(toy.numbers))
        with pytest.raises(Busy, match="no connection was free"), getattr(impatient, way)() as uow:
            uow.session.execute(sa.select(toy.numbers))
    with getattr(impatient, way)() as uow:
        assert uow.session.execute(sa.select(toy.numbers)).all() == []
    impatient.close()
