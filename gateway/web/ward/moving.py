"""Moving a patient to another bed, sending one home, and taking the last of these back; each is confirmed first."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.stays import WARD_LINKS, StayLink, while_open
from gateway.web.ward.admitting import free_beds, uuid_or_none
from gateway.web.ward.stays import stay_of, stay_page, stay_path, to_stay
from shared.errors import NotFound

pages = init_desk(Blueprint("ward_moving", __name__, url_prefix="/ward/stays/<uuid:encounter_id>"))

STEPS = ("admission", "transfer", "discharge")

WARD_LINKS.add(
    StayLink(
        code="transfer",
        path="transfer",
        icon="bed",
        word=lazy_gettext("换床"),
        about=lazy_gettext("换到本病区或别的病区的空床"),
        place=80,
        when=while_open,
    )
)
WARD_LINKS.add(
    StayLink(
        code="discharge",
        path="discharge",
        icon="leave",
        word=lazy_gettext("出院"),
        about=lazy_gettext("床位马上空出来，以后的餐停掉"),
        place=90,
        when=while_open,
    )
)
WARD_LINKS.add(
    StayLink(
        code="taking-back",
        path="taking-back",
        icon="undo",
        word=lazy_gettext("撤销上一步"),
        about=lazy_gettext("办错了？最后办的一件当作没有办"),
        place=95,
        when=lambda stay: stay.last_step is not None,
    )
)


def _done(encounter_id: UUID, act: Callable[[], Any], done: str) -> Response:
    try:
        act()
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=stay_path(encounter_id))
        return stay_page(encounter_id, refusal)
    return to_stay(encounter_id, done)


@pages.get("/transfer")
@staff("nurse")
def ask_transfer(encounter_id: UUID) -> Response:
    """The free beds of a ward: of the patient's own, or of the one chosen."""
    return _transfer_page(encounter_id)


def _transfer_page(encounter_id: UUID, refusal: Refusal | None = None) -> Response:
    stay = stay_of(encounter_id)
    if not stay.is_open:
        return cast("Response", redirect(stay_path(encounter_id), code=HTTPStatus.SEE_OTHER))
    asking, records = actor(), clients().records
    ward_id = uuid_or_none(request.values.get("ward")) or stay.ward_id
    wards = records.wards(asking)
    ward = records.beds(asking, ward_id or wards[0]["id"])
    page = render_page(
        "ward/transfer.html",
        stay=stay,
        ward=ward["ward"],
        wards=[each for each in wards if each["taken"] < each["beds"]],
        beds=free_beds(ward),
        base=stay_path(encounter_id),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/transfer")
@staff("nurse")
def transfer(encounter_id: UUID) -> Response:
    """Move to the bed that was chosen; a bed that somebody was quicker to take is said with the beds that are left."""
    bed_id = uuid_or_none(request.form.get("bed"))
    if bed_id is None:
        return _transfer_page(encounter_id)
    try:
        clients().records.transfer(actor(), encounter_id, key=request_key(), bed_id=bed_id)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=stay_path(encounter_id))
        return _transfer_page(encounter_id, refusal)
    return to_stay(encounter_id, "transfer")


@pages.get("/discharge")
@staff("nurse")
def ask_discharge(encounter_id: UUID) -> str | Response:
    """What going home means for bed, meals and bill, before it is done."""
    stay = stay_of(encounter_id)
    if not stay.is_open:
        return to_stay(encounter_id)
    return render_page("ward/discharge.html", stay=stay, base=stay_path(encounter_id))


@pages.post("/discharge")
@staff("nurse")
def discharge(encounter_id: UUID) -> Response:
    """End the stay."""
    asking, key = actor(), request_key()
    return _done(encounter_id, lambda: clients().records.discharge(asking, encounter_id, key=key), "discharge")


@pages.get("/taking-back")
@staff("nurse")
def ask_taking_back(encounter_id: UUID) -> str | Response:
    """Which step it is, and what is so again once it is taken back."""
    stay = stay_of(encounter_id)
    if stay.last_step is None:
        return to_stay(encounter_id)
    return render_page("ward/taking_back.html", stay=stay, base=stay_path(encounter_id))


@pages.post("/taking-back")
@staff("nurse")
def take_back(encounter_id: UUID) -> Response:
    """The step that the page named never happened; a later one is not taken back in its place."""
    step = request.form.get("step", "")
    if step not in STEPS:
        raise NotFound
    asking, key = actor(), request_key()
    return _done(
        encounter_id, lambda: clients().records.take_back(asking, encounter_id, key=key, step=step), "taken_back"
    )
