"""A family's stays on the phone: on the home page while somebody lies in hospital, and a page of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.gateway.web.conftest import log_in, register
from tests.support.everyday import Everyday
from tests.support.phone import Phone
from tests.support.ward import Ward
from tests.support.whole_hospital import WholeHospital


@pytest.fixture
def ward(day: Everyday) -> Ward:
    """A ward with three beds."""
    return Ward(day)


def patient_of(phone: Phone) -> str:
    """The patient's id as the family page has it."""
    form = phone.get("/family").form("/family/choose")
    return form.buttons[0][2]


def test_home_shows_where_one_lies_and_leads_to_the_stay(wang: Phone, ward: Ward, day: Everyday) -> None:
    wang.get("/").says_not("在住院")
    ward.admit(patient_of(wang), at=day.clock() - timedelta(days=3))  # type: ignore[arg-type]
    page = wang.get("/")
    page.says("王建国 在住院", "心内一病区 07 床，第 4 天")
    page = wang.tap(page, "在住院")
    page.says("住院", "心内一病区 07 床", "本部", "11 月 20 日 周五 入院", "第 4 天")


def test_a_stay_that_ended_leaves_home_and_keeps_its_page(wang: Phone, ward: Ward) -> None:
    stay = ward.admit(patient_of(wang))  # type: ignore[arg-type]
    ward.discharge(stay["id"])
    wang.get("/").says_not("在住院")
    wang.get(f"/stays/{stay['id']}").says("已出院", "住过", "心内一病区 07 床")


def test_somebody_elses_stay_looks_like_none(
    wang: Phone, ward: Ward, hospital: WholeHospital, second_phone: Callable[[], Phone]
) -> None:
    stay = ward.admit(patient_of(wang))  # type: ignore[arg-type]
    other = second_phone()
    log_in(hospital, other, "19900000003")
    register(other, name="李小明", document_number="329900199001010019")
    unknown = other.get("/stays/00000000-0000-0000-0000-000000000001")
    found = other.get(f"/stays/{stay['id']}")
    assert (found.status, found.text[:40]) == (404, unknown.text[:40])
    found.says_not("心内一病区")
