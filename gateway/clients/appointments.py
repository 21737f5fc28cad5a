"""What the gateway asks of appointments."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared.actor import Actor

Id = UUID | str


class AppointmentsClient(Calls):
    """Departments, practitioners, slots and appointments."""

    def departments(self, actor: Actor, *, search: str | None = None) -> list[Document]:
        """Departments with places left; `search` takes Chinese, pinyin and initials."""
        return self._items(actor, "departments", search=search)

    def practitioners(
        self, actor: Actor, *, department_id: Id | None = None, search: str | None = None
    ) -> list[Document]:
        """Practitioners of a department, or those who match."""
        return self._items(actor, "practitioners", department_id=department_id, search=search)

    def practitioner(self, actor: Actor, practitioner_id: Id) -> Document:
        """One practitioner."""
        return self._get(actor, "practitioners", practitioner_id)

    def days(self, actor: Actor, practitioner_id: Id) -> list[Document]:
        """The next days of a practitioner, each open, full, suspended or off."""
        return self._items(actor, "practitioners", practitioner_id, "days")

    def slots(self, actor: Actor, practitioner_id: Id, day: date | str) -> list[Document]:
        """The slots of a practitioner on a hospital day."""
        return self._items(actor, "practitioners", practitioner_id, "slots", date=day)

    def book(
        self, actor: Actor, *, key: str, slot_id: Id, patient_id: Id, client_reference: str | None = None
    ) -> Document:
        """Hold a place for a patient."""
        return self._post(
            actor, "appointments", key=key, slot_id=slot_id, patient_id=patient_id, client_reference=client_reference
        )

    def appointments(self, actor: Actor, *, patient_id: Id | None = None, state: str | None = None) -> list[Document]:
        """A patient's appointments."""
        return self._items(actor, "appointments", patient_id=patient_id, state=state)

    def appointment(self, actor: Actor, appointment_id: Id) -> Document:
        """One appointment."""
        return self._get(actor, "appointments", appointment_id)

    def cancel(self, actor: Actor, appointment_id: Id, *, key: str) -> Document:
        """Give the place back; what was paid is refunded."""
        return self._post(actor, "appointments", appointment_id, "cancellation", key=key)

    def extend(self, actor: Actor, appointment_id: Id, *, key: str) -> Document:
        """Keep the place ten minutes longer, once."""
        return self._post(actor, "appointments", appointment_id, "extension", key=key)

    def booking_rules(self, actor: Actor) -> Document:
        """The hospital's own numbers: minutes of a hold, of its extension, of the cancelling deadline; limits."""
        return self._get(actor, "booking-rules")
