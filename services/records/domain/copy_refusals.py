"""The ways in which the records office says no to a request for copies; each sentence is what a person may read."""

from __future__ import annotations

from shared.errors import Conflict, Refused


class StayNotDischarged(Refused):
    """Copies are made after the discharge."""


class StayNotInpatient(Refused):
    """Copies of outpatient visits are made at the window."""


class RecordSealed(Refused):
    """The record is sealed or in dispute: the medical affairs office answers, not this way."""


class RecordNoLongerKept(Refused):
    """The record is older than the time for which records are kept."""


class CopyOfMinorAtWindow(Refused):
    """The guardian of somebody under 18 comes to the window with proof."""


class AgentNeeded(Refused):
    """Nobody is named who applies for the patient."""


class AgentIsPatient(Refused):
    """Who applies for themself needs no agent."""


class AgentNotVerified(Refused):
    """An agent is a grown-up person whose own document the hospital has seen."""


class CopyPartUnknown(Refused):
    """The record has no such part."""


class CopyPurposeUnknown(Refused):
    """This purpose is not on the list."""


class CopyContentsNeeded(Refused):
    """It is not said yet what is to be copied."""


class CopyDeliveryNeeded(Refused):
    """It is not said yet how the copy reaches the applicant."""


class CopyPaperMissing(Refused):
    """Photos are missing; `papers` names them."""


class CopyPaperUnknown(Refused):
    """This photo is not asked for."""


class MandateNeeded(Refused):
    """The patient's signed mandate is missing."""


class MandateOutOfDate(Refused):
    """The mandate is not valid on this day."""


class AddressInvalid(Refused):
    """A part of the address is missing or wrong; `member` names it."""


class RegionNotServed(Refused):
    """The carrier does not bring documents there."""


class CopyConsentNeeded(Refused):
    """A consent is missing, or its text has changed; `consents` names it."""


class CopyPriceChanged(Conflict):
    """The price is not the one that was shown; `amount_fen` is the new one."""


class CopyRequestExists(Conflict):
    """The same parts of this stay are asked for already; `request_id` is where."""


class CopyRequestMovedOn(Conflict):
    """The request stands elsewhere by now; `state` says where."""


class CopyAlreadyDecided(Conflict):
    """Another officer has decided on this request."""


class CopyWithdrawalTooLate(Conflict):
    """The copies are being made: it cannot be withdrawn any more."""


class CopyObjectionTooLate(Conflict):
    """The copies are on their way or were handed over."""


class CopyObjectionNotYours(Refused):
    """Who has applied withdraws instead of objecting."""


class CopyReasonUnknown(Refused):
    """This reason is not on the list, or not for this decision."""


class TermsNotValid(Refused):
    """These prices or times cannot be meant."""


class PhotoLimitReached(Refused):
    """Too many pictures were sent for this request."""


class PhotoStoreFull(Refused):
    """The hospital can keep no more pictures at the moment."""


class PaperNotViewable(Refused):
    """A photo is looked at while the request is being reviewed, and not afterwards."""


class RecordHoldExists(Conflict):
    """This stay is marked already."""


class RecordHoldMissing(Conflict):
    """This stay is not marked."""
