"""What appointments does when it hears from billing and records: once, twice, late, and in any order."""

from __future__ import annotations

import uuid
from itertools import permutations

import pytest

from services.appointments import domain, usecases
from services.appointments.domain import State
from shared.errors import NotYet
from tests.appointments.hospital import Hospital, minutes
from tests.support.callers import FRONT_DESK, patient

BILLING = ["issued", "paid", "cancelled"]


def test_the_minutes_to_pay_count_from_the_moment_the_invoice_is_known(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.clock.advance(minutes=100)

    invoice_id = hospital.about_invoice("issued", held.id)

    payable = hospital.appointment(held.id)
    assert (payable.invoice_id, payable.held_until) == (invoice_id, hospital.clock() + minutes(15))
    assert hospital.facts(full=True)[-1] == (
        "appointments.appointment_payable.v1",
        {
            "appointment_id": str(held.id),
            "patient_id": str(held.patient_id),
            "held_until": "2026-11-23T02:55:00Z",
        },
    )


@pytest.mark.parametrize("what", BILLING)
def test_an_appointment_not_heard_of_yet_is_waited_for(hospital: Hospital, what: str) -> None:
    before = hospital.everything()
    with pytest.raises(NotYet):
        hospital.about_invoice(what, uuid.uuid4())
    assert hospital.everything() == before


@pytest.mark.parametrize("what", BILLING)
def test_invoices_of_other_things_are_passed_over_even_under_the_same_id(hospital: Hospital, what: str) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    before = hospital.everything()
    for kind in ("meal_order", "copy_request", "copy_top_up", "deposit", "settlement", "something_new"):
        data = {"invoice_id": str(uuid.uuid4()), "billed_kind": kind, "billed_id": str(held.id)}
        hospital.hear(f"billing.invoice_{what}.v1", data)
    assert hospital.everything() == before


@pytest.mark.parametrize("what", BILLING)
def test_the_same_news_twice_is_the_same_as_once(hospital: Hospital, what: str) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.about_invoice(what, held.id)
    before = hospital.everything()
    hospital.clock.advance(minutes=3)
    hospital.about_invoice(what, held.id)
    assert hospital.everything() == before


@pytest.mark.parametrize("order", list(permutations(["issued", "paid"])))
def test_issued_and_paid_book_in_either_order(hospital: Hospital, order: tuple[str, ...]) -> None:
    slot_id = hospital.slot()
    held = hospital.hold(slot_id, hospital.patient())
    for what in order:
        hospital.about_invoice(what, held.id)
    booked = hospital.appointment(held.id)
    assert (booked.state, booked.number, booked.payable) == (State.BOOKED, 1, True)
    assert hospital.taken(slot_id) == 1


@pytest.mark.parametrize("order", list(permutations(["issued", "paid", "cancelled"])))
def test_after_the_patient_cancelled_nothing_billing_says_brings_the_place_back(
    hospital: Hospital, order: tuple[str, ...]
) -> None:
    slot_id, who = hospital.slot(), hospital.patient()
    held = hospital.hold(slot_id, who)
    hospital.run(usecases.cancel_appointment, actor=patient(who), appointment_id=held.id)
    facts = hospital.facts()

    for what in order:
        hospital.about_invoice(what, held.id)

    after = hospital.appointment(held.id)
    assert (after.state, after.cancel_reason, after.number) == (State.CANCELLED, "by_patient", None)
    assert hospital.taken(slot_id) == 0
    assert hospital.facts() == facts


def test_a_place_whose_invoice_was_withdrawn_goes_back_in_the_hospitals_name(hospital: Hospital) -> None:
    slot_id = hospital.slot()
    held = hospital.hold(slot_id, hospital.patient())
    hospital.about_invoice("issued", held.id)
    hospital.about_invoice("cancelled", held.id)
    assert hospital.appointment(held.id).cancel_reason == "by_hospital"
    assert hospital.taken(slot_id) == 0
    assert hospital.facts() == ["held", "payable", "cancelled"]


def test_a_booked_visit_stays_booked_whatever_becomes_of_its_invoice(hospital: Hospital) -> None:
    booked = hospital.booked(hospital.slot(), hospital.patient())
    before = hospital.everything()
    hospital.about_invoice("cancelled", booked.id)
    assert hospital.everything() == before


def test_numbers_follow_the_order_of_paying_and_are_never_given_twice(hospital: Hospital) -> None:
    first, second = hospital.slots(places=24)[:2]
    held = [hospital.hold(slot_id, hospital.patient()) for slot_id in (first, second, first)]
    for each in reversed(held):
        hospital.about_invoice("paid", each.id)
    assert [hospital.appointment(each.id).number for each in held] == [3, 2, 1]

    hospital.run(usecases.cancel_appointment, actor=FRONT_DESK, appointment_id=held[0].id)
    again = hospital.booked(first, hospital.patient())

    assert (again.number, hospital.appointment(held[0].id).number) == (4, 3)
    assert hospital.schedule_row(again.schedule_id).last_number == 4


def test_each_session_counts_its_own_numbers(hospital: Hospital) -> None:
    one, two = hospital.slot(days=1), hospital.slot(days=2)
    assert hospital.booked(one, hospital.patient()).number == 1
    assert hospital.booked(two, hospital.patient()).number == 1


# ---------------------------------------------------------------------------------------------------------- records


def registered(patient_id: uuid.UUID, *, verified: bool, sex: str | None = "female") -> dict[str, object]:
    return {"patient_id": str(patient_id), "mrn": "100000016", "verified": verified, "sex": sex, "birth_on": None}


def verified(patient_id: uuid.UUID) -> dict[str, object]:
    return {"patient_id": str(patient_id), "mrn": "100000016", "sex": "female", "birth_on": "1983-08-24"}


@pytest.mark.parametrize("late", [False, True])
def test_a_patient_can_book_once_the_papers_were_seen_also_when_that_is_heard_first(
    hospital: Hospital, late: bool
) -> None:
    patient_id, slot_id = uuid.uuid4(), hospital.slot()
    news = [
        ("records.patient_registered.v1", registered(patient_id, verified=False)),
        ("records.patient_verified.v1", verified(patient_id)),
    ]
    if not late:
        hospital.hear(*news[0])
        with pytest.raises(domain.PatientNotVerified):
            hospital.hold(slot_id, patient_id)
        hospital.hear(*news[1])
    else:
        hospital.hear(*news[1])
        hospital.hear(*news[0])
    assert hospital.hold(slot_id, patient_id).patient_id == patient_id


def test_news_of_a_patient_twice_changes_nothing(hospital: Hospital) -> None:
    patient_id = uuid.uuid4()
    hospital.hear("records.patient_verified.v1", verified(patient_id))
    hospital.hear("records.patient_verified.v1", verified(patient_id))
    hospital.hear("records.patient_registered.v1", registered(patient_id, verified=False))
    assert hospital.hold(hospital.slot(), patient_id).patient_id == patient_id


def test_a_sex_this_service_does_not_know_counts_as_unknown(hospital: Hospital) -> None:
    patient_id = uuid.uuid4()
    hospital.hear("records.patient_registered.v1", registered(patient_id, verified=True, sex="ambiguous"))
    women = hospital.open_department("GYNE", "妇科", "Gynaecology", domain.Audience(sex=domain.Sex.FEMALE))
    with pytest.raises(domain.SexNotServed):
        hospital.hold(hospital.slot(hospital.engage(women, "李静敏", "Li Jingmin")), patient_id)


def test_a_merger_waits_until_both_records_are_known(hospital: Hospital) -> None:
    known, unknown = hospital.patient(), uuid.uuid4()
    for patient_id, into in ((known, unknown), (unknown, known)):
        with pytest.raises(NotYet):
            hospital.merge(patient_id, into=into)
    hospital.hear("records.patient_registered.v1", registered(unknown, verified=True))
    hospital.merge(unknown, into=known)
    hospital.merge(unknown, into=known)
    assert hospital.hold(hospital.slot(), unknown).person_id == known
