"""Steps that several tests of the patient's pages take: from a doctor's time to the page of the appointment."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.support.everyday import Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

TOMORROW = "2026-11-24"


def offer(day: Everyday) -> str:
    """A doctor with eight times tomorrow morning; gives the doctor's id."""
    doctor = day.doctor()
    day.session(doctor["id"], places=8)
    return str(doctor["id"])


def book(phone: Phone, doctor_id: str, nth: int = 3, **values: str) -> Page:
    """Keep a place; gives the page of the appointment, where the bill is still being prepared."""
    page = phone.get(f"/book/doctors/{doctor_id}?date={TOMORROW}")
    form = page.form(f"/book/doctors/{doctor_id}/confirm")
    page = phone.send(form, slot=form.choices["slot"][nth])
    return phone.send(page.form(f"/book/doctors/{doctor_id}/confirm"), **values)


def to_the_wallet(hospital: WholeHospital, phone: Phone, appointment: str) -> str:
    """Tap "pay" and let the wallet be opened; gives the address of the wallet's page."""
    page = phone.send(phone.get(appointment).form(f"{appointment}/payment"))
    hospital.turn()
    phone.get(page.path)
    return phone.left_for


def tap_in_wallet(hospital: WholeHospital, address: str, outcome: str = "paid") -> str:
    """Choose an outcome on the wallet's page; gives the path of the hospital to which it leads back."""
    answer = hospital.apps["wallet"].test_client().post(urlsplit(address).path, data={"outcome": outcome})
    assert answer.status_code == 303
    assert answer.location.startswith(hospital.settings.url("gateway"))
    back = urlsplit(answer.location)
    return f"{back.path}?{back.query}" if back.query else back.path


def booked(hospital: WholeHospital, phone: Phone, doctor_id: str, nth: int = 3) -> str:
    """The whole way to a confirmed appointment; gives the path of its page."""
    appointment = book(phone, doctor_id, nth).path
    hospital.turn()
    tap_in_wallet(hospital, to_the_wallet(hospital, phone, appointment))
    hospital.turn()
    return appointment
