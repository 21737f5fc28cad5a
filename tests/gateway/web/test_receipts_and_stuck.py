"""Receipts and insurance at the ward and on the phone, the public check, and the page of stuck money."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.billing.domain.receipt import ReceiptKind
from services.billing.usecases import request_receipt
from tests.billing.receipts import CONTENT
from tests.support.callers import FRONT_DESK
from tests.support.desk import desk_of, press
from tests.support.everyday import Everyday
from tests.support.phone import Phone
from tests.support.ward import NURSE, Ward
from tests.support.whole_hospital import WholeHospital


@pytest.fixture
def stay(day: Everyday, wang: Phone) -> str:
    """王建国 lies in bed 07."""
    [found] = day.done(day.at("records", FRONT_DESK).get("/v1/patients", search="王建国"))["items"]
    stay_id: str = Ward(day).admit(UUID(found["id"]))["id"]
    return stay_id


def receipt_for(day: Everyday, stay: str, patient_id: str) -> None:
    with day.hospital.databases["billing"].write() as uow:
        about = {"subject_id": UUID(stay), "encounter_id": UUID(stay), "patient_id": UUID(patient_id)}
        request_receipt(uow, kind=ReceiptKind.MEDICAL, content=CONTENT, actor=NURSE, now=day.clock(), **about)
    day.hospital.turn()


@pytest.fixture
def receipt(day: Everyday, stay: str) -> str:
    """A receipt of the stay; gives what it is checked by."""
    encounter = day.done(day.at("records", NURSE).get(f"/v1/encounters/{stay}"))
    receipt_for(day, stay, encounter["patient_id"])
    [made] = day.done(day.at("billing", NURSE).get(f"/v1/stays/{stay}/receipts"))["items"]
    return f"{made['code']}-{made['number']}-{made['check_code']}"


def test_a_receipt_is_on_the_phone_and_can_be_checked_by_anybody(
    hospital: WholeHospital, wang: Phone, stay: str, receipt: str
) -> None:
    page = wang.get(f"/stays/{stay}/receipt")
    page.says("住院收费票据", "¥100.00", "0000000001", "有效")
    [pdf] = [href for _, href in page.links if href.endswith(".pdf")]
    file = hospital.apps["gateway"].test_client()
    assert file.get(pdf).status_code == 303
    assert wang.client.get(pdf).data[:5] == b"%PDF-"
    stranger = Phone(hospital.phone())
    page = stranger.get(f"/check-receipt/{receipt}")
    page.says("这张票据是真的", "¥100.00")
    page.says_not("王建国")
    wrong = "2" if receipt[-1] != "2" else "3"
    page = stranger.get(f"/check-receipt/{receipt[:-1]}{wrong}")
    page.says("查不到这张票据")
    page.says_not("¥100.00")
    stranger.get("/check-receipt").says("票据查真伪")


def test_a_nurse_prints_it_and_the_cashier_takes_it_back(hospital: WholeHospital, stay: str, receipt: str) -> None:
    nurse = desk_of(hospital, "nurse")
    page = nurse.get(f"/ward/stays/{stay}/receipts")
    page.says("打印")
    page.says_not("冲红重开")
    [pdf] = [href for _, href in page.links if href.endswith(".pdf")]
    answer = nurse.client.get(pdf)
    assert (answer.status_code, answer.content_type, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert nurse.client.get(pdf.replace(stay, "00000000-0000-4000-8000-000000000000")).status_code == 404


def test_a_nurse_enters_the_insurance_and_the_insurer_confirms_it(hospital: WholeHospital, stay: str) -> None:
    nurse = desk_of(hospital, "nurse")
    path = f"/ward/stays/{stay}/insurance"
    page = nurse.get(path)
    page.says("还没有登记医保")
    press(nurse, page, "登记并核对", kind="employee", psn_no="1").says("6 到 30 位")
    press(nurse, nurse.get(path), "登记并核对", kind="employee", psn_no="3299000001", use_account="1")
    hospital.turn()
    nurse.get(path).says("医保已核对", "职工医保（在职）", "···0001", "¥1,000.00")


def test_stuck_money_is_listed_with_a_way_out(hospital: WholeHospital, day: Everyday) -> None:
    desk = desk_of(hospital, "cashier")
    desk.get("/finance/stuck").says("都办完了")
    slot, wang = day.slots()[0], day.register()
    held = day.hold(wang, slot)
    day.hospital.turn()
    day.ask_to_pay(wang, day.invoice(wang, held["id"]))
    hospital.clock.advance(seconds=90)
    page = desk.get("/finance/stuck")
    page.says("付款", "挂号", "等病人付", "¥25.00")
    [opened] = [href for _, href in page.links if "/finance/stuck/payment/" in href]
    page = desk.get(opened)
    page.says("可以怎么办", "现在再问一次")
    press(desk, page, "搁置").says("请写上原因")
    page = press(desk, desk.get(page.path), "搁置", reason="病人改天再付")
    page.says("病人改天再付")
    desk.get("/finance/stuck").says("都办完了")
    desk.get("/finance/stuck?aside=1").says("病人改天再付")
    assert desk_of(hospital, "canteen").get("/finance/stuck").status == 403
