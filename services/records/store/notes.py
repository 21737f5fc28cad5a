"""What is noted beside persons: messages of other systems that were taken, and link codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain import LinkCode, LinkTries
from services.records.store.tables import link_codes, link_tries, messages, patients
from shared.database import UnitOfWork


def taken_message(uow: UnitOfWork, sender: str, control_id: str) -> sa.Row[str, UUID, str] | None:
    """The message of this sender under this control id, with the MRN of its patient, if it was taken."""
    query = sa.select(messages.c.digest, messages.c.patient_id, patients.c.mrn).join(patients)
    return uow.session.execute(
        query.where(messages.c.sender == sender, messages.c.control_id == control_id)
    ).one_or_none()


def add_message(uow: UnitOfWork, **row: Any) -> None:
    """Write down that a message was taken."""
    uow.session.flush()
    uow.insert(messages, [row])


def withdraw_open_code(uow: UnitOfWork, patient_id: UUID, now: datetime) -> None:
    """End the code of this patient that nobody has used."""
    query = sa.select(LinkCode).where(
        link_codes.c.patient_id == patient_id, link_codes.c.redeemed_at.is_(None), link_codes.c.withdrawn_at.is_(None)
    )
    for code in uow.session.scalars(query.with_for_update()):
        code.withdraw(now)
    uow.session.flush()


def lock_code(uow: UnitOfWork, fingerprint: str) -> LinkCode | None:
    """The code with this fingerprint, locked."""
    return uow.session.scalar(sa.select(LinkCode).where(link_codes.c.fingerprint == fingerprint).with_for_update())


def lock_tries(uow: UnitOfWork, subject: str) -> LinkTries:
    """How often this account has tried wrong codes, locked; a new row when it never did."""
    uow.insert_once(link_tries, [{"subject": subject, "wrong": 0}], returning=[link_tries.c.subject])
    return uow.session.scalars(sa.select(LinkTries).where(link_tries.c.subject == subject).with_for_update()).one()


def delete_old_codes(uow: UnitOfWork, *, before: datetime, limit: int) -> int:
    """Forget codes that ended before an instant."""
    old = list(uow.session.scalars(sa.select(link_codes.c.id).where(link_codes.c.valid_until < before).limit(limit)))
    if old:
        uow.session.execute(link_codes.delete().where(link_codes.c.id.in_(old)))
    return len(old)
