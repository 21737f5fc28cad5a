"""A family's appointments on the phone: home page, list, more time, giving back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.gateway.web.conftest import log_in, register
from tests.gateway.web.steps import book, booked, offer
from tests.support.everyday import ADMIN, Everyday
from tests.support.phone import Phone
from tests.support.whole_hospital import WholeHospital

MOTHER = {"name": "李秀英", "document_number": "329900194603120029"}


@pytest.fixture
def doctor(day: Everyday) -> str:
    """A doctor with eight times tomorrow morning."""
    return offer(day)


def test_ten_more_minutes_are_given_once(hospital: WholeHospital, wang: Phone, doctor: str) -> None:
    path = book(wang, doctor).path
    hospital.turn()
    hospital.clock.advance(minutes=5)
    page = wang.get(path)
    page.says("号为您保留 10:00", "多留 10 分钟")
    form = page.form(f"{path}/extension")
    page = wang.send(form)
    page.says("号为您保留 20:00")
    page.says_not("多留")
    wang.send(form).says("号为您保留 20:00")
    page = wang.send(form, request_id="another-tap")
    assert page.status == 409
    page.says("付款时间已经延长过一次。", "号还为您留着。", "号为您保留 20:00")


def test_an_unpaid_place_is_given_back_and_nothing_was_charged(
    hospital: WholeHospital, wang: Phone, doctor: str
) -> None:
    path = book(wang, doctor).path
    hospital.turn()
    ask = wang.tap(wang.get(path), "不要这个号了")
    ask.says("退掉明天 09:30–10:00 的号？", "还没有付钱，退号不收钱。")
    page = wang.send(ask.form(f"{path}/cancellation"))
    assert page.path == path
    page.says("这个号已经退掉。没有收您的钱。")
    page.says_not("去支付")
    wang.send(ask.form(f"{path}/cancellation")).says("这个号已经退掉。")
    assert book(wang, doctor).status == 200


def test_a_paid_visit_is_given_back_and_the_page_follows_the_money(
    hospital: WholeHospital, wang: Phone, day: Everyday, doctor: str
) -> None:
    path = booked(hospital, wang, doctor)
    ask = wang.tap(wang.get(path), "退号")
    ask.says("¥25.00 全额原路退回。", "退给您 ¥25.00", "退了以后号会放给别人")
    page = wang.send(ask.form(f"{path}/cancellation"))
    page.says("这个号已经退掉。")
    page.says_not("没有收您的钱")
    hospital.turn()
    wang.get(path).says("退给您 ¥25.00，正在原路退回，到了给您发消息。")
    hospital.pass_time(seconds=30)
    wang.get(path).says("退给您 ¥25.00，已经原路退回。")
    assert day.wallet_balance_fen() == 0
    wang.get("/messages").says("已退款", "¥25.00 已原路退回。")


def test_after_the_deadline_the_page_offers_no_cancelling_and_the_service_refuses_it(
    hospital: WholeHospital, wang: Phone, day: Everyday, doctor: str
) -> None:
    path = booked(hospital, wang, doctor)
    form = wang.get(f"{path}/cancellation").form(f"{path}/cancellation")
    hospital.clock.advance(hours=24, minutes=1)
    page = wang.get(path)
    page.says("过了网上退号的时间。来不了的话，请到窗口办。")
    assert wang.get(f"{path}/cancellation").path == path
    page = wang.send(form)
    assert page.status == 422
    page.says("过了网上退号的时间。", "预约没有变。", "医院已确认")
    assert day.wallet_balance_fen() == 2500


def test_a_visit_that_the_hospital_cancels_says_why_and_that_the_money_comes_back(
    hospital: WholeHospital, wang: Phone, day: Everyday
) -> None:
    doctor = day.doctor()
    session = day.session(doctor["id"])
    path = booked(hospital, wang, doctor["id"])
    day.done(day.at("appointments", ADMIN).post(f"/v1/schedules/{session['id']}/suspension"))
    hospital.turn()
    hospital.pass_time(seconds=30)
    wang.get(path).says("医生停诊，这个号取消了。退给您 ¥25.00，已经原路退回。")
    wang.get("/appointments").says("以前的", "医生停诊")


def test_the_list_has_what_is_ahead_and_what_is_over(hospital: WholeHospital, wang: Phone, doctor: str) -> None:
    wang.get("/appointments").says("还没有预约", "预约挂号")
    path = booked(hospital, wang, doctor)
    page = wang.get("/appointments")
    page.says("还没有看的", "明天 09:30–10:00 已确认 心血管内科，陈思远")
    assert page.link("明天 09:30–10:00") == path
    hospital.clock.advance(hours=26)
    page = wang.get("/appointments")
    page.says("没有要去的预约。", "以前的", "已过")
    wang.get(path).says("再约一次", "号数 1")


def test_the_home_page_puts_what_matters_now_first(hospital: WholeHospital, wang: Phone, doctor: str) -> None:
    wang.get("/").says("今天没有要办的事")
    path = book(wang, doctor).path
    wang.get("/").says("号留好了，账单正在准备")
    hospital.turn()
    page = wang.get("/")
    page.says("号留好了，等您付款", "号为您保留 15:00", "去付 ¥25.00", "2 条新消息")
    assert page.link("去付") == path
    hospital.pass_time(minutes=15)
    wang.get("/").says("今天没有要办的事", "3 条新消息")


def test_a_visit_of_today_stands_on_the_card_with_its_number(hospital: WholeHospital, wang: Phone, doctor: str) -> None:
    booked(hospital, wang, doctor)
    hospital.clock.advance(hours=23)
    wang.get("/").says("已确认", "今天 09:30–10:00", "1 号", "心血管内科，陈思远 副主任医师", "门诊楼3层")


def test_what_waits_for_another_of_the_family_stands_on_the_home_page(
    hospital: WholeHospital, wang: Phone, doctor: str
) -> None:
    register(wang, "parent", **MOTHER)
    hospital.turn()
    page = wang.get(f"/book/doctors/{doctor}?date=2026-11-24")
    form = page.form(f"/book/doctors/{doctor}/confirm")
    confirm = wang.send(form, slot=form.choices["slot"][4]).form(f"/book/doctors/{doctor}/confirm")
    mother = next(value for value in confirm.choices["patient_id"] if value != confirm.values["patient_id"])
    path = wang.send(confirm, patient_id=mother).path
    hospital.turn()
    page = wang.get("/")
    page.says("号留好了，等您付款 李秀英", "去付 ¥25.00")
    assert page.link("去付") == path
    assert path.split("/")[2] == mother
    booked(hospital, wang, doctor)
    page = wang.get("/")
    page.says("已确认 王建国", "要办的事 全家 1 件", "明天 10:00–10:30，李秀英 等您付款")
    wang.get(path).says("李秀英 父母", "去支付")


def test_nobody_sees_or_changes_the_appointments_of_strangers(
    hospital: WholeHospital, wang: Phone, second_phone: Callable[[], Phone], doctor: str
) -> None:
    path = book(wang, doctor).path
    hospital.turn()
    stranger = second_phone()
    log_in(hospital, stranger, "19900000009")
    register(stranger, **MOTHER)
    hospital.turn()
    own = stranger.get("/family").form("/family/choose").buttons[0][2]
    appointment = path.rpartition("/")[2]
    token = stranger.get("/me").form("/logout").values
    for person in (path.split("/")[2], own):
        for page in ("", "/paid", "/progress", "/cancellation"):
            assert stranger.get(f"/appointments/{person}/{appointment}{page}").status == 404
        for act in ("cancellation", "extension"):
            assert stranger.post(f"/appointments/{person}/{appointment}/{act}", token).status_code == 404
    page = wang.get(path)
    page.says("号为您保留 15:00", "多留 10 分钟")


def test_while_appointments_is_silent_the_rest_of_the_home_page_works(
    hospital: WholeHospital, wang: Phone, doctor: str
) -> None:
    path = book(wang, doctor).path
    hospital.turn()
    hospital.network.unreachable.add(hospital.settings.url("appointments"))
    page = wang.get("/")
    assert page.status == 200
    page.says("预约暂时看不到", "约好的号、付过的钱都在", "2 条新消息", "家人")
    wang.get("/appointments").says("预约暂时看不到。")
    page = wang.get(path)
    assert page.status == 503
    page.says("这一部分现在读不到。", "您的预约和钱都在。")
    assert page.link("等一会儿再看") == path
    page = wang.send(wang.get("/me").form("/logout"))
    assert page.path == "/login"


def test_in_elder_mode_the_home_page_is_shorter_and_speaks(hospital: WholeHospital, wang: Phone, doctor: str) -> None:
    booked(hospital, wang, doctor)
    wang.look(mode="elder")
    page = wang.get("/")
    page.says("王建国，您好", "明天上午 9:30", "1 号", "读给我听", "挂号", "我的号", "有人帮您")
    page.says_not("English")
    assert 'data-mode="elder"' in page.html
