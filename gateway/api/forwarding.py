"""/api/v1/<service>/...: each published operation is a route of its own; what is not published is not there.

Headers are rebuilt, never passed on: whatever somebody outside says about who they are stays outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import requests
from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from gateway.api import linking
from gateway.api.credentials import RoleForbidden, caller, require
from gateway.api.operations import Published, PublishedOperation
from gateway.identity.actors import actor_of
from gateway.web.session import clients, request_id
from shared.actor import Actor
from shared.operations import IDEMPOTENCY_HEADER

LONGEST_QUERY = 2000
_PASSED_ON = ("Content-Type", IDEMPOTENCY_HEADER, "If-Match", "If-None-Match")
_PASSED_BACK = ("Content-Type", "Retry-After", "ETag", "Allow", "Idempotency-Replayed", "Location")
_MEMBER = re.compile(r"{(\w+)}")


def init_forwarding(app: Flask, published: Published) -> None:
    """Add a route for each published operation, and the merged document at /api/openapi.json."""
    for operation in published.operations:
        app.add_url_rule(
            f"/api/v1/{operation.service}{_rule(operation)}",
            endpoint=f"api.{operation.id}",
            view_func=_view(operation),
            methods=[operation.method],
            provide_automatic_options=False,
        )

    @app.get("/api/openapi.json", provide_automatic_options=False)
    def merged_document() -> Response:
        return Response(published.document, content_type="application/json")

    @app.after_request
    def name_request(response: Response) -> Response:
        if request.path.startswith(("/api/", "/callbacks/")):
            response.headers["X-Request-Id"] = request_id()
            if response.status_code == requests.codes.unauthorized:
                response.headers["WWW-Authenticate"] = "Bearer"
        return response


def forward(service: str, method: str, path: str, actor: Actor, headers: dict[str, str]) -> Response:
    """Send this request's body on, as this actor, and give the service's answer as it is. Raises ServiceUnreachable."""
    body = request.get_data() if method != "GET" else None
    answer = clients().of[service].send(method, path, actor, data=body, headers=headers)
    response = Response(answer.content, status=answer.status_code)
    for name in _PASSED_BACK:
        if name in answer.headers:
            response.headers[name] = answer.headers[name]
    return response


def _view(operation: PublishedOperation) -> Callable[..., Response]:
    makes_link = operation.id in linking.PROOFS

    def view(**members: Any) -> Response:
        principal, actor = caller()
        if not operation.is_public and not require(principal).has(*operation.roles):
            raise RoleForbidden
        if makes_link and principal is not None:
            linking.check_place(principal)
            actor = actor_of(principal, request_id(), None)  # whoever is acted for, a retry must look the same
        passed_on = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        answer = forward(operation.service, operation.method, _address(operation, members), actor, passed_on)
        if makes_link and principal is not None:
            linking.link(operation.id, principal, answer)
        return answer

    return view


def _rule(operation: PublishedOperation) -> str:
    """The route of an operation: a member that is an id or a day can be nothing else."""
    return _MEMBER.sub(
        lambda found: f"<uuid:{found[1]}>" if operation.formats.get(found[1]) == "uuid" else f"<{found[1]}>",
        operation.path,
    )


def _address(operation: PublishedOperation, members: dict[str, Any]) -> str:
    texts = {name: str(value) for name, value in members.items()}
    if any(text in {".", ".."} for text in texts.values()):
        raise NotFound
    query = request.query_string
    if len(query) > LONGEST_QUERY:
        raise BadRequest("The query is too long.")
    path = "/v1" + _MEMBER.sub(lambda found: quote(texts[found[1]], safe=""), operation.path)
    return f"{path}?{quote(query, safe='=&%+-_.~,:')}" if query else path
