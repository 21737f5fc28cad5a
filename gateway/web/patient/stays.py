"""A family's stays in the hospital, on the phone: where somebody lies, since when, and what there is to see and do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template

from gateway.identity.domain import Link
from gateway.web.family import actor_for
from gateway.web.look import now, render_page
from gateway.web.patient.asking import ask
from gateway.web.patient.words import who
from gateway.web.session import clients, family, patient, signed_in
from gateway.web.stays import PHONE_LINKS, Status, Stay
from shared.actor import Actor
from shared.client import ServiceProblem
from shared.clock import from_iso
from shared.errors import NotFound

pages = Blueprint("stays", __name__, url_prefix="/stays")

Document = dict[str, Any]
INPATIENT = "IMP"
STILL_RECENT = timedelta(days=30)


def stay_path(encounter_id: UUID | str, *more: str) -> str:
    """The address of a stay's page on the phone, or of a page below it."""
    return "/".join(["/stays", str(encounter_id), *more])


def stay_of(encounter_id: UUID) -> Stay:
    """A stay of one of this account's patients, with the actor who acts for that patient. Raises NotFound.

    An address names no patient, so the patient chosen is tried first, then the rest of the family.
    """
    chosen = patient()
    for link in sorted(family(), key=lambda each: chosen is None or each.patient_id != chosen.patient_id):
        actor = actor_for(link)
        try:
            return Stay(clients().records.encounter(actor, encounter_id), actor, link)
        except ServiceProblem as problem:
            if problem.code != NotFound.code:
                raise
    raise NotFound


def stays_of(link: Link, actor: Actor) -> list[Stay]:
    """The inpatient stays of one patient, newest first; those that never happened are left out."""
    found = clients().records.encounters(actor, link.patient_id)
    return [Stay(each, actor, link) for each in found if each["class"] == INPATIENT and each["state"] != "cancelled"]


def recent(stay: Stay, at: datetime) -> bool:
    """Whether somebody lies there now, or went home so lately that bills and refunds may still be open."""
    ended = stay.encounter["ended_at"]
    return stay.is_open or (ended is not None and at - from_iso(ended) < STILL_RECENT)


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
