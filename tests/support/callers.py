"""Callers of a service's HTTP door, signed as the gateway would."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.actor import Actor, ActorSigner, new_key_pair
from shared.clock import Clock
from shared.web import ACTOR_HEADER

PRIVATE_KEY, PUBLIC_KEY = new_key_pair()
SIGNER = ActorSigner(PRIVATE_KEY)

FRONT_DESK = Actor(subject="staff:front-desk", roles=("front_desk",))


def patient(patient_id: uuid.UUID, *scopes: str, account: str = "account:one") -> Actor:
    """The account holder who acts for this patient, by default with every scope."""
    return Actor(subject=account, roles=("patient",), patient_id=patient_id, scopes=scopes or ("see", "pay", "sign"))


@dataclass
class Caller:
    """Somebody who calls a service: `caller.post(path, {...})` with a fresh idempotency key unless one is given."""

    http: FlaskClient
    actor: Actor
    clock: Clock

    def _headers(self) -> dict[str, str]:
        return {ACTOR_HEADER: SIGNER.sign(self.actor, self.clock())}

    def get(self, path: str, **query: Any) -> TestResponse:
        """A signed GET."""
        return self.http.get(path, query_string=query, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        """A signed POST; bytes are sent as a picture."""
        headers = {**self._headers(), "Idempotency-Key": key or uuid.uuid4().hex}
        if isinstance(body, bytes):
            return self.http.post(path, data=body, content_type="image/jpeg", headers=headers)
        return self.http.post(path, json={} if body is None else body, headers=headers)
