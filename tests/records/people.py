"""Persons to register, and short ways to the use cases of records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from stdnum.cn import ric

from services.records import store, usecases
from services.records.domain import GuardianGiven, Patient, Registration, SentIdentifier, SentMessage, SentPerson
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.door import Door
from shared.sealing import Sealer

ACCOUNT = Actor(subject="account:one", roles=("patient",))
OTHER_ACCOUNT = Actor(subject="account:two", roles=("patient",))
DESK = Actor(subject="staff:front-desk", roles=("front_desk",))
OFFICER = Actor(subject="staff:records", roles=("records_officer",))
SEALER = Sealer("a secret of the tests, long enough to be one")


def resident_number(born: date = date(1956, 3, 8), order: int = 1) -> str:
    """A resident number of nobody: area 329900 was never given out. An odd order is a man's."""
    body = f"329900{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(f"{body}0")


WANG_NUMBER = resident_number()
GUARDIAN = GuardianGiven(name="王建国", document_type="01", document_number=WANG_NUMBER, phone="19900000001")


def wang(**changes: Any) -> Registration:
    """Wang Jianguo, 70, with his resident identity card."""
    members = {"name": "王建国", "document_type": "01", "document_number": WANG_NUMBER, "phone": "19900000001"}
    return Registration(**{**members, **changes})


def traveller(**changes: Any) -> Registration:
    """Somebody with a passport."""
    members = {
        "name": "Donald Duck",
        "document_type": "03",
        "document_number": "GB1234567",
        "birth_on": date(1972, 2, 27),
        "sex": "male",
    }
    return Registration(**{**members, **changes})


def child(**changes: Any) -> Registration:
    """A child of two without a number of its own."""
    members = {"name": "王小宝", "birth_on": date(2024, 5, 6), "sex": "male", "guardian": GUARDIAN}
    return Registration(**{**members, **changes})


def sent(
    value: str = "2216506", *, control_id: str = "1", authority: str = "W", text: str = "", **person: Any
) -> SentMessage:
    """A message of another system about a person."""
    members = {"name": "Donald Duck", "search_key": "donaldduckdonald", "sex": "male", "words": {"sex": "M"}, **person}
    return SentMessage(
        sender="system1|W",
        control_id=control_id,
        kind="ADT^A01",
        text=text or f"{control_id} {value} {person}",
        person=SentPerson(identifiers=(SentIdentifier(authority, value, "MR"),), **members),
    )


def do(door: Door, use_case: Callable[..., Any], *, actor: Actor = ACCOUNT, **arguments: Any) -> Any:
    """Run a use case as a door does: what it raises leaves nothing behind."""
    with door.database.write() as uow, uow.savepoint():
        return use_case(uow, actor=actor, now=door.clock(), **arguments)


def register(door: Door, person: Registration | None = None, *, actor: Actor = ACCOUNT) -> Patient:
    """Register a person, Wang Jianguo by default."""
    patient: Patient = do(door, usecases.register_patient, actor=actor, sealer=SEALER, person=person or wang())
    return patient


def take(door: Door, message: SentMessage | None = None) -> usecases.Taken:
    """Take a message, one about Donald Duck by default."""
    taken: usecases.Taken = do(door, usecases.take_message, sealer=SEALER, message=message or sent())
    return taken


def merge(door: Door, patient_id: UUID, into: UUID, *, actor: Actor = OFFICER) -> Patient:
    """End a record in another one."""
    patient: Patient = do(door, usecases.merge_patients, actor=actor, patient_id=patient_id, into=into)
    return patient


def facts(door: Door) -> list[dict[str, Any]]:
    """Type and data of all facts in the outbox, in order."""

    def all_of(uow: UnitOfWork) -> list[dict[str, Any]]:
        outbox = uow.toolbox.outbox
        envelopes = uow.session.scalars(sa.select(outbox.c.envelope).order_by(outbox.c.position))
        return [{"type": each["type"], **each["data"]} for each in envelopes]

    with door.database.read() as uow:
        return all_of(uow)


def everything(door: Door) -> dict[str, list[Any]]:
    """All rows of records' own tables and of its outbox and access log: to show that nothing has changed."""
    with door.database.read() as uow:
        own = [each for name, each in store.metadata.tables.items() if name not in {"idempotency_keys", "mrn_counts"}]
        return {each.name: sorted(map(repr, uow.session.execute(sa.select(each)))) for each in own}
