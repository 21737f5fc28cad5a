"""Logging in by a one-time code. Known and unknown phones are treated alike: the first log-in makes the account.

A refusal that has to be counted is returned, not raised: what is raised would undo the count with everything else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from gateway.identity import store
from gateway.identity.domain import (
    CodeExpired,
    CodeWrong,
    Limits,
    LogIn,
    NewSession,
    TooManyRequests,
    TooManyTries,
)
from gateway.identity.keyed import same
from shared.database import UnitOfWork
from shared.errors import DomainError, NotFound

_DAY = timedelta(days=1)


def request_code(
    uow: UnitOfWork, *, now: datetime, phone: str, phone_key: str, address_key: str, code_hash: str, limits: Limits
) -> datetime | DomainError:
    """Make this the one code that is good for the phone; gives the end of its life (UTC).

    Counted per phone (hour and day) and per address; between two codes lies a pause. Returns TooManyRequests.
    """
    from_here = store.count_attempt(uow, f"code:from:{address_key}", now=now, window=limits.code_window)
    if from_here.count > limits.codes_per_address:
        return TooManyRequests(retry_at=from_here.ends_at)
    names = (f"code:hour:{phone_key}", f"code:day:{phone_key}")
    in_hour = store.count_attempt(uow, names[0], now=now, window=limits.code_window)
    in_day = store.count_attempt(uow, names[1], now=now, window=_DAY)
    wait_until = _wait_until(store.find_code(uow, phone), in_hour, in_day, now, limits)
    if wait_until is not None:
        for name in names:  # what was not sent does not count against the phone
            store.uncount_attempt(uow, name)
        return TooManyRequests(retry_at=wait_until)
    expires_at = now + limits.code_lifetime
    store.put_code(uow, phone=phone, code_hash=code_hash, sent_at=now, expires_at=expires_at)
    return expires_at


def _wait_until(
    last: sa.Row[Any] | None, in_hour: store.Counted, in_day: store.Counted, now: datetime, limits: Limits
) -> datetime | None:
    if last is not None and last.sent_at > now - limits.resend_pause:
        resend_at: datetime = last.sent_at + limits.resend_pause
        return resend_at
    if in_day.count > limits.codes_per_phone_a_day:
        return in_day.ends_at
    return in_hour.ends_at if in_hour.count > limits.codes_per_phone else None


def put_demo_message(uow: UnitOfWork, *, now: datetime, phone: str, code: str) -> None:
    """Lay the code into the demo hospital's message box; never called in production."""
    uow.insert(store.demo_messages, [{"phone": phone, "code": code, "at": now}])


def log_in_with_code(
    uow: UnitOfWork,
    *,
    now: datetime,
    phone: str,
    address_key: str,
    guess_hash: str,
    session: NewSession,
    limits: Limits,
) -> LogIn | DomainError:
    """Open a session for whoever knows the code that was sent to the phone; makes the account at the first log-in.

    The try is counted under lock before anything is compared, so guessing in parallel is no quicker. A code opens one
    session. Returns CodeWrong, CodeExpired or TooManyTries.
    """
    from_here = store.count_attempt(uow, f"try:from:{address_key}", now=now, window=limits.try_window)
    if from_here.count > limits.tries_per_address:
        return TooManyTries()
    expected = store.count_try(uow, phone, now=now, most=limits.code_tries)
    if expected is None:
        return _why_not(uow, phone, now, limits)
    if not same(expected, guess_hash):
        return CodeWrong()
    store.use_code(uow, phone, now=now)
    known = store.find_account(uow, phone)
    account_id = known or open_account(uow, now=now, phone=phone)
    links = store.active_links(uow, account_id)
    uow.insert(
        store.sessions,
        [
            {
                "id": session.id,
                "token_hash": session.token_hash,
                "account_id": account_id,
                "link_id": min(links, key=lambda link: link.relation != "self").id if links else None,
                "created_at": now,
                "seen_at": now,
            }
        ],
    )
    return LogIn(session_id=session.id, account_id=account_id, is_new=known is None)


def _why_not(uow: UnitOfWork, phone: str, now: datetime, limits: Limits) -> DomainError:
    code = store.find_code(uow, phone)
    if code is None or code.used_at is not None:
        return CodeWrong()
    if code.expires_at <= now:
        return CodeExpired()
    return TooManyTries() if code.tries >= limits.code_tries else CodeWrong()


def open_account(uow: UnitOfWork, *, now: datetime, phone: str) -> UUID:
    """The account of a phone, made if there is none yet; it acts for nobody and has agreed to nothing."""
    made = uow.insert_once(
        store.accounts,
        [{"id": uuid4(), "phone": phone, "consented": {}, "created_at": now}],
        returning=[store.accounts.c.id],
    )
    account_id: UUID | None = made[0].id if made else store.find_account(uow, phone)
    if account_id is None:
        raise NotFound
    return account_id
