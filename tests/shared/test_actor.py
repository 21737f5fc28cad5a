"""The signed actor: nobody else can make one, and it does not live long."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from shared.actor import Actor, ActorRejected, ActorSigner, ActorVerifier, new_key_pair
from tests.support.clock import StandingClock

PATIENT = UUID("0197d000-0000-7000-8000-000000000001")
PRIVATE, PUBLIC = new_key_pair()
ACTOR = Actor(
    subject="account:one",
    roles=("patient",),
    patient_id=PATIENT,
    scopes=("see", "pay"),
    campus="main",
    wards=("CARD1",),
    request_id="r1",
)


def test_what_the_gateway_signs_is_what_the_service_reads(clock: StandingClock) -> None:
    token = ActorSigner(PRIVATE).sign(ACTOR, clock())
    assert ActorVerifier(PUBLIC).verify(token, clock()) == ACTOR


@pytest.mark.parametrize(("seconds", "accepted"), [(60, True), (66, False), (3600, False), (-10, False)])
def test_a_token_lives_a_minute(clock: StandingClock, seconds: int, accepted: bool) -> None:
    token = ActorSigner(PRIVATE).sign(ACTOR, clock())
    clock.advance(seconds=seconds)
    if accepted:
        assert ActorVerifier(PUBLIC).verify(token, clock()) == ACTOR
    else:
        with pytest.raises(ActorRejected):
            ActorVerifier(PUBLIC).verify(token, clock())


def test_another_key_does_not_open(clock: StandingClock) -> None:
    forged = ActorSigner(new_key_pair()[0]).sign(ACTOR, clock())
    with pytest.raises(ActorRejected):
        ActorVerifier(PUBLIC).verify(forged, clock())


def test_a_token_signed_with_the_public_key_as_a_shared_secret_does_not_open(clock: StandingClock) -> None:
    good = ActorSigner(PRIVATE).sign(ACTOR, clock())
    payload = jws.extract_compact(good.encode()).payload
    forged = jws.serialize_compact({"alg": "HS256"}, payload, OctKey.import_key(PUBLIC), algorithms=["HS256"])
    with pytest.raises(ActorRejected):
        ActorVerifier(PUBLIC).verify(forged, clock())


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 30, "..", json.dumps({"sub": "account:one"})])
def test_what_is_no_token_is_rejected(clock: StandingClock, token: str) -> None:
    with pytest.raises(ActorRejected):
        ActorVerifier(PUBLIC).verify(token, clock())


def test_rights_cover_one_patient_and_the_granted_scopes_only() -> None:
    assert ACTOR.acts_for(PATIENT, "pay")
    assert not ACTOR.acts_for(PATIENT, "sign")
    assert not ACTOR.acts_for(UUID(int=2))
    assert not Actor(subject="account:two", roles=("patient",)).acts_for(None)
    assert ACTOR.has("nurse", "patient")
    assert not ACTOR.has("nurse")
    assert not ACTOR.has()
