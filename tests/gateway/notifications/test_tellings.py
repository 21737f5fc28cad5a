"""What is told of bills, meals, stays and copies, to whom, and how the time line puts it in order."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.identity.domain import Link, Relation
from gateway.identity.door import Opened
from gateway.notifications.door import Notifications
from gateway.web.notices import in_words
from shared.database import Database
from tests.gateway.notifications.test_consumers import golden, hear
from tests.support.clock import StandingClock


@pytest.fixture
def inbox(database: Database, clock: StandingClock) -> Notifications:
    return Notifications(database, clock=clock)


def of(data: dict[str, Any], kind: str) -> dict[str, Any]:
    """A bill of another kind."""
    return data | {"billed_kind": kind}


def test_of_bills_people_are_told_what_they_did_not_ask_for_themselves(
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    issued, paid = golden("billing.invoice_issued.v1"), golden("billing.invoice_paid.v1")
    account, patient = log_in().log_in.account_id, uuid.UUID(issued["patient_id"])
    assert account is not None
    link(account, patient)
    for kind in ("appointment", "deposit", "copy_request", "copy_top_up", "settlement"):
        hear(database, clock, "billing.invoice_issued.v1", of(issued, kind))
    hear(database, clock, "billing.invoice_issued.v1", of(issued, "meal_order") | {"amount_fen": 0})
    assert inbox.timeline([patient]) == []
    hear(database, clock, "billing.invoice_issued.v1", of(issued, "meal_order"))
    assert [each.kind for each in inbox.inbox(account)] == ["bill_issued"]
    assert in_words(inbox.inbox(account)[0], "en").path == f"/bills/{patient}/{issued['invoice_id']}"
    hear(database, clock, "billing.invoice_paid.v1", of(paid, "appointment"))
    assert [each.kind for each in inbox.timeline([patient])] == ["bill_paid", "bill_issued"]
    assert inbox.unread(account) == 1  # the appointment itself tells that it is confirmed
    hear(database, clock, "billing.invoice_paid.v1", of(paid, "deposit") | {"invoice_id": str(uuid.uuid4())})
    assert inbox.unread(account) == 2


def test_a_meal_that_was_charged_stands_on_the_time_line_only(
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    charged = golden("meals.meal_charged.v1")
    account, patient = log_in().log_in.account_id, uuid.UUID(charged["patient_id"])
    assert account is not None
    link(account, patient)
    hear(database, clock, "meals.meal_charged.v1", charged)
    assert inbox.unread(account) == 0
    assert [in_words(each, "zh-CN").text for each in inbox.timeline([patient])] == [
        "午餐 11月24日，¥23.50，出院时一起结。"
    ]


@pytest.mark.parametrize(
    ("instead", "may_choose", "kind"),
    [(True, False, "meal_replaced"), (False, True, "meal_to_choose"), (False, False, "meal_stopped")],
)
def test_of_a_meal_that_does_not_come_people_hear_what_they_can_do(
    inbox: Notifications, database: Database, clock: StandingClock, instead: bool, may_choose: bool, kind: str
) -> None:
    ended = golden("meals.meal_ended.v1") | {"instead": instead, "may_choose": may_choose}
    hear(database, clock, "meals.meal_ended.v1", ended)
    [told] = inbox.timeline([uuid.UUID(ended["patient_id"])])
    assert told.kind == kind
    assert in_words(told, "zh-CN").text.startswith("11 月 24 日 周二午餐：这段时间医嘱不能吃。")
    assert in_words(told, "en").text.startswith("Lunch, Tue 24 Nov: No food by mouth for this time.")


def test_a_step_of_copies_is_told_to_who_applies_and_to_whose_record_it_is(
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    moved = golden("records.copy_request_moved.v1")
    son, father = (log_in(f"1990000000{number}").log_in.account_id for number in range(2))
    assert son is not None
    assert father is not None
    link(son, uuid.UUID(moved["applicant_id"]))
    link(son, uuid.UUID(moved["patient_id"]), Relation.PARENT)
    link(father, uuid.UUID(moved["patient_id"]))
    hear(database, clock, "records.copy_request_moved.v1", moved)
    assert (inbox.unread(son), inbox.unread(father)) == (1, 1)
    hear(database, clock, "records.copy_request_moved.v1", moved | {"act": "supplement", "number": 4})
    assert (inbox.unread(son), inbox.unread(father)) == (1, 1)


def test_a_visit_without_a_bed_is_no_stay(inbox: Notifications, database: Database, clock: StandingClock) -> None:
    admitted = golden("records.encounter_admitted.v1") | {"encounter_class": "AMB", "ward": None, "bed": None}
    hear(database, clock, "records.encounter_admitted.v1", admitted)
    assert inbox.timeline([uuid.UUID(admitted["patient_id"])]) == []


def test_somebody_who_moves_twice_is_told_twice(
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    moved = golden("records.encounter_transferred.v1")
    account = log_in().log_in.account_id
    assert account is not None
    link(account, uuid.UUID(moved["patient_id"]))
    for version in (2, 3, 2):
        hear(database, clock, "records.encounter_transferred.v1", moved | {"version": version})
    assert inbox.unread(account) == 2


def test_the_time_line_tells_when_it_happened_and_shows_it_to_whoever_is_linked_later(
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    admitted, discharged = golden("records.encounter_admitted.v1"), golden("records.encounter_discharged.v1")
    patient, stranger = uuid.UUID(admitted["patient_id"]), uuid.uuid4()
    times = {"admitted": "2026-11-20T01:00:00Z", "discharged": "2026-11-22T01:00:00Z"}
    hear(database, clock, "records.encounter_discharged.v1", discharged | {"at": times["discharged"]})
    hear(database, clock, "records.encounter_admitted.v1", admitted | {"at": times["admitted"]})
    other = golden("records.encounter_admitted.v1") | {"patient_id": str(stranger), "encounter_id": str(uuid.uuid4())}
    hear(database, clock, "records.encounter_admitted.v1", other)
    account = log_in().log_in.account_id
    assert account is not None
    link(account, patient)
    line = inbox.timeline([patient])
    assert [(each.kind, each.at.isoformat()) for each in line] == [
        ("stay_discharged", "2026-11-22T01:00:00+00:00"),
        ("stay_admitted", "2026-11-20T01:00:00+00:00"),
    ]
    assert inbox.timeline([patient], limit=1) == line[:1]
    assert inbox.timeline([patient], before=line[0].id) == line[1:]
    assert inbox.timeline([stranger], before=line[0].id) == []
    assert inbox.unread(account) == 0


def test_nobody_is_called_for_what_was_written_down_days_later(
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    admitted = golden("records.encounter_admitted.v1")
    account, patient = log_in().log_in.account_id, uuid.UUID(admitted["patient_id"])
    assert account is not None
    link(account, patient)
    for hours, version in ((48, 1), (47, 2)):
        at = (clock.now - timedelta(hours=hours)).isoformat()
        hear(database, clock, "records.encounter_admitted.v1", admitted | {"at": at, "version": version})
    assert (len(inbox.timeline([patient])), inbox.unread(account)) == (2, 1)


def test_after_a_merger_the_time_lines_are_one(inbox: Notifications, database: Database, clock: StandingClock) -> None:
    merged = golden("records.patient_merged.v1")
    ended, goes_on = uuid.UUID(merged["patient_id"]), uuid.UUID(merged["merged_into"])
    held = golden("appointments.appointment_held.v1")
    for number, patient in enumerate((ended, goes_on)):
        about = {"patient_id": str(patient), "appointment_id": str(uuid.UUID(int=number + 1))}
        hear(database, clock, "appointments.appointment_held.v1", held | about)
    assert len(inbox.timeline([goes_on])) == 1
    hear(database, clock, "records.patient_merged.v1", merged)
    for asked in (ended, goes_on):
        assert [each.patient_id for each in inbox.timeline([asked])] == [goes_on, goes_on]
