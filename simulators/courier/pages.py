"""The courier's pages: all parcels, one parcel that a person moves on, and how the next calls are answered.

They work without script and ask for no password.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from shared.clock import HOSPITAL_ZONE
from simulators.courier import parcels
from simulators.courier.books import Books
from simulators.courier.moods import CHOICES, MOST_AT_ONCE, Mood, choose, forget, waiting
from simulators.courier.parcels import STEPS, Refusal
from simulators.courier.words import say

blueprint = Blueprint("pages", __name__)

LOOKS = {
    "labelled": ("mute", "print"),
    "picked_up": ("now", "truck"),
    "on_the_way": ("now", "truck"),
    "delayed": ("wait", "clock"),
    "delivered": ("ok", "ok"),
    "returning": ("wait", "undo"),
    "returned": ("bad", "undo"),
    "lost": ("bad", "warn"),
    "cancelled": ("mute", "close"),
}


@blueprint.get("/")
def show_parcels() -> str:
    """All parcels, the newest first, and the moods."""
    return _start()


@blueprint.get("/parcels/<tracking_number>")
def show_parcel(tracking_number: str) -> AnyResponse:
    """One parcel, and what can happen to it now."""
    return _parcel_page(tracking_number)


@blueprint.post("/parcels/<tracking_number>")
def tap(tracking_number: str) -> AnyResponse:
    """A person has chosen what happens."""
    try:
        parcels.happen(
            _books(), tracking_number, request.form.get("state", ""), current_app.extensions["courier.clock"]()
        )
    except Refusal as refusal:
        return _parcel_page(tracking_number, refusal.status)
    current_app.extensions["courier.deliveries"].wake()
    return redirect(f"/parcels/{tracking_number}?lang={language()}", code=303)


@blueprint.post("/moods")
def choose_mood() -> AnyResponse:
    """A person has chosen how the next calls or notices go."""
    mood, calls = request.form.get("mood", ""), request.form.get("calls", "")
    if mood not in list(CHOICES) or not (calls.isascii() and calls.isdecimal() and 1 <= int(calls) <= MOST_AT_ONCE):
        return make_response(_start(wrong_choice=True), 400)
    choose(_books(), Mood(mood), int(calls))
    return redirect(f"/?lang={language()}", code=303)


@blueprint.post("/moods/reset")
def reset() -> AnyResponse:
    """Everything is normal again."""
    forget(_books())
    return redirect(f"/?lang={language()}", code=303)


@blueprint.app_errorhandler(404)
def show_missing(_error: Exception) -> Response:
    """A page that is not there."""
    return make_response(_page("missing.html"), 404)


def language() -> str:
    """`?lang=` first, then what the browser asks for, then Chinese."""
    wanted = request.args.get("lang", "")
    if wanted in {"zh", "en"}:
        return wanted
    return "en" if request.accept_languages.best_match(["zh", "zh-CN", "en"], default="zh") == "en" else "zh"


def _start(*, wrong_choice: bool = False) -> str:
    books = _books()
    rows = books.all("SELECT * FROM parcels ORDER BY created_at DESC, tracking_number DESC LIMIT 60")
    told = books.all(
        "SELECT tries, due_at, last_answer FROM notices WHERE delivered_at IS NULL ORDER BY due_at LIMIT 20"
    )
    return _page(
        "parcels.html",
        parcels=rows,
        moods=CHOICES,
        most=MOST_AT_ONCE,
        waiting=waiting(books),
        untold=told,
        wrong_choice=wrong_choice,
    )


def _parcel_page(tracking_number: str, status: int = 200) -> Response:
    parcel = _books().one("SELECT * FROM parcels WHERE tracking_number = ?", tracking_number)
    if parcel is None:
        return make_response(_page("missing.html"), 404)
    events = parcels.events_of(_books(), tracking_number)
    return make_response(
        _page("parcel.html", parcel=parcel, events=events[::-1], steps=STEPS[parcel["state"]], wrong_tap=status != 200),  # noqa: PLR2004
        status,
    )


def _page(template: str, **values: Any) -> str:
    spoken = language()
    other = "zh" if spoken == "en" else "en"
    return render_template(
        template, lang=spoken, other=other, say=partial(_say, spoken), moment=_moment, looks=LOOKS, **values
    )


def _say(spoken: str, name: str) -> str:
    return say(name, spoken)


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(HOSPITAL_ZONE):%Y-%m-%d %H:%M}"


def _books() -> Books:
    books: Books = current_app.extensions["courier.books"]
    return books
