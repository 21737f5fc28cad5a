"""A patient of the hospital, and the merging of two records of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.records.domain.documents import Document
from services.records.domain.names import mask_name, search_key
from services.records.domain.refusals import (
    AlreadyVerified,
    MergeChain,
    MergeNeedsRecordsOfficer,
    MergeWithItself,
    PatientMergedAway,
)
from services.records.domain.sent import SentPerson
from services.records.events import PatientMerged, PatientRegistered, PatientVerified

SEXES = ("male", "female", "other", "unknown")


@dataclass(eq=False, kw_only=True)
class Patient:
    """A person with a medical record number. Numbers are sealed; what a list may show of them is masked.

    `as_sent` is what the newest message said of the person, word for word. `registered_by` is the account, the member
    of staff or the system that registered the person.
    """

    id: UUID
    mrn: str
    name: str | None
    search_key: str
    sex: str | None
    birth_on: date | None
    verified: bool
    document_type: str | None = None
    document_number_masked: str | None = None
    document_number_sealed: bytes | None = None
    phone_masked: str | None = None
    phone_sealed: bytes | None = None
    as_sent: dict[str, Any] | None = None
    registered_by: str
    registered_at: datetime
    verified_by: str | None = None
    verified_at: datetime | None = None
    version: int = 1
    merged_into: UUID | None = None

    def registered(self) -> PatientRegistered:
        """The fact that this patient is known from now on."""
        return PatientRegistered(
            patient_id=self.id,
            mrn=self.mrn,
            verified=self.verified,
            sex=self.sex,
            birth_on=self.birth_on,
            name_masked=mask_name(self.name),
        )

    def take_as_sent(self, person: SentPerson) -> bool:
        """Another message of the same person; gives whether anything changed.

        What is left out stays as it was. What stands in a document is never changed by a message: that is only kept
        beside it, word for word.
        """
        before = (self.name, self.sex, self.birth_on, self.as_sent)
        self.as_sent = {**(self.as_sent or {}), **person.words}
        if not self.verified:
            if person.name is not None or "name" in person.cleared:
                self.name, self.search_key = person.name, person.search_key
            if person.sex is not None or "sex" in person.cleared:
                self.sex = person.sex
            if person.birth_on is not None or "birth_on" in person.cleared:
                self.birth_on = person.birth_on
        changed = before != (self.name, self.sex, self.birth_on, self.as_sent)
        self.version += changed
        return changed

    def check_present(self) -> None:
        """Raises PatientMergedAway when the record has ended."""
        if self.merged_into is not None:
            raise PatientMergedAway(merged_into=self.merged_into)

    def check_verifiable(self) -> None:
        """Raises PatientMergedAway, or AlreadyVerified."""
        self.check_present()
        if self.verified:
            raise AlreadyVerified

    def verify(
        self, document: Document, *, name: str, sex: str, birth_on: date, sealed: bytes, by: str, now: datetime
    ) -> PatientVerified:
        """What stands in the document takes the place of what was sent; what was sent stays beside it."""
        self.name, self.search_key = name, search_key(name)
        self.birth_on, self.sex = birth_on, sex
        self.document_type, self.document_number_masked = document.type, document.masked
        self.document_number_sealed = sealed
        self.verified, self.verified_by, self.verified_at = True, by, now
        self.version += 1
        return PatientVerified(
            patient_id=self.id, mrn=self.mrn, sex=self.sex, birth_on=self.birth_on, name_masked=mask_name(name)
        )

    def merge_into(self, into: Patient, *, absorbed: int, by_records_officer: bool) -> PatientMerged:
        """End in `into`. `absorbed` is the number of records that ended in this one before.

        Raises MergeWithItself, PatientMergedAway for either side, MergeChain, MergeNeedsRecordsOfficer.
        """
        if self.id == into.id:
            raise MergeWithItself
        self.check_present()
        into.check_present()
        if absorbed:
            raise MergeChain
        if self.verified and into.verified and not by_records_officer:
            raise MergeNeedsRecordsOfficer
        self.merged_into = into.id
        self.version += 1
        return PatientMerged(patient_id=self.id, merged_into=into.id)
