"""Who calls the API: a bearer token or a page's own session, and the patient named in `Anxin-Patient`."""

from __future__ import annotations

from uuid import UUID

from flask import request
from werkzeug.exceptions import Forbidden as ForbiddenHttp
from werkzeug.exceptions import Unauthorized

from gateway.identity.actors import actor_of, public_actor
from gateway.identity.domain import ConsentMissing, NotLinked, Principal
from gateway.web.session import COOKIE, UNSAFE, check_form, identity, request_id
from shared.actor import Actor

PATIENT_HEADER = "Anxin-Patient"
_SCHEME = "bearer "


class NotLoggedIn(Unauthorized):
    """This operation needs a bearer token or a session."""

    problem_code = "not_logged_in"


class RoleForbidden(ForbiddenHttp):
    """This role may not do this."""

    problem_code = "forbidden"


def caller() -> tuple[Principal | None, Actor]:
    """Whoever calls, and the actor for the service. Without token and session it is the public.

    A token that is forged, expired or revoked is refused with NotLoggedIn, never taken for the public. A patient the
    account is not linked to is NotLinked, like one that is not there.
    """
    wanted = _patient_wanted()
    principal = _principal(wanted)
    if principal is None:
        if wanted is not None:
            raise NotLoggedIn
        return None, public_actor(request_id())
    if wanted is not None and principal.link is None:
        raise NotLinked
    return principal, actor_of(principal, request_id())


def require(principal: Principal | None) -> Principal:
    """Somebody who is signed in and, being an account holder, has agreed to the texts in force."""
    if principal is None:
        raise NotLoggedIn
    if identity().missing_consents(principal):
        raise ConsentMissing
    return principal


def _principal(wanted: UUID | None) -> Principal | None:
    header = request.headers.get("Authorization")
    if header is not None:
        token = header[len(_SCHEME) :].strip() if header.lower().startswith(_SCHEME) else ""
        found = identity().whose_token(token, wanted) if token else None
        if found is None:
            raise NotLoggedIn
        return found
    cookie = request.cookies.get(COOKIE)
    principal = identity().whose_session(cookie, wanted) if cookie else None
    if principal is not None and request.method in UNSAFE:
        check_form()
    return principal


def _patient_wanted() -> UUID | None:
    header = request.headers.get(PATIENT_HEADER)
    if header is None:
        return None
    try:
        return UUID(header)
    except ValueError:
        raise NotLinked from None
