"""The way on from a page on which something did not work, and what a live part of a page is told instead of a page."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, request

from gateway.web.look import here

WAYS = {
    "not_logged_in": "/login",
    "session_expired": "/login",
    "consent_missing": "/consent",
    "consent_outdated": "/consent",
    "already_linked": "/family",
    "self_already_linked": "/family",
    "family_limit_reached": "/family",
    "patient_exists": "/family/code",
    "already_in_session": "/appointments",
    "department_day_limit": "/appointments",
    "day_limit": "/appointments",
    "open_limit": "/appointments",
    "idempotency_key_reused": "/appointments",
    "request_in_progress": "/appointments",
    "payment_in_progress": "/appointments",
    "invoice_already_paid": "/appointments",
    "invoice_cancelled": "/appointments",
}
"""Where the action of a problem's sentences leads; what is not here leads home."""
SAME_PAGE = {"form_expired", "service_silent", "service_failed", "service_busy", "service_unavailable"}
"""These are asked again where they were asked: the page itself, or the page that a form was on."""


def way_of(code: str) -> str:
    """The path to which the action of a problem leads."""
    return here() if code in SAME_PAGE else WAYS.get(code, "/")


def silence(code: str) -> str:
    """The code for a service that does not answer: where somebody only looked, nothing can have happened."""
    return "service_silent" if request.method in {"GET", "HEAD"} else code


def init_live_parts(app: Flask) -> None:
    """A live part never gets a whole page swapped into it: it is led to the page, or told to load its own again."""

    @app.after_request
    def lead(response: Response) -> Response:
        if request.headers.get("HX-Request") != "true" or "HX-Boosted" in request.headers:
            return response
        if response.location and HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
            return Response(status=HTTPStatus.OK, headers={"HX-Redirect": response.location})
        if HTTPStatus.BAD_REQUEST <= response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            response.headers["HX-Refresh"] = "true"
        return response
