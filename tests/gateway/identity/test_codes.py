"""Logging in by a one-time code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.identity import store
from gateway.identity.domain import CodeExpired, CodeNotSendable, CodeWrong, PhoneInvalid, TooManyRequests, TooManyTries
from gateway.identity.door import Identity, Opened
from shared.clock import iso
from shared.database import Database
from tests.gateway.conftest import HERE, PHONE
from tests.support.clock import StandingClock


def code_of(identity: Identity) -> str:
    return identity.demo_messages()[0].code


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def count(database: Database, table: sa.Table) -> int:
    with database.read() as uow:
        return uow.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_person_logs_in_with_the_code_that_was_sent(identity: Identity, clock: StandingClock) -> None:
    sent = identity.request_code(" 199 0000 0001 ", address=HERE)
    assert sent.masked_phone == "199****0001"
    assert (sent.expires_at - clock.now).total_seconds() == 300
    assert (sent.resend_at - clock.now).total_seconds() == 60
    opened = identity.log_in_with_code(PHONE, f" {code_of(identity)} ", address=HERE)
    principal = identity.whose_session(opened.token)
    assert principal is not None
    assert (principal.account_id, principal.roles, principal.link) == (opened.log_in.account_id, ("patient",), None)
    assert opened.log_in.is_new is True


def test_a_phone_has_one_account_however_often_it_logs_in(
    identity: Identity, log_in: Callable[..., Opened], clock: StandingClock, database: Database
) -> None:
    first = log_in()
    clock.advance(minutes=2)
    second = log_in()
    assert second.log_in.account_id == first.log_in.account_id
    assert second.log_in.is_new is False
    assert count(database, store.accounts) == 1
    assert count(database, store.sessions) == 2


def test_a_code_opens_one_session_only(identity: Identity, database: Database) -> None:
    identity.request_code(PHONE, address=HERE)
    code = code_of(identity)
    identity.log_in_with_code(PHONE, code, address=HERE)
    with pytest.raises(CodeWrong):
        identity.log_in_with_code(PHONE, code, address=HERE)
    assert count(database, store.sessions) == 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "' OR 1", "0" * 10_000])
def test_what_cannot_be_a_code_is_refused_and_costs_no_try(identity: Identity, typed: str, database: Database) -> None:
    identity.request_code(PHONE, address=HERE)
    with pytest.raises(CodeWrong):
        identity.log_in_with_code(PHONE, typed, address=HERE)
    assert tries(database) == 0
    assert count(database, store.accounts) == 0


def tries(database: Database) -> int:
    with database.read() as uow:
        return uow.session.execute(sa.select(store.login_codes.c.tries)).scalar_one()


def test_after_five_wrong_codes_even_the_right_one_opens_nothing(identity: Identity, database: Database) -> None:
    identity.request_code(PHONE, address=HERE)
    code = code_of(identity)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            identity.log_in_with_code(PHONE, another(code), address=HERE)
    with pytest.raises(TooManyTries):
        identity.log_in_with_code(PHONE, code, address=HERE)
    assert count(database, store.sessions) == 0
    assert count(database, store.accounts) == 0


def test_a_code_is_good_for_five_minutes(identity: Identity, clock: StandingClock, database: Database) -> None:
    identity.request_code(PHONE, address=HERE)
    clock.advance(minutes=5)
    with pytest.raises(CodeExpired):
        identity.log_in_with_code(PHONE, code_of(identity), address=HERE)
    assert count(database, store.sessions) == 0


def test_a_newer_code_makes_the_older_one_void(identity: Identity, clock: StandingClock) -> None:
    identity.request_code(PHONE, address=HERE)
    older = code_of(identity)
    clock.advance(seconds=60)
    identity.request_code(PHONE, address=HERE)
    newer = code_of(identity)
    if older != newer:
        with pytest.raises(CodeWrong):
            identity.log_in_with_code(PHONE, older, address=HERE)
    assert identity.log_in_with_code(PHONE, newer, address=HERE).log_in.is_new is True


def test_the_code_of_one_phone_is_not_good_for_another(identity: Identity, database: Database) -> None:
    identity.request_code("19900000002", address=HERE)
    identity.request_code(PHONE, address=HERE)
    with pytest.raises(CodeWrong):
        identity.log_in_with_code("19900000003", code_of(identity), address=HERE)
    assert count(database, store.accounts) == 0


def test_between_two_codes_lies_a_minute_and_a_double_tap_costs_nothing(
    identity: Identity, clock: StandingClock, database: Database
) -> None:
    sent = identity.request_code(PHONE, address=HERE)
    code = code_of(identity)
    clock.advance(seconds=59)
    for _ in range(10):
        with pytest.raises(TooManyRequests) as refusal:
            identity.request_code(PHONE, address=HERE)
    assert refusal.value.facts["retry_at"] == sent.resend_at
    assert count(database, store.demo_messages) == 1
    clock.advance(seconds=1)
    identity.request_code(PHONE, address=HERE)
    assert count(database, store.demo_messages) == 2
    assert code_of(identity) is not code


def asked(identity: Identity, clock: StandingClock, times: int, **pause: float) -> int:
    """How many codes are sent when somebody asks this often."""
    sent = 0
    for _ in range(times):
        try:
            identity.request_code(PHONE, address=HERE)
            sent += 1
        except TooManyRequests:
            pass
        clock.advance(**pause)
    return sent


def test_a_phone_gets_five_codes_an_hour(identity: Identity, clock: StandingClock) -> None:
    assert asked(identity, clock, 20, minutes=2) == 5
    clock.advance(minutes=30)
    assert asked(identity, clock, 1) == 1


def test_a_phone_gets_ten_codes_a_day(identity: Identity, clock: StandingClock) -> None:
    assert asked(identity, clock, 16, minutes=70) == 10
    clock.advance(hours=8)
    assert asked(identity, clock, 1) == 1


def test_one_address_cannot_ask_for_the_codes_of_many_phones(identity: Identity, database: Database) -> None:
    for number in range(60):
        identity.request_code(f"199000001{number:02d}", address=HERE)
    with pytest.raises(TooManyRequests):
        identity.request_code("19900000199", address=HERE)
    identity.request_code("19900000199", address="10.0.0.2")
    assert count(database, store.demo_messages) == 61


def test_one_address_cannot_guess_at_many_phones(identity: Identity) -> None:
    for number in range(60):
        with pytest.raises(CodeWrong):
            identity.log_in_with_code(f"199000001{number:02d}", "000000", address=HERE)
    identity.request_code(PHONE, address=HERE)
    with pytest.raises(TooManyTries):
        identity.log_in_with_code(PHONE, code_of(identity), address=HERE)
    assert identity.log_in_with_code(PHONE, code_of(identity), address="10.0.0.2").log_in.is_new is True


def what_is_told(identity: Identity, clock: StandingClock, phone: str) -> Any:
    sent = identity.request_code(phone, address=HERE)
    told: list[Any] = [iso(sent.expires_at), iso(sent.resend_at)]
    for guess in (another(code_of(identity)), "12"):
        with pytest.raises(CodeWrong) as wrong:
            identity.log_in_with_code(phone, guess, address=HERE)
        told.append((type(wrong.value), wrong.value.detail, wrong.value.facts))
    with pytest.raises(TooManyRequests) as soon:
        identity.request_code(phone, address=HERE)
    return [*told, soon.value.facts]


def test_known_and_unknown_phones_are_answered_alike(
    identity: Identity, log_in: Callable[..., Opened], clock: StandingClock
) -> None:
    log_in("19900000001")
    clock.advance(minutes=10)
    assert what_is_told(identity, clock, "19900000001") == what_is_told(identity, clock, "19900000009")


def test_neither_code_nor_address_nor_phone_can_be_read_where_tries_are_kept(
    identity: Identity, database: Database
) -> None:
    identity.request_code(PHONE, address=HERE)
    with database.read() as uow:
        codes = uow.session.execute(sa.select(store.login_codes.c.code_hash)).scalars().all()
        names = uow.session.execute(sa.select(store.attempts.c.name)).scalars().all()
    assert len(names) == 3
    assert code_of(identity) not in codes[0]
    assert not any(PHONE in name or HERE in name for name in names)


def test_a_wrong_phone_number_leaves_nothing_behind(identity: Identity, database: Database) -> None:
    with pytest.raises(PhoneInvalid):
        identity.request_code("0216000", address=HERE)
    with pytest.raises(PhoneInvalid):
        identity.log_in_with_code("0216000", "123456", address=HERE)
    assert count(database, store.attempts) == 0
    assert count(database, store.login_codes) == 0


def test_in_production_no_code_is_shown_to_anybody(database: Database, clock: StandingClock) -> None:
    identity = Identity(database, "a secret that is long enough", is_demo=False, clock=clock)
    with pytest.raises(CodeNotSendable):
        identity.request_code(PHONE, address=HERE)
    assert count(database, store.login_codes) == 0
    assert identity.demo_messages() == []
