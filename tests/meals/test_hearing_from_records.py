"""From the front desk to the kitchen through the queue: records tells, meals knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from services.billing.app import SERVICE as BILLING
from services.meals.app import SERVICE as MEALS
from services.records.app import SERVICE as RECORDS
from shared.database import Database
from shared.door import Door
from shared.messaging.pump import Pump
from shared.service import Service
from tests.billing.test_accounts import accounts
from tests.meals.hearsay import known, merges
from tests.meals.test_stays import lying
from tests.records.people import merge, register, sent, take
from tests.records.stays import admit, bed, discharge, transfer
from tests.support.clock import StandingClock


def test_meals_hears_of_patients_and_of_their_merging(
    open_database: Callable[[Service, str], Database], clock: StandingClock, backend: str
) -> None:
    databases = {each.name: open_database(each, backend) for each in (RECORDS, MEALS)}
    door = Door(databases["records"], clock)
    survivor, taken = register(door), take(door, sent())
    merge(door, taken.patient_id, survivor.id)
    Pump([RECORDS, MEALS], databases, clock).run_until_quiet()
    assert known(databases["meals"]) == [
        ("100000016", "male", 1956, True),
        ("100000024", "male", None, False),
    ]
    assert merges(databases["meals"]) == [(str(taken.patient_id), str(survivor.id))]


def test_meals_and_billing_hear_who_lies_where(
    open_database: Callable[[Service, str], Database], clock: StandingClock, backend: str
) -> None:
    services = [RECORDS, MEALS, BILLING]
    databases = {each.name: open_database(each, backend) for each in services}
    door, pump = Door(databases["records"], clock), Pump(services, databases, clock)
    stay = admit(door, register(door).id, bed("07"))
    pump.run_until_quiet()
    assert lying(databases["meals"]) == [("in_progress", "心内一病区", "07", 1)]
    assert accounts(databases["billing"]) == [("open", clock(), None, 1)]
    clock.advance(hours=1)
    transfer(door, stay.id, bed("31"))
    discharge(door, stay.id)
    pump.run_until_quiet()
    assert lying(databases["meals"]) == [("finished", "心内一病区", "31", 3)]
    assert accounts(databases["billing"]) == [("closed", clock() - timedelta(hours=1), clock(), 3)]
