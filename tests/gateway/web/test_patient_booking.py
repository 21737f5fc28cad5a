"""Booking on the phone: searching, choosing, keeping a place once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.gateway.web.conftest import log_in, register
from tests.support.callers import patient
from tests.support.everyday import EVERYBODY, Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

TOMORROW = "2026-11-24"


@pytest.fixture
def doctor(day: Everyday) -> dict[str, Any]:
    """Dr Chen with a session tomorrow morning, one place each half hour."""
    made = day.doctor()
    day.session(made["id"], places=8)
    return made


def places(day: Everyday, doctor: dict[str, Any]) -> list[int]:
    """How many places are left in each slot."""
    path = f"/v1/practitioners/{doctor['id']}/slots"
    return [
        item["places_left"] for item in day.done(day.at("appointments", EVERYBODY).get(path, date=TOMORROW))["items"]
    ]


def confirm_page(phone: Phone, doctor: dict[str, Any], nth: int = 3) -> Page:
    """The last page before a place is kept."""
    page = phone.get(f"/book/doctors/{doctor['id']}?date={TOMORROW}")
    form = page.form(f"/book/doctors/{doctor['id']}/confirm")
    return phone.send(form, slot=form.choices["slot"][nth])


def test_from_the_home_page_to_a_place_that_is_kept(
    hospital: WholeHospital, wang: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    page = wang.tap(wang.get("/"), "预约挂号")
    page.says("心血管内科", "门诊楼3层", "最早 明天 08:00")
    page = wang.tap(page, "心血管内科")
    page.says("陈思远", "副主任医师", "¥25.00")
    page = wang.tap(page, "陈思远")
    page.says("周二 24 有号", "周三 25 休诊", "08:00 仅 1 个", "11 月 24 日 周二 还没有选时间")
    form = page.form(f"/book/doctors/{doctor['id']}/confirm")
    page = wang.send(form, slot=form.choices["slot"][3])
    page.says(
        "周二 上午 09:30–10:00", "2026 年 11 月 24 日", "陈思远 副主任医师", "本部，门诊楼3层", "¥25.00", "王建国 本人"
    )
    page.says("最晚在开始前 30 分钟退号", "留好号以后有 15 分钟付款，不够可以多留 10 分钟")
    page = wang.send(page.form(f"/book/doctors/{doctor['id']}/confirm"))
    page.says("号为您留着，账单正在准备。", "明天 09:30–10:00", "王建国 本人")
    assert page.path.startswith("/appointments/")
    assert places(day, doctor) == [1, 1, 1, 0, 1, 1, 1, 1]
    wang.get("/").says("号留好了，账单正在准备", "明天 09:30–10:00")
    hospital.turn()
    wang.get(page.path).says("号为您保留 15:00", "多留 10 分钟", "需支付 ¥25.00")


def test_departments_and_doctors_are_found_by_initials_and_characters(wang: Phone, doctor: dict[str, Any]) -> None:
    for wanted in ("xxg", "心血管", "Cardio", "csy"):
        page = wang.get(f"/book?q={wanted}")
        page.says("陈思远")
    wang.get("/book?q=xxg").says("“xxg”找到 1 个科室、1 位医生")
    page = wang.get("/book?q=<script>alert(1)</script>")
    page.says("没有找到“<script>alert(1)</script>”")
    assert "<script>alert" not in page.html
    assert wang.get(f"/book?q={'长' * 500}").status == 200


def test_a_second_tap_and_the_back_button_keep_one_place(wang: Phone, day: Everyday, doctor: dict[str, Any]) -> None:
    form = confirm_page(wang, doctor).form(f"/book/doctors/{doctor['id']}/confirm")
    first = wang.post(form.action, form.values)
    second = wang.post(form.action, form.values)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert places(day, doctor) == [1, 1, 1, 0, 1, 1, 1, 1]


def test_the_same_page_sent_for_another_time_is_refused(wang: Phone, day: Everyday, doctor: dict[str, Any]) -> None:
    form = confirm_page(wang, doctor).form(f"/book/doctors/{doctor['id']}/confirm")
    other = confirm_page(wang, doctor, nth=5).form(f"/book/doctors/{doctor['id']}/confirm")
    wang.send(form)
    page = wang.send(other, request_id=form.values["request_id"])
    assert page.status == 422
    page.says("这一页已经用过一次了。", "前一次办的还在，没有办两次。")
    assert places(day, doctor) == [1, 1, 1, 0, 1, 1, 1, 1]


def test_of_two_people_one_gets_the_place_and_the_other_hears_it_at_the_times(
    hospital: WholeHospital, wang: Phone, second_phone: Callable[[], Phone], day: Everyday, doctor: dict[str, Any]
) -> None:
    li = second_phone()
    log_in(hospital, li, "19900000009")
    born = {"birth_year": "1960", "birth_month": "5", "birth_day": "1"}
    register(li, name="李秀英", document="03", document_number="E12345678", sex="female", **born)
    hospital.turn()
    mine, hers = confirm_page(wang, doctor), confirm_page(li, doctor)
    wang.send(mine.form(f"/book/doctors/{doctor['id']}/confirm"))
    page = li.send(hers.form(f"/book/doctors/{doctor['id']}/confirm"))
    assert page.path == f"/book/doctors/{doctor['id']}?date={TOMORROW}&problem=slot_taken"
    page.says("这个时间刚刚被别人约走了。", "您的钱没有扣。", "09:30 满")
    assert len(page.form(f"/book/doctors/{doctor['id']}/confirm").choices["slot"]) == 7
    assert places(day, doctor) == [1, 1, 1, 0, 1, 1, 1, 1]
    li.get("/appointments").says("还没有预约")


def test_a_full_time_chosen_by_its_address_leads_back_to_the_times(
    wang: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    page = confirm_page(wang, doctor)
    address = page.path
    wang.send(page.form(f"/book/doctors/{doctor['id']}/confirm"))
    wang.get(address).says("这个时间刚刚被别人约走了。")


def test_without_a_time_the_page_asks_for_one(wang: Phone, doctor: dict[str, Any]) -> None:
    page = wang.get(f"/book/doctors/{doctor['id']}/confirm?date={TOMORROW}")
    assert page.path == f"/book/doctors/{doctor['id']}?date={TOMORROW}&next=1"
    page.says("先点一个时间，再按“下一步”。")


def test_a_limit_of_the_hospital_is_said_on_the_page_and_nothing_more_is_kept(
    wang: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    wang.send(confirm_page(wang, doctor).form(f"/book/doctors/{doctor['id']}/confirm"))
    page = wang.send(confirm_page(wang, doctor, nth=5).form(f"/book/doctors/{doctor['id']}/confirm"))
    assert page.status == 409
    page.says("这位病人已经约了这位医生的这一场。", "原来的预约还在。")
    assert page.link("看我的预约") == "/appointments"
    assert places(day, doctor) == [1, 1, 1, 0, 1, 1, 1, 1]


def test_the_form_says_for_whom_even_when_another_page_changed_the_person(
    hospital: WholeHospital, wang: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    register(wang, "parent", name="李秀英", document_number="329900194603120029")
    hospital.turn()
    page = confirm_page(wang, doctor)
    form = page.form(f"/book/doctors/{doctor['id']}/confirm")
    mother, own = next(
        (value, form.values["patient_id"]) for value in form.choices["patient_id"] if value != form.values["patient_id"]
    )
    chips = wang.get("/").form("/family/choose")
    wang.send(chips, person=mother)
    page = wang.send(form)
    page.says("王建国 本人")
    assert page.path.split("/")[2] == own
    form = confirm_page(wang, doctor, nth=4).form(f"/book/doctors/{doctor['id']}/confirm")
    assert form.values["patient_id"] == mother


def test_nobody_books_for_a_patient_of_somebody_else(
    hospital: WholeHospital, wang: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    stranger = day.register({"name": "赵国强", "document_type": "01", "document_number": "329900195001010011"})
    form = confirm_page(wang, doctor).form(f"/book/doctors/{doctor['id']}/confirm")
    page = wang.send(form, patient_id=str(stranger))
    assert page.status == 404
    assert places(day, doctor) == [1] * 8
    assert day.done(day.at("appointments", patient(stranger)).get("/v1/appointments"))["items"] == []


def test_without_a_registered_patient_booking_leads_to_registering_and_back(
    hospital: WholeHospital, phone: Phone, doctor: dict[str, Any]
) -> None:
    log_in(hospital, phone)
    page = confirm_page(phone, doctor)
    assert page.path.startswith(f"/family/new?next=/book/doctors/{doctor['id']}/confirm?")
    page = phone.tap(page, "我自己")
    page = phone.send(page.form("/family/new/self"), name="王建国", document_number="329900195603080017")
    page.says("周二 上午 09:30–10:00", "王建国 本人")


def test_a_patient_registered_a_moment_ago_sends_the_same_page_again(
    hospital: WholeHospital, phone: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    log_in(hospital, phone)
    register(phone)
    sent = confirm_page(phone, doctor).form(f"/book/doctors/{doctor['id']}/confirm")
    page = phone.send(sent)
    assert page.status == 409
    page.says("刚登记好，挂号那边还没收到。", "登记的内容都在。")
    hospital.turn()
    again = page.form(f"/book/doctors/{doctor['id']}/confirm")
    assert again.values["request_id"] == sent.values["request_id"]
    phone.send(again).says("号为您留着，账单正在准备。")
    assert places(day, doctor) == [1, 1, 1, 0, 1, 1, 1, 1]


def test_with_no_answer_the_same_page_is_sent_again_and_keeps_one_place(
    hospital: WholeHospital, wang: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    form = confirm_page(wang, doctor).form(f"/book/doctors/{doctor['id']}/confirm")
    hospital.network.unreachable.add(hospital.settings.url("appointments"))
    page = wang.send(form)
    assert page.status == 503
    page.says("医院系统没有回答，可能办成了，也可能没有。", "再试一次不会办两次，也不会扣两次钱。")
    hospital.network.unreachable.clear()
    again = page.form(f"/book/doctors/{doctor['id']}/confirm")
    assert {name: again.values[name] for name in form.values if name != "csrf_token"} == {
        name: value for name, value in form.values.items() if name != "csrf_token"
    }
    wang.send(again).says("号为您留着，账单正在准备。")
    assert places(day, doctor) == [1, 1, 1, 0, 1, 1, 1, 1]


def test_while_appointments_is_silent_the_search_says_so(hospital: WholeHospital, wang: Phone) -> None:
    hospital.network.unreachable.add(hospital.settings.url("appointments"))
    page = wang.get("/book?q=xxg")
    assert page.status == 200
    page.says("这一部分现在读不到。", "您的预约和钱都在。")
    page.says_not("没有找到")


def test_ids_and_dates_that_are_none_are_not_found_or_passed_over(wang: Phone, doctor: dict[str, Any]) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    assert wang.get(f"/book/doctors/{nobody}").status == 404
    assert wang.get(f"/book/departments/{nobody}").status == 404
    assert wang.get("/book/doctors/1").status == 404
    page = wang.get(f"/book/doctors/{doctor['id']}?date=2026-13-77")
    assert page.status == 200
    page.says("11 月 24 日 周二")
    page = wang.get(f"/book/doctors/{doctor['id']}/confirm?slot=x&date=y")
    assert page.path == f"/book/doctors/{doctor['id']}?date=y&problem=slot_taken"


def test_in_elder_mode_four_times_are_offered_in_spoken_words(
    wang: Phone, day: Everyday, doctor: dict[str, Any]
) -> None:
    day.session(doctor["id"], places=8, days=3)
    wang.look(mode="elder")
    page = wang.get(f"/book/doctors/{doctor['id']}")
    page.says("什么时候来？", "挂号费 25 元", "明天 ，仅 1 个 上午 8:00", "周四 ，仅 1 个 上午 8:30")
    form = page.form(f"/book/doctors/{doctor['id']}/confirm")
    assert len(form.choices["slot"]) == 4
    page = wang.send(form)
    page.says("明天上午 8:00", "挂号费 25 元")
    page = wang.tap(wang.get(f"/book/doctors/{doctor['id']}"), "看别的日子")
    assert len(page.form(f"/book/doctors/{doctor['id']}/confirm").choices["slot"]) == 8


def test_everything_is_there_in_english(hospital: WholeHospital, wang: Phone, doctor: dict[str, Any]) -> None:
    wang.look(lang="en")
    wang.get("/book").says("Book a visit", "Cardiology", "First: Tomorrow 08:00")
    page = confirm_page(wang, doctor)
    page.says("Tue morning 09:30–10:00", "24 Nov 2026", "Chen Siyuan Associate chief physician", "Visit fee ¥25.00")
    page = wang.send(page.form(f"/book/doctors/{doctor['id']}/confirm"))
    page.says("Your place is kept, and the bill is being prepared.", "Tomorrow 09:30–10:00")
