"""The receipts of a stay at the ward and the cashier's: to print, and to take back by a red one."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import gettext, lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.receipts.phone import KINDS, receipt_file
from gateway.web.session import actor, clients, current, request_key, staff
from gateway.web.stays import WARD_LINKS, StayLink
from gateway.web.ward.stays import stay_of, stay_path

pages = init_desk(Blueprint("ward_receipts", __name__, url_prefix="/ward/stays/<uuid:encounter_id>/receipts"))
READERS = ("nurse", "cashier", "finance")
MENDERS = ("cashier", "finance")
SHORTEST_REASON = 2

WARD_LINKS.add(
    StayLink(
        code="receipts",
        path="receipts",
        icon="report",
        word=lazy_gettext("收费票据"),
        about=lazy_gettext("看票据，打印"),
        place=75,
        roles=("nurse",),
    )
)


@pages.get("")
@staff(*READERS)
def show(encounter_id: UUID) -> Response:
    """The receipts of the stay."""
    return _page(encounter_id)


def _page(encounter_id: UUID, refusal: Refusal | None = None, *, wrong: str = "") -> Response:
    principal = current()
    page = render_page(
        "receipts/ward.html",
        stay=stay_of(encounter_id),
        found=clients().receipts.of_stay(actor(), encounter_id),
        kinds=KINDS,
        base=stay_path(encounter_id, "receipts"),
        back=stay_path(encounter_id),
        may_correct=principal is not None and principal.has(*MENDERS),
        refusal=refusal,
        wrong=wrong,
        done=request.args.get("done") == "1",
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(page, status)


@pages.get("/<uuid:receipt_id>.pdf")
@staff(*READERS)
def download(encounter_id: UUID, receipt_id: UUID) -> Response:
    """One receipt as a file, for the printer."""
    return receipt_file(clients().receipts.receipt(actor(), receipt_id), stay_of(encounter_id))


@pages.post("/<uuid:receipt_id>/correction")
@staff(*MENDERS)
def correct(encounter_id: UUID, receipt_id: UUID) -> Response:
    """Take one back by a red receipt and issue it anew; the reason is kept on the red one."""
    reason, key = request.form.get("reason", "").strip()[:200], request_key()
    if len(reason) < SHORTEST_REASON:
        return _page(encounter_id, wrong=gettext("请写上原因。"))
    here = stay_path(encounter_id, "receipts")
    try:
        clients().receipts.correct(actor(), receipt_id, key=key, reason=reason)
    except REFUSALS as error:
        refusal = refusal_of(error)
        return again_page(refusal, back=here) if refusal.request_id else _page(encounter_id, refusal)
    return cast("Response", redirect(f"{here}?done=1", code=HTTPStatus.SEE_OTHER))
