"""Two people at the same moment: real threads, real commits."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from services.records import store, usecases
from services.records.domain import Registration
from shared.actor import Actor
from shared.database import Database
from shared.door import Call, Door
from shared.idempotency import Claim
from tests.records.people import DESK, OFFICER, SEALER, do, facts, register, sent, take, traveller, wang

AT_ONCE = 6


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each act gave, or the error it raised, when all began together."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(position: int) -> None:
        start.wait()
        try:
            results[position] = acts[position]()
        except Exception as error:  # noqa: BLE001 - an error is a result here
            results[position] = error

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(acts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return results


def through_the_door(door: Door, use_case: Callable[..., Any], actor: Actor, key: str, **arguments: Any) -> int:
    """The HTTP status of a call, as the door answers it."""

    def with_sealer(uow: Any, **rest: Any) -> Any:
        return use_case(uow, sealer=SEALER, **rest)

    call = Call(actor=actor, arguments=arguments, claim=Claim(actor.subject, key, key), render=lambda _: {}, status=200)
    return door.run(with_sealer, call).status


def account(number: int) -> Actor:
    return Actor(subject=f"account:{number}", roles=("patient",))


def count(database: Database, table: sa.Table) -> int:
    with database.read() as uow:
        return uow.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_person_whom_several_accounts_register_at_once_is_one_patient(door: Door, database: Database) -> None:
    def act(number: int, person: Registration) -> Callable[[], int]:
        return lambda: through_the_door(door, usecases.register_patient, account(number), "key", person=person)

    statuses = at_once([act(number, wang(document_type=("01", "02")[number % 2])) for number in range(AT_ONCE)])
    assert Counter(statuses) == {200: 1, 409: AT_ONCE - 1}
    assert (count(database, store.patients), count(database, store.identifiers)) == (1, 1)
    assert len(facts(door)) == 1


def test_a_patient_whom_two_desks_verify_at_once_is_verified_once(door: Door) -> None:
    patient_id = take(door).patient_id

    def act(number: int) -> Callable[[], int]:
        person = traveller(document_number=f"GB123456{number}")
        desk = Actor(subject=f"staff:desk-{number}", roles=("front_desk",))
        return lambda: through_the_door(
            door, usecases.verify_patient, desk, "key", patient_id=patient_id, person=person
        )

    assert Counter(at_once([act(number) for number in range(AT_ONCE)])) == {200: 1, 409: AT_ONCE - 1}
    assert [each["type"] for each in facts(door)].count("records.patient_verified.v1") == 1


def test_one_document_verifies_one_of_two_patients(door: Door, database: Database) -> None:
    ids = [take(door, sent(f"a{number}", control_id=str(number))).patient_id for number in range(AT_ONCE)]

    def act(number: int) -> Callable[[], int]:
        return lambda: through_the_door(
            door, usecases.verify_patient, DESK, f"key-{number}", patient_id=ids[number], person=traveller()
        )

    assert Counter(at_once([act(number) for number in range(AT_ONCE)])) == {200: 1, 409: AT_ONCE - 1}
    with database.read() as uow:
        verified = uow.session.scalar(
            sa.select(sa.func.count()).select_from(store.patients).where(store.patients.c.verified)
        )
    assert verified == 1


def test_a_code_that_several_accounts_bring_at_once_is_used_by_one(door: Door, database: Database) -> None:
    patient = register(door)
    code = usecases.code_of(
        SEALER, do(door, usecases.issue_link_code, actor=DESK, sealer=SEALER, patient_id=patient.id).id
    )

    def act(number: int) -> Callable[[], int]:
        return lambda: through_the_door(door, usecases.redeem_link_code, account(number), "key", code=code)

    assert Counter(at_once([act(number) for number in range(AT_ONCE)])) == {200: 1, 422: AT_ONCE - 1}
    with database.read() as uow:
        wrong = uow.session.scalars(sa.select(store.link_tries.c.wrong)).all()
    assert Counter(wrong) == {0: 1, 1: AT_ONCE - 1}


def test_one_account_gets_no_more_tries_by_guessing_in_parallel(door: Door) -> None:
    def act(number: int) -> Callable[[], int]:
        return lambda: through_the_door(
            door, usecases.redeem_link_code, account(1), f"key-{number}", code=f"AAAAAAA{number}"
        )

    assert Counter(at_once([act(number) for number in range(AT_ONCE)])) == {422: AT_ONCE}
    refused = do(door, usecases.redeem_link_code, actor=account(2), sealer=SEALER, code="AAAAAAAA")
    assert refused.facts == {"tries_left": 4}
    with door.database.read() as uow:
        tries = uow.session.execute(sa.select(store.link_tries).where(store.link_tries.c.subject == "account:1")).one()
    assert (tries.wrong, tries.locked_until is not None) == (0, True)


def test_two_merges_against_each_other_make_no_circle(door: Door, database: Database) -> None:
    one, other = (take(door, sent(value, control_id=value)).patient_id for value in ("a1", "b2"))

    def act(patient_id: Any, into: Any) -> Callable[[], int]:
        def merge(uow: Any, sealer: Any, **rest: Any) -> Any:
            return usecases.merge_patients(uow, **rest)

        return lambda: through_the_door(door, merge, OFFICER, str(patient_id), patient_id=patient_id, into=into)

    assert sorted(at_once([act(one, other), act(other, one)])) == [200, 409]
    assert count(database, store.merges) == 1


def test_medical_record_numbers_given_at_once_differ(door: Door, database: Database) -> None:
    def act(number: int) -> Callable[[], int]:
        person = traveller(document_number=f"GB123456{number}")
        return lambda: through_the_door(door, usecases.register_patient, account(number), "key", person=person)

    assert Counter(at_once([act(number) for number in range(AT_ONCE)])) == {200: AT_ONCE}
    with database.read() as uow:
        assert len(set(uow.session.scalars(sa.select(store.patients.c.mrn)))) == AT_ONCE
