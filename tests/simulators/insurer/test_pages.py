"""The insurer's page: a person chooses how it answers, and sees its books."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.settings import Settings, SettingsError
from simulators.insurer.app import create_app
from tests.simulators.insurer.conftest import Insurer


def test_a_person_makes_the_next_settlements_silent_and_normal_again(insurer: Insurer) -> None:
    browser = insurer.app.test_client()
    chosen = browser.post("/moods?lang=en", data={"infno": "2304", "mood": "silent", "calls": "2"})
    assert (chosen.status_code, chosen.location) == (303, "/?lang=en")
    page = browser.get("/?lang=en").get_data(as_text=True)
    assert page.count("Not done, and no answer<small>2304 settlement</small>") == 2
    insurer.uploaded()
    assert insurer.call("2304", medfee_sumamt="2000.00") == {}
    browser.post("/moods/reset?lang=en")
    assert "The next calls are all normal" in browser.get("/?lang=en").get_data(as_text=True)
    insurer.settle()
    page = browser.get("/?lang=zh").get_data(as_text=True)
    assert "已结算" in page
    assert "2304 结算" in page


@pytest.mark.parametrize(
    "form",
    [
        {"infno": "2304", "mood": "cross", "calls": "1"},
        {"infno": "9", "mood": "slow", "calls": "1"},
        {"infno": "2304", "mood": "slow", "calls": "0"},
        {"infno": "2304", "mood": "slow", "calls": "21"},
        {"infno": "2304", "mood": "slow", "calls": "many"},
        {},
    ],
    ids=["no mood", "no transaction", "no call", "too many", "no number", "nothing"],
)
def test_a_choice_that_makes_no_sense_is_said_so_and_changes_nothing(insurer: Insurer, form: dict[str, str]) -> None:
    answer = insurer.app.test_client().post("/moods?lang=en", data=form)
    assert answer.status_code == 400
    assert "That choice was not understood" in answer.get_data(as_text=True)
    assert insurer.books.all("SELECT 1 FROM moods") == []


def test_it_is_well_and_belongs_to_the_demonstration_only(insurer: Insurer, settings: Settings) -> None:
    browser = insurer.app.test_client()
    for path in ("/health/live", "/health/ready"):
        assert browser.get(path).json == {"service": "insurer", "status": "ok"}
    answer = browser.get("/nowhere")
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (404, "DENY")
    with pytest.raises(SettingsError, match="demo hospital only"):
        create_app(replace(settings, profile="production"))
