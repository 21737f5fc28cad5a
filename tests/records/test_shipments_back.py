"""What comes back, what is lost, and a worker that dies while it speaks to the courier."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.records.domain.copies import CopyState
from services.records.domain.shipment import (
    ShipmentExists,
    ShipmentNotNow,
    ShipmentState,
)
from services.records.usecases import copies, postage, shipments
from shared.database import Database
from shared.service import Service
from shared.settings import Settings
from tests.records.copying import by_office, hear, now_of
from tests.records.packing import disclosed
from tests.records.people import do, facts
from tests.records.posting import ASK_COURIER, Post, open_post, returned
from tests.support.callers import patient
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched


@pytest.fixture
def post(service: Service, database: Database, settings: Settings, clock: StandingClock) -> Post:
    return open_post(service, database, settings, clock)


def acts(post: Post) -> list[str]:
    """What the registry of disclosures says, in order."""
    return [each["act"] for each in disclosed(post.door)]


def test_a_parcel_that_came_back_is_kept_and_sent_again_for_a_second_postage(post: Post) -> None:
    returned(post)
    assert post.state() == ("returned", CopyState.RETURNED)
    assert str(post.shipment().keep_until) == "2027-02-21"
    first = post.shipment().id
    with pytest.raises(ShipmentNotNow):
        post.start()
    second = do(post.door, shipments.repeat_postage, actor=post.owner, request_id=post.request.id)
    assert (second.state, second.postage_fen, second.number) == ("postage_due", 1500, 2)
    due = [each for each in facts(post.door) if each["type"] == "records.copy_postage_due.v1"]
    assert due == [
        {
            "type": "records.copy_postage_due.v1",
            "shipment_id": str(second.id),
            "request_id": str(post.request.id),
            "patient_id": str(post.father.id),
            "amount_fen": 1500,
            "text_zh": "病历复印件再次邮寄",
            "text_en": "Copies of a record: posted again",
        }
    ]
    post.turn()
    assert len(post.parcels()) == 1  # nothing is asked of the courier before it is paid
    hear(post.door, postage.note_payment, billed_kind="copy_top_up", billed_id=second.id, amount_fen=1500)
    post.turn()
    post.tap("picked_up", "on_the_way", "delivered")
    assert post.state() == ("delivered", CopyState.DELIVERED)
    assert post.shipment().id != first
    assert acts(post) == ["posted", "returned", "posted", "delivered"]


def test_a_second_postage_that_nobody_pays_ends(post: Post) -> None:
    returned(post)
    second = do(post.door, shipments.repeat_postage, actor=post.owner, request_id=post.request.id)
    with pytest.raises(ShipmentExists):
        do(post.door, shipments.repeat_postage, actor=post.owner, request_id=post.request.id)
    hear(post.door, postage.note_cancelled_invoice, billed_kind="copy_top_up", billed_id=second.id)
    assert post.state() == ("cancelled", CopyState.RETURNED)
    hear(post.door, postage.note_payment, billed_kind="copy_top_up", billed_id=second.id, amount_fen=1500)
    assert post.state() == ("cancelled", CopyState.RETURNED)  # billing gives that money back


def test_money_for_a_request_still_reaches_the_request(post: Post) -> None:
    returned(post)
    hear(post.door, postage.note_payment, billed_kind="copy_request", billed_id=post.request.id, amount_fen=2250)
    hear(post.door, postage.note_cancelled_invoice, billed_kind="appointment", billed_id=post.request.id)
    assert post.state() == ("returned", CopyState.RETURNED)


def test_somebody_else_cannot_have_it_sent_again(post: Post) -> None:
    from shared.errors import NotYours

    returned(post)
    stranger = patient(post.father.id, account="account:stranger")
    with pytest.raises(NotYours):
        do(post.door, shipments.repeat_postage, actor=stranger, request_id=post.request.id)
    assert post.state() == ("returned", CopyState.RETURNED)


def test_what_is_lost_is_sent_again_for_nothing_and_stands_in_the_registry(post: Post) -> None:
    post.start()
    post.turn()
    post.tap("picked_up", "lost")
    assert post.state() == ("lost", CopyState.SENT)
    post.start()
    post.turn()
    assert (post.shipment().number, post.shipment().postage_fen) == (2, None)
    post.tap("picked_up", "on_the_way", "delivered")
    assert post.state() == ("delivered", CopyState.DELIVERED)
    assert acts(post) == ["posted", "lost", "posted", "delivered"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_killed_worker_asks_for_no_second_label(post: Post, database: Database, backend: str) -> None:
    """At every statement of the timer the process dies; the next worker asks what became of it first."""
    post.start()
    database.close()
    file = Path(str(database.url.database))
    before = file.read_bytes()
    with watched(CallCounter(), database) as counter:
        ASK_COURIER.fire(database, post.clock, post.outside)
    for at, after in crash_points(counter.calls):
        database.close()
        file.write_bytes(before)
        with pytest.raises(Crash), watched(CallCounter(at, after=after), database):
            ASK_COURIER.fire(database, post.clock, post.outside)
        database.close()
        post.later(minutes=1)
        assert post.state() == (ShipmentState.LABELLED, CopyState.READY), (at, after)
        assert len(post.parcels()) == 1


def test_copies_that_are_fetched_at_the_window_are_not_posted(post: Post) -> None:
    by_office(post.door, copies.picked_up, post.request)
    with pytest.raises(ShipmentNotNow):
        post.start()
    assert now_of(post.door, post.request).state == CopyState.PICKED_UP
