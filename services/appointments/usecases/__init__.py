"""What can be asked of appointments, each in the hospital's own words."""

from services.appointments.usecases.booking import HoldRequest, cancel_appointment, extend_hold, hold_places
from services.appointments.usecases.planning import (
    engage_practitioner,
    engage_practitioners,
    make_slots,
    open_campus,
    open_campuses,
    open_department,
    open_departments,
    plan_session,
    plan_sessions,
    set_booking_rules,
    suspend_schedule,
)
from services.appointments.usecases.replica import learn_merger, learn_patient, learn_verification
from services.appointments.usecases.saga import (
    book_appointment,
    cancel_suspended,
    expire_holds,
    let_go_unpayable,
    make_payable,
)

__all__ = [
    "HoldRequest",
    "book_appointment",
    "cancel_appointment",
    "cancel_suspended",
    "engage_practitioner",
    "engage_practitioners",
    "expire_holds",
    "extend_hold",
    "hold_places",
    "learn_merger",
    "learn_patient",
    "learn_verification",
    "let_go_unpayable",
    "make_payable",
    "make_slots",
    "open_campus",
    "open_campuses",
    "open_department",
    "open_departments",
    "plan_session",
    "plan_sessions",
    "set_booking_rules",
    "suspend_schedule",
]
