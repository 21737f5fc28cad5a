"""Calling a service over HTTP, for the gateway only: signed actor, deadline, pooled connections, honest failures."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import HTTPAdapter

from shared.actor import Actor, ActorSigner
from shared.clock import Clock, utc_now
from shared.events import plain
from shared.operations import IDEMPOTENCY_HEADER
from shared.web import ACTOR_HEADER

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 8.0


class ServiceProblem(Exception):
    """The service answered with a problem document: nothing was changed, `code` says why."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        self.status = status
        self.code = str(document.get("code", "service_failed"))
        self.document = document
        super().__init__(f"{status} {self.code}")


class ServiceUnreachable(Exception):
    """No answer in time: it may or may not have happened. Ask again with the same key."""


class ServiceClient:
    """A pooled client of one service. `session` is replaced in journey tests to reach an app in the same process."""

    def __init__(
        self, base_url: str, signer: ActorSigner, *, session: requests.Session | None = None, clock: Clock = utc_now
    ) -> None:
        self._base = base_url.rstrip("/")
        self._signer, self._clock = signer, clock
        self._session = session or pooled_session()

    def get(self, path: str, actor: Actor, **query: Any) -> Any:
        """The answer's JSON; `query` members that are None are left out, lists are repeated.

        Raises ServiceProblem, ServiceUnreachable.
        """
        pairs = {name: plain(value) for name, value in query.items() if value is not None}
        suffix = f"?{urlencode(pairs, doseq=True)}" if pairs else ""
        return self._decode(self.send("GET", f"{path}{suffix}", actor))

    def post(self, path: str, actor: Actor, *, key: str, **body: Any) -> Any:
        """The answer's JSON. The same `key` again has one effect and one answer, whatever happened the first time."""
        data = json.dumps(plain(body), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", IDEMPOTENCY_HEADER: key}
        return self._decode(self.send("POST", path, actor, data=data, headers=headers))

    def post_bytes(self, path: str, actor: Actor, *, key: str, content: bytes) -> Any:
        """The answer's JSON for a body that is no JSON, such as a picture. The same `key` again has one effect."""
        headers = {"Content-Type": "application/octet-stream", IDEMPOTENCY_HEADER: key}
        return self._decode(self.send("POST", path, actor, data=content, headers=headers))

    def send(
        self, method: str, path: str, actor: Actor, *, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> requests.Response:
        """One signed request as it is; raises ServiceUnreachable when no answer comes in time."""
        request = requests.PreparedRequest()
        request.method, request.url = method, self._base + path
        request.headers = requests.structures.CaseInsensitiveDict(headers or {})
        request.headers[ACTOR_HEADER] = self._signer.sign(actor, self._clock())
        request.headers["Accept"] = "application/json"
        request.body = data
        if data is not None:
            request.headers["Content-Length"] = str(len(data))
        try:
            adapter = self._session.get_adapter(self._base + "/")
            return adapter.send(request, timeout=(CONNECT_SECONDS, ANSWER_SECONDS))
        except requests.RequestException as error:
            raise ServiceUnreachable(type(error).__name__) from error

    @staticmethod
    def _decode(response: requests.Response) -> Any:
        try:
            document = response.json()
        except ValueError as error:
            raise ServiceUnreachable("an answer that is not JSON") from error
        if not response.ok:
            raise ServiceProblem(response.status_code, document)
        return document


def pooled_session(connections: int = 64) -> requests.Session:
    """A session that keeps its connections, reads no proxy settings, and repeats only what was never sent."""
    session = requests.Session()
    session.trust_env = False
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=connections, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
