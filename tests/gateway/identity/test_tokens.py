"""Bearer tokens for machines, and their two commands."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from gateway.identity import queries, store
from gateway.identity.domain import Link, Relation
from gateway.identity.door import Identity, Opened
from gateway.identity.keyed import token_hash
from shared import cli
from shared.database import Database, upgrade
from shared.door import Door
from shared.errors import NotFound
from shared.service import Service
from shared.settings import Settings
from tests.support.clock import StandingClock

PATIENT, CHILD, OTHER = (uuid.UUID(int=number) for number in (1, 2, 3))


def test_a_token_acts_as_its_account_until_it_expires(
    identity: Identity, log_in: Callable[..., Opened], link: Callable[..., Link], clock: StandingClock
) -> None:
    account = log_in().log_in.account_id
    made = link(account, PATIENT)
    token = identity.create_token(name="bench", days=2, account_id=account)
    found = identity.whose_token(token, PATIENT)
    assert found is not None
    assert (found.account_id, found.roles, found.link, found.session_id) == (account, ("patient",), made, None)
    unnamed = identity.whose_token(token)
    assert unnamed is not None
    assert unnamed.link is None
    clock.advance(days=2)
    assert identity.whose_token(token, PATIENT) is None


def test_a_revoked_token_is_worth_nothing_on_the_next_request(
    identity: Identity, log_in: Callable[..., Opened]
) -> None:
    account = log_in().log_in.account_id
    token = identity.create_token(name="bench", days=2, account_id=account)
    with identity.database.read() as uow:
        (line,) = queries.tokens_of(uow, account_id=account)
    assert (line.prefix, line.name, line.revoked_at) == (token[:12], "bench", None)
    identity.revoke_token(line.id)
    assert identity.whose_token(token) is None
    with pytest.raises(NotFound):
        identity.revoke_token(line.id)


def test_everybody_who_shows_a_token_at_one_moment_gets_their_own_answer(
    identity: Identity, log_in: Callable[..., Opened], link: Callable[..., Link], clock: StandingClock
) -> None:
    mother, neighbour = (log_in(phone).log_in.account_id for phone in ("19900000001", "19900000002"))
    own, child, other = link(mother, PATIENT), link(mother, CHILD, Relation.CHILD), link(neighbour, OTHER)
    first, second, ended = (
        identity.create_token(name="phone", days=days, account_id=account)
        for days, account in ((2, mother), (2, neighbour), (1, mother))
    )
    clock.advance(days=1)
    asked = [
        *((first, PATIENT), (first, CHILD), (first, OTHER), (first, None)),
        *((second, OTHER), (second, PATIENT), (ended, PATIENT), ("anx_forged", PATIENT)),
    ]
    with identity.database.read() as uow:
        shown = [queries.ShownToken(token_hash(token), patient_id) for token, patient_id in asked]
        found = queries.find_tokens(uow, shown=shown, now=clock())
    assert [each and (each.account_id, each.link) for each in found] == [
        *((mother, own), (mother, child), (mother, None), (mother, None)),
        *((neighbour, other), (neighbour, None), None, None),
    ]


def test_a_patient_may_be_named_by_an_id_that_ended_before_anybody_was_linked_to_it(
    identity: Identity, log_in: Callable[..., Opened], link: Callable[..., Link]
) -> None:
    account = log_in().log_in.account_id
    made = link(account, PATIENT)
    with identity.database.write() as uow:
        uow.insert(store.merged_patients, [{"patient_id": OTHER, "merged_into": PATIENT, "known_as": PATIENT}])
    token = identity.create_token(name="phone", days=2, account_id=account)
    found = identity.whose_token(token, OTHER)
    assert found is not None
    assert found.link == made


def test_the_database_holds_the_hash_and_twelve_characters_of_a_token(
    identity: Identity, log_in: Callable[..., Opened], database: Database
) -> None:
    token = identity.create_token(name="bench", days=2, account_id=log_in().log_in.account_id)
    with database.read() as uow:
        row = uow.session.execute(sa.select(store.tokens)).one()
    assert len(row.prefix) == 12
    assert not any(token in str(value) for value in row)
    assert identity.whose_token(row.token_hash) is None


def test_a_cookie_is_no_token_and_a_token_is_no_cookie(identity: Identity, log_in: Callable[..., Opened]) -> None:
    opened = log_in()
    token = identity.create_token(name="bench", days=2, account_id=opened.log_in.account_id)
    assert identity.whose_token(opened.token) is None
    assert identity.whose_session(token) is None


@pytest.fixture
def installation(settings: Settings, service: Service, monkeypatch: pytest.MonkeyPatch) -> Identity:
    """A migrated and seeded demo, found through the environment as the command line does."""
    monkeypatch.setenv("ANXIN_DATA_DIR", str(settings.data_dir))
    real = Settings.from_environment()
    database = service.open_database(real)
    upgrade(database.engine, service.migrations)
    assert service.seed is not None
    service.seed(Door(database), real)
    return Identity(database, real.secrets["session_secret"], is_demo=True)


def test_the_command_line_prints_a_token_once_and_revokes_it_by_its_beginning(
    installation: Identity, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["create-token", "--staff", "auditor", "--name", "report", "--days", "7"]) == 0
    token = capsys.readouterr().out.strip()
    found = installation.whose_token(token)
    assert found is not None
    assert found.roles == ("auditor",)
    assert cli.main(["revoke-token", token[:12]]) == 0
    assert installation.whose_token(token) is None
    assert cli.main(["revoke-token", token[:12]]) == 1
    installation.database.close()


@pytest.fixture
def records(installation: Identity) -> Iterator[Database]:
    """The database of records of the same installation, empty."""
    service = cli.load("records")
    database = service.open_database(Settings.from_environment())
    upgrade(database.engine, service.migrations)
    yield database
    database.close()


def test_demo_tokens_belong_to_people_who_act_for_themselves(
    installation: Identity, records: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["demo-tokens", "--role", "patient", "--count", "3"]) == 0
    first = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert len({patient_id for _, patient_id in first}) == 3
    for token, patient_id in first:
        found = installation.whose_token(token, uuid.UUID(patient_id))
        assert found is not None
        assert found.link is not None
        assert (found.roles, found.link.patient_id) == (("patient",), uuid.UUID(patient_id))
        assert installation.missing_consents(found) == ()
    assert cli.main(["demo-tokens", "--count", "4"]) == 0
    again = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [patient_id for _, patient_id in again[:3]] == [patient_id for _, patient_id in first]
    assert not {token for token, _ in again} & {token for token, _ in first}
    with records.read() as uow:
        assert len(uow.session.execute(sa.text("SELECT id FROM patients")).all()) == 4
    installation.database.close()


def test_demo_tokens_for_a_role_of_the_staff(installation: Identity, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo-tokens", "--role", "auditor", "--count", "2"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [name for _, name in lines] == ["auditor", "auditor"]
    roles = [found.roles for token, _ in lines if (found := installation.whose_token(token))]
    assert roles == [("auditor",), ("auditor",)]
    assert cli.main(["demo-tokens", "--role", "wizard"]) == 1
    installation.database.close()


def test_a_real_hospital_has_no_demo_tokens(
    installation: Identity, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = Settings.from_environment
    monkeypatch.setattr(Settings, "from_environment", lambda: replace(given(), profile="production"))
    assert cli.main(["demo-tokens"]) == 2
    assert capsys.readouterr().err == "anxin: demo-tokens: only the demo hospital has them\n"
    with installation.database.read() as uow:
        assert uow.session.execute(sa.select(store.tokens)).all() == []
    installation.database.close()


@pytest.mark.parametrize("who", [["--staff", "nobody"], ["--phone", "19900000009"], ["--phone", "12"]])
def test_the_command_line_makes_no_token_for_nobody(
    installation: Identity, capsys: pytest.CaptureFixture[str], who: list[str]
) -> None:
    assert cli.main(["create-token", *who, "--name", "report"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("anxin: ")
    with installation.database.read() as uow:
        assert uow.session.execute(sa.select(store.tokens)).all() == []
    installation.database.close()
