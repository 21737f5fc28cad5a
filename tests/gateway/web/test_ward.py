"""The nurse's tablet: choose a ward, see the beds, admit, move, discharge, take back; without typing any id."""

from __future__ import annotations

from uuid import UUID

import pytest

from gateway.web.stays import BED_MARKS, WARD_LINKS, Mark, Status, Stay, StayLink, StayLinks
from gateway.web.words import masked_name
from shared.actor import Actor
from shared.client import ServiceUnreachable
from tests.records.stays import bed
from tests.support.desk import PASSWORD, desk_of, employ, log_in_staff, press
from tests.support.everyday import LI, Everyday
from tests.support.phone import Page, Phone
from tests.support.ward import Ward
from tests.support.whole_hospital import WholeHospital


@pytest.fixture
def ward(day: Everyday) -> Ward:
    """A ward with three beds."""
    return Ward(day)


@pytest.fixture
def tablet(hospital: WholeHospital, ward: Ward) -> Phone:
    """The ward's tablet with a nurse logged in."""
    employ(hospital, "nurse", "nurse", name="陆佳 · 心内一病区")
    made = Phone(hospital.phone())
    assert log_in_staff(made, "nurse").path == "/ward/choice"
    return made


def beds_of(tablet: Phone) -> Page:
    """The ward's beds, chosen from the list."""
    return tablet.tap(tablet.get("/ward/choice"), "心内一病区")


def stay_of(tablet: Phone, name: str) -> Page:
    """The stay of whoever lies there under this name, opened from the list of beds with whole names."""
    page = beds_of(tablet)
    if "显示名字" in page.text:
        page = press(tablet, page, "显示名字", names="shown")
    return tablet.tap(page, name)


def test_a_nurse_lands_at_the_wards_and_the_tablet_remembers_hers(hospital: WholeHospital, tablet: Phone) -> None:
    page = tablet.get("/ward/choice")
    page.says("选病区", "本部", "心内一病区", "0 人 / 3 床", "陆佳")
    tablet.get("/ward/choice?q=Cardiology").says("心内一病区")
    tablet.get("/ward/choice?q=产科").says("没有这样的病区")
    assert beds_of(tablet).path.startswith("/ward/")
    assert tablet.get("/ward").text == beds_of(tablet).text
    press(tablet, tablet.get("/ward"), "退出")
    assert log_in_staff(tablet, "nurse", password=PASSWORD).text == beds_of(tablet).text


def test_a_doctor_sees_the_beds_and_moves_nobody(hospital: WholeHospital, ward: Ward, day: Everyday) -> None:
    stay = ward.admit(day.register())
    employ(hospital, "doctor", "doctor")
    tablet = Phone(hospital.phone())
    assert log_in_staff(tablet, "doctor").path == "/ward/choice"
    page = tablet.get(f"/ward/stays/{stay['id']}")
    page.says("王建国")
    page.says_not("换床", "撤销上一步")
    for path in ("transfer", "discharge", "taking-back"):
        assert tablet.get(f"/ward/stays/{stay['id']}/{path}").status == 403


def test_people_who_work_elsewhere_see_no_beds(hospital: WholeHospital, ward: Ward, day: Everyday) -> None:
    stay = ward.admit(day.register())
    desk = desk_of(hospital, "cashier")
    for path in ("/ward", "/ward/choice", f"/ward/{stay['ward']['id']}", f"/ward/stays/{stay['id']}"):
        assert desk.get(path).status == 403


def test_names_on_the_list_are_masked_until_somebody_asks(tablet: Phone, ward: Ward, day: Everyday) -> None:
    ward.admit(day.register())
    page = beds_of(tablet)
    page.says("王*国", "男 70", "第 1 天", "空床", "在院 1 / 3 床")
    page.says_not("王建国")
    page = press(tablet, page, "显示名字", names="shown")
    page.says("王建国")
    press(tablet, page, "遮住名字", names="masked").says_not("王建国")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王建国", "王*国"),
        ("赵敏", "赵*"),
        ("古丽娜尔·买买提", "古*提"),
        ("Anna Kowalska", "A*** K***"),
        ("", ""),
        (None, ""),
    ],
)
def test_how_a_name_is_masked(name: str | None, masked: str) -> None:
    assert masked_name(name) == masked


def test_a_registered_patient_is_laid_in_a_free_bed(tablet: Phone, ward: Ward, day: Everyday) -> None:
    person = day.register()
    page = tablet.get(next(href for text, href in beds_of(tablet).links if text.startswith("08")))
    page.says("收病人", "心内一病区", "08 床", "病人要先在服务台登记。")
    page = tablet.send(page.form(page.path.partition("?")[0]), search="王建国")
    page.says("王建国", "已核对")
    assert "王建国" not in page.path
    page = tablet.tap(page, "王建国")
    assert page.form(page.path.partition("?")[0]).values["bed"] == str(bed("08"))
    page = press(tablet, page, "收到这张床")
    page.says("收好了，床位已经占上。", "08 床 王建国", "心内一病区 08 床", "第 1 天", "入院")
    stay = ward.stay(page.path.split("/")[3].partition("?")[0])
    assert (stay["patient_id"], stay["bed"]["label"], stay["state"]) == (str(person), "08", "in_progress")
    beds_of(tablet).says("在院 1 / 3 床")


def test_nobody_is_found_under_a_wrong_name(tablet: Phone, ward: Ward) -> None:
    page = tablet.tap(beds_of(tablet), "收病人")
    tablet.send(page.form(page.path), search="没有此人").says("没有找到这样的病人")


def test_a_bed_that_somebody_took_meanwhile_is_refused(tablet: Phone, ward: Ward, day: Everyday) -> None:
    wang, li = day.register(), day.register(LI)
    page = tablet.get(f"/ward/{bed_ward()}/admission/{wang}")
    ward.admit(li, "07")
    page = press(tablet, page, "收到这张床", bed=str(bed("07")))
    assert page.status == 409
    page.says("这张床上已经有病人。", "换一张床")
    assert day.done(ward.nurse.get("/v1/encounters", patient_id=str(wang)))["items"] == []


def test_somebody_who_lies_in_a_bed_already_leads_to_that_stay(tablet: Phone, ward: Ward, day: Everyday) -> None:
    wang = day.register()
    stay = ward.admit(wang, "07")
    page = press(tablet, tablet.get(f"/ward/{bed_ward()}/admission/{wang}"), "收到这张床", bed=str(bed("08")))
    assert page.status == 409
    page.says("这位病人已经在住院。")
    assert page.link("看这位病人") == f"/ward/stays/{stay['id']}"


def test_a_patient_moves_goes_home_and_all_of_it_is_taken_back(tablet: Phone, ward: Ward, day: Everyday) -> None:
    stay = ward.admit(day.register())
    page = tablet.tap(stay_of(tablet, "王建国"), "换床")
    page.says("心内一病区的空床", "31", "02 室")
    page = press(tablet, page, "换到这张床", bed=str(bed("31")))
    page.says("换好了，餐会送到新的床。", "31 床 王建国")
    page = tablet.tap(page, "出院床位马上空出来")
    page.says("现在给王建国办出院吗？")
    page = press(tablet, page, "办出院")
    page.says("出院办好了", "已出院")
    page.says_not("换床床位")
    assert ward.stay(stay["id"])["state"] == "finished"
    for words, question, state, label in (
        ("discharge", "撤销出院？", "in_progress", "31"),
        ("transfer", "撤销换床？", "in_progress", "07"),
        ("admission", "撤销入院？", "cancelled", "07"),
    ):
        page = tablet.tap(page, "撤销上一步")
        page.says(question)
        assert page.form(page.path).values["step"] == words
        page = press(tablet, page, "撤销")
        page.says("撤销了，回到办之前的样子。")
        assert (ward.stay(stay["id"])["state"], ward.stay(stay["id"])["bed"]["label"]) == (state, label)
    page.says("入院已撤销")
    page.says_not("撤销上一步")


def test_a_page_that_is_older_than_the_stay_takes_nothing_else_back(tablet: Phone, ward: Ward, day: Everyday) -> None:
    stay = ward.admit(day.register())
    page = tablet.tap(stay_of(tablet, "王建国"), "撤销上一步")
    ward.transfer(stay["id"], "31")
    page = press(tablet, page, "撤销")
    assert page.status == 409
    page.says("后面又办了别的，只能撤销最后办的一件。")
    assert ward.stay(stay["id"])["bed"]["label"] == "31"


def test_a_discharge_sent_twice_is_one(tablet: Phone, ward: Ward, day: Everyday) -> None:
    stay = ward.admit(day.register())
    page = tablet.tap(stay_of(tablet, "王建国"), "出院")
    for _ in range(2):
        press(tablet, page, "办出院").says("出院办好了")
    assert ward.stay(stay["id"])["version"] == 2


def test_links_and_remarks_of_other_parts_appear_by_themselves(
    tablet: Phone, ward: Ward, day: Everyday, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay = ward.admit(day.register())

    def marks(_actor: Actor, _ward_id: UUID) -> dict[str, list[Mark]]:
        return {stay["id"]: [Mark("禁食", "npo", "nofood")]}

    def silent(_actor: Actor, _ward_id: UUID) -> dict[str, list[Mark]]:
        raise ServiceUnreachable("nobody answers")

    def status(found: Stay) -> Status:
        return Status(f"{found.bed_label} 床低盐", "ok")

    link = StayLink(code="x", path="x", icon="leaf", word="试一试", about="", place=1, status=status)
    monkeypatch.setitem(WARD_LINKS.links, "x", link)
    monkeypatch.setitem(BED_MARKS, "x", marks)
    page = beds_of(tablet)
    page.says("禁食")
    page.says_not("有的提示现在读不到")
    monkeypatch.setitem(BED_MARKS, "y", silent)
    beds_of(tablet).says("禁食", "有的提示现在读不到，床位是最新的。")
    base = f"/ward/stays/{stay['id']}"
    page = tablet.get(base)
    assert page.link("试一试") == f"{base}/x"
    assert f'hx-get="{base}/links/x"' in page.html
    tablet.get(f"{base}/links/x").says("07 床低盐")
    assert tablet.get(f"{base}/links/unheard").status == 404


def test_a_code_of_a_link_is_given_once() -> None:
    links = StayLinks()
    link = StayLink(code="diet", path="diet", icon="leaf", word="", about="")
    links.add(link)
    with pytest.raises(ValueError, match="diet"):
        links.add(link)


def bed_ward() -> str:
    """The ward's id."""
    from services.records.domain import location_id

    return str(location_id("MAIN", "CARD1"))
