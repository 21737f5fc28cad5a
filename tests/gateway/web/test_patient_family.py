"""The family on the phone: registering by real name, linking by a code, choosing, taking off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.web.conftest import WANG_NUMBER, identity_of, log_in, register
from tests.support.callers import FRONT_DESK, Caller
from tests.support.everyday import Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

CHILD = {
    "name": "王一诺",
    "document": "none",
    "birth_year": "2019",
    "birth_month": "5",
    "birth_day": "6",
    "sex": "female",
    "guardian_name": "王建国",
    "guardian_document_number": WANG_NUMBER,
    "guardian_phone": "19900000001",
}


@pytest.fixture
def known(hospital: WholeHospital, phone: Phone) -> Phone:
    """A phone whose person has agreed to everything and registered nobody."""
    log_in(hospital, phone)
    return phone


def names(phone: Phone) -> list[str]:
    """Who is on the list, as the page has it."""
    forms = [form for form in phone.get("/family").forms if form.action == "/family/choose"]
    return [word for form in forms for word, _, _ in form.buttons]


def test_a_person_registers_with_an_identity_card_and_is_acted_for(known: Phone) -> None:
    page = register(known)
    assert (page.status, page.path) == (200, "/")
    page.says("今天没有要办的事")
    assert names(known) == ["王 王建国 本人 正在办"]
    page = known.tap(known.get("/family"), "登记的资料、谁看过、解除")
    page.says("病历号", "1956 年 3 月 8 日", "性别 男", "证件 329900********0017", "证件核对 核对过")
    assert WANG_NUMBER not in page.html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"document_number": "3299001956030800"}, "少了 2 位，身份证号是 18 位。"),
        ({"document_number": "3299001956030800170"}, "多了 1 位，身份证号是 18 位。"),
        ({"document_number": "329900195603080018"}, "号码里有一位不对，对着证件再看一遍。"),
        ({"document_number": "329900195613080017"}, "号码里"),
        ({"document_number": ""}, "请填证件号码。"),
        ({"name": ""}, "请填名字。"),
        ({"name": "王4"}, "名字要和证件上的一样，不写数字和符号。"),
        ({"phone": "12345"}, "手机号不对，看一看是不是 11 位。"),
        ({"document": "03", "document_number": "E1234567", "sex": "male"}, "请填出生日期。"),
        (
            {
                "document": "03",
                "document_number": "E1234567",
                "birth_year": "2001",
                "birth_month": "2",
                "birth_day": "29",
            },
            "没有这一天，请再看一看。",
        ),
    ],
)
def test_a_mistake_is_said_at_its_field_what_was_typed_stays_and_nobody_is_registered(
    known: Phone, typed: dict[str, str], sentence: str
) -> None:
    page = register(known, **typed)
    assert page.status == 422
    page.says(sentence)
    kept = page.form("/family/new/self").values
    assert {name: kept[name] for name in typed} == typed
    assert names(known) == []
    register(known)
    assert names(known) == ["王 王建国 本人 正在办"]


def test_a_small_child_without_documents_is_registered_with_a_guardian(hospital: WholeHospital, wang: Phone) -> None:
    page = register(wang, "child", **{**CHILD, "document_number": ""})
    assert page.path == "/"
    assert names(wang) == ["王 王建国 本人 正在办", "王 王一诺 孩子"]


def test_a_child_under_14_without_guardian_is_refused_at_the_field(wang: Phone) -> None:
    page = register(wang, "child", document="01", name="王一诺", document_number="32990020190506001X")
    assert page.status == 422
    page.says("不满 14 岁要有监护人一起登记。")
    page = register(wang, "child", **{**CHILD, "guardian_phone": "", "document_number": ""})
    page.says("请填监护人的手机号。")
    assert names(wang) == ["王 王建国 本人 正在办"]


def test_the_guardians_number_is_not_the_childs(wang: Phone) -> None:
    page = register(wang, "child", **{**CHILD, "document": "02", "document_number": WANG_NUMBER})
    assert page.status == 422
    assert names(wang) == ["王 王建国 本人 正在办"]


def test_registering_twice_by_a_double_tap_makes_one_patient(known: Phone) -> None:
    form = known.get("/family/new/self?next=/").form("/family/new/self")
    filled = {**form.values, "name": "王建国", "document_number": WANG_NUMBER}
    assert [known.post(form.action, filled).status_code for _ in range(2)] == [303, 303]
    assert names(known) == ["王 王建国 本人 正在办"]


def test_somebody_whom_the_hospital_knows_is_not_linked_by_typing_their_number(known: Phone, day: Everyday) -> None:
    day.register()
    page = register(known)
    assert page.status == 409
    page.says("这位病人已经在医院登记过。", "没有重复登记。")
    assert page.link("到窗口要一个关联码").startswith("/family/code")
    assert names(known) == []


def code_for(day: Everyday, patient_id: Any) -> str:
    """A link code that the front desk hands out."""
    desk: Caller = day.at("records", FRONT_DESK)
    return str(day.done(desk.post(f"/v1/patients/{patient_id}/link-codes"))["code"])


def redeem(phone: Phone, code: str, relation: str = "parent", **values: str) -> Page:
    """Type a code into the page."""
    return phone.send(phone.get("/family/code").form("/family/code"), code=code, relation=relation, **values)


def test_a_code_of_the_front_desk_links_an_existing_person_once(known: Phone, day: Everyday) -> None:
    code = code_for(day, day.register())
    page = redeem(known, f" {code[:4].lower()} {code[4:].lower()} ")
    assert page.path == "/family"
    assert names(known) == ["王 王建国 父母 正在办"]
    page = redeem(known, code)
    assert page.status in {409, 422}
    assert names(known) == ["王 王建国 父母 正在办"]


def test_a_wrong_code_adds_nobody_and_stays_as_typed(known: Phone) -> None:
    page = redeem(known, "ABCD2345")
    assert page.status == 422
    page.says("关联码不对，或者已经用过、过期了。", "再填一次，或到窗口换一个")
    assert page.form("/family/code").values["code"] == "ABCD2345"
    assert page.form("/family/code").values["relation"] == "parent"
    redeem(known, "ABCD2345", "").says("请选一个。")
    redeem(known, "", "parent").says("关联码不对")
    assert names(known) == []


def test_choosing_another_person_acts_for_them_from_then_on(hospital: WholeHospital, wang: Phone) -> None:
    register(wang, "parent", name="李秀英", document_number="329900194603120029")
    hospital.turn()
    page = wang.get("/family?next=/book")
    form = page.form("/family/choose")
    mother = next(value for word, _, value in form.buttons if "李秀英" in word)
    page = wang.send(form, person=mother)
    assert page.path == "/book"
    page.says("正在为 父母 李 李秀英 办理，点按换人")
    assert names(wang) == ["王 王建国 本人", "李 李秀英 父母 正在办"]


def test_nobody_chooses_or_sees_a_stranger(wang: Phone, day: Everyday) -> None:
    stranger = day.register({"name": "赵国强", "document_type": "01", "document_number": "329900195001010011"})
    form = wang.get("/family").form("/family/choose")
    for person in (str(stranger), "", "x"):
        assert wang.send(form, person=person).status == 404
    for page in ("", "/accesses", "/unlink"):
        assert wang.get(f"/family/{stranger}{page}").status == 404
    assert wang.post(f"/family/{stranger}/unlink", form.values).status_code == 404
    assert names(wang) == ["王 王建国 本人 正在办"]


def test_a_person_is_taken_off_the_list_after_saying_so_twice(hospital: WholeHospital, wang: Phone) -> None:
    register(wang, "parent", name="李秀英", document_number="329900194603120029")
    hospital.turn()
    pages = [href for text, href in wang.get("/family").links if "李秀英" in text]
    ask = wang.tap(wang.get(pages[0]), "从名单里解除")
    ask.says("不再替李秀英办了？", "约好的号、付过的钱都不变。")
    page = wang.send(ask.form(f"{pages[0]}/unlink"))
    assert page.path == "/family"
    assert names(wang) == ["王 王建国 本人 正在办"]
    assert wang.get(pages[0]).status == 404


def test_a_full_list_says_so_before_anybody_is_registered(hospital: WholeHospital, wang: Phone, day: Everyday) -> None:
    limits = identity_of(hospital).limits
    object.__setattr__(limits, "patients_per_account", 1)
    page = wang.get("/family")
    page.says("一部手机最多替 1 位办，已经满了。")
    page = register(wang, "parent", name="李秀英", document_number="329900194603120029")
    assert page.status == 422
    page.says("家人已经加满了。", "名单没有变。")
    found = day.done(day.at("records", FRONT_DESK).get("/v1/patients", search="李秀英"))["items"]
    assert found == []


def test_who_looked_at_the_data_is_told_to_the_patient(wang: Phone, day: Everyday) -> None:
    person = wang.get("/family").form("/family/choose").buttons[0][2]
    wang.get(f"/family/{person}/accesses").says("您或家人的手机 看了住院的情况")
    for _ in range(3):
        day.done(day.at("records", FRONT_DESK).get(f"/v1/patients/{person}"))
    page = wang.get(f"/family/{person}/accesses")
    page.says("服务台 看了登记的资料，11 月 23 日 周一 09:00，这天 3 次", "您或家人的手机 看了这份记录")


def test_while_records_is_silent_the_family_page_works(hospital: WholeHospital, wang: Phone) -> None:
    person = wang.get("/family").form("/family/choose").buttons[0][2]
    hospital.network.unreachable.add(hospital.settings.url("records"))
    assert names(wang) == ["王 王建国 本人 正在办"]
    wang.get(f"/family/{person}").says("登记的资料现在读不到")
    wang.get(f"/family/{person}/accesses").says("记录现在读不到")
    form = wang.get("/family/new/parent").form("/family/new/parent")
    page = wang.send(form, name="李秀英", document_number="329900194603120029")
    assert page.status == 503
    kept = page.form("/family/new/parent").values
    assert (kept["name"], kept["request_id"]) == ("李秀英", form.values["request_id"])
