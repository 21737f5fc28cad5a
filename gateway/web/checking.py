"""Where anybody checks a packet of copies by the code on its cover, without an account and without seeing content."""

from __future__ import annotations

import threading
from collections import OrderedDict
from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, make_response, redirect, request, url_for

from gateway.identity.actors import public_actor
from gateway.web.look import now, render_page
from gateway.web.session import clients, request_id
from shared.client import ServiceProblem, ServiceUnreachable
from shared.errors import NotFound

pages = Blueprint("checking", __name__, url_prefix="/check")

MOST_A_MINUTE = 30
_MOST_KNOWN = 10_000
_FINGERPRINT_LENGTH = 64


class Patience:
    """How often one address has asked in the present minute, in this process; codes cannot be guessed anyway."""

    def __init__(self) -> None:
        self._asked: OrderedDict[tuple[str, int], int] = OrderedDict()
        self._lock = threading.Lock()

    def is_over(self, address: str, minute: int) -> bool:
        """Count one more question; tells whether it is one too many."""
        with self._lock:
            times = self._asked.pop((address, minute), 0) + 1
            self._asked[address, minute] = times
            while len(self._asked) > _MOST_KNOWN:
                self._asked.popitem(last=False)
        return times > MOST_A_MINUTE


patience = Patience()


@pages.get("")
def ask() -> Response:
    """A code to be typed in."""
    code = request.args.get("code", "").strip()
    if code:
        return cast("Response", redirect(url_for("checking.show", code=code), code=HTTPStatus.SEE_OTHER))
    return _page(HTTPStatus.OK, "ask")


@pages.get("/<code>")
def show(code: str) -> Response:
    """What may be compared of the packet with this code; "not ours" for any other."""
    if patience.is_over(request.remote_addr or "", int(now().timestamp() // 60)):
        return _page(HTTPStatus.TOO_MANY_REQUESTS, "busy")
    try:
        found = clients().copies.check_packet(public_actor(request_id()), code)
    except ServiceUnreachable:
        return _page(HTTPStatus.SERVICE_UNAVAILABLE, "silent")
    except (ServiceProblem, NotFound) as error:
        if isinstance(error, ServiceProblem) and error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _page(HTTPStatus.SERVICE_UNAVAILABLE, "silent")
        return _page(HTTPStatus.NOT_FOUND, "not_ours")
    given = "".join(request.args.get("fingerprint", "").split()).lower()[:_FINGERPRINT_LENGTH]
    return _page(HTTPStatus.OK, "ours", found=found, given=given, same=given == found["fingerprint"])


def _page(status: int, state: str, **values: Any) -> Response:
    response = make_response(render_page("check.html", state=state, **values), status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
