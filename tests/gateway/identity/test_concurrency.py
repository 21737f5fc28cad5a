"""Many at once, with real threads and real commits: guessing is no quicker, and limits hold."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.identity import passwords, store, usecases
from gateway.identity.domain import Link, NewSession, PasswordWrong, Relation
from gateway.identity.door import Identity, Opened
from shared.database import Database
from shared.errors import DomainError
from tests.gateway.conftest import HERE, PHONE
from tests.support.clock import StandingClock

AT_ONCE = 8


def together(work: Callable[[int], Any], people: int = AT_ONCE) -> Counter[str]:
    """Everybody starts at the same moment; what became of each, by the name of the result or refusal."""
    start = threading.Barrier(people)
    ends: list[str] = []

    def run(number: int) -> None:
        start.wait()
        try:
            ends.append(type(work(number)).__name__)
        except DomainError as refusal:
            ends.append(type(refusal).__name__)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ends)


def count(database: Database, table: sa.Table) -> int:
    with database.read() as uow:
        return uow.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_guessing_a_code_in_parallel_gets_five_tries_and_no_more(identity: Identity, database: Database) -> None:
    identity.request_code(PHONE, address=HERE)
    code = identity.demo_messages()[0].code
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    ends = together(lambda number: identity.log_in_with_code(PHONE, wrong, address=f"10.0.1.{number}"))
    assert ends == {"CodeWrong": 5, "TooManyTries": AT_ONCE - 5}
    late = together(lambda number: identity.log_in_with_code(PHONE, code, address=f"10.0.1.{number}"))
    assert late == {"TooManyTries": AT_ONCE}
    assert count(database, store.sessions) == 0


def test_the_right_code_sent_many_times_at_once_opens_one_session(identity: Identity, database: Database) -> None:
    identity.request_code(PHONE, address=HERE)
    code = identity.demo_messages()[0].code
    ends = together(lambda number: identity.log_in_with_code(PHONE, code, address=f"10.0.1.{number}"))
    assert ends == {"Opened": 1, "CodeWrong": AT_ONCE - 1}
    assert count(database, store.sessions) == 1
    assert count(database, store.accounts) == 1


def test_asking_for_codes_in_parallel_sends_one(identity: Identity, database: Database) -> None:
    ends = together(lambda _: identity.request_code(PHONE, address=HERE))
    assert ends == {"CodeSent": 1, "TooManyRequests": AT_ONCE - 1}
    assert count(database, store.demo_messages) == 1


def test_guessing_a_password_in_parallel_gets_five_tries_and_no_more(
    identity: Identity, database: Database, clock: StandingClock
) -> None:
    kept = passwords.hash_password("right")
    with database.write() as uow:
        usecases.add_staff_member(
            uow, now=clock.now, user_name="admin", display_name="石磊", password_hash=kept, roles=["admin"]
        )
    ends = together(lambda number: identity.log_in_staff("admin", f"wrong {number}", address=HERE))
    assert ends == {"PasswordWrong": 5, "TooManyTries": AT_ONCE - 5}


def test_two_forms_at_once_cannot_pass_the_limit_of_patients(
    identity: Identity, log_in: Callable[..., Opened], link: Callable[..., Link], database: Database
) -> None:
    account = log_in().log_in.account_id
    for number in range(1, 5):
        link(account, uuid.UUID(int=number), Relation.OTHER)
    ends = together(lambda number: link(account, uuid.UUID(int=100 + number), Relation.OTHER))
    assert ends == {"Link": 1, "FamilyLimitReached": AT_ONCE - 1}
    assert count(database, store.links) == 5


def test_one_form_sent_many_times_at_once_makes_one_link(
    identity: Identity, log_in: Callable[..., Opened], link: Callable[..., Link], database: Database
) -> None:
    account = log_in().log_in.account_id
    ends = together(lambda _: link(account, uuid.UUID(int=1)))
    assert ends == {"Link": AT_ONCE}
    assert count(database, store.links) == 1


def test_a_password_changed_while_the_old_one_is_checked_opens_nothing(
    identity: Identity, database: Database, clock: StandingClock
) -> None:
    with database.write() as uow:
        usecases.add_staff_member(
            uow, now=clock.now, user_name="admin", display_name="石磊", password_hash="old", roles=["admin"]
        )
        credential = usecases.admit_password_try(
            uow, now=clock.now, user_name="admin", name_key="n", address_key="a", limits=identity.limits
        )
    with database.write() as uow:
        usecases.change_password(uow, now=clock.now, staff_id=credential.staff_id, password_hash="new")
    session = NewSession(id=uuid.uuid4(), token_hash="hash")
    with pytest.raises(PasswordWrong), database.write() as uow:
        usecases.log_in_staff(uow, now=clock.now, credential=credential, name_key="n", session=session)
    assert count(database, store.sessions) == 0
