"""What may happen to an appointment: every action in every state, allowed and refused."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from services.appointments import domain, events
from services.appointments.domain import Reason, State
from shared.errors import DomainError, NotYours
from tests.appointments.plain import CANCELLED, INVOICE, NOW, RULES, STATES, appointment, hours, minutes, person
from tests.support.callers import FRONT_DESK, patient

# ------------------------------------------------------------------------------------------- the invoice is known


def test_from_the_invoice_on_the_patient_has_fifteen_minutes_to_pay() -> None:
    held = appointment("pending")
    later = NOW + 40 * minutes

    changed, fact = domain.make_payable(held, invoice_id=INVOICE, rules=RULES, now=later)

    assert changed == replace(held, invoice_id=INVOICE, held_until=later + 15 * minutes)
    assert fact == events.AppointmentPayable(
        appointment_id=held.id, patient_id=held.patient_id, held_until=later + 15 * minutes
    )


def test_nobody_is_given_time_to_pay_after_the_slot_has_ended() -> None:
    held = appointment("pending")
    almost_over = held.ends_at - 5 * minutes
    changed, _ = domain.make_payable(held, invoice_id=INVOICE, rules=RULES, now=almost_over)
    assert changed.held_until == held.ends_at


@pytest.mark.parametrize("state", STATES[1:])
def test_an_invoice_heard_again_gives_no_new_time(state: str) -> None:
    known = appointment(state)
    assert domain.make_payable(known, invoice_id=uuid.uuid4(), rules=RULES, now=NOW + hours) == (known, None)


@pytest.mark.parametrize("state", ["booked", *CANCELLED])
def test_an_invoice_heard_late_is_only_remembered(state: str) -> None:
    known = appointment(state, invoice_id=None)
    changed, fact = domain.make_payable(known, invoice_id=INVOICE, rules=RULES, now=NOW + hours)
    assert (changed, fact) == (replace(known, invoice_id=INVOICE), None)


# ------------------------------------------------------------------------------------------------------ it is paid


@pytest.mark.parametrize("state", ["pending", "payable"])
def test_a_paid_appointment_is_booked_under_its_number(state: str) -> None:
    held = appointment(state)

    changed, fact = domain.book(held, invoice_id=INVOICE, number=7)

    assert changed == replace(held, state=State.BOOKED, invoice_id=INVOICE, number=7)
    assert fact == events.AppointmentBooked(
        appointment_id=held.id,
        patient_id=held.patient_id,
        starts_at=held.starts_at,
        department={"zh": "心血管内科", "en": "Cardiology"},
        practitioner={"zh": "陈思远", "en": "Chen Siyuan"},
        number=7,
    )


@pytest.mark.parametrize("state", ["payable", "lapsed"])
def test_who_pays_when_the_time_has_run_out_but_the_place_is_still_there_is_booked(state: str) -> None:
    held = appointment(state, held_until=NOW - hours)
    changed, fact = domain.book(held, invoice_id=INVOICE, number=1)
    assert changed.state is State.BOOKED
    assert fact is not None


@pytest.mark.parametrize("state", ["booked", *CANCELLED])
def test_a_payment_changes_nothing_about_a_booked_or_cancelled_appointment(state: str) -> None:
    known = appointment(state)
    assert domain.book(known, invoice_id=INVOICE, number=9) == (known, None)


# ------------------------------------------------------------------------------------------------ more time to pay


def test_the_time_to_pay_is_extended_by_ten_minutes_once() -> None:
    held = appointment("payable")

    extended = domain.extend(held, rules=RULES, now=NOW + 14 * minutes)

    assert extended == replace(held, held_until=NOW + 25 * minutes, extended=True)
    with pytest.raises(domain.AlreadyExtended):
        domain.extend(extended, rules=RULES, now=NOW + 20 * minutes)


def test_the_time_to_pay_cannot_be_extended_when_it_has_run_out() -> None:
    with pytest.raises(domain.HoldEnded):
        domain.extend(appointment("payable"), rules=RULES, now=NOW + 15 * minutes)


def test_once_it_was_said_that_the_time_is_over_a_clock_set_back_gives_no_more() -> None:
    with pytest.raises(domain.HoldEnded):
        domain.extend(appointment("lapsed"), rules=RULES, now=NOW)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("pending", domain.NotPayable),
        ("booked", domain.NotPayable),
        *((each, domain.AlreadyCancelled) for each in CANCELLED),
    ],
)
def test_only_who_can_pay_gets_more_time(state: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        domain.extend(appointment(state), rules=RULES, now=NOW)


# ---------------------------------------------------------------------------------------- the patient gives it back


@pytest.mark.parametrize("state", ["pending", "payable", "lapsed"])
@pytest.mark.parametrize("at_the_desk", [False, True])
@pytest.mark.parametrize("late", [-1 * minutes, 3 * hours])
def test_an_unpaid_place_can_be_given_back_at_any_time(state: str, at_the_desk: bool, late: timedelta) -> None:
    held = appointment(state)

    changed, fact = domain.cancel(held, at_the_desk=at_the_desk, now=held.starts_at + late)

    assert changed == replace(held, state=State.CANCELLED, cancel_reason=Reason.BY_PATIENT)
    assert fact == events.AppointmentCancelled(
        appointment_id=held.id,
        patient_id=held.patient_id,
        reason="by_patient",
        starts_at=held.starts_at,
        department={"zh": "心血管内科", "en": "Cardiology"},
        practitioner={"zh": "陈思远", "en": "Chen Siyuan"},
    )


def test_a_booked_visit_can_be_cancelled_online_until_half_an_hour_before() -> None:
    booked = appointment("booked")
    assert booked.cancellable_until == booked.starts_at - 30 * minutes

    changed, _ = domain.cancel(booked, at_the_desk=False, now=booked.cancellable_until - timedelta(seconds=1))
    assert (changed.state, changed.cancel_reason) == (State.CANCELLED, Reason.BY_PATIENT)
    with pytest.raises(domain.CancellationTooLate):
        domain.cancel(booked, at_the_desk=False, now=booked.cancellable_until)


def test_the_front_desk_cancels_a_booked_visit_until_it_begins() -> None:
    booked = appointment("booked")
    changed, _ = domain.cancel(booked, at_the_desk=True, now=booked.starts_at - timedelta(seconds=1))
    assert changed.state is State.CANCELLED
    for at_the_desk in (True, False):
        with pytest.raises(domain.VisitBegan):
            domain.cancel(booked, at_the_desk=at_the_desk, now=booked.starts_at)


@pytest.mark.parametrize("state", CANCELLED)
@pytest.mark.parametrize("at_the_desk", [False, True])
def test_a_cancelled_appointment_is_not_cancelled_again(state: str, at_the_desk: bool) -> None:
    with pytest.raises(domain.AlreadyCancelled) as refusal:
        domain.cancel(appointment(state), at_the_desk=at_the_desk, now=NOW)
    assert refusal.value.facts == {"reason": Reason(state)}


# ----------------------------------------------------------------------------------------------- clock and hospital


def test_a_place_that_nobody_could_pay_goes_back_the_moment_its_time_has_run_out() -> None:
    held = appointment("pending")
    assert domain.expire(held, now=held.held_until - timedelta(microseconds=1)) is None

    expired = domain.expire(held, now=held.held_until)

    assert expired is not None
    assert expired[0] == replace(held, state=State.CANCELLED, cancel_reason=Reason.EXPIRED)
    assert expired[1].reason == "expired"


@pytest.mark.parametrize("state", ["payable", "lapsed", "booked", *CANCELLED])
def test_nothing_else_expires_by_the_clock_alone(state: str) -> None:
    assert domain.expire(appointment(state), now=NOW + 99 * hours) is None


def test_when_the_time_to_pay_a_bill_is_over_that_is_said_and_nothing_is_given_back() -> None:
    held = appointment("payable")
    assert domain.lapse(held, now=held.held_until - timedelta(microseconds=1)) is None

    lapsed = domain.lapse(held, now=held.held_until)

    assert lapsed is not None
    assert lapsed[0] == replace(held, lapsed_at=held.held_until)
    assert lapsed[0].is_open
    assert lapsed[1] == events.AppointmentLapsed(appointment_id=held.id, patient_id=held.patient_id)


@pytest.mark.parametrize("state", ["pending", "lapsed", "booked", *CANCELLED])
def test_it_is_said_once_and_only_of_a_place_that_waits_for_the_payment_of_its_bill(state: str) -> None:
    assert domain.lapse(appointment(state), now=NOW + 99 * hours) is None


@pytest.mark.parametrize(
    ("state", "reason"),
    [("pending", Reason.BY_HOSPITAL), ("payable", Reason.BY_HOSPITAL), ("lapsed", Reason.EXPIRED)],
)
def test_a_place_whose_bill_is_cancelled_goes_back_and_has_expired_if_its_time_was_over(
    state: str, reason: Reason
) -> None:
    held = appointment(state)
    gone = domain.let_go(held)
    assert gone is not None
    assert gone[0] == replace(held, state=State.CANCELLED, cancel_reason=reason)
    assert gone[1].reason == reason


@pytest.mark.parametrize("state", ["booked", *CANCELLED])
def test_a_cancelled_bill_changes_nothing_about_a_booked_or_cancelled_appointment(state: str) -> None:
    assert domain.let_go(appointment(state)) is None


@pytest.mark.parametrize("state", ["pending", "payable", "lapsed", "booked"])
def test_the_hospital_cancels_without_any_deadline_and_in_its_own_name(state: str) -> None:
    known = appointment(state)
    withdrawn = domain.withdraw(known)
    assert withdrawn is not None
    assert withdrawn[0] == replace(known, state=State.CANCELLED, cancel_reason=Reason.BY_HOSPITAL)
    assert withdrawn[1].reason == "by_hospital"


@pytest.mark.parametrize("state", CANCELLED)
def test_what_is_cancelled_keeps_its_reason(state: str) -> None:
    assert domain.withdraw(appointment(state)) is None


# ------------------------------------------------------------------------------------------------------- whose it is


def test_the_front_desk_serves_every_patient() -> None:
    domain.require_rights(FRONT_DESK, patient_id=uuid.uuid4(), aliases=(), scope="pay")


def test_a_patient_acts_for_the_person_under_each_of_their_ids() -> None:
    own, former = uuid.uuid4(), uuid.uuid4()
    domain.require_rights(patient(own), patient_id=former, aliases={own, former}, scope="pay")


def test_a_patient_acts_for_nobody_else() -> None:
    other = person()
    with pytest.raises(NotYours) as refusal:
        domain.require_rights(patient(uuid.uuid4()), patient_id=other.id, aliases=other.aliases, scope="see")
    assert (refusal.value.code, refusal.value.patient_id) == ("not_found", other.id)


def test_who_may_only_see_may_not_book() -> None:
    own = uuid.uuid4()
    seeing = patient(own, "see")
    domain.require_rights(seeing, patient_id=own, aliases={own}, scope="see")
    with pytest.raises(NotYours):
        domain.require_rights(seeing, patient_id=own, aliases={own}, scope="pay")


@pytest.mark.parametrize("role", ["nurse", "doctor", "cashier", "canteen", "auditor", "admin", "service", "public"])
def test_no_other_role_books_even_with_a_patient_in_the_token(role: str) -> None:
    own = uuid.uuid4()
    with pytest.raises(NotYours):
        domain.require_rights(replace(patient(own), roles=(role,)), patient_id=own, aliases={own}, scope="pay")
