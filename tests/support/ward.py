"""Stays of the whole hospital in tests: a ward with beds, and patients laid in them by a nurse."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.records.usecases import open_wards
from shared.actor import Actor
from tests.records.stays import WARD, bed
from tests.support.everyday import Everyday

NURSE = Actor(subject="staff:nurse", roles=("nurse",))


class Ward:
    """Cardiology, Ward 1, with beds 07, 08 and 31."""

    def __init__(self, day: Everyday) -> None:
        self.day = day
        self.nurse = day.at("records", NURSE)
        with day.hospital.databases["records"].write() as uow:
            open_wards(uow, wards=[WARD], now=day.clock())

    def admit(self, patient_id: UUID, label: str = "07", at: datetime | None = None) -> dict[str, Any]:
        """A patient in a bed, known to all services."""
        body = {"patient_id": str(patient_id), "bed_id": str(bed(label))}
        more = {"at": at.isoformat()} if at else {}
        return self._done(self.nurse.post("/v1/encounters", {**body, **more}))

    def transfer(self, stay_id: str, label: str) -> dict[str, Any]:
        """To another bed of the ward."""
        return self._done(self.nurse.post(f"/v1/encounters/{stay_id}/transfer", {"bed_id": str(bed(label))}))

    def discharge(self, stay_id: str) -> dict[str, Any]:
        """Home."""
        return self._done(self.nurse.post(f"/v1/encounters/{stay_id}/discharge", {}))

    def stay(self, stay_id: str) -> dict[str, Any]:
        """A stay as the nurse sees it."""
        return self.day.done(self.nurse.get(f"/v1/encounters/{stay_id}"))

    def _done(self, answer: Any) -> dict[str, Any]:
        made = self.day.done(answer)
        self.day.hospital.turn()
        return made
