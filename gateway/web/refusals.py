"""What a page shows when something did not work: a page in the person's words, never a stack trace."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from gateway.identity.domain import TooManyRequests, TooManyTries
from gateway.web.errors import init_live_parts, silence, way_of
from gateway.web.problems import problem_page
from gateway.web.session import request_id
from shared.client import ServiceProblem, ServiceUnreachable
from shared.database import Busy
from shared.errors import DomainError
from shared.logs import logger
from shared.problems import problem, problem_of, status_of
from shared.web import http_problem, problem_response

_SLOWED = (TooManyRequests, TooManyTries)
_AGAIN = {"Retry-After": "2"}


def _for_machines() -> bool:
    return request.path.startswith(("/api/", "/callbacks/", "/health/"))


def _answer(status: int, code: str) -> ResponseReturnValue:
    return problem_page(code, status, href=way_of(code), request_id=request_id())


def init_refusals(app: Flask) -> None:
    """Answer refusals and failures with a page, or with a problem document where a machine asks."""
    _add_refusals(app)
    _add_failures(app)
    init_live_parts(app)


def _add_refusals(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> ResponseReturnValue:
        status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(error, _SLOWED) else status_of(error)
        if _for_machines():
            return problem_response({**problem_of(error), "status": int(status)})
        return _answer(status, error.code)

    @app.errorhandler(ServiceProblem)
    def service_refused(error: ServiceProblem) -> ResponseReturnValue:
        return _answer(error.status, error.code)


def _add_failures(app: Flask) -> None:
    @app.errorhandler(ServiceUnreachable)
    @app.errorhandler(Busy)
    def no_answer(_error: Exception) -> ResponseReturnValue:
        if _for_machines():
            detail = "The service does not answer. It may or may not have happened: send the same request again."
            return problem_response(problem(503, "service_unavailable", detail), **_AGAIN)
        return _answer(503, silence("service_unavailable"))

    @app.errorhandler(HTTPException)
    def not_found(error: HTTPException) -> ResponseReturnValue:
        document = http_problem(error)
        if _for_machines():
            return document
        code = str((document.json or {})["code"])
        page = problem_page(code, document.status_code, href=way_of(code), request_id=request_id())
        if "Allow" in document.headers:
            page.headers["Allow"] = document.headers["Allow"]
        return page

    @app.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        logger().error("request failed", operation=request.endpoint, request_id=request_id(), exc_info=error)
        if _for_machines():
            return problem_response(problem(500, "service_failed", "The service could not answer."))
        return _answer(500, "service_failed")
