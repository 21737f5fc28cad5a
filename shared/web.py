"""The HTTP door of a service: signed actor, one error shape, declared roles, OpenAPI, health."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, jsonify, request
from flask_smorest import Api
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from shared import problems
from shared.actor import ActorRejected, ActorVerifier
from shared.clock import Clock, utc_now
from shared.database import Busy, Database
from shared.door import Door
from shared.errors import DomainError
from shared.logs import logger
from shared.operations import Operation
from shared.schemas import ProblemSchema
from shared.service import Service
from shared.settings import Settings

ACTOR_HEADER = "Anxin-Actor"
LARGEST_BODY = 1 << 20
_STATUS_CODES = {
    400: "invalid_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "too_many_requests",
}


class ServiceApi(Api):
    """flask-smorest's Api with our error shape."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Every HTTP error as a problem document; 405 carries Allow."""
        return http_problem(error)


def http_problem(error: HTTPException) -> Response:
    """A problem document for an HTTP error of the framework, with the fields that were wrong."""
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    facts = {"errors": data["messages"]} if "messages" in data else {}
    detail = error.description or error.name
    if facts:
        detail = "The members named in errors are missing, unknown or not valid."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = "The service could not answer."
    code = getattr(error, "problem_code", None) or _STATUS_CODES.get(status, "service_failed")
    response = problem_response(problems.problem(status, code, detail, **facts))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def problem_response(document: dict[str, Any], **headers: str) -> Response:
    """A response that carries a problem document."""
    response = jsonify(document)
    response.status_code = document["status"]
    response.content_type = problems.MEDIA_TYPE
    response.headers.update(headers)
    return response


def create_app(
    service: Service, settings: Settings, *, database: Database | None = None, clock: Clock = utc_now
) -> Flask:
    """A service's Flask application on its own database. `clock` is replaced in tests."""
    app = Flask(f"services.{service.name}", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        API_TITLE=service.title or service.name,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        PROPAGATE_EXCEPTIONS=False,
    )
    database = database or service.open_database(settings)
    app.extensions["anxin.settings"] = settings
    app.extensions["anxin.database"] = database
    app.extensions["anxin.door"] = Door(database, clock)
    app.extensions["anxin.group_commits"] = {}
    app.extensions["anxin.outside"] = service.outside(settings) if service.outside else None
    api = ServiceApi(app)
    api.spec.components.response(
        "PROBLEM", {"description": "A problem document", "content": {problems.MEDIA_TYPE: {"schema": ProblemSchema}}}
    )
    for blueprint in service.blueprints:
        api.register_blueprint(blueprint)
    app.extensions["anxin.api"] = api
    _add_health(app, service.name, database)
    _add_error_handlers(app)
    _add_identity(app, ActorVerifier(settings.secrets["actor_public_key"]), clock)
    return app


def _add_health(app: Flask, name: str, database: Database) -> None:
    @app.get("/health/live")
    def live() -> Response:
        return jsonify(service=name, status="ok")

    @app.get("/health/ready")
    def ready() -> Response:
        try:
            with database.read() as uow:
                uow.session.connection().exec_driver_sql("SELECT 1")
        except Exception as error:  # noqa: BLE001 (whatever it is: not ready)
            logger().warning("not ready", error=type(error).__name__)
            return problem_response(problems.problem(503, "service_unavailable", "The database does not answer."))
        return jsonify(service=name, status="ok")


def _add_error_handlers(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return problem_response(problems.problem_of(error))

    @app.errorhandler(Busy)
    def busy(error: Busy) -> Response:
        logger().warning("busy", operation=request.endpoint, reason=str(error))
        document = problems.problem(503, "service_busy", "The service is busy. Send the same request again.")
        return problem_response(document, **{"Retry-After": "1"})

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        logger().error(
            "request failed",
            operation=request.endpoint,
            request_id=getattr(g.get("actor"), "request_id", None),
            exc_info=error,
        )
        document = problems.problem(500, "service_failed", "The service could not answer. Nothing was changed.")
        return problem_response(document)

    app.register_error_handler(HTTPException, http_problem)


def _add_identity(app: Flask, verifier: ActorVerifier, clock: Clock) -> None:
    @app.before_request
    def identify() -> Response | None:
        g.started = time.perf_counter()
        if request.path.startswith("/health/") or request.url_rule is None:
            return None
        try:
            g.actor = verifier.verify(request.headers.get(ACTOR_HEADER, ""), clock())
        except ActorRejected:
            return problem_response(problems.problem(401, "actor_rejected", "The caller is not signed by the gateway."))
        operation: Operation | None = getattr(app.view_functions[request.endpoint or ""], "operation", None)
        if operation is None or not operation.allows(g.actor):
            return problem_response(problems.problem(403, "forbidden", "This role may not do this."))
        g.operation = operation
        return None

    @app.after_request
    def finish(response: Response) -> Response:
        actor = g.get("actor")
        if actor is not None:
            response.headers["X-Request-Id"] = actor.request_id
        response.headers["Cache-Control"] = "no-store"
        return response
