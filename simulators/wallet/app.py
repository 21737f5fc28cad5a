"""The sandbox wallet as an application of its own: merchant's API, people's pages, books and deliveries."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import requests
from flask import Flask, Response, jsonify
from flask import request as this_request

from shared.clock import Clock, utc_now
from shared.settings import Settings, SettingsError
from simulators.wallet import api, pages
from simulators.wallet.books import Books
from simulators.wallet.deliveries import Deliveries

_LOOK = Path(__file__).parents[2] / "gateway" / "static"
"""The hospital's style sheets and icons, served read-only: the wallet has no look of its own."""


def create_app(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    session: requests.Session | None = None,
    in_background: bool = True,
) -> Flask:
    """The wallet. Tests give a clock and a session, and turn `app.extensions["wallet.deliveries"].work()` by hand."""
    if not settings.is_demo:
        raise SettingsError("wallet: the sandbox wallet belongs to the demo hospital only")
    address = settings.database_url("wallet")
    if not address.startswith("sqlite:///"):
        raise SettingsError("ANXIN_WALLET_DATABASE_URL: the sandbox wallet keeps its books in SQLite")
    app = Flask(__name__, static_folder=_LOOK, static_url_path="/static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = 1 << 16
    books = Books(Path(address.removeprefix("sqlite:///")))
    secret = settings.secrets["wallet_secret"]
    deliveries = Deliveries(books, secret, clock, session)
    app.extensions |= {
        "wallet.books": books,
        "wallet.clock": clock,
        "wallet.secret": secret,
        "wallet.site": settings.url("wallet"),
        "wallet.hospital": settings.url("gateway"),
        "wallet.deliveries": deliveries,
    }
    app.register_blueprint(api.blueprint)
    app.register_blueprint(pages.blueprint)
    _add_health(app)
    _add_headers(app, settings.url("gateway"))
    if in_background:
        deliveries.start()
    return app


def _add_health(app: Flask) -> None:
    @app.get("/health/live")
    def live() -> Response:
        return jsonify(service="wallet", status="ok")

    @app.get("/health/ready")
    def ready() -> Response:
        app.extensions["wallet.books"].one("SELECT 1 FROM orders LIMIT 1")
        return jsonify(service="wallet", status="ok")


def _add_headers(app: Flask, hospital: str) -> None:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(hospital))
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {origin}"
    )

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cache-Control"] = "no-cache" if this_request.endpoint == "static" else "no-store"
        return response
