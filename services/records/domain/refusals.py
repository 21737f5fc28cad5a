"""The ways in which records says no; each sentence is what a person may read."""

from __future__ import annotations

from shared.errors import Conflict, Refused


class DocumentNeeded(Refused):
    """From 14 years on a person is registered with a document of their own."""


class BirthDateNeeded(Refused):
    """This document does not tell the date of birth."""


class SexNeeded(Refused):
    """This document does not tell the sex."""


class BirthDateMismatch(Refused):
    """The date of birth is not the one in the document."""


class BirthDateInFuture(Refused):
    """The date of birth lies in the future."""


class SexMismatch(Refused):
    """The sex is not the one in the document."""


class GuardianNeeded(Refused):
    """A child under 14 is registered together with a guardian."""


class GuardianForChildrenOnly(Refused):
    """A guardian is named for children under 14 only."""


class GuardianTooYoung(Refused):
    """A guardian is at least 18 years old."""


class GuardianIdentityUsed(Refused):
    """A child is never registered with its guardian's document."""


class PatientExists(Conflict):
    """This person is a patient of the hospital already."""


class DocumentOfAnotherPatient(Conflict):
    """This document belongs to another patient: merge the two."""


class AlreadyVerified(Conflict):
    """This patient's document was seen already."""


class PatientNotVerified(Refused):
    """The front desk has to see a document of this patient first."""


class PatientMergedAway(Conflict):
    """This record has ended: the person goes on in the record named in `merged_into`."""

    code = "patient_merged"


class MergeWithItself(Refused):
    """A record is not merged into itself."""


class MergeChain(Conflict):
    """Other records were merged into this one: it cannot end before those are taken apart."""


class MergeNeedsRecordsOfficer(Refused):
    """Two patients who both have a document are merged by the records office only."""


class ControlIdReused(Conflict):
    """Another message came from this sender under the same control id."""


class IdentifiersOfTwoPatients(Conflict):
    """The numbers in the message belong to two patients: merge the two, then send it again."""


class BedUnknown(Refused):
    """The hospital has no such bed."""


class BedTaken(Conflict):
    """Somebody lies in this bed."""


class SameBed(Conflict):
    """The patient lies there already."""


class AlreadyAdmitted(Conflict):
    """This patient has an open stay already, named in `encounter_id`."""


class NotAdmitted(Conflict):
    """This stay has ended, or never was."""


class StepNotLast(Conflict):
    """Only the last thing that happened in a stay can be taken back; `last` says what that is."""


class DischargeBeforeAdmission(Refused):
    """A discharge does not lie before the admission."""


class StepBeforePrevious(Refused):
    """This lies before what happened in the stay last."""


class InstantInFuture(Refused):
    """This lies in the future."""


class StayUnknown(Refused):
    """The stay that the message speaks of is not known here."""


class StayNeedsPlace(Refused):
    """The message does not say in which ward the patient lies."""


class MergeOfTwoStays(Conflict):
    """Both records have an open stay of one kind: end or take back one of them first."""
