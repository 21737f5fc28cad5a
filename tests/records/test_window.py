"""The window: copies are handed out to whoever brings the code and shows a document; tracking tells who may know."""

from __future__ import annotations

import pytest

from services.records.domain.copies import CopyState
from services.records.domain.shipment import CopiesNotReady, PickupCodeWrong, ShipmentExists
from services.records.usecases import shipments
from shared.database import Database
from shared.errors import NotYours
from shared.service import Service
from shared.settings import Settings
from tests.records.copying import OFFICER, now_of
from tests.records.packing import disclosed
from tests.records.people import SEALER, do, facts
from tests.records.posting import Post, open_post, returned
from tests.support.callers import patient
from tests.support.clock import StandingClock


@pytest.fixture
def post(service: Service, database: Database, settings: Settings, clock: StandingClock) -> Post:
    return open_post(service, database, settings, clock)


def hand_out(post: Post, code: str | None = None) -> None:
    code = code or shipments.pickup_code(SEALER, post.request.id)
    of = {"request_id": post.request.id, "code": code, "document_shown": "01"}
    do(post.door, shipments.hand_out_copies, actor=OFFICER, sealer=SEALER, **of)


def test_a_code_finds_the_copies_and_they_are_handed_out_once(post: Post) -> None:
    code = shipments.pickup_code(SEALER, post.request.id)
    typed = f"{code[:4]} {code[4:]}"
    found = do(post.door, shipments.find_pickup, actor=OFFICER, sealer=SEALER, code=typed)
    assert found.id == post.request.id
    hand_out(post, typed)
    assert now_of(post.door, post.request).state == CopyState.PICKED_UP
    [row] = disclosed(post.door)
    assert (row["act"], row["by"], row["document_shown"], row["receiver_masked"]) == (
        "handed_out",
        OFFICER.subject,
        "01",
        "王**",
    )
    with pytest.raises(CopiesNotReady):
        hand_out(post)
    with pytest.raises(PickupCodeWrong):
        do(post.door, shipments.find_pickup, actor=OFFICER, sealer=SEALER, code=code)
    assert len(disclosed(post.door)) == 1


@pytest.mark.parametrize("code", ["", "00000000", "1234", "abcdefgh"], ids=["empty", "zeros", "short", "letters"])
def test_a_wrong_code_hands_nothing_out(post: Post, code: str) -> None:
    with pytest.raises(PickupCodeWrong):
        do(post.door, shipments.find_pickup, actor=OFFICER, sealer=SEALER, code=code)
    with pytest.raises(PickupCodeWrong):
        hand_out(post, code or "-")
    assert now_of(post.door, post.request).state == CopyState.READY
    assert disclosed(post.door) == []


def test_what_is_on_its_way_is_not_handed_out(post: Post) -> None:
    post.start()
    with pytest.raises(ShipmentExists):
        hand_out(post)
    post.turn()
    post.tap("picked_up")
    with pytest.raises(CopiesNotReady):
        hand_out(post)


def test_what_came_back_can_be_fetched_and_an_unpaid_postage_is_called_off(post: Post) -> None:
    returned(post)
    second = do(post.door, shipments.repeat_postage, actor=post.owner, request_id=post.request.id)
    hand_out(post)
    assert post.state() == ("cancelled", CopyState.PICKED_UP)
    withdrawn = [each for each in facts(post.door) if each["type"] == "records.copy_postage_withdrawn.v1"]
    assert [each["shipment_id"] for each in withdrawn] == [str(second.id)]


def test_tracking_is_for_who_applies_for_the_patient_and_for_officers(post: Post) -> None:
    post.start()
    post.turn()
    post.tap("picked_up")
    mine = post.tracking(post.owner)
    assert [each["state"] for each in mine["items"][0]["events"]] == ["picked_up", "labelled"]
    assert (mine["waits_at_window"], mine["may_have_code"]) == (False, False)
    assert post.tracking(OFFICER)["items"][0]["tracking_number"] == mine["items"][0]["tracking_number"]
    with pytest.raises(NotYours):
        post.tracking(patient(post.request.id, account="account:stranger"))


def test_the_pickup_code_is_for_who_applies_only(post: Post) -> None:
    assert post.tracking(post.owner)["may_have_code"]
    assert not post.tracking(OFFICER)["may_have_code"]
    assert not post.tracking(patient(post.father.id, account="account:other"))["may_have_code"]
