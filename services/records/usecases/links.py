"""Link codes: proof, from the front desk, that an account may act for a patient."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.records import store
from services.records.domain import LIFETIME, LinkCode, LinkCodeWrong, Patient, PatientNotVerified, code_from, read_code
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound
from shared.sealing import Sealer

_CODES_KEPT_FOR = timedelta(days=30)


def code_of(sealer: Sealer, code_id: UUID) -> str:
    """The code itself, made again from its id and the installation's secret: no table and no stored answer holds it."""
    return code_from(sealer.derive("link code", str(code_id)))


def issue_link_code(uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, patient_id: UUID) -> LinkCode:
    """Hand out a code for a verified patient, good for 30 minutes; an older unused one ends.

    Raises NotFound, PatientMergedAway, PatientNotVerified.
    """
    patient = store.lock_patients(uow, [patient_id]).get(patient_id)
    if patient is None:
        raise NotFound
    patient.check_present()
    if not patient.verified:
        raise PatientNotVerified
    store.withdraw_open_code(uow, patient_id, now)
    id_ = uuid4()
    code = LinkCode(
        id=id_,
        patient_id=patient_id,
        fingerprint=sealer.fingerprint(code_of(sealer, id_), "link code"),
        issued_at=now,
        issued_by=actor.subject,
        valid_until=now + LIFETIME,
    )
    uow.session.add(code)
    store.log_access(uow, actor, patient_id, "records.issue_link_code", now)
    return code


def redeem_link_code(
    uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, code: str
) -> Patient | LinkCodeWrong:
    """Give the patient of a code to the account that brings it, once.

    The same account may bring it again while it is valid (its first answer may have been lost). A wrong code is a
    refusal that is *given*, not raised, because the count of wrong tries must stay. Raises TooManyTries.
    """
    tries = store.lock_tries(uow, actor.subject)
    tries.check(now)
    found = store.lock_code(uow, sealer.fingerprint(read_code(code), "link code"))
    if found is None or not found.opens_for(actor.subject, now):
        return tries.count_wrong(now)
    found.redeem(actor.subject, now)
    tries.forgive()
    patient = store.lock_patients(uow, [found.patient_id])[found.patient_id]
    if patient.merged_into is not None:
        patient = store.lock_patients(uow, [patient.merged_into])[patient.merged_into]
    store.log_access(uow, actor, patient.id, "records.redeem_link_code", now)
    return patient


def forget_link_codes(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: codes that ended more than 30 days ago are deleted."""
    return store.delete_old_codes(uow, before=now - _CODES_KEPT_FOR, limit=limit)
