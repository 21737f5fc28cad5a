"""From whoever a session or token stands for to the actor that services check."""

from __future__ import annotations

import re
import secrets

from gateway.identity.domain import Link, Principal
from shared.actor import Actor

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CHOSEN = object()


def new_request_id(given: str | None) -> str:
    """The id a caller gave, if it can be one, or a new one."""
    return given if given and _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def public_actor(request_id: str) -> Actor:
    """Anybody: sees what is public and nothing else."""
    return Actor(subject="public", roles=("public",), request_id=request_id)


def actor_of(principal: Principal, request_id: str, link: Link | object | None = _CHOSEN) -> Actor:
    """The actor of a request, with the patient that is acted for; `link=None` acts for nobody."""
    chosen = principal.link if link is _CHOSEN else link
    return Actor(
        subject=principal.subject,
        roles=principal.roles,
        patient_id=chosen.patient_id if isinstance(chosen, Link) else None,
        scopes=chosen.scopes if isinstance(chosen, Link) else (),
        request_id=request_id,
    )
