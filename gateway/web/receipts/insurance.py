"""How the patient of a stay is insured: entered on the tablet or at the window, confirmed by the insurer."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import gettext, lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import live_filter, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.stays import WARD_LINKS, Status, Stay, StayLink, while_open
from gateway.web.ward.stays import stay_of, stay_path

pages = init_desk(Blueprint("ward_insurance", __name__, url_prefix="/ward/stays/<uuid:encounter_id>/insurance"))
ENTERERS = ("nurse", "cashier")
NUMBER = re.compile(r"[0-9A-Z]{6,30}")
KINDS = {
    "employee": lazy_gettext("职工医保（在职）"),
    "retired": lazy_gettext("职工医保（退休）"),
    "resident": lazy_gettext("居民医保"),
    "none": lazy_gettext("没有医保（自费）"),
}
pages.add_app_template_filter(live_filter(lambda code: str(KINDS.get(code, code))), "insured_word")


def _status(stay: Stay) -> Status | None:
    found = clients().insurance.coverage(stay.actor, stay.id)
    if not found["is_entered"]:
        return Status(gettext("还没有登记"), "now")
    if found["state"] == "asked":
        return Status(gettext("正在核对"), "info")
    if found["state"] == "refused":
        return Status(gettext("医保没查到"), "bad")
    return Status(gettext("自费") if found["kind"] == "none" else gettext("已核对"), "ok")


WARD_LINKS.add(
    StayLink(
        code="insurance",
        path="insurance",
        icon="shield",
        word=lazy_gettext("医保"),
        about=lazy_gettext("登记参保，向医保核对"),
        place=55,
        roles=("nurse",),
        when=while_open,
        status=_status,
    )
)


@pages.get("")
@staff(*ENTERERS)
def show(encounter_id: UUID) -> Response:
    """How they are insured now, and the form to enter it."""
    return _page(encounter_id)


def _page(encounter_id: UUID, refusal: Refusal | None = None, *, error: str = "") -> Response:
    form: dict[str, Any] = request.form.to_dict() if request.method == "POST" else {}
    page = render_page(
        "receipts/insurance.html",
        stay=stay_of(encounter_id),
        coverage=clients().insurance.coverage(actor(), encounter_id),
        kinds=[(code, str(word), "", "") for code, word in KINDS.items()],
        form=form,
        base=stay_path(encounter_id, "insurance"),
        back=stay_path(encounter_id),
        refusal=refusal,
        error=error,
        done=request.args.get("done") == "1",
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return make_response(page, status)


@pages.post("")
@staff(*ENTERERS)
def enter(encounter_id: UUID) -> Response:
    """Keep it and have the insurer asked."""
    kind, key = request.form.get("kind", ""), request_key()
    number = "".join(request.form.get("psn_no", "").split()).upper()
    if kind not in KINDS:
        return _page(encounter_id, error=gettext("请选参保的种类。"))
    if kind != "none" and not NUMBER.fullmatch(number):
        return _page(encounter_id, error=gettext("医保编号是 6 到 30 位数字或字母。"))
    here = stay_path(encounter_id, "insurance")
    try:
        clients().insurance.record_coverage(
            actor(),
            encounter_id,
            key=key,
            kind=kind,
            psn_no=number if kind != "none" else None,
            use_account=request.form.get("use_account") == "1",
        )
    except REFUSALS as failure:
        refusal = refusal_of(failure)
        return again_page(refusal, back=here) if refusal.request_id else _page(encounter_id, refusal)
    return cast("Response", redirect(f"{here}?done=1", code=HTTPStatus.SEE_OTHER))
