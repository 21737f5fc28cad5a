"""What matters of appointments: a place that waits for money, a visit that is ahead."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from gateway.web.look import now
from gateway.web.matters import PATIENT_MATTERS, Matter, Urgency, Whose
from gateway.web.patient.standing import Bill, Where, upcoming, where
from gateway.web.patient.words import visit_path
from gateway.web.session import clients

_URGENCY = {Where.TO_PAY: Urgency.NOW, Where.BOOKED: Urgency.GOING_ON}


def visits_of(whose: Whose) -> list[Matter]:
    """The appointments that are ahead of a patient."""
    found = clients().appointments.appointments(whose.actor, patient_id=whose.link.patient_id)
    return [_matter(whose, each, where(each, Bill(), now())) for each in upcoming(found, now())]


def _matter(whose: Whose, appointment: Any, stands: Where) -> Matter:
    return Matter(
        link=whose.link,
        urgency=_URGENCY.get(stands, Urgency.TO_DO),
        icon="visit",
        title="",
        path=visit_path(whose.link.patient_id, appointment["id"]),
        at=str(appointment["starts_at"]),
        visit=(appointment, stands.value),
    )


PATIENT_MATTERS.add("visits", lazy_gettext("预约"), visits_of)
