"""Appointments over HTTP: what a patient and the front desk see."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.appointments.hospital import Hospital
from tests.support.callers import FRONT_DESK, Caller, patient

Callers = Callable[[Any], Caller]


def test_a_patient_books_pays_and_is_confirmed(hospital: Hospital, as_caller: Callers) -> None:
    slot_id, patient_id = hospital.slot(), hospital.patient()
    caller = as_caller(patient(patient_id))

    answer = caller.post(
        "/v1/appointments", {"slot_id": str(slot_id), "patient_id": str(patient_id), "client_reference": "phone-1"}
    )

    assert answer.status_code == 201
    appointment = answer.get_json()
    assert appointment == {
        "id": appointment["id"],
        "patient_id": str(patient_id),
        "slot_id": str(slot_id),
        "state": "pending",
        "cancel_reason": None,
        "held_at": "2026-11-23T01:00:00+00:00",
        "held_until": "2026-11-23T03:00:00+00:00",
        "payable": False,
        "starts_at": "2026-11-24T00:00:00+00:00",
        "ends_at": "2026-11-24T00:30:00+00:00",
        "number": None,
        "department_id": str(hospital.department.id),
        "department": {"zh": "心血管内科", "en": "Cardiology"},
        "practitioner_id": str(hospital.doctor.id),
        "practitioner": {"zh": "陈思远", "en": "Chen Siyuan"},
        "title": {"zh": "主任医师", "en": "Chief physician"},
        "location": {"zh": "本部 门诊楼3层", "en": "Outpatient Building, Floor 3, Main Campus"},
        "fee": {"amount": "35.00", "currency": "CNY"},
        "invoice_id": None,
        "cancellable_until": "2026-11-23T23:30:00+00:00",
        "extended": False,
        "client_reference": "phone-1",
        "version": 1,
    }

    appointment_id = uuid.UUID(appointment["id"])
    invoice_id = hospital.about_invoice("issued", appointment_id)
    payable = caller.get(f"/v1/appointments/{appointment_id}").get_json()
    assert (payable["payable"], payable["invoice_id"]) == (True, str(invoice_id))
    assert payable["held_until"] == "2026-11-23T01:15:00+00:00"

    hospital.about_invoice("paid", appointment_id)
    booked = caller.get(f"/v1/appointments/{appointment_id}").get_json()
    assert (booked["state"], booked["number"], booked["held_until"]) == ("booked", 1, None)
    assert hospital.facts() == ["held", "payable", "booked"]


def test_the_lists_lead_from_department_to_slot(hospital: Hospital, as_caller: Callers) -> None:
    slot_id = hospital.slot(places=16)
    caller = as_caller(FRONT_DESK)

    [department] = caller.get("/v1/departments", search="xxg").get_json()["items"]
    [doctor] = caller.get("/v1/practitioners", department_id=department["id"]).get_json()["items"]
    days = caller.get(f"/v1/practitioners/{doctor['id']}/days").get_json()["items"]
    slots = caller.get(f"/v1/practitioners/{doctor['id']}/slots", date="2026-11-24").get_json()["items"]

    assert (department["name"]["zh"], department["places_left"]) == ("心血管内科", 16)
    assert (doctor["name"]["en"], doctor["fee"]) == ("Chen Siyuan", {"amount": "35.00", "currency": "CNY"})
    assert [(day["date"], day["state"]) for day in days][:3] == [
        ("2026-11-23", "off"),
        ("2026-11-24", "open"),
        ("2026-11-25", "off"),
    ]
    assert len(days) == 8
    assert slots[0] == {
        "id": str(slot_id),
        "starts_at": "2026-11-24T00:00:00+00:00",
        "ends_at": "2026-11-24T00:30:00+00:00",
        "places_left": 2,
        "session": "morning",
        "fee": {"amount": "35.00", "currency": "CNY"},
    }
    assert len(slots) == 8
