"""What the gateway asks of records."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared.actor import Actor

Id = UUID | str


class RecordsClient(Calls):
    """Patients: registered, found, verified, merged, linked; and their stays."""

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

    # ------------------------------------------------------------------------------------------------------- stays

    def wards(self, actor: Actor, *, campus: str | None = None) -> list[Document]:
        """Wards with how many of their beds are taken."""
        return self._items(actor, "wards", campus=campus)

    def beds(self, actor: Actor, ward_id: Id) -> Document:
        """A ward, its beds with who lies in them (`items`), and who has no bed yet (`without_bed`)."""
        return self._get(actor, "wards", ward_id, "beds")

    def encounters(self, actor: Actor, patient_id: Id) -> list[Document]:
        """The stays and visits of a patient, newest first."""
        return self._items(actor, "encounters", patient_id=patient_id)

    def encounter(self, actor: Actor, encounter_id: Id) -> Document:
        """One stay with its steps, and its `patient`."""
        return self._get(actor, "encounters", encounter_id)

    def admit(self, actor: Actor, *, key: str, patient_id: Id, bed_id: Id) -> Document:
        """Lay a patient in a bed."""
        return self._post(actor, "encounters", key=key, patient_id=patient_id, bed_id=bed_id)

    def transfer(self, actor: Actor, encounter_id: Id, *, key: str, bed_id: Id) -> Document:
        """Move a patient to another bed."""
        return self._post(actor, "encounters", encounter_id, "transfer", key=key, bed_id=bed_id)

    def discharge(self, actor: Actor, encounter_id: Id, *, key: str) -> Document:
        """End a stay."""
        return self._post(actor, "encounters", encounter_id, "discharge", key=key)

    def take_back(self, actor: Actor, encounter_id: Id, *, key: str, step: str) -> Document:
        """The last step (admission, transfer, discharge) never happened."""
        return self._post(actor, "encounters", encounter_id, "cancellation", key=key, step=step)
