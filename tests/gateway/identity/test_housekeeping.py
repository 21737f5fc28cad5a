"""What identity forgets by itself, what the demo starts with, and whether history and code agree."""

from __future__ import annotations

import json
from collections.abc import Callable

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gateway.database import metadata
from gateway.identity import seed, store
from gateway.identity.domain import Relation, normal_phone
from gateway.identity.door import Identity, Opened
from gateway.identity.timers import TIMERS
from shared.database import Database, append_only_tables
from shared.door import Door
from shared.service import Service
from shared.settings import Settings
from tests.gateway.conftest import HERE, PHONE
from tests.support.clock import StandingClock

TABLES = (store.login_codes, store.attempts, store.demo_messages, store.sessions)


def counts(database: Database) -> list[int]:
    with database.read() as uow:
        return [uow.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in TABLES]


def test_codes_and_counts_are_forgotten_after_two_days_and_sessions_a_month_after_their_end(
    identity: Identity, log_in: Callable[..., Opened], database: Database, clock: StandingClock
) -> None:
    ended = log_in()
    identity.log_out(ended.log_in.session_id)
    clock.advance(minutes=2)
    log_in()
    before = counts(database)
    assert before == [1, 4, 2, 2]
    (timer,) = TIMERS
    timer.fire(database, clock)
    assert counts(database) == before
    clock.advance(days=2)
    timer.fire(database, clock)
    assert counts(database) == [0, 0, 0, 2]
    clock.advance(days=29)
    timer.fire(database, clock)
    assert counts(database) == [0, 0, 0, 1]
    clock.advance(days=180)
    timer.fire(database, clock)
    assert counts(database) == [0, 0, 0, 0]


def test_the_tables_are_what_the_code_believes(database: Database) -> None:
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        assert differences == []
        assert append_only_tables(connection) == {"access_log", "consents"}


def test_the_newest_migration_is_the_one_that_head_names(service: Service) -> None:
    newest = max(path.stem for path in (service.migrations / "versions").glob("*.py"))
    assert (service.migrations / "HEAD").read_text().strip() == newest


def test_the_demo_starts_with_staff_and_a_family_and_starting_again_changes_nothing(
    identity: Identity, database: Database, clock: StandingClock, settings: Settings
) -> None:
    members = [
        {"patient_id": f"00000000-0000-0000-0000-00000000000{number}", "name": name, "relation": relation}
        for number, name, relation in ((1, "王建国", "self"), (2, "王小雨", "child"))
    ]
    settings.data_dir.mkdir(exist_ok=True)
    (settings.data_dir / seed.FAMILY_FILE).write_text(json.dumps(members))
    for _ in range(2):
        seed.seed(Door(database, clock), settings)
    with database.read() as uow:
        account = store.find_account(uow, normal_phone(seed.PARENT))
        names = uow.session.execute(sa.select(store.staff_members.c.user_name)).scalars().all()
    assert account is not None
    assert [(each.display_name, each.relation) for each in identity.links(account)] == [
        ("王建国", Relation.SELF),
        ("王小雨", Relation.CHILD),
    ]
    assert sorted(names) == sorted(name for name, _, _ in seed.DEMO_STAFF)
    printed = (settings.data_dir / "demo-logins.txt").read_text()
    assert all(name in printed for name in (*names, seed.NEWCOMER, seed.PARENT, seed.DEMO_PASSWORD))
    for name, _, roles in seed.DEMO_STAFF:
        principal = identity.whose_session(identity.log_in_staff(name, seed.DEMO_PASSWORD, address=HERE).token)
        assert principal is not None
        assert principal.roles == roles


def test_the_demo_account_of_a_newcomer_begins_empty(identity: Identity, log_in: Callable[..., Opened]) -> None:
    opened = log_in(PHONE, agree=False)
    assert PHONE == seed.NEWCOMER
    assert opened.log_in.is_new is True
    assert identity.links(opened.log_in.account_id) == []
