"""Patients at the front desk: found, registered, verified, merged, and given a code for their own phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.gateway.web.conftest import WANG_NUMBER, log_in
from tests.support.callers import FRONT_DESK
from tests.support.desk import counts, desk_of, find, press, take_message
from tests.support.everyday import LI, Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

PASSPORT = {"document": "03", "document_number": "GA1234567"}
BORN = {"birth_year": "1972", "birth_month": "2", "birth_day": "27", "sex": "male"}
DUCK = {"name": "Duck^Donald", "birth": "19720227", "sex": "M", "number": "10006579"}


@pytest.fixture
def desk(hospital: WholeHospital) -> Phone:
    """The front desk's browser."""
    return desk_of(hospital, "front_desk")


def mrn_on(page: Page) -> str:
    """The record number that stands on a page, as it is read aloud."""
    found = re.search(r"病历号 (\d{3} \d{3} \d{3})", page.text)
    assert found, page.text
    return found[1]


def register(desk: Phone, **values: str) -> Page:
    """Fill in the desk's form and send it."""
    return desk.send(desk.get("/front-desk/new").form("/front-desk/new"), **values)


def rows(page: Page) -> list[str]:
    """The names in a list, as the links that open them."""
    return [text for text, href in page.links if re.fullmatch(r"/front-desk/patients/[0-9a-f-]{36}", href)]


# --------------------------------------------------------------------------------------------------------- finding


def test_a_patient_is_found_by_record_number_by_whole_document_number_and_by_name(day: Everyday, desk: Phone) -> None:
    day.register()
    day.register(LI)
    mrn = mrn_on(desk.tap(find(desk, "王建国"), "王建国"))
    for text in (mrn, mrn.replace(" ", ""), WANG_NUMBER, "建国"):
        page = find(desk, text)
        assert (page.path, rows(page)) == ("/front-desk/found", ["王建国"])
        page.says("身份证 329900********0017", "199****0001", "已核对", mrn)
    assert rows(find(desk, WANG_NUMBER[:17])) == []
    assert rows(find(desk, "E12345678")) == ["李秀英"]


def test_what_was_looked_for_stays_out_of_addresses_and_no_number_is_shown_whole(day: Everyday, desk: Phone) -> None:
    day.register()
    page = desk.tap(find(desk, WANG_NUMBER), "王建国")
    assert WANG_NUMBER not in page.path + page.html
    assert "19900000001" not in page.html


def test_nobody_found_leads_to_registering(desk: Phone) -> None:
    page = find(desk, "没有这个人")
    page.says("没有找到这样的病人", "名字至少 2 个字")
    assert page.link("登记新病人") == "/front-desk/new"


def test_a_person_of_another_system_is_found_and_marked(hospital: WholeHospital, desk: Phone, tmp_path: Path) -> None:
    mrn = take_message(hospital, tmp_path, **DUCK)
    page = find(desk, mrn)
    assert rows(page) == ["Donald Duck"]
    page.says("未核对，照发来的写", "没有证件")
    page = desk.tap(page, "Donald Duck")
    page.says("还没有看过证件。", "1972 年 2 月 27 日")
    assert page.link("去核对证件").endswith("/verification")
    page.says_not("给关联码")


def test_a_patient_who_is_not_there_has_no_page(desk: Phone) -> None:
    page = desk.get("/front-desk/patients/00000000-0000-0000-0000-000000000001")
    assert page.status == 404
    page.says("没有找到，可能已经不在了。")


# ----------------------------------------------------------------------------------------------------- registering


def test_a_person_with_an_identity_card_is_registered(desk: Phone) -> None:
    page = register(desk, name="王建国", document="01", document_number=WANG_NUMBER, phone="19900000001")
    assert page.path.endswith("?done=registered")
    page.says(
        "登记好了。病历号", "男，70 岁", "1956 年 3 月 8 日", "身份证 329900********0017", "199****0001", "已核对"
    )
    assert rows(find(desk, WANG_NUMBER)) == ["王建国"]


def test_a_child_comes_with_a_guardian(desk: Phone) -> None:
    child = {"name": "王小明", "document": "none", "birth_year": "2020", "birth_month": "5", "birth_day": "1"}
    guardian = {
        "guardian_name": "王建国",
        "guardian_document_number": WANG_NUMBER,
        "guardian_phone": "19900000001",
    }
    page = register(desk, **child, sex="female")
    assert page.status == 422
    page.says("请填监护人的名字。", "请填证件号码。")
    page = register(desk, **child, sex="female", **guardian)
    page.says("登记好了。", "女，6 岁", "监护人 王建国", "身份证 329900********0017", "没有证件")


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(hospital: WholeHospital, desk: Phone) -> None:
    before = counts(hospital)
    page = register(desk, name="王建国", document="01", document_number="3299001956030800", phone="19900000001")
    page.says("少了 2 位，身份证号是 18 位。")
    page = register(desk, name="王建国", document="01", document_number="329900195603080018", phone="19900000001")
    page.says("号码里有一位不对，对着证件再看一遍。")
    form = page.form("/front-desk/new").values
    assert (form["name"], form["document_number"], form["phone"]) == ("王建国", "329900195603080018", "19900000001")
    page = register(desk, name="Li", document="03", document_number="E12345678", birth_year="1960", birth_month="2")
    page.says("有 2 处要改", "没有这一天，请再看一看。", "请选性别。")
    assert counts(hospital) == before


def test_a_known_document_leads_to_its_patient_and_registers_nobody_twice(
    hospital: WholeHospital, day: Everyday, desk: Phone
) -> None:
    wang = day.register()
    before = counts(hospital)
    page = register(desk, name="王建国", document="01", document_number=WANG_NUMBER)
    assert page.status == 409
    page = desk.tap(page, "打开他的资料")
    assert page.path == f"/front-desk/patients/{wang}?done=known"
    page.says("这位病人以前登记过，没有重复登记。", "王建国")
    assert counts(hospital) == before


def test_the_form_sent_twice_registers_one_patient(hospital: WholeHospital, desk: Phone) -> None:
    form = desk.get("/front-desk/new").form("/front-desk/new")
    person = {"name": "王建国", "document": "01", "document_number": WANG_NUMBER}
    first, second = (desk.send(form, **person) for _ in range(2))
    assert first.path == second.path
    assert counts(hospital)["records.patients"] == 1


def test_without_an_answer_the_same_form_is_sent_again_and_counts_once(hospital: WholeHospital, desk: Phone) -> None:
    records = hospital.settings.url("records")
    hospital.network.unreachable.add(records)
    page = register(desk, name="王建国", document="01", document_number=WANG_NUMBER)
    assert page.status == 503
    page.says("医院系统没有回答，可能办成了，也可能没有。", "再试一次不会办两次")
    hospital.network.unreachable.clear()
    again = press(desk, page, "再试一次")
    again.says("登记好了。")
    assert press(desk, page, "再试一次").path == again.path
    assert counts(hospital)["records.patients"] == 1


# ------------------------------------------------------------------------------------------- verifying and merging


@pytest.fixture
def duck(hospital: WholeHospital, desk: Phone, tmp_path: Path) -> Page:
    """The page of a person of whom only a message has told."""
    return desk.tap(find(desk, take_message(hospital, tmp_path, **DUCK)), "Donald Duck")


def test_a_passport_verifies_a_person_and_what_stands_in_it_counts(desk: Phone, duck: Page) -> None:
    page = desk.tap(duck, "去核对证件")
    form = page.form(f"{duck.path}/verification")
    assert {name: form.values[name] for name in ("name", *BORN)} == {"name": "Donald Duck", **BORN, "birth_month": "02"}
    page = desk.send(form, **PASSPORT, name="Donald Fauntleroy Duck")
    assert page.path == f"{duck.path}?done=verified"
    page.says("证件核对好了。", "Donald Fauntleroy Duck", "护照 G******67", "已核对")
    page.says_not("未核对", "去核对证件")
    assert desk.get(f"{duck.path}/verification").path == duck.path


def test_a_number_that_is_none_verifies_nobody(hospital: WholeHospital, desk: Phone, duck: Page) -> None:
    form = desk.tap(duck, "去核对证件").form(f"{duck.path}/verification")
    page = desk.send(form, document="03", document_number="?")
    assert page.status == 422
    page.says("这不是这种证件的号码，对着证件再看一遍。")
    assert page.form(f"{duck.path}/verification").values["document_number"] == "?"
    desk.get(duck.path).says("未核对")


def test_a_document_of_somebody_else_offers_the_merger_and_both_numbers_lead_to_one_patient(
    hospital: WholeHospital, desk: Phone, duck: Page
) -> None:
    known = register(desk, name="Donald Duck", **PASSPORT, **BORN)
    before, mrn = counts(hospital), mrn_on(duck)
    page = desk.send(desk.tap(duck, "去核对证件").form(f"{duck.path}/verification"), **PASSPORT)
    assert page.status == 409
    page.says(f"这个证件已经登记在Donald Duck名下（病历号 {mrn_on(known)}）。", "什么都没有改。")
    compare = desk.tap(page, "看看是不是同一个人")
    compare.says("这一份会结束", "以后用这一份", mrn, mrn_on(known), "未核对", "已核对")
    assert counts(hospital) == before
    merged = press(desk, compare, "是同一个人，并成一份")
    merged.says("这个人的另一份病历已经并到这一份。", mrn_on(known))
    assert counts(hospital) == {**before, "records.merges": 1}
    assert mrn_on(desk.tap(find(desk, mrn), "Donald Duck")) == mrn_on(known)
    assert press(desk, compare, "是同一个人，并成一份").path == merged.path
    assert counts(hospital)["records.merges"] == 1


def test_two_patients_with_documents_are_not_merged_at_the_desk(
    hospital: WholeHospital, day: Everyday, desk: Phone
) -> None:
    wang, li = day.register(), day.register(LI)
    page = press(desk, desk.get(f"/front-desk/patients/{wang}/merger/{li}"), "是同一个人，并成一份")
    assert page.status == 422
    page.says("两份病历都看过证件，要病案室来合并。", "什么都没有改。")
    assert counts(hospital)["records.merges"] == 0


# ------------------------------------------------------------------------------------------------------ link codes


def test_a_code_from_the_desk_puts_the_patient_on_the_phone(
    hospital: WholeHospital, day: Everyday, desk: Phone
) -> None:
    wang = day.register(actor=FRONT_DESK)
    form = desk.get(f"/front-desk/patients/{wang}").form(f"/front-desk/patients/{wang}/link-code")
    page = desk.send(form)
    page.says("给王建国的关联码", "11 月 23 日 周一 09:30 前有效，只能用一次。")
    found = re.search(r'aria-label="((?:[A-HJ-NP-Z2-9] ){7}[A-HJ-NP-Z2-9])"', page.html)
    assert found
    code = found[1].replace(" ", "")
    page.says(f"{code[:4]} {code[4:]}")
    assert code in desk.send(form).html.replace(" ", ""), "the same form again shows the same code"
    phone = Phone(hospital.phone())
    log_in(hospital, phone, "19900000077")
    answer = phone.send(phone.get("/family/code").form("/family/code"), code=code, relation="parent")
    assert answer.status == 200
    phone.get("/family").says("王建国")


def test_nobody_unverified_gets_a_code(hospital: WholeHospital, desk: Phone, duck: Page) -> None:
    guard = duck.form("/front-desk/search").values
    answer = desk.post(f"{duck.path}/link-code", guard)
    assert answer.status_code == 422
    assert "这位病人还没有核对证件。" in answer.get_data(as_text=True)
    assert counts(hospital)["records.link_codes"] == 0
