"""The courier: labels, tracking and cancellation over HTTP, and its signed notices.

HMAC-SHA256 with the shared secret, in lower-case hex, over the lines named below, each ended by a line feed. Requests:
method, path, timestamp, nonce, body. Answers and notices: timestamp, nonce, body. The headers are `Courier-Timestamp`
(Unix seconds), `Courier-Nonce` and `Courier-Signature`; more than five minutes off is stale. What cannot be verified or
read is no answer: the outcome is unknown and will be asked about.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import requests

from services.records.domain.addresses import PostalAddress
from services.records.domain.shipment import (
    COURIERS,
    Ask,
    CourierAnswer,
    CourierNoticeForged,
    CourierNoticeMalformed,
    CourierNoticeStale,
    Happened,
    Outcome,
    ShipmentIntent,
    ShipmentState,
)
from shared.client import pooled_session
from shared.clock import Clock, from_iso, utc_now
from shared.sealing import Sealer

FRESH_SECONDS = 300
TIMEOUT_SECONDS = (1.0, 4.0)
_OK = range(200, 300)
_NOTHING_DONE = frozenset({400, 403, 409, 413, 415, 422})
"""Statuses by which the courier says that it did not do what was asked for."""
_MOST_EVENTS = 500


class Courier(Protocol):
    """What records needs of a courier. No call raises for what the other side does: no clear answer is `unknown`."""

    def answer(self, intent: ShipmentIntent) -> CourierAnswer:
        """Carry a question to the courier; what may have been said before is asked about first."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[UUID, CourierAnswer]:
        """Verify and read what the courier tells by itself."""
        ...


class Unclear(Exception):
    """No answer, or none that can be verified and read."""


class ParcelCourier:
    """The courier at this address. `site` is the hospital's public address, for notices; `sealer` opens addresses."""

    def __init__(
        self,
        address: str,
        *,
        secret: str,
        site: str,
        sealer: Sealer,
        session: requests.Session | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._address, self._site, self._sealer = address, site, sealer
        self._secret = secret.encode()
        self._session = session or pooled_session(4)
        self._clock = clock

    def answer(self, intent: ShipmentIntent) -> CourierAnswer:
        """A label is asked for under the parcel's own id, so that the same parcel is never labelled twice."""
        path = f"/api/parcels/{intent.shipment_id}"
        if intent.asks is Ask.CANCEL:
            return self._ask("POST", f"{path}/cancellation", b"{}")
        if intent.asks is Ask.TRACK:
            return self._ask("GET", path)
        if intent.ask_first:
            known = self._ask("GET", path)
            if known.outcome is not Outcome.NOT_FOUND:
                return known
        return self._ask("POST", "/api/parcels", self._label(intent))

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[UUID, CourierAnswer]:
        """Raises CourierNoticeForged, CourierNoticeStale or CourierNoticeMalformed."""
        self._check_signature(headers, body, now)
        try:
            parcel = json.loads(body)
            return UUID(parcel["sender_reference"]), _read(parcel)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CourierNoticeMalformed from error

    def _label(self, intent: ShipmentIntent) -> bytes:
        if intent.address is None:
            raise LookupError("a parcel without an address")
        to = PostalAddress.from_text(self._sealer.open(intent.address))
        receiver = {"name": to.name, "phone": to.phone, "province": to.province, "city": to.city, "street": to.street}
        body = {
            "sender_reference": str(intent.shipment_id),
            "receiver": receiver,
            "content": "文件",
            "notify_url": f"{self._site}/callbacks/courier",
        }
        return json.dumps(body, ensure_ascii=False).encode()

    def _ask(self, method: str, path: str, body: bytes = b"") -> CourierAnswer:
        try:
            status, document = self._send(method, path, body)
            if status in _OK:
                return _read(document)
            problem = str(document["code"])[:80]
        except (Unclear, ValueError, KeyError, TypeError) as error:
            text = str(error) if isinstance(error, Unclear) else "courier_unreadable"
            return CourierAnswer(outcome=Outcome.UNKNOWN, problem=text)
        if problem == "parcel_not_found":
            return CourierAnswer(outcome=Outcome.NOT_FOUND, problem=problem)
        refused = status in _NOTHING_DONE and method == "POST"
        return CourierAnswer(outcome=Outcome.REFUSED if refused else Outcome.UNKNOWN, problem=problem)

    def _send(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """One signed request. Raises Unclear when no verified JSON object comes back in time."""
        timestamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "Courier-Timestamp": timestamp,
            "Courier-Nonce": nonce,
            "Courier-Signature": signature(self._secret, method, path, timestamp, nonce, body),
        }
        try:
            response = self._session.request(
                method, self._address + path, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
            self._check_signature(response.headers, response.content, self._clock())
            document = json.loads(response.content)
        except requests.RequestException as error:
            raise Unclear("courier_silent") from error
        except (CourierNoticeForged, CourierNoticeStale, ValueError) as error:
            raise Unclear("courier_unreadable") from error
        if not isinstance(document, dict):
            raise Unclear("courier_unreadable")
        return response.status_code, document

    def _check_signature(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        timestamp, nonce = headers.get("Courier-Timestamp", ""), headers.get("Courier-Nonce", "")
        given = headers.get("Courier-Signature", "")
        if not given.isascii() or not hmac.compare_digest(given, signature(self._secret, timestamp, nonce, body)):
            raise CourierNoticeForged
        if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp)) > FRESH_SECONDS:
            raise CourierNoticeStale


def signature(secret: bytes, *lines: str | bytes) -> str:
    """HMAC-SHA256 in hex over the lines, each ended by a line feed."""
    message = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def _read(parcel: dict[str, Any]) -> CourierAnswer:
    """The courier's parcel in our words. Raises ValueError, KeyError or TypeError for what makes no sense."""
    number = parcel["tracking_number"]
    if not isinstance(number, str) or not 0 < len(number) <= 40 or not number.isascii():  # noqa: PLR2004
        raise ValueError("a tracking number is missing or too long")
    if not 0 < len(parcel["events"]) <= _MOST_EVENTS:
        raise ValueError("a parcel without events, or with too many")
    return CourierAnswer(
        outcome=Outcome.KNOWN, tracking_number=number, events=tuple(_event(each) for each in parcel["events"])
    )


def _event(event: dict[str, Any]) -> Happened:
    number, state = event["number"], ShipmentState(event["state"])
    if type(number) is not int or number < 1 or state not in COURIERS:
        raise ValueError("an event that no courier tells")
    return Happened(number=number, state=state, at=from_iso(event["at"]))
