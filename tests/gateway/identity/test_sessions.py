"""Sessions: what keeps them alive, what ends them, and what is no session at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from gateway.identity import store
from gateway.identity.door import Identity, Opened
from gateway.identity.keyed import new_token, token_hash
from shared.database import Database
from tests.support.clock import StandingClock

LogIn = Callable[..., Opened]


def seen_at(database: Database) -> str:
    with database.read() as uow:
        return str(uow.session.execute(sa.select(store.sessions.c.seen_at)).scalar_one())


def test_a_session_that_is_used_lives_on_beyond_thirty_days(
    identity: Identity, log_in: LogIn, clock: StandingClock
) -> None:
    opened = log_in()
    for _ in range(3):
        clock.advance(days=29)
        assert identity.whose_session(opened.token) is not None


def test_a_session_that_nobody_used_for_thirty_days_has_ended(
    identity: Identity, log_in: LogIn, clock: StandingClock
) -> None:
    opened = log_in()
    clock.advance(days=30)
    assert identity.whose_session(opened.token) is None


def test_no_session_outlives_half_a_year(identity: Identity, log_in: LogIn, clock: StandingClock) -> None:
    opened = log_in()
    for _ in range(7):
        clock.advance(days=25)
        assert identity.whose_session(opened.token) is not None
    clock.advance(days=5)
    assert identity.whose_session(opened.token) is None


def test_the_use_of_a_session_is_written_down_once_a_day(
    identity: Identity, log_in: LogIn, clock: StandingClock, database: Database
) -> None:
    opened = log_in()
    before = seen_at(database)
    clock.advance(hours=23)
    identity.whose_session(opened.token)
    assert seen_at(database) == before
    clock.advance(hours=1)
    identity.whose_session(opened.token)
    assert seen_at(database) == str(clock.now)


def test_logging_out_ends_this_session_and_no_other(identity: Identity, log_in: LogIn, clock: StandingClock) -> None:
    phone, tablet = log_in(), (clock.advance(minutes=2), log_in())[1]
    identity.log_out(phone.log_in.session_id)
    assert identity.whose_session(phone.token) is None
    assert identity.whose_session(tablet.token) is not None


def test_logging_out_everywhere_ends_every_session_of_the_account_and_of_nobody_else(
    identity: Identity, log_in: LogIn, clock: StandingClock
) -> None:
    phone, tablet = log_in(), (clock.advance(minutes=2), log_in())[1]
    stranger = log_in("19900000002")
    principal = identity.whose_session(phone.token)
    assert principal is not None
    identity.log_out_everywhere(principal)
    assert identity.whose_session(phone.token) is None
    assert identity.whose_session(tablet.token) is None
    assert identity.whose_session(stranger.token) is not None


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "a" * 100_000, "令牌", "' OR '1'='1"])
def test_a_forged_cookie_is_nobody(identity: Identity, log_in: LogIn, token: str) -> None:
    log_in()
    assert identity.whose_session(token) is None
    assert identity.whose_token(token) is None


def test_the_database_holds_no_token_that_could_be_stolen(
    identity: Identity, log_in: LogIn, database: Database
) -> None:
    opened = log_in()
    with database.read() as uow:
        kept = uow.session.execute(sa.select(store.sessions.c.token_hash)).scalar_one()
    assert kept == token_hash(opened.token)
    assert identity.whose_session(kept) is None


def test_whoever_asks_is_found_by_one_statement(identity: Identity, log_in: LogIn, database: Database) -> None:
    opened = log_in()
    statements: list[str] = []
    sa.event.listen(database._read_engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    identity.whose_session(opened.token)
    identity.whose_session(opened.token, uuid.uuid4())
    identity.whose_token(new_token(), uuid.uuid4())
    assert len([each for each in statements if each.lstrip().startswith("SELECT")]) == 3


def test_the_token_of_a_form_belongs_to_one_session_and_one_installation(
    identity: Identity, database: Database
) -> None:
    other = Identity(database, "another installation's secret", is_demo=True)
    assert identity.form_token("cookie one") != identity.form_token("cookie two")
    assert identity.form_token("cookie one") != other.form_token("cookie one")
