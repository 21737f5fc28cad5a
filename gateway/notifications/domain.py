"""What a notice is: a kind, what it is about, and parameters; its words are made when somebody reads it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


class Kind(enum.StrEnum):
    """What a notice tells."""

    APPOINTMENT_HELD = "appointment_held"
    APPOINTMENT_PAYABLE = "appointment_payable"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    REFUND_SUCCEEDED = "refund_succeeded"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One line of a person's inbox. `about` is the appointment, or the refund."""

    id: UUID
    patient_id: UUID
    kind: Kind
    about: UUID
    parameters: Mapping[str, Any]
    created_at: datetime
    read_at: datetime | None

    @property
    def is_unread(self) -> bool:
        """Whether nobody has opened it yet."""
        return self.read_at is None

    @property
    def appointment_id(self) -> UUID | None:
        """The appointment to open, where there is one."""
        found = self.parameters.get("appointment_id")
        if self.parameters.get("billed_kind") == "appointment":
            found = self.parameters["billed_id"]
        return UUID(found) if found else None
