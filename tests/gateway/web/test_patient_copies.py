"""Asking for copies of a record on the phone, without script: each page keeps what it has."""

from __future__ import annotations

from tests.gateway.web.conftest import log_in
from tests.gateway.web.copying import begin, contents, family, filled_in, paid, submitted, upload
from tests.records.copying import picture
from tests.support.desk import desk_of
from tests.support.phone import Phone
from tests.support.whole_hospital import WholeHospital


def test_a_person_asks_for_their_own_record_and_is_billed(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    phone.get(path).says("复印了做什么用？", "医保报销")
    page = submitted(phone, path)
    page.says("账单正在准备")
    hospital.turn()
    phone.get(path).says("申请收到了，请付款。", "¥22.50", "24 小时内没付就自动取消")
    paid(hospital, path)
    phone.get(path).says("病案室正在核对证件", "最晚 11 月 26 日 周四 答复")


def test_a_son_asks_for_his_father_with_both_papers_and_a_mandate(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["parent"])
    page = filled_in(phone, path, agent=True)
    page.says("王福生的病历", "谁来办", "王建国", "¥22.50", "9 至 15 页")
    page = phone.get(f"{path}/mandate")
    page.says("本人王福生委托王建国代我向医院申请复印我的住院病历", "住院病案首页", "签名收到了")


def test_what_was_filled_in_is_kept_when_a_photo_is_bad(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    contents(phone, path)
    page = upload(phone, path, "patient_id_front", b"this is no picture")
    assert page.status == 422
    page.says("这张打不开，不是照片或者坏了。", "重新拍一张", "还差 3 张照片")
    page = upload(phone, path, "patient_id_front", picture(), field="album")
    page.says("收到了", "还差 2 张照片")
    phone.get("/copies").says("没填完")
    assert phone.get(path).path.endswith("/papers")


def test_a_wrong_address_is_said_under_its_field(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    form = phone.get(f"{path}/delivery").form(f"{path}/delivery")
    wrong = {"name": "王建国", "phone": "123", "province": "32", "city": "徐州市", "street": "和平路 1 号"}
    page = phone.send(form, delivery="post", **wrong)
    assert page.status == 422
    page.says("手机号不对，看一看是不是 11 位。")
    assert page.form(f"{path}/delivery").values["street"] == "和平路 1 号"


def test_without_the_consents_nothing_is_sent(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    page = filled_in(phone, path)
    page = phone.send(page.form(f"{path}/confirm"), agree_identity_photos="yes")
    assert page.status == 422
    page.says("还有一份同意书没有勾。", "您的钱没有扣")


def test_ones_own_photo_is_kept_by_no_browser(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    contents(phone, path)
    page = upload(phone, path, "patient_id_front")
    answer = phone.client.get(page.link("看一看"))
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store, private, max-age=0"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_taking_a_request_back_says_what_it_means_first(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["parent"])
    submitted(phone, path, agent=True)
    stranger = Phone(hospital.phone())
    log_in(hospital, stranger, "19900000009")
    assert stranger.get(path).status == 404
    page = phone.get(f"{path}/withdrawal")
    page.says("撤回以后不能恢复", "证件照片马上删除")
    phone.send(page.form(f"{path}/withdrawal")).says("这份申请撤回了。", "没有收您的钱。")


def test_the_records_room_looks_asks_and_approves(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    submitted(phone, path)
    paid(hospital, path)
    request_id = path.rsplit("/", 1)[1]
    desk = desk_of(hospital, "records_officer")
    room = f"/records-room/{request_id}"
    desk.get("/records-room").says("王建国", "医保报销、异地报销", "11 月 26 日")
    page = desk.get(f"{room}?paper=patient_id_back")
    page.says("形式审核", "证件清楚、四角完整", "和平路 1 号")
    [source] = [each for each in page.html.split('"') if each.startswith(f"{room}/papers/")]
    picture_ = desk.client.get(source)
    assert (picture_.status_code, picture_.headers["Pragma"]) == (200, "no-cache")
    form = page.form(f"{room}/approval")
    page = desk.send(form, check_legible="on")
    assert page.status == 422
    page.says("还有一项没有勾。")
    asked = {"reason": "photo_unreadable", "words": "背面反光，重拍这一张。", "papers": "patient_id_back"}
    page = desk.send(desk.get(room).form(f"{room}/correction"), **asked)
    page.says("已经告诉申请人补材料。")
    phone.get(path).says("照片看不清", "背面反光，重拍这一张。", "要重拍 1 张")
    hospital.clock.advance(minutes=5)
    upload(phone, path, "patient_id_back")
    page = phone.send(phone.get(path).form(f"{path}/supplement"))
    page.says("病案室正在核对证件")
    page = desk.get(room)
    ticks = {f"check_{each}": "yes" for each in ("legible", "valid", "same_person", "holding")}
    desk.send(page.form(f"{room}/approval"), **ticks).says("通过了，开始复印。")
    phone.get(path).says("正在复印")
    page = desk.send(page.form(f"{room}/approval"), **ticks, request_id="another-officer-here")
    page.says("这份申请已经有人审过了。")


def test_a_refusal_is_asked_for_once_more_and_told_with_its_reason(hospital: WholeHospital, phone: Phone) -> None:
    people = family(hospital, phone)
    path = begin(hospital, phone, people["self"])
    submitted(phone, path)
    paid(hospital, path)
    desk = desk_of(hospital, "records_officer")
    room = f"/records-room/{path.rsplit('/', 1)[1]}"
    page = desk.get(f"{room}/refusal")
    page.says("拒绝以后不能恢复。")
    desk.send(page.form(f"{room}/refusal"), reason="", words="").says("原因和要说的话都要写。")
    desk.send(page.form(f"{room}/refusal"), reason="part_does_not_exist", words="没有影像资料。").says(
        "没有通过，钱原路退回。"
    )
    phone.get(path).says("这份申请没有通过。", "没有影像资料。", "¥22.50 原路退回")


def test_nobody_else_has_a_records_room(hospital: WholeHospital, phone: Phone) -> None:
    assert desk_of(hospital, "nurse").get("/records-room").status == 403
    family(hospital, phone)
    assert phone.get("/records-room").path.startswith("/staff/login")
