"""Who a page belongs to: session cookie, tokens in forms, the patient acted for, the actor for calls to services.

Pages use these functions and nothing else of identity's machinery:

    @pages.post("/appointments")
    @signed_in
    def book():
        actor = acting_for(request.form["patient_id"])
        clients().appointments.book(actor, key=request_key(), slot_id=..., patient_id=actor.patient_id)
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.exceptions import BadRequest

from gateway.clients import Clients
from gateway.identity.actors import actor_of, new_request_id, public_actor
from gateway.identity.domain import Link, NotLinked, Opened, Principal
from gateway.identity.door import Identity
from gateway.identity.keyed import new_token, same
from gateway.notifications.door import Notifications
from shared.actor import Actor
from shared.errors import Forbidden

COOKIE = "anxin_session"
VISITOR_COOKIE = "anxin_visitor"
FORM_TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105 (a header's name)
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LOG_IN, STAFF_LOG_IN, CONSENT = "/login", "/staff/login", "/consent"

View = TypeVar("View", bound=Callable[..., Any])
_REQUEST_KEY = re.compile(r"[!-~]{8,80}")


class FormExpired(BadRequest):
    """The form was not made by this person's own page, or too long ago: nothing was changed."""

    problem_code = "form_expired"


class SessionExpired(BadRequest):
    """The session that this form belongs to has ended: nothing was changed."""

    problem_code = "session_expired"


# ------------------------------------------------------------------------------------------------- the machinery


def identity() -> Identity:
    """Identity's door."""
    return cast("Identity", current_app.extensions["anxin.identity"])


def notifications() -> Notifications:
    """The inbox's door."""
    return cast("Notifications", current_app.extensions["anxin.notifications"])


def clients() -> Clients:
    """The services' clients."""
    return cast("Clients", current_app.extensions["anxin.clients"])


# ------------------------------------------------------------------------------------------------------ who asks


def current() -> Principal | None:
    """Whoever is signed in, found once per request."""
    if "principal" not in g:
        token = request.cookies.get(COOKIE, "")
        g.principal = identity().whose_session(token) if token else None
    return cast("Principal | None", g.principal)


def account_id() -> UUID:
    """The account signed in. Raises Forbidden for anybody else (a page without @signed_in)."""
    principal = current()
    if principal is None or principal.account_id is None:
        raise Forbidden
    return principal.account_id


def patient() -> Link | None:
    """The patient acted for in this session, or None while the account has none."""
    principal = current()
    return principal.link if principal else None


def family() -> list[Link]:
    """The patients of this account, oldest first; read once per request."""
    if "family" not in g:
        g.family = identity().links(account_id())
    return cast("list[Link]", g.family)


def request_id() -> str:
    """The id under which this request is followed through services, events and logs."""
    if "request_id" not in g:
        g.request_id = new_request_id(request.headers.get("X-Request-Id"))
    return cast("str", g.request_id)


def actor() -> Actor:
    """Whoever asks, for calls to services: with the patient of the session; the public when nobody is signed in."""
    principal = current()
    return actor_of(principal, request_id()) if principal else public_actor(request_id())


def acting_for(patient_id: UUID | str) -> Actor:
    """The account acting for one of its patients, as a form or an address names it. Raises NotLinked (404).

    A form names its patient, so that changing the patient in another tab cannot book for the wrong one.
    """
    principal = current()
    if principal is None or principal.account_id is None:
        raise NotLinked
    try:
        wanted = UUID(str(patient_id))
    except ValueError:
        raise NotLinked from None
    link = principal.link
    if link is None or link.patient_id != wanted:
        link = identity().link_to(principal.account_id, wanted)
    if link is None:
        raise NotLinked
    return actor_of(principal, request_id(), link)


def account_actor() -> Actor:
    """The account without any patient: for registering one, where a retry must look the same as the first try."""
    principal = current()
    if principal is None:
        raise Forbidden
    return actor_of(principal, request_id(), None)


# ------------------------------------------------------------------------------------------------------ who may


def signed_in(view: View) -> View:
    """Only for account holders who have agreed to the texts in force; others are led to log in or to agree first."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        principal = current()
        if principal is None or principal.is_staff:
            return _led_to(LOG_IN)
        if identity().missing_consents(principal):
            return _led_to(CONSENT)
        return view(*args, **kwargs)

    return cast("View", guarded)


def logged_in(view: View) -> View:
    """Only for account holders, whether or not they have agreed to the texts: for the consent page and logging out."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        principal = current()
        if principal is None or principal.is_staff:
            return _led_to(LOG_IN)
        return view(*args, **kwargs)

    return cast("View", guarded)


def staff(*roles: str) -> Callable[[View], View]:
    """Only for members of staff with one of these roles; no roles means nobody. Raises Forbidden for other roles."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            principal = current()
            if principal is None or not principal.is_staff:
                return _led_to(STAFF_LOG_IN)
            if not principal.has(*roles):
                raise Forbidden
            return view(*args, **kwargs)

        return cast("View", guarded)

    return decorate


def _led_to(path: str) -> Response:
    here = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else "/"
    return cast("Response", redirect(f"{path}?{urlencode({'next': here})}" if here != "/" else path, code=303))


# ------------------------------------------------------------------------------------------- cookies and forms


def remember(response: Response, opened: Opened) -> Response:
    """Give the browser its session after a log-in; an older session of this browser ends."""
    before = current()
    if before is not None and before.session_id is not None:
        identity().log_out(before.session_id)
    staff_member = opened.log_in.staff_id is not None
    limits = identity().limits
    lifetime = None if staff_member else int(limits.longest(staff=False).total_seconds())
    _set_cookie(response, COOKIE, opened.token, lifetime)
    response.delete_cookie(VISITOR_COOKIE, path="/")
    g.pop("principal", None)
    return response


def forget(response: Response) -> Response:
    """Take the session from the browser after logging out."""
    response.delete_cookie(COOKIE, path="/")
    g.principal = None
    return response


def log_out(response: Response, *, everywhere: bool = False) -> Response:
    """End this session, or all of this person's."""
    principal = current()
    if principal is not None and everywhere:
        identity().log_out_everywhere(principal)
    elif principal is not None and principal.session_id is not None:
        identity().log_out(principal.session_id)
    return forget(response)


def request_key() -> str:
    """The idempotency key of a form: its hidden `request_id`, the same however often the form is sent."""
    key = request.form.get("request_id", "")
    if not _REQUEST_KEY.fullmatch(key):
        raise FormExpired("The form carries no request id.")
    return key


def form_token() -> str:
    """The token that every form of this page carries (`csrf_token()` in templates)."""
    cookie = request.cookies.get(COOKIE) if current() is not None else request.cookies.get(VISITOR_COOKIE)
    if not cookie:
        cookie = g.setdefault("visitor", new_token())
    return identity().form_token(cookie)


def check_form() -> None:
    """Refuse a form that another site sent, or that does not carry the token of this browser's session."""
    check_origin()
    cookie = request.cookies.get(COOKIE) if current() is not None else request.cookies.get(VISITOR_COOKIE)
    sent = request.headers.get(FORM_TOKEN_HEADER) or request.form.get("csrf_token", "")
    if not cookie or not same(sent, identity().form_token(cookie)):
        over = current() is None and COOKIE in request.cookies
        raise SessionExpired() if over else FormExpired()


def check_origin() -> None:
    """Refuse what a browser says another site sent."""
    origin = request.headers.get("Origin")
    own = {request.host, current_app.config["ANXIN_PUBLIC_HOST"]}
    if origin is not None and urlsplit(origin).netloc not in own:
        raise FormExpired("Another site sent this.")
    if origin is None and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise FormExpired("Another site sent this.")


def _set_cookie(response: Response, name: str, value: str, lifetime: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lifetime,
        secure=current_app.config["ANXIN_COOKIES_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def init_sessions(app: Flask, *, public_url: str) -> None:
    """Guard every form of the pages, and give templates `csrf_token`, `me` and `acting_patient`."""
    app.config["ANXIN_PUBLIC_HOST"] = urlsplit(public_url).netloc
    app.config["ANXIN_COOKIES_SECURE"] = public_url.startswith("https://")
    app.jinja_env.globals.update(csrf_token=form_token, me=current, acting_patient=patient)

    @app.before_request
    def guard_forms() -> None:
        is_page = not request.path.startswith(("/api/", "/callbacks/", "/health/"))
        if request.method in UNSAFE and is_page and request.url_rule is not None:
            check_form()

    @app.after_request
    def keep_visitor(response: Response) -> Response:
        if "visitor" in g:
            _set_cookie(response, VISITOR_COOKIE, g.visitor, None)
        return response
