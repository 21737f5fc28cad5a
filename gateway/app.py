"""The gateway's composition root: the one door for people and machines, and the worker's share of it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, jsonify
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.api.callbacks import callbacks
from gateway.api.forwarding import init_forwarding
from gateway.api.operations import Published, published
from gateway.clients import Clients
from gateway.database import toolbox
from gateway.identity import consumers as identity_consumers
from gateway.identity import timers as identity_timers
from gateway.identity.door import Identity
from gateway.identity.seed import seed
from gateway.notifications import consumers as notification_consumers
from gateway.notifications.door import Notifications
from gateway.web.audiences import BLUEPRINTS
from gateway.web.look import init_look
from gateway.web.refusals import init_refusals
from gateway.web.session import init_sessions
from gateway.web.uploads import init_uploads
from shared.clock import Clock, utc_now
from shared.database import Database
from shared.logs import logger
from shared.problems import problem
from shared.service import Service
from shared.settings import Settings
from shared.web import LARGEST_BODY, problem_response

SERVICE = Service(
    name="gateway",
    title="Gateway",
    toolbox=toolbox,
    migrations=Path(__file__).parent / "migrations",
    subscriptions={**identity_consumers.SUBSCRIPTIONS, **notification_consumers.SUBSCRIPTIONS},
    timers=identity_timers.TIMERS,
    seed=seed,
)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    clients: Clients | None = None,
    clock: Clock = utc_now,
    operations: Published | None = None,
) -> Flask:
    """The gateway's Flask application. `clients`, `clock` and the published `operations` are replaced in tests."""
    app = Flask("gateway", root_path=str(Path(__file__).parent))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROPAGATE_EXCEPTIONS=False)
    database = database or SERVICE.open_database(settings)
    app.extensions["anxin.identity"] = Identity(
        database, settings.secrets["session_secret"], is_demo=settings.is_demo, clock=clock
    )
    app.extensions["anxin.notifications"] = Notifications(database, clock=clock)
    app.extensions["anxin.clients"] = clients or Clients.make(settings, clock=clock)
    if count := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    init_look(app, clock=clock, form_targets=[settings.url("wallet")] if settings.is_demo else [])
    init_uploads(app)
    init_sessions(app, public_url=settings.url("gateway"))
    init_refusals(app)
    init_forwarding(app, operations or published())
    app.register_blueprint(callbacks)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _add_health(app, database)
    return app


def _add_health(app: Flask, database: Database) -> None:
    @app.get("/health/live")
    def live() -> Response:
        return jsonify(service="gateway", status="ok")

    @app.get("/health/ready")
    def ready() -> Response:
        try:
            with database.read() as uow:
                uow.session.connection().exec_driver_sql("SELECT 1")
        except Exception as error:  # noqa: BLE001 (whatever it is: not ready)
            logger().warning("not ready", error=type(error).__name__)
            return problem_response(problem(503, "service_unavailable", "The database does not answer."))
        return jsonify(service="gateway", status="ok")
