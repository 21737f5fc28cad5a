"""The insurer's page: how it answers the next calls, its settlements and the latest calls. Works without script."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from shared.clock import HOSPITAL_ZONE
from shared.money import to_amount
from simulators.insurer.books import Books
from simulators.insurer.moods import INFNOS, MOST_AT_ONCE, Mood, choose, forget
from simulators.insurer.words import WORDS, say

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def show_books() -> str:
    """Moods, settlements and calls."""
    return _books_page()


@blueprint.post("/moods")
def choose_mood() -> AnyResponse:
    """A person has chosen how the next calls are answered."""
    infno, mood, calls = (request.form.get(name, "") for name in ("infno", "mood", "calls"))
    if infno not in INFNOS or mood not in list(Mood) or not calls.isascii() or not calls.isdecimal():
        return make_response(_books_page(wrong_choice=True), 400)
    if not 1 <= int(calls) <= MOST_AT_ONCE:
        return make_response(_books_page(wrong_choice=True), 400)
    choose(_books(), infno, Mood(mood), int(calls))
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


def _books_page(*, wrong_choice: bool = False) -> str:
    books = _books()
    settlements = [
        {**row, "amounts": json.loads(row["amounts"])}
        for row in books.all("SELECT * FROM settlements ORDER BY at DESC LIMIT 30")
    ]
    totals = books.one(
        "SELECT COALESCE(SUM(fund_fen), 0) AS fund_fen, COALESCE(SUM(account_fen), 0) AS account_fen FROM movements"
    )
    return _page(
        "books.html",
        infnos=INFNOS,
        moods=list(Mood),
        most=MOST_AT_ONCE,
        waiting=books.all("SELECT infno, mood FROM moods WHERE used_at IS NULL ORDER BY position LIMIT 30"),
        settlements=settlements,
        totals=totals,
        calls=books.all("SELECT * FROM calls ORDER BY position DESC LIMIT 40"),
        wrong_choice=wrong_choice,
    )


def _page(template: str, **values: Any) -> str:
    spoken = language()
    other = "zh" if spoken == "en" else "en"
    words = partial(_say, spoken)
    return render_template(
        template, lang=spoken, other=other, say=words, known=WORDS, amount=to_amount, moment=_moment, **values
    )


def _say(spoken: str, name: str) -> str:
    return say(name, spoken)


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(HOSPITAL_ZONE):%Y-%m-%d %H:%M:%S}"


def _books() -> Books:
    books: Books = current_app.extensions["insurer.books"]
    return books
