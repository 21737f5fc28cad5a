"""Declaring the operations of a service's HTTP door: roles, schemas and use case of each, in one place.

`@blueprint.command(...)` is a POST that goes through the door with its idempotency key; `@blueprint.query(...)` is a
GET that reads. Both carry their roles into OpenAPI (`x-roles`), from which the gateway's allow-list is made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema
from werkzeug.exceptions import BadRequest

from shared import access, problems
from shared.actor import Actor
from shared.door import Call, Door, GroupCommit, many
from shared.errors import NotYours
from shared.idempotency import Answer, Claim, fingerprint

IDEMPOTENCY_HEADER = "Idempotency-Key"
_KEY_LENGTHS = range(8, 81)
_PROBLEMS = {
    400: "Malformed request or missing Idempotency-Key",
    401: "Not signed in",
    403: "Not allowed for this role",
    404: "Not there, or not yours",
    405: "Another method is needed",
    409: "Conflict",
    413: "Too large",
    415: "Another media type is needed",
    422: "Refused by a rule, or invalid members",
    429: "Too many requests",
    500: "Failed; nothing was changed",
    503: "Busy; send the same request again",
}


class IdempotencyKeyMissing(BadRequest):
    """The request was not looked at: a POST needs a key that makes it unique."""

    problem_code = "idempotency_key_missing"
    description = "A POST needs an Idempotency-Key of 8 to 80 visible ASCII characters."


@dataclass(frozen=True)
class Operation:
    """One operation of the HTTP door."""

    id: str
    roles: frozenset[str]
    answer: Schema
    status: int
    patients: Callable[[Any], Iterable[UUID]] | None
    purpose: str

    def allows(self, actor: Actor) -> bool:
        """An operation without roles is for nobody; `public` is for everybody the gateway signs."""
        return "public" in self.roles or not self.roles.isdisjoint(actor.roles)


class Blueprint(SmorestBlueprint):  # type: ignore[misc] # flask-smorest publishes no types
    """A service's blueprint. `name` is the service's name, so that an operation's id is `service.use_case`."""

    def __init__(self, service: str, description: str) -> None:
        super().__init__(service, service, url_prefix="/v1", description=description)

    def command(
        self,
        rule: str,
        answer: type[Schema],
        *,
        allow: Iterable[str],
        body: type[Schema] | None = None,
        status: int = 200,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a POST. The view gets path and body members as keywords and returns `run(use_case, **arguments)`."""
        key = {
            "in": "header",
            "name": IDEMPOTENCY_HEADER,
            "required": True,
            "description": "Makes the request unique: sent again, it has the same effect and the same answer.",
            "schema": {"type": "string", "minLength": 8, "maxLength": 80, "pattern": "^[!-~]+$"},
        }
        return self._declare(rule, "POST", answer, allow, body, "json", status, parameters=[key])

    def query(
        self,
        rule: str,
        answer: type[Schema],
        *,
        allow: Iterable[str],
        args: type[Schema] | None = None,
        patients: Callable[[Any], Iterable[UUID]] | None = None,
        purpose: str = "care",
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a GET. `patients(result)` names whose data the answer holds: each gets a row in the access log."""
        return self._declare(rule, "GET", answer, allow, args, "query", 200, patients=patients, purpose=purpose)

    def _declare(
        self,
        rule: str,
        method: str,
        answer: type[Schema],
        allow: Iterable[str],
        arguments: type[Schema] | None,
        location: str,
        status: int,
        *,
        parameters: list[dict[str, Any]] | None = None,
        patients: Callable[[Any], Iterable[UUID]] | None = None,
        purpose: str = "care",
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            operation = Operation(f"{self.name}.{view.__name__}", frozenset(allow), answer(), status, patients, purpose)
            wrapped: Any = view
            if arguments is not None:
                # An instance: of a class the library would make a new one for every request. unknown=None: the schema
                # says what it refuses; the library would pass over unknown names in a query.
                wrapped = self.arguments(arguments(), location=location, as_kwargs=True, unknown=None)(wrapped)
            wrapped = self.response(status, answer)(wrapped)
            for code, description in _PROBLEMS.items():
                wrapped = self.alt_response(code, "PROBLEM", description=description)(wrapped)
            # An empty list of parameters would wipe out those of the query schema.
            extra = {"parameters": parameters} if parameters else {}
            wrapped = self.doc(operationId=operation.id, **extra, **{"x-roles": sorted(operation.roles)})(wrapped)
            wrapped.operation = operation
            self.add_url_rule(rule, view.__name__, wrapped, methods=[method])
            return view

        return decorate


def _call(arguments: dict[str, Any]) -> Call:
    operation: Operation = g.operation
    key = request.headers.get(IDEMPOTENCY_HEADER, "")
    if len(key) not in _KEY_LENGTHS or not key.isascii() or not key.isprintable():
        raise IdempotencyKeyMissing
    actor: Actor = g.actor
    return Call(
        actor=actor,
        arguments=arguments,
        claim=Claim(actor.subject, key, fingerprint(operation.id, [actor.patient_id, arguments])),
        render=operation.answer.dump,
        status=operation.status,
    )


def _respond(answer: Answer) -> Response:
    media_type = "application/json" if answer.status < HTTPStatus.BAD_REQUEST else problems.MEDIA_TYPE
    response = Response(answer.body, status=answer.status, content_type=media_type)
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def run(use_case: Callable[..., Any], **arguments: Any) -> Response:
    """Run a use case for the caller of this request, once per idempotency key."""
    door: Door = current_app.extensions["anxin.door"]
    return _respond(door.run(use_case, _call(arguments)))


def run_together(use_case: Callable[..., Any], request_type: Callable[..., Any], **arguments: Any) -> Response:
    """Run a list use case together with everybody else who asks for it at this moment (group commit)."""
    groups = current_app.extensions["anxin.group_commits"]
    if use_case not in groups:
        groups[use_case] = GroupCommit(current_app.extensions["anxin.door"], many(use_case, request_type))
    return _respond(groups[use_case].run(_call(arguments)))


def read(query: Callable[..., Any], **arguments: Any) -> Any:
    """Run a query `f(uow, *, actor, now, **arguments)`; whose data it tells is written to the access log first."""
    door: Door = current_app.extensions["anxin.door"]
    operation: Operation = g.operation
    actor: Actor = g.actor
    log = functools.partial(
        access.record, door.database, actor=actor, operation=operation.id, purpose=operation.purpose, now=door.clock()
    )
    try:
        with door.database.read() as uow:
            result = query(uow, actor=actor, now=door.clock(), **arguments)
    except NotYours as refusal:
        log(patient_ids=[refusal.patient_id], granted=False)
        raise
    if operation.patients is not None:
        log(patient_ids=operation.patients(result), granted=True)
    return result
