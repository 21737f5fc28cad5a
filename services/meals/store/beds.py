"""The codes on the cards of beds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.store.order_tables import bed_codes
from services.meals.store.wards import stays
from shared.database import UnitOfWork

Row = dict[str, Any]


def keep_bed(uow: UnitOfWork, stay: Row, new_code: str) -> None:
    """A bed that was heard of has a code of its own from now on; what it is called follows the news."""
    if stay["bed_id"] is None or stay["ward_id"] is None:
        return
    names = {name: stay[name] for name in ("ward_id", "ward_zh", "ward_en", "bed_label")}
    uow.insert_or_change(
        bed_codes,
        {"bed_id": stay["bed_id"], "bed_code": new_code, **names},
        key=bed_codes.c.bed_id,
        changes=names,
        returning=[bed_codes.c.bed_code],
    )


def find_bed(uow: UnitOfWork, bed_code: str) -> Row | None:
    """The bed whose card carries a code."""
    row = uow.session.execute(sa.select(bed_codes).where(bed_codes.c.bed_code == bed_code)).mappings().one_or_none()
    return dict(row) if row is not None else None


def code_of(uow: UnitOfWork, bed_id: UUID) -> str | None:
    """The code on a bed's card."""
    return uow.session.scalar(sa.select(bed_codes.c.bed_code).where(bed_codes.c.bed_id == bed_id))


def stay_in(uow: UnitOfWork, bed_id: UUID) -> Row | None:
    """The stay of whoever lies in a bed now."""
    query = sa.select(stays).where(stays.c.bed_id == bed_id, stays.c.state == "in_progress")
    row = uow.session.execute(query.order_by(stays.c.version.desc(), stays.c.encounter_id)).mappings().first()
    return dict(row) if row is not None else None
