"""What the gateway asks of records about copies. Amounts are given in fen; photos travel as they are."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from uuid import UUID

from gateway.clients.calls import Calls, Document, path_of
from shared import money
from shared.actor import Actor

Id = UUID | str


class CopiesClient(Calls):
    """Requests for copies of records: filled in on a phone, reviewed by the records office."""

    def catalogue(self, actor: Actor) -> Document:
        """Parts, purposes, papers, reasons, regions, prices and times."""
        return self._get(actor, "copy-catalogue")

    def stays(self, actor: Actor, patient_id: Id) -> list[Document]:
        """A person's inpatient stays, each with whether it can be copied."""
        return self._items(actor, "copyable-stays", patient_id=patient_id)

    def requests(self, actor: Actor, patient_id: Id) -> list[Document]:
        """Requests for a person's record, and those the person has made for others."""
        return self._items(actor, "copy-requests", patient_id=patient_id)

    def reviews(self, actor: Actor, state: str | None = None) -> Document:
        """What the records office works on: {items, counts}."""
        return self._get(actor, "copy-reviews", state=state)

    def request(self, actor: Actor, request_id: Id) -> Document:
        """One request with everything about it."""
        return self._get(actor, "copy-requests", request_id)

    def start(self, actor: Actor, *, key: str, encounter_id: Id, applicant_kind: str) -> Document:
        """Begin a request, or go on with the draft that is kept."""
        return self._post(
            actor, "copy-requests", key=key, encounter_id=str(encounter_id), applicant_kind=applicant_kind
        )

    def act(self, actor: Actor, request_id: Id, act: str, *, key: str, **body: Any) -> Document:
        """A step of a request: agent, contents, delivery, mandate, supplement, withdrawal, objection, approval, …"""
        return self._post(actor, "copy-requests", request_id, act, key=key, **body)

    def submit(self, actor: Actor, request_id: Id, *, key: str, amount_fen: int, consents: dict[str, int]) -> Document:
        """Send the request off at the price that was shown."""
        amount = {"amount": money.to_amount(amount_fen), "currency": money.CURRENCY}
        return self._post(actor, "copy-requests", request_id, "submission", key=key, amount=amount, consents=consents)

    def keep_photo(self, actor: Actor, request_id: Id, kind: str, content: bytes, *, key: str) -> Document:
        """Send a photo as it came from the phone."""
        path = path_of("copy-requests", request_id, "papers", kind)
        kept: Document = self._service.post_bytes(path, actor, key=key, content=content)
        return kept

    def photo(self, actor: Actor, request_id: Id, paper_id: Id) -> bytes:
        """A photo with its watermark, as JPEG; the look is written down."""
        found = self._get(actor, "copy-requests", request_id, "papers", paper_id, "picture")
        return b64decode(found["content"])

    def tracking(self, actor: Actor, request_id: Id) -> Document:
        """Where the copies are: parcels with their events, and the pick-up code for who applies."""
        return self._get(actor, "copy-requests", request_id, "tracking")

    def packet(self, actor: Actor, request_id: Id) -> Document:
        """How far the packet is."""
        return self._get(actor, "copy-requests", request_id, "packet")

    def packet_to_print(self, actor: Actor, request_id: Id) -> bytes:
        """The packet as PDF; each print is written down."""
        return b64decode(self._get(actor, "copy-requests", request_id, "packet", "print")["content"])

    def parcel_act(self, actor: Actor, request_id: Id, *act: str, key: str, **body: Any) -> Document:
        """A step of the packet or the parcel: shipments, second-postage, hand-out, packet/another-try, …"""
        return self._post(actor, "copy-requests", request_id, *act, key=key, **body)

    def find_pickup(self, actor: Actor, *, key: str, code: str) -> Document:
        """The request whose copies wait under a code."""
        return self._post(actor, "copy-pickups", key=key, code=code)

    def check_packet(self, actor: Actor, code: str) -> Document:
        """What anybody may know of a packet whose code they bring."""
        return self._get(actor, "packets", code, "check")

    def disclosures(self, actor: Actor, patient_id: Id) -> list[Document]:
        """What of a person's record left the hospital."""
        return self._items(actor, "patients", patient_id, "disclosures")
