"""What the gateway asks of records."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared.actor import Actor

Id = UUID | str


class RecordsClient(Calls):
    """Patients: registered, found, verified, merged, linked."""

    def register(self, actor: Actor, *, key: str, **person: Any) -> Document:
        """Register a person: name, document_type, document_number, birth_on, sex, phone, guardian. None is left out."""
        return self._post(actor, "patients", key=key, **person)

    def patients(self, actor: Actor, search: str) -> list[Document]:
        """Patients by MRN, document number or name, for the front desk."""
        return self._items(actor, "patients", search=search)

    def patient(self, actor: Actor, patient_id: Id) -> Document:
        """One patient."""
        return self._get(actor, "patients", patient_id)

    def verify(self, actor: Actor, patient_id: Id, *, key: str, **document: Any) -> Document:
        """Confirm a person by the document seen (document_type, document_number, name, birth_on, sex)."""
        return self._post(actor, "patients", patient_id, "verification", key=key, **document)

    def merge(self, actor: Actor, patient_id: Id, *, key: str, into: Id) -> Document:
        """Make two registrations of one person one."""
        return self._post(actor, "patients", patient_id, "merger", key=key, into=into)

    def make_link_code(self, actor: Actor, patient_id: Id, *, key: str) -> Document:
        """A code with which the person's own phone may be linked: {code, valid_until}."""
        return self._post(actor, "patients", patient_id, "link-codes", key=key)

    def redeem_link_code(self, actor: Actor, *, key: str, code: str) -> Document:
        """The patient that a code from the front desk stands for."""
        return self._post(actor, "link-codes", "redemption", key=key, code=code)

    def accesses(self, actor: Actor, patient_id: Id) -> list[Document]:
        """Who looked at the patient's data."""
        return self._items(actor, "patients", patient_id, "accesses")
