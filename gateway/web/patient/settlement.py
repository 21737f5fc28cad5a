"""The settlement of a family member's stay on the phone: where it stands, what it cost, what is due or comes back."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_babel import lazy_gettext

from gateway.web.look import now, render_page
from gateway.web.patient.bills import bill_path
from gateway.web.patient.stays import stay_of, stay_path
from gateway.web.patient.words import who
from gateway.web.session import clients, signed_in
from gateway.web.settling import STAGES, Standing, stage_word
from gateway.web.stays import PHONE_LINKS, Status, Stay, StayLink

pages = Blueprint("stay_settlement", __name__, url_prefix="/stays/<uuid:encounter_id>/settlement")


def _status(stay: Stay) -> Status | None:
    found = clients().settlements.of_stay(stay.actor, stay.id)
    return Status(stage_word(found["stage"]), STAGES[found["stage"]][1]) if found else None


PHONE_LINKS.add(
    StayLink(
        code="settlement",
        path="settlement",
        icon="pay",
        word=lazy_gettext("出院结算"),
        about=lazy_gettext("办到哪一步，要付还是要退"),
        place=60,
        status=_status,
    )
)


def _standing(stay: Stay) -> Standing | None:
    found = clients().settlements.of_stay(stay.actor, stay.id)
    return Standing(found, now()) if found else None


@pages.get("")
@signed_in
def show(encounter_id: UUID) -> str:
    """Where the settlement stands, the sum in a few lines, and paying from here when something is due."""
    stay = stay_of(encounter_id)
    standing = _standing(stay)
    bill = standing.document["invoice_id"] if standing else None
    whose = stay.link.patient_id if stay.link else stay.patient_id
    return render_page(
        "patient/settlement.html",
        stay=stay,
        s=standing,
        pay=bill_path({"patient_id": whose, "id": bill}, stay_path(encounter_id, "settlement")) if bill else "",
        person=who(stay.link),
        base=stay_path(encounter_id, "settlement"),
        back=stay_path(encounter_id),
    )


@pages.get("/progress")
@signed_in
def progress(encounter_id: UUID) -> Response:
    """The small part that the page asks for while something moves."""
    standing = _standing(stay_of(encounter_id))
    if standing is None:
        return cast("Response", redirect(stay_path(encounter_id), code=HTTPStatus.SEE_OTHER))
    response = make_response(render_template("patient/_settlement_live.html", s=standing))
    if standing.mark != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response
