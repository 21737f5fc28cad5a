"""The POSTs of patients and stays, each ready to be sent: for the crash points."""

from __future__ import annotations

from collections.abc import Callable

from services.records.usecases import take_message
from shared.actor import Actor
from shared.door import Door
from shared.sealing import Sealer
from tests.faults.sending import Sent
from tests.records.people import do, sent
from tests.records.stays import NURSE, admit, bed, open_ward
from tests.support.callers import FRONT_DESK
from tests.support.everyday import LI, NEW_ACCOUNT, WANG, Everyday


def _registration(_day: Everyday) -> Sent:
    return Sent(NEW_ACCOUNT, "/v1/patients", WANG, 201)


def _verification(day: Everyday) -> Sent:
    sealer = Sealer(day.hospital.settings.secrets["document_key"])
    door = Door(day.hospital.databases["records"], day.clock)
    taken = do(door, take_message, sealer=sealer, message=sent())
    body = {"document_type": "03", "document_number": "GB1234567", "birth_on": "1972-02-27"}
    return Sent(FRONT_DESK, f"/v1/patients/{taken.patient_id}/verification", body, 200)


def _merger(day: Everyday) -> Sent:
    officer = Actor(subject="staff:records", roles=("records_officer",))
    return Sent(officer, f"/v1/patients/{day.register()}/merger", {"into": str(day.register(LI))}, 200)


def _link_code(day: Everyday) -> Sent:
    return Sent(FRONT_DESK, f"/v1/patients/{day.register()}/link-codes", {}, 201)


def _redemption(day: Everyday) -> Sent:
    issued = day.done(day.at("records", FRONT_DESK).post(f"/v1/patients/{day.register()}/link-codes"))
    return Sent(
        Actor(subject="account:two", roles=("patient",)), "/v1/link-codes/redemption", {"code": issued["code"]}, 200
    )


def _records(day: Everyday) -> Door:
    """The door of records, with a ward whose beds are free."""
    door = Door(day.hospital.databases["records"], day.clock)
    open_ward(door)
    return door


def _admission(day: Everyday) -> Sent:
    _records(day)
    return Sent(NURSE, "/v1/encounters", {"patient_id": str(day.register()), "bed_id": str(bed("07"))}, 201)


def _stay_act(act: str, body: dict[str, str]) -> Callable[[Everyday], Sent]:
    def request(day: Everyday) -> Sent:
        stay = admit(_records(day), day.register(), bed("07"))
        return Sent(NURSE, f"/v1/encounters/{stay.id}/{act}", body, 200)

    return request


REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "records.register_patient": _registration,
    "records.verify_patient": _verification,
    "records.merge_patients": _merger,
    "records.issue_link_code": _link_code,
    "records.redeem_link_code": _redemption,
    "records.admit_patient": _admission,
    "records.transfer_patient": _stay_act("transfer", {"bed_id": str(bed("08"))}),
    "records.discharge_patient": _stay_act("discharge", {}),
    "records.cancel_last_step": _stay_act("cancellation", {"step": "admission"}),
}
