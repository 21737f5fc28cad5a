"""Members of staff log in, find what there is for them, and nothing else."""

from __future__ import annotations

import pytest

from tests.gateway.web.conftest import log_in
from tests.support.desk import PASSWORD, counts, desk_of, employ, find, log_in_staff
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

WORK = {
    "nurse": ["/ward"],
    "doctor": ["/ward"],
    "dietitian": ["/dietitian", "/dietitian/menus", "/dietitian/orders", "/ward"],
    "front_desk": ["/front-desk", "/front-desk/new", "/cashier/refunds"],
    "cashier": ["/cashier/refunds", "/cashier/late-charges"],
    "finance": ["/cashier/late-charges", "/cashier/ledger"],
    "auditor": ["/cashier/ledger"],
}
A_PATIENT = "00000000-0000-0000-0000-000000000001"
ADDRESSES = {
    "/front-desk": {"front_desk"},
    "/front-desk/found": {"front_desk"},
    "/front-desk/new": {"front_desk"},
    f"/front-desk/patients/{A_PATIENT}": {"front_desk"},
    f"/front-desk/patients/{A_PATIENT}/verification": {"front_desk"},
    f"/front-desk/patients/{A_PATIENT}/merger/{A_PATIENT}": {"front_desk"},
    f"/front-desk/patients/{A_PATIENT}/book": {"front_desk"},
    f"/front-desk/appointments/{A_PATIENT}": {"front_desk"},
    f"/front-desk/appointments/{A_PATIENT}/slip": {"front_desk"},
    f"/front-desk/appointments/{A_PATIENT}/cancellation": {"front_desk"},
    "/ward": {"nurse", "doctor", "dietitian"},
    f"/ward/{A_PATIENT}": {"nurse", "doctor", "dietitian"},
    f"/ward/{A_PATIENT}/admission": {"nurse"},
    f"/ward/stays/{A_PATIENT}": {"nurse", "doctor", "dietitian"},
    f"/ward/stays/{A_PATIENT}/diet": {"nurse", "doctor", "dietitian"},
    "/dietitian": {"dietitian"},
    "/dietitian/menus": {"dietitian"},
    "/dietitian/orders": {"dietitian", "doctor"},
    f"/ward/stays/{A_PATIENT}/discharge": {"nurse"},
    "/cashier/refunds": {"front_desk", "cashier"},
    "/cashier/ledger": {"finance", "auditor"},
}
WARD_POSTS = [
    f"/ward/{A_PATIENT}/names",
    f"/ward/{A_PATIENT}/admission",
    f"/ward/{A_PATIENT}/admission/{A_PATIENT}",
    f"/ward/stays/{A_PATIENT}/transfer",
    f"/ward/stays/{A_PATIENT}/discharge",
    f"/ward/stays/{A_PATIENT}/taking-back",
]
POSTS = [
    "/front-desk/search",
    "/front-desk/new",
    f"/front-desk/patients/{A_PATIENT}/link-code",
    f"/front-desk/patients/{A_PATIENT}/verification",
    f"/front-desk/patients/{A_PATIENT}/merger/{A_PATIENT}",
    f"/front-desk/patients/{A_PATIENT}/book/doctors/{A_PATIENT}",
    f"/front-desk/appointments/{A_PATIENT}/extension",
    f"/front-desk/appointments/{A_PATIENT}/cancellation",
    f"/front-desk/appointments/{A_PATIENT}/cash",
    f"/front-desk/appointments/{A_PATIENT}/phone",
    f"/front-desk/appointments/{A_PATIENT}/phone/{A_PATIENT}/end",
    f"/front-desk/appointments/{A_PATIENT}/refunds/{A_PATIENT}",
    f"/cashier/refunds/{A_PATIENT}",
]
WANTED = {
    "/front-desk/new": "/front-desk/new",
    "/cashier/refunds?paid=100": "/cashier/refunds?paid=100",
    "/me": "/staff",
    "//elsewhere.example/staff": "/staff",
    "/staff/logout": "/staff",
    "/staffroom": "/staff",
}
DESKS = ("desk_", "cashier.", "staff.")


@pytest.fixture
def desk(hospital: WholeHospital) -> Phone:
    """A browser at a desk where nobody has logged in."""
    return Phone(hospital.phone())


def work_on(page: Page) -> list[str]:
    """The pages of work to which a page leads."""
    return list(dict.fromkeys(href for _, href in page.links if href.startswith(("/front", "/cash", "/ward", "/diet"))))


def test_each_role_is_led_to_its_work(hospital: WholeHospital) -> None:
    for role, places in WORK.items():
        desk = desk_of(hospital, role)
        page = desk.get("/staff")
        page.says("周敏，您好", "服务台")
        assert work_on(page) == places
        assert [desk.get(path).status for path in places] == [200] * len(places)


def test_where_there_are_no_pages_yet_the_start_page_says_so(hospital: WholeHospital) -> None:
    for role in ("triage", "admin"):
        page = desk_of(hospital, role).get("/staff")
        page.says("您这个岗位的页面还没有做好", "您的账号没有问题")
        assert work_on(page) == []


def test_a_wrong_password_opens_nothing_and_keeps_the_user_name(hospital: WholeHospital, desk: Phone) -> None:
    employ(hospital, "front-desk", "front_desk")
    page = log_in_staff(desk, "front-desk", password="wrong")
    assert (page.status, page.path) == (422, "/staff/login")
    page.says("用户名或密码不对。再填一次")
    assert page.form("/staff/login").values["user_name"] == "front-desk"
    assert "wrong" not in page.html
    assert desk.get("/front-desk").path == "/staff/login?next=/front-desk"
    assert log_in_staff(desk, "front-desk").path == "/staff"


def test_after_too_many_tries_even_the_right_password_waits(hospital: WholeHospital, desk: Phone) -> None:
    employ(hospital, "front-desk", "front_desk")
    tries = [log_in_staff(desk, "front-desk", password="wrong").status for _ in range(6)]
    assert tries == [*[422] * 5, 429]
    page = log_in_staff(desk, "front-desk")
    assert (page.status, page.path) == (429, "/staff/login")
    page.says("试的次数太多了。")
    hospital.clock.advance(minutes=10)
    assert log_in_staff(desk, "front-desk").path == "/staff"


def test_after_the_log_in_one_comes_to_the_page_one_wanted_if_it_is_one_of_work(hospital: WholeHospital) -> None:
    employ(hospital, "front-desk", "front_desk")
    for wanted, comes_to in WANTED.items():
        desk = Phone(hospital.phone())
        form = desk.get("/staff/login").form("/staff/login")
        page = desk.send(form, user_name="front-desk", password=PASSWORD, next=wanted)
        assert (page.status, page.path) == (200, comes_to)


def test_staff_at_the_patients_address_is_led_to_work(hospital: WholeHospital) -> None:
    desk = desk_of(hospital, "front_desk")
    assert [desk.get(path).path for path in ("/", "/login", "/appointments")] == ["/staff"] * 3
    assert desk.get("/staff/login").path == "/staff"


def test_nobody_sees_a_page_of_a_desk_without_logging_in(desk: Phone) -> None:
    for path in ["/staff", *ADDRESSES]:
        assert desk.get(path).path == f"/staff/login?next={path}"


def test_a_patient_sees_no_page_of_a_desk(hospital: WholeHospital, phone: Phone) -> None:
    log_in(hospital, phone)
    for path in ["/staff", *ADDRESSES]:
        assert phone.get(path).path == f"/staff/login?next={path}"


def test_a_page_is_shown_to_its_roles_only(hospital: WholeHospital) -> None:
    for role in ("front_desk", "cashier", "finance", "auditor", "nurse", "admin"):
        desk = desk_of(hospital, role)
        pages = {path: desk.get(path) for path in ADDRESSES}
        refused = {path for path, page in pages.items() if page.status == 403}
        assert refused == {path for path, roles in ADDRESSES.items() if role not in roles}
        for path in refused:
            pages[path].says("这一页不归您看。")
            assert pages[path].link("回工作首页") == "/staff"


def test_a_form_is_taken_from_its_roles_only(hospital: WholeHospital) -> None:
    before = counts(hospital)
    for role, posts in (("finance", [*POSTS, *WARD_POSTS]), ("nurse", POSTS), ("front_desk", WARD_POSTS)):
        desk = desk_of(hospital, role)
        guard = desk.get("/staff").form("/staff/logout").values
        assert {path: desk.post(path, guard).status_code for path in posts} == dict.fromkeys(posts, 403)
    assert counts(hospital) == before


def test_a_form_that_is_not_the_desks_own_changes_nothing(hospital: WholeHospital) -> None:
    desk, before = desk_of(hospital, "front_desk"), counts(hospital)
    visitor = Phone(hospital.phone()).post("/staff/login", {"user_name": "front_desk", "password": PASSWORD})
    assert (visitor.status_code, "这一页放得太久了。" in visitor.get_data(as_text=True)) == (400, True)
    for guard in ({}, {"csrf_token": "made up", "request_id": "request-one"}):
        answers = {path: desk.post(path, guard) for path in POSTS}
        assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(POSTS, 400)
        assert all("这一页放得太久了。" in answer.get_data(as_text=True) for answer in answers.values())
    assert counts(hospital) == before


def test_every_form_of_the_desks_is_in_these_tests(hospital: WholeHospital) -> None:
    adapter = hospital.apps["gateway"].url_map
    rules = [
        rule for rule in adapter.iter_rules() if rule.endpoint.startswith(DESKS) and "POST" in (rule.methods or ())
    ]
    tried = {adapter.bind("localhost").match(path, method="POST")[0] for path in POSTS}
    assert {rule.endpoint for rule in rules} - tried == {"staff.log_in", "staff.leave"}


def test_a_form_after_half_an_hour_of_nothing_changes_nothing_and_leads_to_the_log_in(hospital: WholeHospital) -> None:
    desk = desk_of(hospital, "front_desk")
    form, before = desk.get("/front-desk/new").form("/front-desk/new"), counts(hospital)
    hospital.clock.advance(minutes=31)
    page = desk.send(form, name="王建国", document_number="329900195603080017")
    assert (page.status, counts(hospital)) == (400, before)
    page.says("太久没动，已经退出登录。")
    assert page.link("重新登录") == "/staff/login"


def test_logging_out_ends_the_session_and_forgets_whom_the_clerk_looked_for(hospital: WholeHospital) -> None:
    desk = desk_of(hospital, "front_desk")
    find(desk, "王建国")
    assert desk.get("/front-desk/found").form("/front-desk/search").values["search"] == "王建国"
    page = desk.send(desk.get("/staff").form("/staff/logout"))
    assert page.path == "/staff/login"
    assert desk.get("/front-desk").path == "/staff/login?next=/front-desk"
    log_in_staff(desk, "front_desk")
    assert desk.get("/front-desk/found").path == "/front-desk"


def test_the_pages_speak_english_too(hospital: WholeHospital) -> None:
    employ(hospital, "front-desk", "front_desk", name="Zhou Min · Front desk")
    desk = Phone(hospital.phone(), language="en")
    assert log_in_staff(desk, "front-desk").path == "/staff"
    texts = [desk.get(path).text for path in ("/staff", "/front-desk", "/front-desk/new", "/cashier/refunds")]
    chinese = [letter for text in texts for letter in text.replace("中文", "") if "一" <= letter <= "鿿"]
    assert chinese == []
