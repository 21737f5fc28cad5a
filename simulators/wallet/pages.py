"""The wallet's pages: an order that a person can tap, and the books.

They work without script and ask for no password.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from shared.clock import HOSPITAL_ZONE
from shared.money import to_amount
from simulators.wallet import orders
from simulators.wallet.books import Books, Row
from simulators.wallet.orders import OUTCOMES, Refusal
from simulators.wallet.words import say

blueprint = Blueprint("pages", __name__)

ICONS = {
    "paid": ("ok", "ok"),
    "told_late": ("now", "clock"),
    "told_twice": ("now", "copy"),
    "never_told": ("now", "offline"),
    "insufficient_balance": ("bad", "bad"),
    "user_cancelled": ("mute", "close"),
    "amount_altered": ("bad", "warn"),
}


@blueprint.get("/pay/<order_id>")
def show_order(order_id: str) -> str:
    """What is to be paid, and what may happen."""
    return _order_page(orders.find_by_id(_books(), order_id, _now()))


@blueprint.post("/pay/<order_id>")
def tap(order_id: str) -> AnyResponse:
    """A person has chosen; they are led back to the hospital."""
    name = request.form.get("outcome", "")
    if name not in OUTCOMES:
        order = orders.find_by_id(_books(), order_id, _now())
        return make_response(_order_page(order, wrong_tap=True), 400)
    order = orders.tap(_books(), order_id, name, _now())
    current_app.extensions["wallet.deliveries"].wake()
    return redirect(order["return_url"], code=303)


@blueprint.get("/")
def start() -> AnyResponse:
    """Whoever opens the bare address sees the books."""
    return redirect("/books")


@blueprint.get("/books")
def show_books() -> str:
    """What each merchant has, the latest movements, and the notifications that wait."""
    books = _books()
    balances = books.all(
        "SELECT merchant, SUM(CASE kind WHEN 'payment' THEN amount_fen ELSE 0 END) AS received_fen, "
        "SUM(CASE kind WHEN 'refund' THEN amount_fen ELSE 0 END) AS returned_fen FROM movements GROUP BY merchant"
    )
    movements = books.all(
        "SELECT m.kind, m.amount_fen, m.at, o.number FROM movements m "
        "JOIN orders o ON o.id = m.order_id ORDER BY m.position DESC LIMIT 50"
    )
    waiting = books.all(
        "SELECT n.tries, n.due_at, o.number FROM notifications n JOIN orders o ON o.id = n.order_id "
        "WHERE n.delivered_at IS NULL ORDER BY n.due_at LIMIT 50"
    )
    return _page("books.html", balances=balances, movements=movements, waiting=waiting)


@blueprint.errorhandler(Refusal)
def refuse(error: Refusal) -> Response:
    """An order that is not there."""
    return make_response(_page("missing.html"), error.status)


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


def _order_page(order: Row, *, wrong_tap: bool = False) -> str:
    return _page("pay.html", order=order, choices=_choices(order), wrong_tap=wrong_tap)


def _choices(order: Row) -> list[dict[str, str]]:
    """What can be tapped; a single fen cannot become less."""
    altered = order["amount_fen"] - 1
    return [
        {
            "name": name,
            "kind": ICONS[name][0],
            "icon": ICONS[name][1],
            "text": say(name, language(), altered=f"¥{to_amount(altered)}"),
        }
        for name in OUTCOMES
        if altered or name != "amount_altered"
    ]


def _page(template: str, **values: Any) -> str:
    spoken = language()
    other = "zh" if spoken == "en" else "en"
    return render_template(
        template, lang=spoken, other=other, say=partial(_say, spoken), amount=to_amount, moment=_moment, **values
    )


def _say(spoken: str, name: str, **values: object) -> str:
    return say(name, spoken, **values)


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).astimezone(HOSPITAL_ZONE):%Y-%m-%d %H:%M:%S}"


def _books() -> Books:
    books: Books = current_app.extensions["wallet.books"]
    return books


def _now() -> datetime:
    now: datetime = current_app.extensions["wallet.clock"]()
    return now
