"""Tables of meals: the replicas of patients and of their stays, fed by what records tells."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.domain import surviving
from shared.actor import Actor
from shared.database import UnitOfWork, UtcDateTime, toolbox_of

metadata = sa.MetaData()
toolbox = toolbox_of(metadata)

patients = sa.Table(
    "patients",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("mrn", sa.String(12), nullable=False, index=True),
    sa.Column("sex", sa.String(10)),
    sa.Column("birth_on", sa.Date),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("name_masked", sa.String(80)),
)

merges = sa.Table(
    "merges",
    metadata,
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True),
    sa.Column("merged_into", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
)
"""A row says that a record has ended in another one; ids elsewhere stay as they are and are resolved on read."""

stays = sa.Table(
    "stays",
    metadata,
    sa.Column("encounter_id", sa.Uuid, primary_key=True),
    sa.Column("patient_id", sa.Uuid, nullable=False, index=True),
    sa.Column("encounter_class", sa.String(4), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("campus_code", sa.String(80)),
    sa.Column("ward_id", sa.Uuid, index=True),
    sa.Column("ward_code", sa.String(80)),
    sa.Column("ward_zh", sa.String(200)),
    sa.Column("ward_en", sa.String(200)),
    sa.Column("bed_id", sa.Uuid),
    sa.Column("bed_label", sa.String(80)),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("version", sa.Integer, nullable=False),
)
"""Who lies where, as the news with the highest version says; the patient may not be known here yet."""


def add_patient(
    uow: UnitOfWork,
    *,
    patient_id: UUID,
    mrn: str,
    sex: str | None,
    birth_on: date | None,
    verified: bool,
    name_masked: str | None,
) -> bool:
    """Whether the patient was new; one who is known stays as they are."""
    known = {"id": patient_id, "mrn": mrn, "sex": sex, "birth_on": birth_on}
    row = {**known, "verified": verified, "name_masked": name_masked}
    return bool(uow.insert_once(patients, [row], returning=[patients.c.id]))


def set_verified(
    uow: UnitOfWork, patient_id: UUID, *, sex: str | None, birth_on: date | None, name_masked: str | None
) -> None:
    """What stands in the patient's document."""
    seen = {"sex": sex, "birth_on": birth_on, "verified": True, "name_masked": name_masked}
    uow.session.execute(patients.update().where(patients.c.id == patient_id).values(seen))


def known_patients(uow: UnitOfWork, ids: list[UUID]) -> set[UUID]:
    """Which of these patients meals has heard of."""
    return set(uow.session.scalars(sa.select(patients.c.id).where(patients.c.id.in_(ids))))


def add_merge(uow: UnitOfWork, patient_id: UUID, merged_into: UUID) -> None:
    """Write down that a record has ended; said again, nothing changes."""
    row = {"patient_id": patient_id, "merged_into": merged_into}
    uow.insert_once(merges, [row], returning=[merges.c.patient_id])


def keep_stay(uow: UnitOfWork, row: dict[str, Any]) -> bool:
    """Keep the state of a stay unless a newer one is known; gives whether it was kept."""
    if uow.insert_once(stays, [row], returning=[stays.c.encounter_id]):
        return True
    older = sa.and_(stays.c.encounter_id == row["encounter_id"], stays.c.version < row["version"])
    changed = uow.session.execute(stays.update().where(older).values(row).returning(stays.c.encounter_id))
    return changed.first() is not None


def surviving_patient(uow: UnitOfWork, patient_id: UUID) -> UUID:
    """The record in which a person goes on; itself unless it was merged."""
    steps: dict[UUID, UUID] = {}
    at = patient_id
    while at not in steps:
        next_ = uow.session.scalar(sa.select(merges.c.merged_into).where(merges.c.patient_id == at))
        if next_ is None:
            break
        steps[at] = next_
        at = next_
    return surviving(patient_id, steps)


def acts_for(uow: UnitOfWork, actor: Actor, patient_id: UUID, scope: str = "see") -> bool:
    """Whether the actor acts for this person, under whichever record either of them is known."""
    own = actor.patient_id
    if own is None or not actor.acts_for(own, scope):
        return False
    return surviving_patient(uow, own) == surviving_patient(uow, patient_id)
