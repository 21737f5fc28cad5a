"""The courier: one parcel for one reference, events that stay, notices until they are heard."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from shared.settings import Settings, SettingsError
from simulators.courier.app import create_app
from simulators.courier.moods import Mood
from simulators.signature import signature
from tests.simulators.courier.conftest import Courier


def test_a_label_is_given_once_for_each_reference(courier: Courier) -> None:
    first, again = courier.label().json, courier.label().json
    assert first == again
    assert first == {
        "sender_reference": "shipment-1",
        "tracking_number": "EX329900012CN",
        "state": "labelled",
        "events": [{"number": 1, "state": "labelled", "at": "2026-11-23T01:00:00Z"}],
    }
    other = courier.label(sender_reference="shipment-2").json
    assert other is not None
    assert other["tracking_number"] == "EX329900026CN"


def test_a_reference_is_not_used_for_another_address(courier: Courier) -> None:
    courier.label()
    answer = courier.label(receiver={"street": "另一条路 2 号"})
    assert (answer.status_code, (answer.json or {})["code"]) == (409, "reference_reused")


@pytest.mark.parametrize(
    "changes",
    [
        {"receiver": {"name": ""}},
        {"receiver": {"phone": 19900000002}},
        {"receiver": {"street": "x" * 201}},
        {"sender_reference": None},
        {"notify_url": "http://elsewhere.invalid/callbacks/courier"},
    ],
    ids=["no name", "a number", "too long", "no reference", "another address to tell"],
)
def test_a_label_that_makes_no_sense_is_refused_and_nothing_is_kept(courier: Courier, changes: dict[str, Any]) -> None:
    assert courier.label(**changes).status_code == 422
    assert courier.books.all("SELECT * FROM parcels") == []


@pytest.mark.parametrize(
    "headers",
    [{"Courier-Signature": "0" * 64}, {"Courier-Timestamp": "1"}, {"Courier-Nonce": ""}],
    ids=["forged", "old", "no nonce"],
)
def test_nobody_but_the_hospital_is_answered(courier: Courier, headers: dict[str, str]) -> None:
    courier.label()
    answer = courier.send("GET", "/api/parcels/shipment-1", **headers)
    assert answer.status_code == 401
    assert "tracking_number" not in (answer.json or {})


def test_answers_are_signed(courier: Courier) -> None:
    answer = courier.label()
    wanted = signature(
        courier.secret, answer.headers["Courier-Timestamp"], answer.headers["Courier-Nonce"], answer.get_data()
    )
    assert answer.headers["Courier-Signature"] == wanted


def test_a_person_moves_a_parcel_on_and_the_hospital_is_told_each_time(courier: Courier) -> None:
    number = (courier.label().json or {})["tracking_number"]
    for state in ("picked_up", "on_the_way", "delayed", "delivered"):
        assert courier.tap(number, state).status_code == 303
        assert courier.deliver() == 1
    way = ["labelled", "picked_up", "on_the_way", "delayed", "delivered"]
    assert courier.told() == [way[:length] for length in range(2, 6)]
    assert [each["state"] for each in courier.parcel()["events"]] == way
    headers, body = courier.hospital.told[-1]
    wanted = signature(courier.secret, headers["Courier-Timestamp"], headers["Courier-Nonce"], body)
    assert headers["Courier-Signature"] == wanted
    assert json.loads(body).keys() == {"notice_id", "sender_reference", "tracking_number", "state", "events"}


def test_what_cannot_happen_now_is_refused(courier: Courier) -> None:
    number = (courier.label().json or {})["tracking_number"]
    assert courier.tap(number, "delivered").status_code == 409
    assert courier.tap(number, "fly").status_code == 409
    assert courier.tap("EX000000000CN", "picked_up").status_code == 404
    assert courier.parcel()["state"] == "labelled"
    assert courier.deliver() == 0


def test_a_notice_is_sent_until_it_is_heard(courier: Courier) -> None:
    number = (courier.label().json or {})["tracking_number"]
    courier.tap(number, "picked_up")
    courier.hospital.status = 503
    assert courier.deliver() == 1
    assert courier.deliver() == 0
    courier.hospital.status = 200
    courier.clock.advance(seconds=1)
    assert courier.deliver() == 1
    courier.clock.advance(days=1)
    assert courier.deliver() == 0
    keys = {headers["Idempotency-Key"] for headers, _ in courier.hospital.told}
    assert (len(courier.hospital.told), len(keys)) == (2, 1)


def test_a_notice_comes_twice_or_never_when_a_person_wants_it(courier: Courier) -> None:
    number = (courier.label().json or {})["tracking_number"]
    courier.mood(Mood.TOLD_TWICE)
    courier.mood(Mood.NEVER_TOLD)
    courier.tap(number, "picked_up")
    courier.deliver()
    assert len(courier.hospital.told) == 2
    courier.tap(number, "on_the_way")
    courier.deliver()
    assert len(courier.hospital.told) == 2
    assert courier.parcel()["state"] == "on_the_way"


def test_a_label_is_taken_back_only_before_it_is_picked_up(courier: Courier) -> None:
    number = (courier.label().json or {})["tracking_number"]
    for _ in range(2):
        assert (courier.send("POST", "/api/parcels/shipment-1/cancellation").json or {})["state"] == "cancelled"
    assert courier.tap(number, "picked_up").status_code == 409
    other = (courier.label(sender_reference="shipment-2").json or {})["tracking_number"]
    courier.tap(other, "picked_up")
    assert courier.send("POST", "/api/parcels/shipment-2/cancellation").status_code == 409
    assert courier.send("POST", "/api/parcels/none/cancellation").status_code == 404


@pytest.mark.parametrize(
    ("mood", "status", "kept", "waited"),
    [
        (Mood.SLOW, 200, 1, [6.0]),
        (Mood.LOST, 504, 1, [6.0]),
        (Mood.SILENT, 504, 0, [8.0]),
        (Mood.REFUSING, 422, 0, []),
    ],
    ids=["slow", "lost", "silent", "refusing"],
)
def test_the_next_call_meets_the_mood_and_the_one_after_it_does_not(
    courier: Courier, mood: Mood, status: int, kept: int, waited: list[float]
) -> None:
    courier.mood(mood)
    assert courier.label().status_code == status
    assert len(courier.books.all("SELECT * FROM parcels")) == kept
    assert courier.waited == waited
    assert courier.label().status_code == 200


def test_what_happened_cannot_be_changed(courier: Courier) -> None:
    courier.label()
    for change in ("UPDATE events SET state = 'lost'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), courier.books.write() as connection:
            connection.execute(change)


def test_it_belongs_to_the_demo_hospital_only(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="demo hospital only"):
        create_app(replace(settings, profile="production"), in_background=False)
    urls = {**settings.database_urls, "courier": "postgresql://x"}
    with pytest.raises(SettingsError, match="SQLite"):
        create_app(replace(settings, database_urls=urls), in_background=False)
