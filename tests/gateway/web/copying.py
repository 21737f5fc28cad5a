"""A family, a stay that is over, and requests for copies as the phone makes them."""

from __future__ import annotations

import io
from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from services.records.usecases import copies
from shared.door import Door
from tests.gateway.web.conftest import identity_of, log_in, register
from tests.records.copying import hear, picture, stay_of
from tests.records.people import resident_number
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

FATHER = {"name": "王福生", "document_number": resident_number(date(1940, 1, 1))}
PARTS = ["FRONT_SHEET", "DISCHARGE", "ORDERS", "FEES"]
ADDRESS = {"name": "王建国", "phone": "19900000001", "province": "32", "city": "徐州市泉山区", "street": "和平路 1 号"}


def records_of(hospital: WholeHospital) -> Door:
    """The door of records."""
    return Door(hospital.databases["records"], hospital.clock)


def patient_ids(hospital: WholeHospital, number: str = "19900000001") -> dict[str, UUID]:
    """The patients of an account by their relation."""
    identity = identity_of(hospital)
    with identity.database.read() as uow:
        from gateway.identity import queries

        account = queries.find_account(uow, phone=f"+86{number}") or queries.find_account(uow, phone=number)
        assert account is not None
        return {link.relation.value: link.patient_id for link in queries.links_of(uow, account_id=account)}


def family(hospital: WholeHospital, phone: Phone) -> dict[str, UUID]:
    """A son who is registered himself and acts for his father."""
    log_in(hospital, phone)
    register(phone)
    register(phone, "parent", **FATHER)
    hospital.turn()
    return patient_ids(hospital)


def begin(hospital: WholeHospital, phone: Phone, patient_id: UUID, *, days: int = 30) -> str:
    """A stay of this person that is over, and the draft that the phone begins for it; gives the draft's path."""
    stay_of(records_of(hospital), patient_id, days=timedelta(days=days))
    page = phone.get(f"/copies?patient={patient_id}")
    page = phone.send(page.form("/copies/start"))
    return urlsplit(page.path).path.rsplit("/", 1)[0]


def upload(phone: Phone, path: str, kind: str, content: bytes | None = None, field: str = "photo") -> Page:
    """Send one photo."""
    form = phone.get(f"{path}/papers").form(f"{path}/papers/{kind}")
    picture_ = picture() if content is None else content
    data = {
        **{k: v for k, v in form.values.items() if k not in {"photo", "album"}},
        field: (io.BytesIO(picture_), "a.jpg"),
    }
    answer = phone.client.post(f"{path}/papers/{kind}", data=data, content_type="multipart/form-data")
    return phone._follow(answer)


def contents(phone: Phone, path: str, *, parts: list[str] | None = None, number: str = "1") -> Page:
    """Choose purpose and parts."""
    page = phone.get(f"{path}/contents?purpose=REIMBURSEMENT")
    form = page.form(f"{path}/contents")
    data = {**form.values, "parts": parts if parts is not None else PARTS, "copies": number}
    return phone._follow(phone.client.post(form.action, data=data))


def filled_in(phone: Phone, path: str, *, agent: bool = False) -> Page:
    """Fill in everything up to the last page."""
    contents(phone, path)
    who = ["patient_id_front", "patient_id_back"]
    who += ["agent_id_front", "agent_id_back", "agent_holding"] if agent else ["patient_holding"]
    for kind in who:
        page = upload(phone, path, kind)
    page = phone.get(f"{path}/delivery")
    page = phone.send(page.form(f"{path}/delivery"), delivery="post", **ADDRESS)
    if agent:
        strokes = "[[[100,100],[400,300],[700,120]]]"
        form = phone.get(f"{path}/mandate").form(f"{path}/mandate")
        data = {**{k: v for k, v in form.values.items() if k != "photo"}, "strokes": strokes, "days": "30"}
        page = phone._follow(phone.client.post(form.action, data=data, content_type="multipart/form-data"))
    return page


def submitted(phone: Phone, path: str, *, agent: bool = False) -> Page:
    """Fill in everything and send it off."""
    page = filled_in(phone, path, agent=agent)
    form = page.form(f"{path}/confirm")
    return phone.send(form, agree_identity_photos="yes", agree_copying_without_presence="yes")


def paid(hospital: WholeHospital, path: str, *, kind: str = "copy_request", amount_fen: int = 2250) -> None:
    """Billing tells that the request is paid."""
    request_id = UUID(path.rsplit("/", 1)[1])
    hear(records_of(hospital), copies.note_payment, billed_kind=kind, billed_id=request_id, amount_fen=amount_fen)


def new_key() -> str:
    """A request id."""
    return uuid4().hex
