"""Photos, stays and requests for copies, in short: every step through the use cases or the HTTP door."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from PIL import Image

from services.records import queries
from services.records.domain import Patient
from services.records.domain.copies import CopyRequest, Delivery
from services.records.domain.copy_papers import CONSENTS, PAPERS, ApplicantKind, Paper
from services.records.usecases import copies
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.door import Door
from shared.errors import DomainError
from shared.photos import Photo, read_photo
from shared.sealing import Sealer
from tests.records.people import SEALER, do, everything, facts, register, traveller
from tests.records.stays import admit, bed, discharge

BILLING = Actor(subject="system:billing", roles=("service",))
OFFICER = Actor(subject="staff:records", roles=("records_officer",))
SECOND_OFFICER = Actor(subject="staff:records-two", roles=("records_officer",))
ADDRESS = {
    "name": "王建国",
    "phone": "19900000001",
    "province": "32",
    "city": "徐州市泉山区",
    "street": "和平路 1 号 2 单元",
}
ELSEWHERE = {**ADDRESS, "province": "14"}
PARTS = ["FRONT_SHEET", "DISCHARGE", "ORDERS", "FEES"]
LONG_AGO = timedelta(days=30)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 400), *, colour: Any = (200, 210, 220), **options: Any
) -> bytes:
    """The bytes of a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def photo(**options: Any) -> Photo:
    """A picture as the door gives it to the use case."""
    return read_photo(picture(**options))


def stay_of(door: Door, patient_id: UUID, *, clock: Any = None, days: timedelta = LONG_AGO) -> UUID:
    """A stay of three days that ended so long ago."""
    now = door.clock()
    stay = admit(door, patient_id, bed("07"), at=now - days - timedelta(days=3))
    return discharge(door, stay.id, at=now - days).id


def father_and_son(door: Door) -> tuple[Patient, Patient]:
    """Wang Jianguo, 70, and a grown-up with a passport who acts for him."""
    return register(door), register(door, traveller())


def start(door: Door, actor: Actor, encounter_id: UUID, kind: ApplicantKind = ApplicantKind.PATIENT) -> CopyRequest:
    """A draft."""
    made: CopyRequest = do(door, copies.start_copy_request, actor=actor, encounter_id=encounter_id, applicant_kind=kind)
    return made


def send_photo(
    door: Door, actor: Actor, request_id: UUID, kind: str, *, sealer: Sealer = SEALER, **options: Any
) -> Paper:
    """Keep one photo."""
    made = photo(**options)
    kept: Paper = do(
        door,
        copies.keep_copy_paper,
        actor=actor,
        sealer=sealer,
        content=made.content,
        width=made.width,
        height=made.height,
        request_id=request_id,
        kind=kind,
        digest=uuid4().hex,
    )
    return kept


def filled(
    door: Door,
    actor: Actor,
    encounter_id: UUID,
    *,
    agent: Actor | None = None,
    address: dict[str, str] | None = None,
    number: int = 1,
    sealer: Sealer = SEALER,
) -> CopyRequest:
    """A draft in which nothing is missing; with `agent`, that person applies for the patient."""
    kind = ApplicantKind.AGENT if agent else ApplicantKind.PATIENT
    draft = start(door, actor, encounter_id, kind)
    of = {"actor": actor, "request_id": draft.id}
    if agent:
        do(door, copies.name_agent, actor=agent, request_id=draft.id)
    do(door, copies.choose_copy_contents, **of, purpose="REIMBURSEMENT", parts=PARTS, copies=number)
    do(
        door,
        copies.choose_copy_delivery,
        **of,
        sealer=sealer,
        delivery=Delivery.POST if address else Delivery.PICK_UP,
        address=address,
    )
    if agent:
        do(door, copies.sign_mandate, **of, valid_until=door.clock().date() + timedelta(days=30), text_version=1)
    for each in PAPERS[kind]:
        send_photo(door, actor, draft.id, each, sealer=sealer)
    return draft


def price(door: Door, request: CopyRequest, sealer: Sealer = SEALER) -> int:
    """What the draft costs today, in fen."""
    with door.database.read() as uow:
        row = queries.get_copy_request(uow, actor=OFFICER, now=door.clock(), sealer=sealer, request_id=request.id)
        return int(row["price"]["amount_fen"])


def submit(door: Door, actor: Actor, request: CopyRequest, sealer: Sealer = SEALER, **changes: Any) -> CopyRequest:
    """Send a draft off at its price."""
    arguments = {"amount_fen": price(door, request, sealer), "consents": dict(CONSENTS), **changes}
    sent: CopyRequest = do(door, copies.submit_copy_request, actor=actor, request_id=request.id, **arguments)
    return sent


def pay(door: Door, request: CopyRequest, *, kind: str = "copy_request", amount_fen: int = 2250) -> None:
    """Billing tells that a bill for copies is paid."""
    hear(door, copies.note_payment, billed_kind=kind, billed_id=request.id, amount_fen=amount_fen)


def hear(door: Door, use_case: Any, **data: Any) -> None:
    """A fact arrives from billing."""
    with door.database.write() as uow, uow.savepoint():
        use_case(uow, data=data, actor=BILLING, now=door.clock())


def in_review(door: Door, actor: Actor, encounter_id: UUID, **options: Any) -> CopyRequest:
    """A paid request that waits for an officer."""
    draft = filled(door, actor, encounter_id, **options)
    request = submit(door, actor, draft, options.get("sealer", SEALER))
    pay(door, request)
    return request


def approved(door: Door, actor: Actor, encounter_id: UUID, **options: Any) -> CopyRequest:
    """A request whose packet is being made."""
    request = in_review(door, actor, encounter_id, **options)
    do(door, copies.approve_copy_request, actor=OFFICER, request_id=request.id, round_=1)
    return request


def by_office(door: Door, use_case: Any, request: CopyRequest, **arguments: Any) -> CopyRequest:
    """Something that records does by itself with the copies."""
    with door.database.write() as uow, uow.savepoint():
        moved: CopyRequest = use_case(uow, request.id, actor=OFFICER, now=door.clock(), **arguments)
        return moved


def now_of(door: Door, request: CopyRequest) -> CopyRequest:
    """The request as it is in the database."""
    with door.database.read() as uow:
        found = uow.session.get(CopyRequest, request.id)
        assert found is not None
        assert found.steps is not None
        uow.session.expunge_all()
        return found


def papers(door: Door, request: CopyRequest) -> list[Paper]:
    """Every photo ever sent for a request, in the order of sending."""

    def read(uow: UnitOfWork) -> list[Paper]:
        query = sa.select(Paper).where(Paper.request_id == request.id)  # type: ignore[arg-type]
        return sorted(uow.session.scalars(query), key=lambda each: (each.uploaded_at, each.kind))

    with door.database.read() as uow:
        return read(uow)


def says_no(door: Door, refusal: type[DomainError], use_case: Any, **arguments: Any) -> DomainError:
    """It says no, and nothing has changed."""
    before = everything(door)
    with pytest.raises(refusal) as caught:
        do(door, use_case, **arguments)
    assert everything(door) == before
    return caught.value


def copy_facts(door: Door) -> list[str]:
    return [each["type"].split(".")[1].removeprefix("copy_request_") for each in facts(door) if "copy" in each["type"]]


def acts(door: Door, request: Any) -> list[str]:
    return [each.act for each in now_of(door, request).steps]
