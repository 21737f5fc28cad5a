"""What can be asked of records: one function each."""

from services.records.usecases import copies, packet_making, packet_release, postage, shipments
from services.records.usecases.encounters import admit_patient, cancel_last_step, discharge_patient, transfer_patient
from services.records.usecases.links import code_of, forget_link_codes, issue_link_code, redeem_link_code
from services.records.usecases.merging import merge_patients
from services.records.usecases.messages import Taken, take_message
from services.records.usecases.patients import RegisterRequest, register_patient, register_patients, verify_patient
from services.records.usecases.places import open_wards

__all__ = [
    "RegisterRequest",
    "Taken",
    "admit_patient",
    "cancel_last_step",
    "code_of",
    "copies",
    "discharge_patient",
    "forget_link_codes",
    "issue_link_code",
    "merge_patients",
    "open_wards",
    "packet_making",
    "packet_release",
    "postage",
    "redeem_link_code",
    "register_patient",
    "register_patients",
    "shipments",
    "take_message",
    "transfer_patient",
    "verify_patient",
]
