"""A family's stays in the hospital, on the phone: where somebody lies, since when, and what there is to see and do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from gateway.identity.domain import Link
from gateway.web.look import now, render_page
from gateway.web.patient.asking import Answer, ask
from gateway.web.patient.words import who
from gateway.web.session import acting_for, clients, family, patient, signed_in
from gateway.web.stays import PHONE_LINKS, Status, Stay
from shared.client import ServiceProblem
from shared.errors import NotFound

pages = Blueprint("stays", __name__, url_prefix="/stays")

Document = dict[str, Any]
INPATIENT = "IMP"


def stay_path(encounter_id: UUID | str, *more: str) -> str:
    """The address of a stay's page on the phone, or of a page below it."""
    return "/".join(["/stays", str(encounter_id), *more])


def stay_of(encounter_id: UUID) -> Stay:
    """A stay of one of this account's patients, with the actor who acts for that patient. Raises NotFound.

    An address names no patient, so the patient chosen is tried first, then the rest of the family.
    """
    chosen = patient()
    for link in sorted(family(), key=lambda each: chosen is None or each.patient_id != chosen.patient_id):
        actor = acting_for(link.patient_id)
        try:
            return Stay(clients().records.encounter(actor, encounter_id), actor, link)
        except ServiceProblem as problem:
            if problem.code != NotFound.code:
                raise
    raise NotFound


def stays_of(link: Link) -> Answer[list[Stay]]:
    """The inpatient stays of one patient, newest first; those that never happened are left out."""

    def read() -> list[Stay]:
        actor = acting_for(link.patient_id)
        found = clients().records.encounters(actor, link.patient_id)
        kept = [each for each in found if each["class"] == INPATIENT and each["state"] != "cancelled"]
        return [Stay(each, actor, link) for each in kept]

    return ask(read, [])


def open_stays(stays: Iterable[Stay]) -> list[Stay]:
    """Those in which somebody lies in the hospital now."""
    return [each for each in stays if each.is_open]


@pages.get("/<uuid:encounter_id>")
@signed_in
def show(encounter_id: UUID) -> str:
    """Where the person lies, since when, and what there is to see and do."""
    stay = stay_of(encounter_id)
    return render_page(
        "patient/stay.html",
        stay=stay,
        person=who(stay.link),
        day=stay.day_number(now()),
        links=PHONE_LINKS.of(stay),
        base=stay_path(encounter_id),
    )


@pages.get("/<uuid:encounter_id>/links/<code>")
@signed_in
def link_status(encounter_id: UUID, code: str) -> str:
    """How things stand with one of the links; the page asks for it after it is drawn."""
    if code not in PHONE_LINKS.links:
        raise NotFound
    stay = stay_of(encounter_id)
    nothing: Status | None = None
    found = ask(lambda: PHONE_LINKS.status_of(code, stay), nothing)
    return render_template("ward/_status.html", status=found.value, silent=found.silent)
