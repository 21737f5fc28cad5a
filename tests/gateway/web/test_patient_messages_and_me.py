"""Messages and settings on the phone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tests.gateway.web.conftest import register
from tests.gateway.web.steps import book, booked, offer
from tests.gateway.web.test_patient_family import CHILD
from tests.support.everyday import Everyday
from tests.support.phone import Phone
from tests.support.ward import Ward
from tests.support.whole_hospital import WholeHospital


def test_the_inbox_tells_what_happened_and_leads_to_it(hospital: WholeHospital, wang: Phone, day: Everyday) -> None:
    wang.get("/messages").says("还没有消息")
    path = booked(hospital, wang, offer(day))
    page = wang.get("/messages")
    page.says("3 条没看", "预约成功", "11 月 24 日 周二 09:30 心血管内科 · 陈思远，1 号。", "请付挂号费", "号已保留")
    [form] = [form for form in page.forms if any(name == "notice" for _, name, _ in form.buttons)]
    page = wang.send(form, notice=form.buttons[0][2])
    assert page.path == path
    page = wang.get("/messages")
    page.says("2 条没看")
    everything = next(form for form in page.forms if form.buttons == [("都看过了", "", "")])
    wang.send(everything).says_not("没看")
    wang.get("/").says_not("条新消息")


def test_messages_are_read_in_the_language_chosen_now(hospital: WholeHospital, wang: Phone, day: Everyday) -> None:
    book(wang, offer(day))
    hospital.turn()
    wang.look(lang="en")
    page = wang.get("/messages")
    page.says("2 unread", "Please pay", "Place kept", "Tue 24 Nov, 09:30 Cardiology, Chen Siyuan")


def test_a_message_of_somebody_else_is_not_found(hospital: WholeHospital, wang: Phone, day: Everyday) -> None:
    book(wang, offer(day))
    hospital.turn()
    [form] = [form for form in wang.get("/messages").forms if any(name == "notice" for _, name, _ in form.buttons)]
    for unknown in ("00000000-0000-4000-8000-000000000000", f"{form.buttons[0][2]}/x", ""):
        assert wang.send(form, notice=unknown).status == 404
    wang.get("/messages").says("2 条没看")


def test_a_message_about_a_person_taken_off_the_list_is_gone_or_leads_nowhere(
    hospital: WholeHospital, wang: Phone, day: Everyday
) -> None:
    book(wang, offer(day))
    hospital.turn()
    person = wang.get("/family").form("/family/choose").buttons[0][2]
    wang.send(wang.get(f"/family/{person}/unlink").form(f"/family/{person}/unlink"))
    page = wang.get("/messages")
    assert person not in page.html
    [form] = [form for form in page.forms if any(name == "notice" for _, name, _ in form.buttons)]
    assert wang.send(form, notice=form.buttons[0][2]).path == "/messages"
    wang.get("/timeline").says("还没有什么事")


def test_the_time_line_tells_of_the_whole_family_day_by_day_or_of_one(
    hospital: WholeHospital, wang: Phone, day: Everyday
) -> None:
    wang.get("/timeline").says("还没有什么事")
    appointment = booked(hospital, wang, offer(day))
    register(wang, "child", **CHILD)
    hospital.turn()
    father, child = (button[2] for button in wang.get("/family").form("/family/choose").buttons)
    ward = Ward(day)
    stay = ward.admit(UUID(child), at=day.clock() - timedelta(days=1))
    page = wang.get("/timeline")
    page.says(
        "今天", "预约成功", "付好了", "挂号费 ¥25.00 已经收到。", "昨天", "11 月 22 日 周日", "住进来了", "王一诺"
    )
    assert page.text.index("预约成功") < page.text.index("住进来了")
    assert page.link("住进来了") == f"/stays/{stay['id']}"
    assert page.link("预约成功") == appointment
    wang.get(next(href for text, href in page.links if text == "王一诺")).says_not("预约成功")
    wang.get(f"/timeline?person={father}").says_not("住进来了")
    assert wang.get("/timeline?person=00000000-0000-4000-8000-000000000000").status == 404


def test_language_and_elder_mode_are_one_tap_from_every_root_page(wang: Phone) -> None:
    for path in ("/", "/appointments", "/messages", "/me"):
        page = wang.get(path)
        switches = [button for form in page.forms if form.action == "/look" for button in form.buttons]
        assert ("English", "lang", "en") in switches
        assert ("长辈版", "mode", "elder") in switches
    form = next(f for f in wang.get("/messages").forms if ("English", "lang", "en") in f.buttons)
    page = wang.send(form, lang="en")
    assert page.path == "/messages"
    page.says("Messages", "No messages yet")


def test_the_settings_page_shows_the_phone_masked_and_every_choice(wang: Phone) -> None:
    page = wang.get("/me")
    page.says(
        "199****0001", "语言 Language", "字和按钮", "深浅", "对比", "同意过的须知", "退出登录", "手机丢了？退出所有手机"
    )
    page.says_not("字的大小")
    assert "19900000001" not in page.html
    wang.look(mode="elder")
    wang.get("/me").says("字的大小 大 最大")


def test_a_consent_is_read_again_and_taken_back(wang: Phone) -> None:
    page = wang.tap(wang.get("/me"), "同意过的须知")
    page.says("用户须知", "第 1 版", "已同意")
    ask = wang.get("/me/consents/sensitive_information")
    ask.says("撤回《敏感个人信息单独同意书》？", "到窗口照样给您办")
    page = wang.send(ask.form("/me/consents/sensitive_information"))
    assert page.path == "/consent"
    page.says("敏感个人信息单独同意书")
    page.says_not("安心帮您预约、付费")
    assert wang.get("/book").path == "/consent?next=/book"
    form = page.form("/consent")
    assert wang.send(form, agree_sensitive_information="yes").path == "/"
    assert wang.get("/me/consents/nothing").status == 404


def test_what_is_not_there_says_so_with_a_way_on(wang: Phone) -> None:
    page = wang.get("/nothing-here")
    assert page.status == 404
    page.says("没有找到，可能已经不在了。")
    assert page.link("回首页") == "/"
    assert "Traceback" not in page.html
