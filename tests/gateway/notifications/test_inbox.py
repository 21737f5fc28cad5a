"""Reading the inbox: newest first, one's own only, read once."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from gateway.identity.domain import Link
from gateway.identity.door import Opened
from gateway.notifications import usecases
from gateway.notifications.consumers import TELLINGS
from gateway.notifications.door import Notifications
from shared.actor import Actor
from shared.database import Database
from shared.errors import NotFound
from tests.support.clock import StandingClock

PATIENT = uuid.UUID(int=1)


@pytest.fixture
def inbox(database: Database, clock: StandingClock) -> Notifications:
    return Notifications(database, clock=clock)


@pytest.fixture
def account(log_in: Callable[..., Opened], link: Callable[..., Link]) -> uuid.UUID:
    account = log_in().log_in.account_id
    assert account is not None
    link(account, PATIENT)
    return account


def tell(database: Database, clock: StandingClock, number: int) -> None:
    data = {
        "patient_id": PATIENT,
        "refund_id": uuid.UUID(int=number),
        "billed_kind": "appointment",
        "billed_id": uuid.UUID(int=number),
        "amount_fen": number,
    }
    telling = TELLINGS["billing.refund_succeeded.v1"]
    with database.write() as uow:
        usecases.tell(uow, data=data, actor=Actor.system("billing"), now=clock.advance(minutes=1), telling=telling)


def amounts(inbox: Notifications, account: uuid.UUID, **which: object) -> list[int]:
    return [notice.parameters["amount_fen"] for notice in inbox.inbox(account, **which)]  # type: ignore[arg-type]


def test_the_newest_notice_comes_first_and_the_rest_page_by_page(
    inbox: Notifications, database: Database, clock: StandingClock, account: uuid.UUID
) -> None:
    for number in range(1, 6):
        tell(database, clock, number)
    assert amounts(inbox, account) == [5, 4, 3, 2, 1]
    first = inbox.inbox(account, limit=2)
    assert [notice.kind for notice in first] == ["refund_succeeded"] * 2
    assert amounts(inbox, account, limit=2, before=first[-1].id) == [3, 2]
    assert amounts(inbox, account, before=uuid.uuid4()) == []


def test_a_notice_is_read_once_and_keeps_the_hour(
    inbox: Notifications, database: Database, clock: StandingClock, account: uuid.UUID
) -> None:
    tell(database, clock, 1)
    tell(database, clock, 2)
    newest = inbox.inbox(account)[0]
    inbox.mark_read(account, newest.id)
    first = clock.now
    clock.advance(minutes=5)
    inbox.mark_read(account, newest.id)
    assert inbox.inbox(account)[0].read_at == first
    assert inbox.unread(account) == 1
    inbox.mark_all_read(account)
    assert inbox.unread(account) == 0
    assert [notice.read_at for notice in inbox.inbox(account)] == [first, clock.now]


def test_nobody_reads_or_marks_the_notices_of_others(
    inbox: Notifications,
    database: Database,
    clock: StandingClock,
    account: uuid.UUID,
    log_in: Callable[..., Opened],
) -> None:
    tell(database, clock, 1)
    (notice,) = inbox.inbox(account)
    stranger = log_in("19900000002").log_in.account_id
    assert stranger is not None
    assert inbox.inbox(stranger) == []
    assert inbox.inbox(stranger, before=notice.id) == []
    for unknown in (notice.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            inbox.mark_read(stranger, unknown)
    inbox.mark_all_read(stranger)
    assert inbox.unread(account) == 1
