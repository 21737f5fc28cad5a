"""The courier's pages: a person sees parcels, moves one on, and chooses how the next calls go."""

from __future__ import annotations

import pytest

from tests.simulators.courier.conftest import Courier


def test_a_person_finds_a_parcel_and_moves_it_on(courier: Courier) -> None:
    browser = courier.app.test_client()
    assert "还没有包裹" in browser.get("/").get_data(as_text=True)
    number = (courier.label().json or {})["tracking_number"]
    page = browser.get("/").get_data(as_text=True)
    assert number in page
    assert "王**" in page
    assert "王小明" not in page
    page = browser.get(f"/parcels/{number}?lang=en").get_data(as_text=True)
    assert 'value="picked_up"' in page
    assert 'value="delivered"' not in page
    moved = browser.post(f"/parcels/{number}?lang=en", data={"state": "picked_up"})
    assert (moved.status_code, moved.location) == (303, f"/parcels/{number}?lang=en")
    assert "Picked up" in browser.get(moved.location).get_data(as_text=True)


def test_a_page_that_is_not_there_leads_back(courier: Courier) -> None:
    answer = courier.app.test_client().get("/parcels/EX1CN?lang=en")
    assert answer.status_code == 404
    assert 'href="/?lang=en"' in answer.get_data(as_text=True)


def test_a_person_makes_the_next_calls_silent_and_normal_again(courier: Courier) -> None:
    browser = courier.app.test_client()
    assert browser.post("/moods?lang=en", data={"mood": "silent", "calls": "2"}).status_code == 303
    assert "Still to come" in browser.get("/?lang=en").get_data(as_text=True)
    assert courier.label().status_code == 504
    browser.post("/moods/reset")
    assert courier.label().status_code == 200


@pytest.mark.parametrize(
    "form", [{"mood": "cross", "calls": "1"}, {"mood": "slow", "calls": "0"}, {"mood": "slow", "calls": "21"}, {}],
    ids=["no mood", "none", "too many", "nothing"],
)  # fmt: skip
def test_a_choice_that_makes_no_sense_changes_nothing(courier: Courier, form: dict[str, str]) -> None:
    answer = courier.app.test_client().post("/moods", data=form)
    assert answer.status_code == 400
    assert "没有看懂" in answer.get_data(as_text=True)
    assert courier.label().status_code == 200


def test_health(courier: Courier) -> None:
    browser = courier.app.test_client()
    assert browser.get("/health/live").json == {"service": "courier", "status": "ok"}
    assert browser.get("/health/ready").status_code == 200
