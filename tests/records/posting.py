"""Records and the courier together, each with its own books, in one process and without a socket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from services.records import queries
from services.records.domain import Patient
from services.records.domain.copies import CopyRequest
from services.records.domain.shipment import Shipment
from services.records.providers import Outside, ParcelCourier
from services.records.providers.courier import signature
from services.records.store import packets
from services.records.timers import TIMERS
from services.records.usecases import shipments
from shared.actor import Actor
from shared.database import Database
from shared.door import Door
from shared.service import Service
from shared.settings import Settings
from shared.timers import IntentTimer
from shared.web import ACTOR_HEADER, create_app
from simulators.courier.app import create_app as create_courier
from simulators.courier.moods import Mood, choose
from tests.records.copying import ADDRESS, OFFICER, approved, father_and_son, now_of, stay_of
from tests.records.packing import QuickPress, make_packet, press
from tests.records.people import SEALER, do
from tests.support.callers import SIGNER, patient
from tests.support.clock import StandingClock
from tests.support.in_process import InProcessAdapter, in_process_session

[ASK_COURIER] = [each for each in TIMERS if isinstance(each, IntentTimer)]


@dataclass
class Post:
    """Records, the courier and the gateway's door between them; Wang Jianguo's copies lie ready to be posted."""

    door: Door
    records: Flask
    courier: Flask
    clock: StandingClock
    network: InProcessAdapter
    outside: Outside
    father: Patient
    request: CopyRequest
    secret: str

    @property
    def owner(self) -> Actor:
        """Who has applied."""
        return patient(self.father.id)

    def turn(self) -> None:
        """Let both clocks do what is due."""
        ASK_COURIER.fire(self.door.database, self.clock, self.outside)
        self.courier.extensions["courier.deliveries"].work()

    def later(self, **duration: float) -> None:
        """Time passes, and what is due is done."""
        self.clock.advance(**duration)
        self.turn()

    def start(self) -> Shipment:
        """The officer asks for a label."""
        made: Shipment = do(self.door, shipments.start_shipment, actor=OFFICER, request_id=self.request.id)
        return made

    def shipment(self) -> Shipment:
        """The last parcel as it is in the database."""
        query = sa.select(Shipment).where(packets.shipments.c.request_id == self.request.id)
        with self.door.database.read() as uow:
            found = uow.session.scalars(query.order_by(packets.shipments.c.number.desc())).first()
            assert found is not None
            uow.session.expunge_all()
            return found

    def state(self) -> tuple[str, str]:
        """The state of the last parcel, and of the request."""
        return self.shipment().state, now_of(self.door, self.request).state

    def tap(self, *states: str) -> None:
        """A person at the courier moves the last parcel on; the hospital is told at once."""
        number = self.shipment().tracking_number
        for state in states:
            answer = self.courier.test_client().post(f"/parcels/{number}", data={"state": state})
            assert answer.status_code == 303, state
            self.courier.extensions["courier.deliveries"].work()

    def mood(self, mood: Mood, calls: int = 1) -> None:
        """How the courier's next calls or notices go."""
        choose(self.courier.extensions["courier.books"], mood, calls)

    def parcels(self) -> list[dict[str, Any]]:
        """All parcels in the courier's books."""
        found: list[dict[str, Any]] = self.courier.extensions["courier.books"].all("SELECT * FROM parcels")
        return found

    def notice(self, body: bytes, *, secret: str | None = None, at: int | None = None) -> TestResponse:
        """A notice as the gateway hands it on, signed by whoever knows `secret`."""
        timestamp = str(at or int(self.clock().timestamp()))
        headers = {
            "Courier-Timestamp": timestamp,
            "Courier-Nonce": "n",
            "Courier-Signature": signature((secret or self.secret).encode(), timestamp, "n", body),
            "Idempotency-Key": "notice-of-a-test",
        }
        return _as_gateway(self.records, self.clock, headers, body)

    def body(self, *states: str, reference: UUID | None = None) -> bytes:
        """What the courier would say of the last parcel."""
        shipment = self.shipment()
        events = [
            {"number": number, "state": state, "at": "2026-11-23T03:00:00Z"} for number, state in enumerate(states, 1)
        ]
        number = shipment.tracking_number or "EX329900012CN"
        parcel = {"sender_reference": str(reference or shipment.id), "tracking_number": number, "events": events}
        return json.dumps(parcel).encode()

    def tracking(self, actor: Actor) -> dict[str, Any]:
        """What somebody is told about the way of the copies."""
        with self.door.database.read() as uow:
            return queries.track_copies(uow, actor=actor, now=self.clock(), request_id=self.request.id)


def returned(post: Post) -> None:
    """The parcel came back to the records office."""
    post.start()
    post.turn()
    post.tap("picked_up", "on_the_way", "returning", "returned")


def _as_gateway(records: Flask, clock: StandingClock, headers: dict[str, str], body: bytes) -> TestResponse:
    nobody = Actor(subject="public", roles=("public",))
    signed = {ACTOR_HEADER: SIGNER.sign(nobody, clock()), "Content-Type": "application/json", **headers}
    return records.test_client().post("/v1/callbacks/courier", data=body, headers=signed)


def open_post(service: Service, database: Database, settings: Settings, clock: StandingClock) -> Post:
    """Everything up to the packed envelope."""
    door = Door(database, clock)
    father, _ = father_and_son(door)
    request = approved(door, patient(father.id), stay_of(door, father.id), address=ADDRESS)
    make_packet(door, press=QuickPress())
    network = InProcessAdapter({})
    session = in_process_session(network)
    courier = create_courier(settings, clock=clock, session=session, pause=lambda _seconds: None, in_background=False)
    secret = settings.secrets["courier_secret"]
    provider = ParcelCourier(
        settings.url("courier"),
        secret=secret,
        site=settings.url("gateway"),
        sealer=SEALER,
        session=session,
        clock=clock,
    )
    outside = Outside(press=press(), courier=provider)
    records = create_app(service, settings, database=database, clock=clock)
    records.extensions["anxin.outside"] = outside
    gateway = Flask("gateway")
    _add_callback(gateway, records, clock)
    network.applications.update({settings.url("courier"): courier, settings.url("gateway"): gateway})
    return Post(door, records, courier, clock, network, outside, father, request, secret)


def _add_callback(gateway: Flask, records: Flask, clock: StandingClock) -> None:
    @gateway.post("/callbacks/courier")
    def hand_on() -> Any:
        from flask import request

        kept = ("Courier-", "Idempotency-Key")
        headers = {name: value for name, value in request.headers if name.startswith(kept)}
        answer = _as_gateway(records, clock, headers, request.get_data())
        return answer.get_data(), answer.status_code
