"""Booking at the window: department, doctor and time through the pages, and the place that is kept."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.support.desk import counts, desk_of, press, refreshed, to_pay, to_times
from tests.support.everyday import LI, Everyday
from tests.support.phone import Phone
from tests.support.whole_hospital import WholeHospital


@pytest.fixture
def desk(hospital: WholeHospital) -> Phone:
    """The front desk's browser."""
    return desk_of(hospital, "front_desk")


@pytest.fixture
def wang(day: Everyday) -> UUID:
    """A patient, on the day on which Dr Chen has a session tomorrow with one place in each half hour."""
    day.slots(places=8)
    return day.register()


def test_department_doctor_and_time_lead_to_a_kept_place(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    departments = desk.get(f"/front-desk/patients/{wang}/book")
    departments.says("心血管内科", "本部 门诊楼3层", "明天 08:00", "余 8", "王建国")
    page = to_times(desk, wang)
    page.says("陈思远", "副主任医师", "¥25.00", "先留号，再收钱。")
    page = press(desk, page, "留这个号")
    assert re.fullmatch(r"/front-desk/appointments/[0-9a-f-]{36}", page.path)
    page.says("号留好了，账单正在准备", "现在还不能收钱。", "明天 08:00–08:30", "心血管内科，陈思远 副主任医师")
    page.says_not("收下")
    assert refreshed(page) == ["4"]
    hospital.turn()
    page = desk.get(page.path)
    page.says("收挂号费", "号保留 15:00", "¥25.00", "正好", "找 ¥5.00", "找 ¥25.00", "找 ¥75.00")
    assert refreshed(page) == []


def test_departments_and_doctors_are_found_as_people_type_them(desk: Phone, wang: UUID) -> None:
    for search in ("心血管", "xxgnk", "cardio", "chensiyuan", "陈思远"):
        desk.get(f"/front-desk/patients/{wang}/book?q={search}").says("陈思远")


def test_a_department_that_is_not_there_is_said_to_be(desk: Phone, wang: UUID) -> None:
    page = desk.get(f"/front-desk/patients/{wang}/book?q=zzz")
    page.says("没有这样的科室或医生")
    desk.tap(page, "看全部科室").says("心血管内科")


def test_a_place_that_somebody_else_took_is_refused_and_another_is_offered(
    hospital: WholeHospital, day: Everyday, desk: Phone
) -> None:
    first = day.slots(places=4)[0]
    wang, li = day.register(), day.register(LI)
    page = to_times(desk, wang)
    day.hold(li, first)
    before = counts(hospital)
    page = press(desk, page, "留这个号")
    assert (page.status, counts(hospital)) == (409, before)
    page.says("这个时间刚刚被别人约走了。", "没有收钱。", "08:00 满")
    page = press(desk, page, "留这个号")
    page.says("号留好了", "明天 08:30–09:00")


def test_the_form_sent_twice_keeps_one_place(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    page = to_times(desk, wang)
    first, second = (press(desk, page, "留这个号") for _ in range(2))
    assert first.path == second.path
    assert counts(hospital)["appointments.appointments"] == 1


def test_more_time_is_given_once(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    page = press(desk, to_pay(hospital, desk, wang), "多留 10 分钟")
    page.says("号保留 25:00")
    page.says_not("多留 10 分钟")
