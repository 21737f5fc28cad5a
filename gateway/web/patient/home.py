"""The home page: what matters now comes first, for the person acted for, then what waits for the rest of the family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint

from gateway.identity.domain import Link
from gateway.web.look import now, render_page
from gateway.web.patient.asking import Answer, ask
from gateway.web.patient.standing import KEPT, Bill, Where, upcoming, where
from gateway.web.patient.stays import open_stays, stays_of
from gateway.web.patient.words import people
from gateway.web.session import account_id, acting_for, clients, family, notifications, patient, signed_in
from gateway.web.stays import Stay
from gateway.web.together import begin

pages = Blueprint("home", __name__)

MOST_TO_DO = 5


@dataclass(frozen=True)
class Line:
    """One appointment on the home page: whose it is and where it stands."""

    link: Link
    appointment: Mapping[str, Any]
    where: Where


def lines_of(link: Link) -> Answer[list[Line]]:
    """What is ahead of one patient, the most urgent first."""

    def read() -> list[Line]:
        actor = acting_for(link.patient_id)
        found = clients().appointments.appointments(actor, patient_id=link.patient_id)
        return [Line(link, each, where(each, Bill(), now())) for each in upcoming(found, now())]

    return ask(read, [])


def _open_stays(link: Link) -> list[Stay]:
    return open_stays(stays_of(link).value)


def first_of(lines: Sequence[Line], chosen: Link | None) -> Line | None:
    """What the card shows: the first of the person chosen; if there is nothing, what waits for money in the family."""
    own = [line for line in lines if chosen and line.link.patient_id == chosen.patient_id]
    waiting = [line for line in lines if line.where in KEPT]
    return next(iter([*own, *sorted(waiting, key=lambda line: str(line.appointment["starts_at"]))]), None)


@pages.get("/")
@signed_in
def home() -> str:
    """What matters now, the family, the services of this version."""
    links, chosen = family(), patient()
    nobody: list[Stay] = []
    lying = begin({str(link.patient_id): partial(_open_stays, link) for link in links}, nobody)
    answers = {link.patient_id: lines_of(link) for link in links}
    lines = [line for answer in answers.values() for line in answer.value]
    shown = first_of(lines, chosen)
    rest = [line for line in lines if line is not shown]
    stays = [each for answer in lying.answers().values() for each in answer.value]
    return render_page(
        "patient/home.html",
        links=links,
        people=people(links, chosen),
        chosen=chosen,
        line=shown,
        to_do=sorted(rest, key=lambda line: (line.where is Where.BOOKED, line.appointment["starts_at"]))[:MOST_TO_DO],
        count=len(rest),
        stays=[(each, each.day_number(now())) for each in stays],
        silent=any(answer.silent for answer in answers.values()),
        unread=notifications().unread(account_id()),
    )
