"""Who asks: the gateway signs it for a minute at most, every service checks it and keeps no copy of any grant."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

LIFETIME_SECONDS = 60
_ALGORITHM = "Ed25519"
_LEEWAY_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person or system behind a request, and the one patient they act for.

    `subject` is an account, staff or system id ("account:…", "staff:…", "system:billing"); `scopes` of a proxy are
    see, pay, sign. `request_id` goes through HTTP, events and logs, so one tap on a phone can be followed everywhere.
    """

    subject: str
    roles: tuple[str, ...] = ()
    patient_id: UUID | None = None
    scopes: tuple[str, ...] = ()
    campus: str | None = None
    wards: tuple[str, ...] = ()
    request_id: str = field(default_factory=lambda: secrets.token_hex(8))

    def has(self, *roles: str) -> bool:
        """Whether the actor has one of these roles."""
        return not set(roles).isdisjoint(self.roles)

    def acts_for(self, patient_id: UUID | None, scope: str = "see") -> bool:
        """Whether a patient's own or proxy rights cover this patient and scope. Says nothing about staff roles."""
        return self.patient_id is not None and self.patient_id == patient_id and scope in self.scopes

    @staticmethod
    def system(service: str, request_id: str = "") -> Actor:
        """The actor of a timer or a consumer of this service."""
        return Actor(subject=f"system:{service}", roles=("service",), request_id=request_id or secrets.token_hex(8))

    def with_request(self, request_id: str) -> Actor:
        """The same actor under another request id."""
        return replace(self, request_id=request_id)


class ActorRejected(Exception):
    """The header is missing, forged, stale or malformed."""


def new_key_pair() -> tuple[str, str]:
    """A private and a public Ed25519 key as JWK JSON text, for the gateway and for the services."""
    key = OKPKey.generate_key("Ed25519")
    return json.dumps(key.as_dict(private=True)), json.dumps(key.as_dict(private=False))


class ActorSigner:
    """Signs actors with the gateway's private key (EdDSA, RFC 8037)."""

    def __init__(self, private_key: str) -> None:
        self._key = OKPKey.import_key(json.loads(private_key))

    def sign(self, actor: Actor, now: datetime) -> str:
        """A compact JWS, good for 60 seconds from `now`."""
        claims = {
            "sub": actor.subject,
            "roles": actor.roles,
            "pat": str(actor.patient_id) if actor.patient_id else None,
            "scp": actor.scopes,
            "campus": actor.campus,
            "wards": actor.wards,
            "rid": actor.request_id,
            "exp": int(now.timestamp()) + LIFETIME_SECONDS,
        }
        payload = json.dumps(claims, separators=(",", ":"))
        return jws.serialize_compact({"alg": _ALGORITHM}, payload, self._key, algorithms=[_ALGORITHM])


class ActorVerifier:
    """Checks signed actors with the gateway's public key."""

    def __init__(self, public_key: str) -> None:
        self._key = OKPKey.import_key(json.loads(public_key))

    def verify(self, token: str, now: datetime) -> Actor:
        """The actor behind a token, or ActorRejected. A token that claims a longer life than 60 s is rejected too."""
        try:
            claims: dict[str, Any] = json.loads(
                jws.deserialize_compact(token, self._key, algorithms=[_ALGORITHM]).payload
            )
            left = int(claims["exp"]) - now.timestamp()
            patient = claims["pat"]
            actor = Actor(
                subject=claims["sub"],
                roles=tuple(claims["roles"]),
                patient_id=UUID(patient) if patient else None,
                scopes=tuple(claims["scp"]),
                campus=claims["campus"],
                wards=tuple(claims["wards"]),
                request_id=claims["rid"],
            )
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ActorRejected("the actor's signature or form is wrong") from error
        if not -_LEEWAY_SECONDS < left <= LIFETIME_SECONDS + _LEEWAY_SECONDS:
            raise ActorRejected("the actor's token is stale")
        return actor
