"""Parcels: a label asked for once, the courier's news in any order and number, what comes back, what is lost."""

from __future__ import annotations

import pytest

from services.records.domain.copies import CopyState
from services.records.domain.shipment import (
    ShipmentExists,
    ShipmentNotCancellable,
    ShipmentNotNow,
)
from services.records.store import packets
from services.records.usecases import shipments
from shared.database import Database
from shared.service import Service
from shared.settings import Settings
from simulators.courier.moods import Mood
from tests.records.copying import OFFICER
from tests.records.packing import disclosed, rows
from tests.records.people import do
from tests.records.posting import Post, open_post
from tests.support.clock import StandingClock


@pytest.fixture
def post(service: Service, database: Database, settings: Settings, clock: StandingClock) -> Post:
    return open_post(service, database, settings, clock)


def acts(post: Post) -> list[str]:
    """What the registry of disclosures says, in order."""
    return [each["act"] for each in disclosed(post.door)]


def test_a_parcel_goes_from_the_label_to_the_door(post: Post) -> None:
    post.start()
    assert post.state() == ("asked", CopyState.READY)
    post.turn()
    assert post.state() == ("labelled", CopyState.READY)
    [parcel] = post.parcels()
    assert (parcel["receiver_name"], parcel["province"], parcel["sender_reference"]) == (
        "王建国",
        "32",
        str(post.shipment().id),
    )
    post.tap("picked_up")
    assert post.state() == ("picked_up", CopyState.SENT)
    post.tap("on_the_way", "delayed", "on_the_way", "delivered")
    assert post.state() == ("delivered", CopyState.DELIVERED)
    assert acts(post) == ["posted", "delivered"]
    assert {each["tracking_number"] for each in disclosed(post.door)} == {post.shipment().tracking_number}
    assert [(each["number"], each["state"]) for each in rows(post.door, packets.shipment_events)] == [
        (1, "labelled"), (2, "picked_up"), (3, "on_the_way"), (4, "delayed"), (5, "on_the_way"), (6, "delivered"),
    ]  # fmt: skip
    assert (post.shipment().asks, post.shipment().due_at) == (None, None)


def test_nothing_medical_is_told_to_the_courier(post: Post) -> None:
    post.start()
    post.turn()
    told = str(post.parcels())
    for word in ("病历", "复印", "糖尿", "住院", "FRONT_SHEET", post.request.number):
        assert word not in told


@pytest.mark.parametrize("mood", [Mood.LOST, Mood.SILENT], ids=["answer lost", "silent"])
def test_a_courier_that_stays_silent_is_asked_and_never_labels_twice(post: Post, mood: Mood) -> None:
    post.mood(mood)
    post.start()
    post.turn()
    assert post.state() == ("asked", CopyState.READY)
    assert post.shipment().problem == "courier_unreadable"
    post.turn()  # not due yet
    assert post.state()[0] == "asked"
    post.later(seconds=30)
    assert post.state() == ("labelled", CopyState.READY)
    assert len(post.parcels()) == 1
    assert post.shipment().problem is None


def test_a_courier_that_is_away_is_asked_with_a_growing_pause(post: Post, settings: Settings) -> None:
    post.network.unreachable.add(settings.url("courier"))
    post.start()
    pauses = []
    for _ in range(8):
        post.turn()
        pauses.append((post.shipment().due_at - post.clock()).total_seconds())  # type: ignore[operator]
        post.clock.advance(seconds=pauses[-1])
    assert pauses == [30, 60, 120, 240, 480, 960, 1800, 1800]
    assert post.shipment().problem == "courier_silent"
    post.network.unreachable.clear()
    post.turn()
    assert post.state()[0] == "labelled"


def test_a_refusal_ends_the_parcel_and_another_label_can_be_asked_for(post: Post) -> None:
    post.mood(Mood.REFUSING)
    post.start()
    post.turn()
    assert post.state() == ("refused", CopyState.READY)
    assert post.shipment().problem == "refused_for_demonstration"
    post.start()
    post.turn()
    assert (post.shipment().number, post.state()[0]) == (2, "labelled")


def test_a_lost_notice_is_made_up_for_by_asking(post: Post) -> None:
    post.start()
    post.turn()
    post.mood(Mood.NEVER_TOLD)
    post.tap("picked_up")
    assert post.state() == ("labelled", CopyState.READY)
    post.later(minutes=30)
    assert post.state() == ("picked_up", CopyState.SENT)
    assert acts(post) == ["posted"]


def test_a_notice_that_comes_twice_changes_nothing_more(post: Post) -> None:
    post.start()
    post.turn()
    post.mood(Mood.TOLD_TWICE)
    post.tap("picked_up")
    post.tap("on_the_way", "delivered")
    post.turn()
    assert acts(post) == ["posted", "delivered"]


def test_news_in_the_wrong_order_and_all_at_once_end_the_same(post: Post) -> None:
    post.start()
    post.turn()
    way = ("labelled", "picked_up", "on_the_way", "delivered")
    assert post.notice(post.body(*way)).status_code == 200
    assert post.state() == ("delivered", CopyState.DELIVERED)
    old = post.notice(post.body(*way[:2]))
    assert old.status_code in {200, 422}  # the same key with another body is refused; it changes nothing either way
    assert post.state() == ("delivered", CopyState.DELIVERED)
    assert acts(post) == ["posted", "delivered"]


@pytest.mark.parametrize(
    ("forge", "status", "code"),
    [
        (lambda post: post.notice(post.body("labelled", "picked_up"), secret="x" * 40), 422, "courier_notice_forged"),
        (lambda post: post.notice(post.body("labelled", "picked_up"), at=1), 422, "courier_notice_stale"),
        (lambda post: post.notice(b"[]"), 422, "courier_notice_malformed"),
        (lambda post: post.notice(post.body("asked")), 422, "courier_notice_malformed"),
        (lambda post: post.notice(post.body()), 422, "courier_notice_malformed"),
        (lambda post: post.notice(post.body("picked_up", reference=post.request.id)), 404, "not_found"),
    ],
    ids=["forged", "stale", "no parcel", "no courier's word", "no events", "not ours"],
)
def test_what_the_courier_did_not_say_changes_nothing(post: Post, forge: object, status: int, code: str) -> None:
    post.start()
    post.turn()
    answer = forge(post)  # type: ignore[operator]
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert post.state() == ("labelled", CopyState.READY)
    assert acts(post) == []


def test_one_parcel_at_a_time(post: Post) -> None:
    post.start()
    with pytest.raises(ShipmentExists):
        post.start()
    post.turn()
    post.tap("picked_up", "on_the_way", "delivered")
    with pytest.raises(ShipmentNotNow):
        post.start()
    assert len(rows(post.door, packets.shipments)) == 1


def test_a_label_is_taken_back_before_the_courier_has_the_parcel(post: Post) -> None:
    post.start()
    post.turn()
    do(post.door, shipments.cancel_shipment, actor=OFFICER, request_id=post.request.id)
    post.turn()
    assert post.state() == ("cancelled", CopyState.READY)
    post.start()
    post.turn()
    post.tap("picked_up")
    with pytest.raises(ShipmentNotCancellable):
        do(post.door, shipments.cancel_shipment, actor=OFFICER, request_id=post.request.id)


def test_a_label_that_never_was_is_taken_back_too(post: Post) -> None:
    post.mood(Mood.SILENT)
    post.start()
    post.turn()
    do(post.door, shipments.cancel_shipment, actor=OFFICER, request_id=post.request.id)
    post.turn()
    assert post.state() == ("cancelled", CopyState.READY)
    assert post.parcels() == []


def test_the_courier_is_quicker_than_the_cancellation(post: Post) -> None:
    post.start()
    post.turn()
    do(post.door, shipments.cancel_shipment, actor=OFFICER, request_id=post.request.id)
    post.tap("picked_up")
    assert post.shipment().asks == "cancel"
    post.turn()
    assert post.state() == ("picked_up", CopyState.SENT)
    assert post.shipment().asks == "track"
