"""Members of staff log in by user name and password."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from gateway.identity import passwords, store, usecases
from gateway.identity.domain import PasswordWrong, TooManyTries
from gateway.identity.door import Identity
from shared.database import Database
from shared.errors import NotFound
from tests.gateway.conftest import HERE
from tests.support.clock import StandingClock

PASSWORD = "correct horse battery"
KEPT = passwords.hash_password(PASSWORD)


@pytest.fixture(autouse=True)
def front_desk(database: Database, clock: StandingClock) -> None:
    add(database, clock, "front-desk", "front_desk")


def add(database: Database, clock: StandingClock, user_name: str, *roles: str) -> bool:
    with database.write() as uow:
        return usecases.add_staff_member(
            uow, now=clock.now, user_name=user_name, display_name="周敏", password_hash=KEPT, roles=roles
        )


def sessions(database: Database) -> int:
    with database.read() as uow:
        return uow.session.execute(sa.select(sa.func.count()).select_from(store.sessions)).scalar_one()


def test_a_password_opens_a_session_with_the_roles_of_its_owner(identity: Identity) -> None:
    opened = identity.log_in_staff(" Front-Desk ", PASSWORD, address=HERE)
    principal = identity.whose_session(opened.token)
    assert principal is not None
    assert (principal.is_staff, principal.roles, principal.display_name) == (True, ("front_desk",), "周敏")
    assert principal.subject == f"staff:{opened.log_in.staff_id}"
    assert identity.missing_consents(principal) == ()


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", "x" * 100_000])
def test_a_wrong_password_opens_nothing(identity: Identity, database: Database, password: str) -> None:
    with pytest.raises(PasswordWrong):
        identity.log_in_staff("front-desk", password, address=HERE)
    assert sessions(database) == 0


def test_unknown_names_are_answered_and_slowed_like_known_ones(identity: Identity, database: Database) -> None:
    told = {}
    for name in ("front-desk", "nobody"):
        told[name] = []
        for _ in range(7):
            with pytest.raises((PasswordWrong, TooManyTries)) as refusal:
                identity.log_in_staff(name, "wrong", address=HERE)
            told[name].append((type(refusal.value), refusal.value.detail))
    assert told["front-desk"] == told["nobody"]
    assert [kind for kind, _ in told["nobody"]] == [PasswordWrong] * 5 + [TooManyTries] * 2
    assert sessions(database) == 0


def test_after_five_wrong_passwords_the_right_one_waits_ten_minutes(identity: Identity, clock: StandingClock) -> None:
    for _ in range(5):
        with pytest.raises(PasswordWrong):
            identity.log_in_staff("front-desk", "wrong", address=HERE)
    with pytest.raises(TooManyTries):
        identity.log_in_staff("front-desk", PASSWORD, address="10.0.0.2")
    clock.advance(minutes=10)
    assert identity.log_in_staff("front-desk", PASSWORD, address=HERE).log_in.staff_id is not None


def test_the_right_password_begins_the_count_anew(identity: Identity) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(PasswordWrong):
                identity.log_in_staff("front-desk", "wrong", address=HERE)
        identity.log_in_staff("front-desk", PASSWORD, address=HERE)


def test_a_new_password_ends_all_sessions_and_tokens(
    identity: Identity, database: Database, clock: StandingClock
) -> None:
    opened = identity.log_in_staff("front-desk", PASSWORD, address=HERE)
    token = identity.create_token(name="desk", days=1, staff_id=opened.log_in.staff_id)
    with database.write() as uow:
        usecases.change_password(
            uow, now=clock.now, staff_id=opened.log_in.staff_id, password_hash=passwords.hash_password("another one")
        )
    assert identity.whose_session(opened.token) is None
    assert identity.whose_token(token) is None
    with pytest.raises(PasswordWrong):
        identity.log_in_staff("front-desk", PASSWORD, address=HERE)
    assert identity.log_in_staff("front-desk", "another one", address=HERE).log_in.staff_id == opened.log_in.staff_id


def test_other_roles_end_all_sessions_and_whoever_left_cannot_come_back(
    identity: Identity, database: Database, clock: StandingClock
) -> None:
    opened = identity.log_in_staff("front-desk", PASSWORD, address=HERE)
    with database.write() as uow:
        usecases.change_roles(uow, now=clock.now, staff_id=opened.log_in.staff_id, roles=["cashier"])
    assert identity.whose_session(opened.token) is None
    again = identity.log_in_staff("front-desk", PASSWORD, address=HERE)
    principal = identity.whose_session(again.token)
    assert principal is not None
    assert principal.roles == ("cashier",)
    with database.write() as uow:
        usecases.change_roles(uow, now=clock.now, staff_id=opened.log_in.staff_id, roles=["cashier"], is_active=False)
    assert identity.whose_session(again.token) is None
    with pytest.raises(PasswordWrong):
        identity.log_in_staff("front-desk", PASSWORD, address=HERE)


def test_a_user_name_that_is_taken_changes_nothing(
    identity: Identity, database: Database, clock: StandingClock
) -> None:
    assert add(database, clock, "front-desk", "admin") is False
    principal = identity.whose_session(identity.log_in_staff("front-desk", PASSWORD, address=HERE).token)
    assert principal is not None
    assert principal.roles == ("front_desk",)


def test_a_role_that_does_not_exist_is_given_to_nobody(database: Database, clock: StandingClock) -> None:
    with pytest.raises(ValueError, match="no such roles: superuser"):
        add(database, clock, "somebody", "superuser")
    with pytest.raises(NotFound), database.write() as uow:
        usecases.change_roles(uow, now=clock.now, staff_id=uuid.UUID(int=1), roles=["admin"])


def test_a_password_is_kept_as_argon2id_with_nineteen_mebibytes() -> None:
    assert KEPT.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right(PASSWORD, KEPT) is True
    assert passwords.is_right(PASSWORD, None) is False
    assert passwords.is_right("of nobody", None) is False
    assert passwords.is_right(PASSWORD, "not a hash") is False
