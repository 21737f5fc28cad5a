"""Link codes: from the front desk to the account of the person whose papers were seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.records import store, usecases
from services.records.domain import LinkCode
from services.records.timers import TIMERS
from shared.actor import Actor
from shared.door import Door
from shared.errors import DomainError
from tests.records.people import ACCOUNT, DESK, OTHER_ACCOUNT, SEALER, do, everything, merge, register, take, traveller
from tests.support.clock import StandingClock


def issue(door: Door, patient_id: UUID) -> str:
    """Hand out a code; gives the code itself."""
    code: LinkCode = do(door, usecases.issue_link_code, actor=DESK, sealer=SEALER, patient_id=patient_id)
    return usecases.code_of(SEALER, code.id)


def redeem(door: Door, code: str, actor: Actor = ACCOUNT) -> Any:
    """Bring a code; gives the patient, or the refusal that leaves its count behind."""
    return do(door, usecases.redeem_link_code, actor=actor, sealer=SEALER, code=code)


def test_a_code_gives_the_patient_to_the_account_that_brings_it(door: Door) -> None:
    patient = register(door)
    code = issue(door, patient.id)
    assert code not in str(everything(door))
    assert redeem(door, code.lower()).id == patient.id


def test_a_code_works_for_one_account_only(door: Door) -> None:
    code = issue(door, register(door).id)
    first = redeem(door, code)
    assert redeem(door, code, OTHER_ACCOUNT).code == "link_code_wrong"
    assert redeem(door, code).id == first.id


def test_a_code_lives_thirty_minutes(door: Door, clock: StandingClock) -> None:
    code = issue(door, register(door).id)
    clock.advance(minutes=30)
    assert redeem(door, code).code == "link_code_wrong"


def test_a_new_code_ends_the_one_before(door: Door) -> None:
    patient = register(door)
    first, second = issue(door, patient.id), issue(door, patient.id)
    assert redeem(door, first).code == "link_code_wrong"
    assert redeem(door, second).id == patient.id
    assert redeem(door, issue(door, patient.id), OTHER_ACCOUNT).id == patient.id


def test_an_unverified_patient_gets_no_code(door: Door) -> None:
    taken = take(door)
    before = everything(door)
    for patient_id, code in ((taken.patient_id, "patient_not_verified"), (uuid4(), "not_found")):
        with pytest.raises(DomainError) as refusal:
            issue(door, patient_id)
        assert refusal.value.code == code
    assert everything(door) == before


def test_a_code_of_a_record_that_has_ended_gives_the_record_that_goes_on(door: Door) -> None:
    patient, survivor = register(door), register(door, traveller())
    code = issue(door, patient.id)
    merge(door, patient.id, survivor.id)
    assert redeem(door, code).id == survivor.id


def test_the_fifth_wrong_code_locks_the_account_and_no_other(door: Door, clock: StandingClock) -> None:
    patient = register(door)
    code = issue(door, patient.id)
    assert [redeem(door, "AAAAAAAA").facts["tries_left"] for _ in range(5)] == [4, 3, 2, 1, 0]
    before = everything(door)
    with pytest.raises(DomainError) as refusal:
        redeem(door, code)
    assert refusal.value.code == "too_many_tries"
    assert everything(door) == before
    assert redeem(door, code, OTHER_ACCOUNT).id == patient.id
    clock.advance(minutes=30)
    assert redeem(door, issue(door, patient.id)).id == patient.id


def test_codes_are_forgotten_thirty_days_after_their_end(door: Door, clock: StandingClock) -> None:
    timer = next(each for each in TIMERS if each.name == "forget link codes")
    issue(door, register(door).id)
    clock.advance(days=30, minutes=30)
    assert timer.fire(door.database, clock) == 0
    clock.advance(seconds=1)
    assert timer.fire(door.database, clock) == 1
    with door.database.read() as uow:
        assert uow.session.execute(sa.select(store.link_codes)).all() == []


def test_the_database_keeps_one_open_code_for_a_patient(door: Door) -> None:
    patient = register(door)
    issue(door, patient.id)
    second = LinkCode(
        id=uuid4(),
        patient_id=patient.id,
        fingerprint="another",
        issued_at=door.clock(),
        issued_by=DESK.subject,
        valid_until=door.clock() + timedelta(minutes=30),
    )
    with pytest.raises(sa.exc.IntegrityError), door.database.write() as uow:
        uow.session.add(second)
