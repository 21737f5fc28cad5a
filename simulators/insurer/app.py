"""The insurer simulator as an application of its own: the hospital's interface, a page for people, and its books."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, jsonify
from flask import request as this_request

from shared.clock import Clock, utc_now
from shared.settings import Settings, SettingsError
from simulators.insurer import api, pages
from simulators.insurer.books import Books

_LOOK = Path(__file__).parents[2] / "gateway" / "static"
"""The hospital's style sheets and icons, served read-only: the simulator has no look of its own."""
_LARGEST_BODY = 1 << 24
"""A stay of some thousand lines in one message."""


def create_app(settings: Settings, *, clock: Clock = utc_now, pause: Callable[[float], None] = time.sleep) -> Flask:
    """The insurer. Tests give a clock, and a `pause` that does not wait."""
    if not settings.is_demo:
        raise SettingsError("insurer: the insurer simulator belongs to the demo hospital only")
    address = settings.database_url("insurer")
    if not address.startswith("sqlite:///"):
        raise SettingsError("ANXIN_INSURER_DATABASE_URL: the insurer simulator keeps its books in SQLite")
    app = Flask(__name__, static_folder=_LOOK, static_url_path="/static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    app.extensions |= {
        "insurer.books": Books(Path(address.removeprefix("sqlite:///"))),
        "insurer.clock": clock,
        "insurer.pause": pause,
        "insurer.secret": settings.secrets["insurer_secret"],
    }
    app.register_blueprint(api.blueprint)
    app.register_blueprint(pages.blueprint)
    _add_health(app)
    _add_headers(app)
    return app


def _add_health(app: Flask) -> None:
    @app.get("/health/live")
    def live() -> Response:
        return jsonify(service="insurer", status="ok")

    @app.get("/health/ready")
    def ready() -> Response:
        app.extensions["insurer.books"].one("SELECT 1 FROM persons LIMIT 1")
        return jsonify(service="insurer", status="ok")


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
