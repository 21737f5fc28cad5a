"""The home page: what matters now across the services, for one and for the family, with a service dead or slow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gateway.web.matters import PATIENT_MATTERS, STAY_MATTERS, Matter, Source, Sources, Urgency, Whose, asking
from gateway.web.stays import Status, Stay
from shared.clock import iso
from shared.settings import SERVICES
from tests.gateway.web.conftest import register
from tests.gateway.web.steps import book, booked, offer
from tests.gateway.web.test_patient_family import CHILD
from tests.support.everyday import Everyday
from tests.support.phone import Phone
from tests.support.ward import Ward
from tests.support.whole_hospital import WholeHospital


@pytest.fixture
def ward(day: Everyday) -> Ward:
    """A ward with three beds."""
    return Ward(day)


def people_of(phone: Phone) -> list[UUID]:
    """The patients of the phone's account, oldest link first."""
    return [UUID(button[2]) for button in phone.get("/family").form("/family/choose").buttons]


def matter(whose: Whose | Stay, **values: Any) -> Matter:
    """Something that matters to a patient."""
    link = whose.link
    assert link is not None
    given: dict[str, Any] = {"urgency": Urgency.TO_DO, "icon": "bill", "title": "签一个字", "path": "/sign", **values}
    return Matter(link=link, **given)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Values of the matter that a part of the hospital tells of the child; empty tells nothing."""
    values: dict[str, Any] = {}

    def ask(whose: Whose) -> list[Matter]:
        return [matter(whose, **values)] if values and whose.link.relation == "child" else []

    monkeypatch.setitem(PATIENT_MATTERS.found, "x", Source("x", "签字", ask))
    return values


def test_what_one_has_to_do_oneself_stands_on_the_card_and_the_familys_below(
    hospital: WholeHospital, wang: Phone, day: Everyday, told: dict[str, Any]
) -> None:
    register(wang, "child", **CHILD)
    wang.send(wang.get("/family").form("/family/choose"), person=str(people_of(wang)[0]))
    wang.get("/").says("今天没有要办的事")
    told.update(title="签一个字", text="周五以前", tag=Status("等您签字", "now"), act="去签字")
    page = wang.get("/")
    page.says("等您签字 王一诺", "签一个字", "周五以前", "去签字")
    page.says_not("今天没有要办的事", "要办的事")
    assert page.link("去签字") == "/sign"
    booked(hospital, wang, offer(day))
    page = wang.get("/")
    page.says("已确认 王建国", "要办的事 全家 1 件", "签一个字，王一诺")
    assert page.link("签一个字") == "/sign"


def test_what_only_happens_to_others_of_the_family_leaves_the_card_alone(wang: Phone, told: dict[str, Any]) -> None:
    register(wang, "child", **CHILD)
    wang.send(wang.get("/family").form("/family/choose"), person=str(people_of(wang)[0]))
    told.update(urgency=Urgency.GOING_ON, title="退款在路上", fen=1250)
    wang.get("/").says("今天没有要办的事", "要办的事 全家 1 件", "退款在路上，王一诺", "¥12.50")


def test_an_hour_that_matters_counts_down_on_the_card(
    hospital: WholeHospital, wang: Phone, told: dict[str, Any]
) -> None:
    register(wang, "child", **CHILD)
    told.update(urgency=Urgency.NOW, until=iso(hospital.clock() + timedelta(minutes=20)), until_text="点餐还剩")
    wang.get("/").says("点餐还剩 20:00")


def test_the_most_urgent_comes_first_then_the_earliest(wang: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(whose: Whose) -> list[Matter]:
        return [
            matter(whose, title="丙", urgency=Urgency.GOING_ON, at="1"),
            matter(whose, title="乙", at="2"),
            matter(whose, title="甲", at="1"),
            matter(whose, title="卡", urgency=Urgency.NOW, at="9"),
        ]

    monkeypatch.setitem(PATIENT_MATTERS.found, "x", Source("x", "签字", ask))
    page = wang.get("/")
    assert [title for title in ("卡", "甲", "乙", "丙") if title in page.text] == ["卡", "甲", "乙", "丙"]
    assert page.text.index("卡") < page.text.index("甲") < page.text.index("乙") < page.text.index("丙")
    page.says("要办的事 全家 3 件")


def test_what_a_stay_says_stands_below_the_stay(
    wang: Phone, ward: Ward, monkeypatch: pytest.MonkeyPatch, hospital: WholeHospital
) -> None:
    def ask(stay: Stay) -> list[Matter]:
        return [
            matter(stay, title="午餐鱼片粥", path=f"/stays/{stay.id}/meals", urgency=Urgency.GOING_ON, stay_id=stay.id)
        ]

    monkeypatch.setitem(STAY_MATTERS.found, "x", Source("x", "三餐", ask))
    register(wang, "child", **CHILD)
    hospital.turn()
    _, child = people_of(wang)
    stay = ward.admit(child)
    wang.send(wang.get("/family").form("/family/choose"), person=str(people_of(wang)[0]))
    page = wang.get("/")
    page.says("王一诺 在住院", "午餐鱼片粥")
    page.says_not("要办的事 全家")
    assert page.link("午餐鱼片粥") == f"/stays/{stay['id']}/meals"
    ward.discharge(stay["id"])
    wang.get("/").says("要办的事 全家 1 件", "午餐鱼片粥，王一诺")
    hospital.clock.advance(hours=24 * 29)
    wang.get("/").says("午餐鱼片粥")
    hospital.clock.advance(hours=24)
    wang.get("/").says_not("午餐鱼片粥")


@pytest.mark.parametrize("dead", SERVICES)
def test_one_dead_service_is_named_and_the_rest_stands(
    dead: str, hospital: WholeHospital, wang: Phone, day: Everyday, ward: Ward
) -> None:
    booked(hospital, wang, offer(day))
    ward.admit(people_of(wang)[0])
    hospital.network.unreachable.add(hospital.settings.url(dead))
    page = wang.get("/")
    assert page.status == 200
    said = {
        "appointments": ["预约"],
        "billing": ["账单", "退款", "结算"],
        "records": ["住院"],
        "meals": ["三餐"],
    }
    page.says("暂时看不到", *said[dead])
    if dead != "appointments":
        page.says("已确认")
    if dead != "records":
        page.says("王建国 在住院")


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """Something that comes only when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_a_part_that_is_late_is_left_out(wang: Phone, never: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_whose: Whose) -> list[Matter]:
        never.wait(30)
        return []

    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setitem(PATIENT_MATTERS.found, "x", Source("x", "签字", ask))
    wang.get("/").says("签字暂时看不到")


def test_a_part_with_a_mistake_in_it_is_left_out(wang: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_whose: Whose) -> list[Matter]:
        raise KeyError("a member that is not there")

    monkeypatch.setitem(PATIENT_MATTERS.found, "x", Source("x", "签字", ask))
    wang.get("/").says("签字暂时看不到")


def test_a_code_of_a_source_is_given_once() -> None:
    sources: Sources[Whose] = Sources()
    sources.add("x", "", lambda _whose: [])
    with pytest.raises(ValueError, match="x"):
        sources.add("x", "", lambda _whose: [])


def test_money_on_its_way_back_is_on_the_home_page_until_it_has_arrived(
    hospital: WholeHospital, wang: Phone, day: Everyday
) -> None:
    appointment = booked(hospital, wang, offer(day))
    hospital.network.unreachable.add(hospital.settings.url("wallet"))
    wang.send(wang.get(f"{appointment}/cancellation").form(f"{appointment}/cancellation"))
    hospital.turn()
    page = wang.get("/")
    page.says("退给您的钱", "¥25.00", "正在原路退回，到了给您发消息")
    assert page.link("看账单").startswith("/bills/")
    wang.tap(page, "看账单").says("挂号费")
    hospital.network.unreachable.clear()
    for _ in range(6):
        hospital.pass_time(minutes=10)
    wang.get("/").says_not("退给您的钱")


def test_a_place_that_waits_for_money_comes_before_everything(
    hospital: WholeHospital, wang: Phone, day: Everyday, ward: Ward
) -> None:
    ward.admit(people_of(wang)[0])
    book(wang, offer(day))
    hospital.turn()
    wang.get("/").says("号留好了，等您付款 王建国", "号为您保留 15:00", "去付 ¥25.00")
