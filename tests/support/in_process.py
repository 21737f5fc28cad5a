"""`requests` routed to Flask applications of this process: the whole hospital without a socket."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse
from werkzeug.test import Client


class InProcessAdapter(BaseAdapter):
    """Answers requests to `http://<host>:<port>` with the WSGI application registered for that address."""

    def __init__(self, applications: dict[str, Any]) -> None:
        super().__init__()
        self.applications = applications
        self.unreachable: set[str] = set()

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        """The answer of the application, or ConnectionError for an address that is unreachable."""
        address = urlsplit(str(request.url))
        name = f"{address.scheme}://{address.netloc}"
        if name in self.unreachable or name not in self.applications:
            raise requests.ConnectionError(f"nobody listens at {name}")
        answer = Client(self.applications[name]).open(
            path=address.path,
            query_string=address.query,
            method=str(request.method),
            headers=list(request.headers.items()),
            data=request.body or b"",
            base_url=name,
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(dict(answer.headers))
        response.url, response.request = str(request.url), request
        body = io.BytesIO(answer.get_data())
        response.raw = HTTPResponse(body=body, preload_content=False, status=answer.status_code)
        return response

    def close(self) -> None:
        """Nothing is held."""


def in_process_session(adapter: InProcessAdapter) -> requests.Session:
    """A session whose every request stays in this process."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", adapter)
    return session
