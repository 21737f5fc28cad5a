"""Pages with the whole hospital behind them, and the phones of its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from gateway.identity.door import Identity
from shared.settings import Settings
from tests.support.clock import StandingClock
from tests.support.everyday import Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import OpenDatabase, WholeHospital, open_hospital

WANG_NUMBER = "329900195603080017"


@pytest.fixture
def hospital(open_database: OpenDatabase, settings: Settings, clock: StandingClock) -> Iterator[WholeHospital]:
    """Four services, gateway and wallet with empty books."""
    made = open_hospital(open_database, settings, clock, "sqlite")
    yield made
    made.close()


@pytest.fixture
def day(hospital: WholeHospital) -> Everyday:
    """The people of that hospital."""
    return Everyday(hospital)


@pytest.fixture
def phone(hospital: WholeHospital) -> Phone:
    """A phone that nobody has logged in with."""
    return Phone(hospital.phone())


def identity_of(hospital: WholeHospital) -> Identity:
    """The gateway's identity, for the code in the message box."""
    found: Identity = hospital.apps["gateway"].extensions["anxin.identity"]
    return found


def log_in(hospital: WholeHospital, phone: Phone, number: str = "19900000001", *, agree: bool = True) -> Page:
    """From the first page through code and consents; gives the page where the person comes out."""
    page = phone.get("/login")
    page = phone.send(page.form("/login"), phone=number)
    page = phone.send(page.form("/login/code"), code=identity_of(hospital).demo_messages()[0].code)
    if agree and page.path.startswith("/consent"):
        form = page.form("/consent")
        page = phone.send(form, **dict.fromkeys(form.choices, "yes"))
    return page


def register(phone: Phone, relation: str = "self", /, **values: str) -> Page:
    """Register a person through the page."""
    document = values.pop("document", "01")
    page = phone.get(f"/family/new/{relation}?document={document}&next=/")
    given = {"name": "王建国", "document_number": WANG_NUMBER} | values
    return phone.send(page.form(f"/family/new/{relation}"), **given)


@pytest.fixture
def wang(hospital: WholeHospital, phone: Phone) -> Phone:
    """The phone of 王建国, logged in and registered, known to all services."""
    log_in(hospital, phone)
    register(phone)
    hospital.turn()
    return phone


@pytest.fixture
def second_phone(hospital: WholeHospital) -> Callable[[], Phone]:
    """Another phone of the same hospital."""
    return lambda: Phone(hospital.phone())
