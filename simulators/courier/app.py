"""The courier simulator as an application of its own: the hospital's interface, a page for people, and its books."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import requests
from flask import Flask, Response, jsonify
from flask import request as this_request

from shared.clock import Clock, utc_now
from shared.settings import Settings, SettingsError
from simulators.courier import api, pages
from simulators.courier.books import Books
from simulators.courier.deliveries import Deliveries

_LOOK = Path(__file__).parents[2] / "gateway" / "static"
"""The hospital's style sheets and icons, served read-only: the simulator has no look of its own."""


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    session: requests.Session | None = None,
    pause: Callable[[float], None] = time.sleep,
    in_background: bool = True,
) -> Flask:
    """The courier.

    Tests give a clock, a session and a `pause` that does not wait, and turn
    `app.extensions["courier.deliveries"].work()` by hand.
    """
    if not settings.is_demo:
        raise SettingsError("courier: the courier simulator belongs to the demo hospital only")
    address = settings.database_url("courier")
    if not address.startswith("sqlite:///"):
        raise SettingsError("ANXIN_COURIER_DATABASE_URL: the courier simulator keeps its books in SQLite")
    app = Flask(__name__, static_folder=_LOOK, static_url_path="/static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = 1 << 16
    books = Books(Path(address.removeprefix("sqlite:///")))
    secret = settings.secrets["courier_secret"]
    deliveries = Deliveries(books, secret, clock, session)
    app.extensions |= {
        "courier.books": books,
        "courier.clock": clock,
        "courier.pause": pause,
        "courier.secret": secret,
        "courier.hospital": settings.url("gateway"),
        "courier.deliveries": deliveries,
    }
    app.register_blueprint(api.blueprint)
    app.register_blueprint(pages.blueprint)
    _add_health(app)
    _add_headers(app)
    if in_background:
        deliveries.start()
    return app


def _add_health(app: Flask) -> None:
    @app.get("/health/live")
    def live() -> Response:
        return jsonify(service="courier", status="ok")

    @app.get("/health/ready")
    def ready() -> Response:
        app.extensions["courier.books"].one("SELECT 1 FROM parcels LIMIT 1")
        return jsonify(service="courier", status="ok")


def _add_headers(app: Flask) -> None:
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    )

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cache-Control"] = "no-cache" if this_request.endpoint == "static" else "no-store"
        return response
