"""The home page: what matters now comes first, for the person acted for, then what waits for the rest of the family."""

from __future__ import annotations

from flask import Blueprint

from gateway.web.look import now, render_page
from gateway.web.matters import bills, stays, visits
from gateway.web.matters.asking import ask_family
from gateway.web.patient.words import people
from gateway.web.session import account_id, family, notifications, patient, signed_in

pages = Blueprint("home", __name__)

MOST_TO_DO = 6
SOURCES = (visits, bills, stays)
"""The modules that say what matters; named here so that they are imported."""


@pages.get("/")
@signed_in
def home() -> str:
    """What matters now, who lies in hospital, what is to do for the family, the services of this version."""
    links, chosen = family(), patient()
    found = ask_family(links)
    shown = found.first(chosen)
    rest = found.rest(shown)
    return render_page(
        "patient/home.html",
        links=links,
        people=people(links, chosen),
        chosen=chosen,
        matter=shown,
        stays=[(stay, stay.day_number(now()), found.of_stay(stay, shown)) for stay in found.stays],
        to_do=rest[:MOST_TO_DO],
        count=len(rest),
        silent=found.silent,
        unread=notifications().unread(account_id()),
    )
