"""Logging in on the phone: code, consents, and out again."""

from __future__ import annotations

from gateway.identity.consents import TEXTS
from tests.gateway.web.conftest import identity_of, log_in
from tests.support.phone import Phone
from tests.support.whole_hospital import WholeHospital

NUMBER = "19900000001"


def test_a_newcomer_logs_in_with_the_code_of_the_message_box_and_agrees_to_each_text(
    hospital: WholeHospital, phone: Phone
) -> None:
    first = phone.get("/")
    assert (first.status, first.path) == (200, "/login")
    page = phone.send(first.form("/login"), phone=NUMBER)
    assert page.path == "/login/code?next=/"
    page.says("验证码发到了 199****0001，5 分钟内有效。")
    box = phone.get(page.link("看演示短信箱"))
    code = identity_of(hospital).demo_messages()[0].code
    box.says("发给 199****0001", code)
    consent = phone.send(page.form("/login/code"), code=code)
    assert consent.path == "/consent"
    consent.says("用户须知", "敏感个人信息单独同意书")
    form = consent.form("/consent")
    assert sorted(form.choices) == ["agree_sensitive_information", "agree_service_terms"]
    home = phone.send(form, agree_sensitive_information="yes", agree_service_terms="yes")
    assert (home.status, home.path) == (200, "/")
    home.says("先登记看病的人")
    assert NUMBER not in f"{home.html}{page.path}{box.path}{consent.path}"


def test_a_wrong_phone_number_is_said_at_the_field_and_stays_as_typed(phone: Phone) -> None:
    page = phone.send(phone.get("/login").form("/login"), phone="123")
    assert (page.status, page.path) == (422, "/login")
    page.says("看一看是不是 11 位")
    assert page.form("/login").values["phone"] == "123"
    phone.send(page.form("/login"), phone="").says("请填手机号。")


def test_a_wrong_code_opens_no_session(hospital: WholeHospital, phone: Phone) -> None:
    page = phone.send(phone.get("/login").form("/login"), phone=NUMBER)
    right = identity_of(hospital).demo_messages()[0].code
    wrong = "000000" if right != "000000" else "111111"
    page = phone.send(page.form("/login/code"), code=wrong)
    assert page.status == 422
    page.says("验证码不对。看一看短信，再填一次")
    assert phone.get("/").path == "/login"
    assert phone.send(page.form("/login/code"), code=right).path == "/consent"


def test_a_code_that_is_too_old_is_said_to_be(hospital: WholeHospital, phone: Phone) -> None:
    page = phone.send(phone.get("/login").form("/login"), phone=NUMBER)
    hospital.clock.advance(minutes=5)
    page = phone.send(page.form("/login/code"), code=identity_of(hospital).demo_messages()[0].code)
    page.says("验证码过期了。重新要一个验证码")
    assert phone.get("/").path == "/login"


def test_asking_twice_within_a_minute_sends_one_code_and_leads_to_it(hospital: WholeHospital, phone: Phone) -> None:
    phone.send(phone.get("/login").form("/login"), phone=NUMBER)
    page = phone.send(phone.get("/login").form("/login"), phone=NUMBER)
    page.says("点得太快了。")
    assert len(identity_of(hospital).demo_messages()) == 1
    page = phone.tap(page, "已经收到验证码了，去填")
    assert phone.send(page.form("/login/code"), code=identity_of(hospital).demo_messages()[0].code).path == "/consent"


def test_the_code_page_without_a_phone_number_begins_again(phone: Phone) -> None:
    assert phone.get("/login/code").path == "/login?next=/"


def test_every_text_has_to_be_agreed_to_and_what_was_ticked_stays(hospital: WholeHospital, phone: Phone) -> None:
    consent = log_in(hospital, phone, agree=False)
    page = phone.send(consent.form("/consent"), agree_service_terms="yes")
    assert page.status == 422
    assert page.text.count("要同意这一份才能在手机上办。") == 1
    assert page.form("/consent").values.get("agree_service_terms") == "yes"
    assert phone.get("/book").path == "/consent?next=/book"


def test_a_text_that_changed_meanwhile_is_shown_again(hospital: WholeHospital, phone: Phone) -> None:
    consent = log_in(hospital, phone, agree=False)
    agreed = {f"agree_{text.code}": "yes" for text in TEXTS}
    page = phone.send(consent.form("/consent"), **agreed, version_service_terms="2")
    assert page.status == 409
    page.says("用户须知换了新的。")
    assert phone.get("/").path == "/consent"
    page = phone.send(consent.form("/consent"), **agreed, version_service_terms="两")
    assert page.status == 422


def test_after_logging_in_the_person_comes_to_the_page_they_wanted(hospital: WholeHospital, phone: Phone) -> None:
    page = phone.get("/messages")
    assert page.path == "/login?next=/messages"
    page = phone.send(page.form("/login"), phone=NUMBER)
    page = phone.send(page.form("/login/code"), code=identity_of(hospital).demo_messages()[0].code)
    form = page.form("/consent")
    page = phone.send(form, **dict.fromkeys(form.choices, "yes"))
    assert page.path == "/messages"


def test_nobody_is_led_to_another_site_after_logging_in(hospital: WholeHospital, phone: Phone) -> None:
    page = phone.get("/login?next=https://elsewhere.example/")
    assert page.form("/login").values["next"] == "/"
    assert log_in(hospital, phone).path == "/"
    assert phone.get("/login?next=//elsewhere.example").path == "/"


def test_logging_out_ends_this_phone_only(hospital: WholeHospital, wang: Phone) -> None:
    other = Phone(hospital.phone())
    hospital.clock.advance(minutes=2)
    log_in(hospital, other)
    out = wang.send(wang.get("/me").form("/logout"))
    assert out.path == "/login"
    assert wang.get("/").path == "/login"
    assert other.get("/").path == "/"


def test_logging_out_everywhere_ends_every_phone(hospital: WholeHospital, wang: Phone) -> None:
    other = Phone(hospital.phone())
    hospital.clock.advance(minutes=2)
    log_in(hospital, other)
    ask = wang.get("/me/logout")
    ask.says("在所有手机和电脑上退出？")
    wang.send(ask.form("/logout/everywhere"))
    assert wang.get("/").path == "/login"
    assert other.get("/").path == "/login"


def test_a_form_without_the_pages_token_changes_nothing(wang: Phone) -> None:
    form = wang.get("/me").form("/logout")
    answer = wang.post("/logout", {**form.values, "csrf_token": "of another page"})
    assert answer.status_code == 400
    assert wang.get("/").path == "/"


def test_in_production_there_is_no_message_box(hospital: WholeHospital, phone: Phone) -> None:
    identity_of(hospital).is_demo = False
    assert phone.get("/demo/messages").status == 404
    page = phone.send(phone.get("/login").form("/login"), phone=NUMBER)
    page.says("医院现在发不出验证码。")


def test_a_form_of_a_page_that_was_open_too_long_leads_back_to_that_page(phone: Phone) -> None:
    form = phone.get("/login").form("/login")
    phone.client.delete_cookie("anxin_visitor")
    phone.headers["Referer"] = "http://localhost/login"
    page = phone.send(form, phone=NUMBER)
    assert page.status == 400
    page.says("这一页放得太久了。", "什么都没有改。")
    assert page.link("打开这一页再填一次") == "/login"
