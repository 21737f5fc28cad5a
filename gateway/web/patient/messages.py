"""The inbox: what the hospital told this account about its patients, in the reader's language."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from gateway.web.look import current_look, render_page
from gateway.web.notices import in_words
from gateway.web.patient.words import FACES, visit_path
from gateway.web.session import account_id, family, notifications, signed_in

pages = Blueprint("messages", __name__, url_prefix="/messages")

AT_ONCE = 30


@pages.get("")
@signed_in
def inbox() -> str:
    """The newest first; older ones on further pages."""
    before = _uuid(request.args.get("before"))
    notices = notifications().inbox(account_id(), limit=AT_ONCE + 1, before=before)
    names = {link.patient_id: link.display_name for link in family()}
    shown, lang = notices[:AT_ONCE], current_look().lang
    return render_page(
        "patient/messages.html",
        notices=[(each, in_words(each, lang), FACES[each.kind], names.get(each.patient_id)) for each in shown],
        older=shown[-1].id if len(notices) > AT_ONCE else None,
        unread=notifications().unread(account_id()),
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@pages.post("")
@signed_in
def open_notice() -> Response:
    """A notice was tapped: it is read, and leads to what it tells of. Without one, all are read."""
    notice, _, about = request.form.get("notice", "").partition("/")
    wanted = _uuid(notice)
    if wanted is None:
        notifications().mark_all_read(account_id())
        return cast("Response", redirect(url_for("messages.inbox"), code=303))
    notifications().mark_read(account_id(), wanted)
    return cast("Response", redirect(_about(about), code=303))


def _about(about: str) -> str:
    """The page of the appointment, if the account still acts for the patient."""
    patient_id, _, appointment_id = about.partition("/")
    person, appointment = _uuid(patient_id), _uuid(appointment_id)
    if person is None or appointment is None or all(link.patient_id != person for link in family()):
        return url_for("messages.inbox")
    return visit_path(person, appointment)
