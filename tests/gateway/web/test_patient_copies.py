"""Asking for copies of a record on the phone, without script: each page keeps what it has."""

from __future__ import annotations

from tests.gateway.web.copying import begin, family, paid, submitted
from tests.support.phone import Phone
from tests.support.whole_hospital import WholeHospital


def test_a_person_asks_for_their_own_record(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    page = phone.get(path)
    page.says("复印了做什么用？", "医保报销")
    page = submitted(phone, path)
    page.says("付款", "账单正在准备")
    paid(hospital, path)
    phone.get(path).says("病案室正在核对证件")
