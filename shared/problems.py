"""Problem documents (RFC 9457): one table from kinds of refusal to HTTP status, one shape everywhere."""

from __future__ import annotations

from typing import Any

from shared.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from shared.events import plain

STATUS: dict[type[DomainError], int] = {NotFound: 404, Conflict: 409, Refused: 422, Forbidden: 403}

MEDIA_TYPE = "application/problem+json"


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal, by its kind."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def problem(status: int, code: str, detail: str, **facts: Any) -> dict[str, Any]:
    """The members of a problem document. `code` is the stable name; people's words are made from it by the gateway."""
    return {
        "type": f"urn:anxin:problem:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        **{name: plain(value) for name, value in facts.items()},
    }


def problem_of(error: DomainError) -> dict[str, Any]:
    """The problem document of a refusal."""
    return problem(status_of(error), error.code, error.detail, **error.facts)
