"""The inbox and the time line: what the hospital told this account about its patients, and all that happened."""

from __future__ import annotations

from itertools import groupby
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from gateway.web.look import current_look, render_page
from gateway.web.notices import in_words
from gateway.web.session import account_id, family, notifications, signed_in
from shared.clock import hospital_day
from shared.errors import NotFound

pages = Blueprint("messages", __name__)

AT_ONCE = 30


@pages.get("/messages")
@signed_in
def inbox() -> str:
    """The newest first; older ones on further pages."""
    before = _uuid(request.args.get("before"))
    notices = notifications().inbox(account_id(), limit=AT_ONCE + 1, before=before)
    names = {link.patient_id: link.display_name for link in family()}
    shown, lang = notices[:AT_ONCE], current_look().lang
    return render_page(
        "patient/messages.html",
        notices=[(each, in_words(each, lang), names.get(each.patient_id)) for each in shown],
        older=shown[-1].id if len(notices) > AT_ONCE else None,
        unread=notifications().unread(account_id()),
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@pages.post("/messages")
@signed_in
def open_notice() -> Response:
    """A notice was tapped: it is read, and leads to what it tells of. Without one, all are read."""
    if "notice" not in request.form:
        notifications().mark_all_read(account_id())
        return cast("Response", redirect(url_for("messages.inbox"), code=303))
    wanted = _uuid(request.form["notice"])
    if wanted is None:
        raise NotFound
    notifications().mark_read(account_id(), wanted)
    return cast("Response", redirect(_about(wanted), code=303))


def _about(notice_id: UUID) -> str:
    """The page that a notice leads to, if there is one and the account still acts for the patient."""
    notice = notifications().notice(account_id(), notice_id)
    if notice is None or all(link.patient_id != notice.patient_id for link in family()):
        return url_for("messages.inbox")
    return in_words(notice, current_look().lang).path or url_for("messages.inbox")


@pages.get("/timeline")
@signed_in
def timeline() -> str:
    """Everything that happened to the family, or to one of it, newest first, day by day."""
    links, wanted = family(), _uuid(request.args.get("person"))
    chosen = next((link for link in links if link.patient_id == wanted), None)
    if wanted is not None and chosen is None:
        raise NotFound
    asked = [chosen.patient_id] if chosen else [link.patient_id for link in links]
    found = notifications().timeline(asked, limit=AT_ONCE + 1, before=_uuid(request.args.get("before")))
    names = {link.patient_id: link.display_name for link in links}
    shown, lang = found[:AT_ONCE], current_look().lang
    once = {(each.kind, each.about): each for each in reversed(shown)}  # one step may concern two of a family
    lines = [(each, in_words(each, lang), names[each.patient_id]) for each in reversed(once.values())]
    return render_page(
        "patient/timeline.html",
        days=[(day, list(group)) for day, group in groupby(lines, key=lambda line: hospital_day(line[0].at))],
        links=links,
        chosen=chosen,
        older=shown[-1].id if len(found) > AT_ONCE else None,
    )
