"""The receipts of a family member's stay on the phone, to look at and to take along."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext, lazy_gettext

from gateway.web.look import render_page
from gateway.web.patient.stays import stay_of, stay_path
from gateway.web.patient.words import who
from gateway.web.receipts.paper import draw_receipt
from gateway.web.session import clients, signed_in
from gateway.web.stays import PHONE_LINKS, Status, Stay, StayLink
from shared.errors import NotFound

pages = Blueprint("stay_receipts", __name__, url_prefix="/stays/<uuid:encounter_id>/receipt")
KINDS = {"medical": lazy_gettext("住院收费票据"), "income": lazy_gettext("膳食收入凭证")}


def _status(stay: Stay) -> Status | None:
    found = clients().receipts.of_stay(stay.actor, stay.id)
    if found["pending"]:
        return Status(gettext("正在开"), "now")
    return Status(gettext("已开好"), "ok") if found["items"] else None


PHONE_LINKS.add(
    StayLink(
        code="receipt",
        path="receipt",
        icon="report",
        word=lazy_gettext("收费票据"),
        about=lazy_gettext("结清以后开，可以下载和查真伪"),
        place=65,
        status=_status,
    )
)


@pages.get("")
@signed_in
def show(encounter_id: UUID) -> str:
    """The receipts of the stay, the newest first."""
    stay = stay_of(encounter_id)
    return render_page(
        "receipts/phone.html",
        stay=stay,
        found=clients().receipts.of_stay(stay.actor, encounter_id),
        kinds=KINDS,
        person=who(stay.link),
        base=stay_path(encounter_id, "receipt"),
        back=stay_path(encounter_id),
    )


@pages.get("/<uuid:receipt_id>.pdf")
@signed_in
def download(encounter_id: UUID, receipt_id: UUID) -> Response:
    """One receipt as a file."""
    stay = stay_of(encounter_id)
    return receipt_file(clients().receipts.receipt(stay.actor, receipt_id), stay)


def receipt_file(receipt: dict[str, Any], stay: Stay) -> Response:
    """A receipt of this stay as PDF to take along. Raises NotFound for one of another stay."""
    if str(receipt["encounter_id"]) != str(stay.id):
        raise NotFound
    pdf = draw_receipt(
        receipt,
        patient=stay.patient,
        encounter=stay.encounter,
        check_address=f"{request.host_url.rstrip('/')}/check-receipt",
    )
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{receipt["code"]}-{receipt["number"]}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
