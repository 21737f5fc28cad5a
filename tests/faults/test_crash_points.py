"""Every POST of every service, cut off at each of its database calls, before and after it took effect, then retried.

Whatever the moment: the retry gets the status of an undisturbed request, a third send gets the very same answer, and
the service's database holds what one undisturbed request leaves behind.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.records.usecases import take_message
from shared.actor import Actor
from shared.cli import load
from shared.database import Database
from shared.door import Door
from shared.sealing import Sealer
from shared.settings import SERVICES, Settings
from shared.web import create_app
from tests.faults import (
    requests_of_copies,
    requests_of_diets,
    requests_of_insurance,
    requests_of_meals,
    requests_of_packets,
    requests_of_settlements,
)
from tests.faults.leaving import state_of
from tests.faults.sending import Sent
from tests.records.people import do, sent
from tests.records.stays import NURSE, admit, bed, open_ward
from tests.support.callers import FRONT_DESK, Caller, patient
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched
from tests.support.everyday import ADMIN, FEE, LI, NEW_ACCOUNT, WANG, Everyday
from tests.support.whole_hospital import OpenDatabase, open_hospital

IN_PROCESS = True
KEY = "the-same-key-each-time"


# ------------------------------------------------------------------------------------------------ the requests


def _campus(_day: Everyday) -> Sent:
    return Sent(ADMIN, "/v1/campuses", {"code": "EAST", "name": {"zh": "东院", "en": "East Campus"}}, 201)


def _department(day: Everyday) -> Sent:
    day.campus()
    names = {"zh": "儿科", "en": "Paediatrics"}
    body = {"code": "PEDI", "campus": "MAIN", "name": names, "location": names, "max_age": 14}
    return Sent(ADMIN, "/v1/departments", body, 201)


def _practitioner(day: Everyday) -> Sent:
    day.campus()
    body = {"department_id": day.department()["id"], "name": {"zh": "李明", "en": "Li Ming"}, "title": "chief"}
    return Sent(ADMIN, "/v1/practitioners", body, 201)


def _schedule(day: Everyday) -> Sent:
    body = {
        "practitioner_id": day.doctor()["id"],
        "date": "2026-11-25",
        "session": "morning",
        "number_type": "expert",
        "fee": FEE,
        "places": 8,
    }
    return Sent(ADMIN, "/v1/schedules", body, 201)


def _suspension(day: Everyday) -> Sent:
    doctor = day.doctor()
    session = day.session(doctor["id"])
    return Sent(ADMIN, f"/v1/schedules/{session['id']}/suspension", {}, 200)


def _rules(_day: Everyday) -> Sent:
    return Sent(ADMIN, "/v1/booking-rules", {"open_limit": 4}, 201)


def _hold(day: Everyday) -> Sent:
    slot, wang = day.slots()[0], day.register()
    return Sent(patient(wang), "/v1/appointments", {"slot_id": slot, "patient_id": str(wang)}, 201)


def _held(day: Everyday) -> tuple[UUID, str]:
    slot, wang = day.slots()[0], day.register()
    held = day.hold(wang, slot)
    day.hospital.turn()
    return wang, held["id"]


def _cancellation(day: Everyday) -> Sent:
    wang, held = _held(day)
    return Sent(patient(wang), f"/v1/appointments/{held}/cancellation", {}, 200)


def _extension(day: Everyday) -> Sent:
    wang, held = _held(day)
    return Sent(patient(wang), f"/v1/appointments/{held}/extension", {}, 200)


def _payment(day: Everyday) -> Sent:
    wang, held = _held(day)
    invoice = day.invoice(wang, held)
    body = {"invoice_id": invoice["id"], "amount": invoice["amount"], "channel": "cash"}
    return Sent(FRONT_DESK, "/v1/payments", body, 201)


def _calling_off(day: Everyday) -> Sent:
    wang, held = _held(day)
    payment = day.ask_to_pay(wang, day.invoice(wang, held))
    return Sent(patient(wang), f"/v1/payments/{payment['id']}/cancellation", {}, 200)


def _payout(day: Everyday) -> Sent:
    wang, held = _held(day)
    day.pay_cash(wang, held)
    day.cancel(wang, held)
    day.hospital.turn()
    [refund] = day.done(day.at("billing", FRONT_DESK).get("/v1/refunds", patient_id=str(wang)))["items"]
    return Sent(FRONT_DESK, f"/v1/refunds/{refund['id']}/payout", {}, 200)


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
    **requests_of_copies.REQUESTS,
    "appointments.open_campus": _campus,
    "appointments.open_department": _department,
    "appointments.engage_practitioner": _practitioner,
    "appointments.plan_session": _schedule,
    "appointments.suspend_schedule": _suspension,
    "appointments.set_booking_rules": _rules,
    "appointments.hold_place": _hold,
    "appointments.cancel_appointment": _cancellation,
    "appointments.extend_hold": _extension,
    "billing.request_payment": _payment,
    "billing.call_off_payment": _calling_off,
    "billing.pay_out_refund": _payout,
    **requests_of_diets.REQUESTS,
    **requests_of_insurance.REQUESTS,
    "records.register_patient": _registration,
    "records.verify_patient": _verification,
    "records.merge_patients": _merger,
    "records.issue_link_code": _link_code,
    "records.redeem_link_code": _redemption,
    "records.admit_patient": _admission,
    "records.transfer_patient": _stay_act("transfer", {"bed_id": str(bed("08"))}),
    "records.discharge_patient": _stay_act("discharge", {}),
    "records.cancel_last_step": _stay_act("cancellation", {"step": "admission"}),
    **requests_of_meals.REQUESTS,
    **requests_of_packets.REQUESTS,
    **requests_of_settlements.REQUESTS,
}

ELSEWHERE = {
    "records.accept_courier_notice": "tests/records/test_shipments.py: the courier's own retries, signed anew",
    "billing.accept_sandbox_wallet_notification": "tests/billing: the wallet's own retries, signed anew",
    **requests_of_settlements.ELSEWHERE,
}


# ------------------------------------------------------------------------------------------------------ the test


@pytest.mark.parametrize("operation", sorted(REQUESTS))
def test_a_post_cut_off_anywhere_has_one_effect_when_it_is_sent_again(
    operation: str, open_database: OpenDatabase, settings: Settings, clock: StandingClock, tmp_path: Path
) -> None:
    service = load(operation.partition(".")[0])
    hospital = open_hospital(open_database, settings, clock, "sqlite")
    sent = REQUESTS[operation](Everyday(hospital))
    hospital.close()
    for database in hospital.databases.values():
        database.close()  # the last connection takes the write-ahead log into the file
    prepared = Path(str(hospital.databases[service.name].url.database))
    copies = iter(range(10_000))

    def fresh() -> Database:
        copy = tmp_path / f"cut-{next(copies)}.sqlite3"
        shutil.copyfile(prepared, copy)
        return Database(f"sqlite:///{copy}", service.toolbox)

    def send(database: Database) -> Any:
        http = create_app(service, settings, database=database, clock=clock).test_client()
        return Caller(http, sent.actor, clock).post(sent.path, sent.body, key=KEY)

    undisturbed = fresh()
    with watched(CallCounter(), undisturbed) as counter:
        assert send(undisturbed).status_code == sent.status
    expected = state_of(undisturbed)
    undisturbed.close()
    assert counter.calls > 0
    for number, after in crash_points(counter.calls):
        cut = fresh()
        with pytest.raises(Crash), watched(CallCounter(number, after=after), cut):
            send(cut)
        cut.close()
        reborn = Database(cut.url.render_as_string(), service.toolbox)
        again, third = send(reborn), send(reborn)
        point = f"call {number} of {counter.calls}, {'after' if after else 'before'}"
        assert again.status_code == sent.status, point
        assert (third.status_code, third.get_json()) == (again.status_code, again.get_json()), point
        assert state_of(reborn) == expected, point
        reborn.close()


def test_every_post_has_its_crash_points(settings: Settings) -> None:
    posts = set()
    for name in SERVICES:
        for blueprint in load(name).blueprints:
            for view in blueprint._docs.values():
                if "post" in view:
                    posts.add(view["post"]["manual_doc"]["operationId"])
    assert posts == REQUESTS.keys() | ELSEWHERE.keys()
