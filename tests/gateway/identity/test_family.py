"""The patients an account acts for."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from gateway.identity import consumers, queries, store
from gateway.identity.domain import (
    AlreadyLinked,
    FamilyLimitReached,
    Link,
    NotLinked,
    Principal,
    Proof,
    Relation,
    SelfAlreadyLinked,
)
from gateway.identity.door import Identity, Opened
from shared.actor import Actor
from shared.database import Database
from shared.errors import NotFound
from tests.support.clock import StandingClock

LogIn = Callable[..., Opened]
LinkOf = Callable[..., Link]
ME, CHILD, MOTHER = (uuid.UUID(int=number) for number in (1, 2, 3))


def principal(identity: Identity, opened: Opened, patient_id: uuid.UUID | None = None) -> Principal:
    found = identity.whose_session(opened.token, patient_id)
    assert found is not None
    return found


def rows(database: Database) -> list[tuple[uuid.UUID, object]]:
    with database.read() as uow:
        statement = sa.select(store.links.c.patient_id, store.links.c.ended_at).order_by(store.links.c.created_at)
        return [(row.patient_id, row.ended_at) for row in uow.session.execute(statement)]


def test_the_first_patient_is_the_one_acted_for(identity: Identity, log_in: LogIn, link: LinkOf) -> None:
    opened = log_in()
    made = link(opened.log_in.account_id, ME)
    assert (made.relation, made.scopes, made.proof) == (Relation.SELF, ("see", "pay", "sign"), Proof.REGISTERED)
    link(opened.log_in.account_id, CHILD, Relation.CHILD)
    assert principal(identity, opened).link == made


def test_a_later_log_in_acts_for_the_person_themselves(
    identity: Identity, log_in: LogIn, link: LinkOf, clock: StandingClock
) -> None:
    account = log_in().log_in.account_id
    link(account, CHILD, Relation.CHILD)
    clock.advance(minutes=2)
    mine = link(account, ME, Relation.SELF)
    assert principal(identity, log_in()).link == mine


def test_another_patient_is_chosen_for_this_session_only(
    identity: Identity, log_in: LogIn, link: LinkOf, clock: StandingClock
) -> None:
    phone = log_in()
    mine = link(phone.log_in.account_id, ME)
    child = link(phone.log_in.account_id, CHILD, Relation.CHILD)
    clock.advance(minutes=2)
    tablet = log_in()
    assert identity.choose_patient(principal(identity, phone), CHILD) == child
    assert principal(identity, phone).link == child
    assert principal(identity, tablet).link == mine
    assert principal(identity, tablet, CHILD).link == child


def test_nobody_acts_for_a_patient_they_are_not_linked_to(
    identity: Identity, log_in: LogIn, link: LinkOf, database: Database
) -> None:
    stranger, me = log_in("19900000002"), log_in()
    link(stranger.log_in.account_id, CHILD, Relation.CHILD)
    mine = link(me.log_in.account_id, ME)
    with pytest.raises(NotLinked):
        identity.choose_patient(principal(identity, me), CHILD)
    with pytest.raises(NotLinked):
        identity.unlink_patient(me.log_in.account_id, CHILD)
    assert principal(identity, me, CHILD).link is None
    assert identity.link_to(me.log_in.account_id, CHILD) is None
    assert principal(identity, me).link == mine
    assert rows(database) == [(CHILD, None), (ME, None)]


def test_the_same_request_gives_the_same_link_and_another_is_told_so(
    identity: Identity, log_in: LogIn, link: LinkOf
) -> None:
    account = log_in().log_in.account_id
    first = link(account, ME, request_key="form-one")
    assert link(account, ME, request_key="form-one") == first
    with pytest.raises(AlreadyLinked):
        link(account, ME, request_key="form-two")
    assert identity.links(account) == [first]


def test_an_account_is_one_person_itself(identity: Identity, log_in: LogIn, link: LinkOf) -> None:
    account = log_in().log_in.account_id
    first = link(account, ME)
    with pytest.raises(SelfAlreadyLinked):
        link(account, CHILD)
    with pytest.raises(SelfAlreadyLinked):
        identity.check_place(account, Relation.SELF, request_key="another")
    assert identity.links(account) == [first]


def test_an_account_acts_for_five_patients_at_most(identity: Identity, log_in: LogIn, link: LinkOf) -> None:
    account = log_in().log_in.account_id
    made = [link(account, uuid.UUID(int=number), Relation.OTHER) for number in range(1, 6)]
    with pytest.raises(FamilyLimitReached):
        link(account, uuid.UUID(int=6), Relation.OTHER)
    with pytest.raises(FamilyLimitReached):
        identity.check_place(account, Relation.OTHER, request_key="sixth")
    identity.check_place(account, Relation.OTHER, request_key=f"key-{uuid.UUID(int=5)}")
    assert identity.links(account) == made
    identity.unlink_patient(account, made[2].patient_id)
    link(account, uuid.UUID(int=6), Relation.OTHER)
    assert len(identity.links(account)) == 5


def test_whoever_is_unlinked_is_not_acted_for_from_the_next_request_on(
    identity: Identity, log_in: LogIn, link: LinkOf, clock: StandingClock, database: Database
) -> None:
    opened = log_in()
    token = identity.create_token(name="machine", days=1, account_id=opened.log_in.account_id)
    link(opened.log_in.account_id, ME)
    child = link(opened.log_in.account_id, CHILD, Relation.CHILD)
    identity.unlink_patient(opened.log_in.account_id, ME)
    assert principal(identity, opened).link == child
    assert principal(identity, opened, ME).link is None
    of_token = identity.whose_token(token, ME)
    assert of_token is not None
    assert of_token.link is None
    identity.unlink_patient(opened.log_in.account_id, CHILD)
    assert principal(identity, opened).link is None
    assert rows(database) == [(ME, clock.now), (CHILD, clock.now)]


def test_without_an_account_there_is_no_link(link: LinkOf, database: Database) -> None:
    with pytest.raises(NotFound):
        link(uuid.UUID(int=99), ME)
    assert rows(database) == []


def merge(database: Database, clock: StandingClock, ended: uuid.UUID, into: uuid.UUID) -> None:
    subscription = consumers.SUBSCRIPTIONS["records.patient_merged.v1"]
    data = subscription.schema().load({"patient_id": str(ended), "merged_into": str(into), "more": "later"})
    with database.write() as uow:
        subscription.use_case(uow, data=data, actor=Actor.system("records"), now=clock.now)


def test_a_merged_patient_is_acted_for_under_either_id(
    identity: Identity, log_in: LogIn, link: LinkOf, database: Database, clock: StandingClock
) -> None:
    opened = log_in()
    link(opened.log_in.account_id, ME)
    merge(database, clock, ME, MOTHER)
    merge(database, clock, ME, MOTHER)
    token = identity.create_token(name="machine", days=1, account_id=opened.log_in.account_id)
    for asked in (None, ME, MOTHER):
        found = principal(identity, opened, asked).link
        assert found is not None
        assert found.patient_id == MOTHER
    for asked in (ME, MOTHER):
        of_token = identity.whose_token(token, asked)
        assert of_token is not None
        assert of_token.link is not None
        assert of_token.link.patient_id == MOTHER
    assert [each.patient_id for each in identity.links(opened.log_in.account_id)] == [MOTHER]
    with pytest.raises(AlreadyLinked):
        link(opened.log_in.account_id, MOTHER, Relation.PARENT)


@pytest.mark.parametrize("order", [((ME, CHILD), (CHILD, MOTHER)), ((CHILD, MOTHER), (ME, CHILD))])
def test_a_chain_of_mergers_ends_the_same_in_either_order(
    order: tuple[tuple[uuid.UUID, uuid.UUID], ...],
    identity: Identity,
    log_in: LogIn,
    link: LinkOf,
    database: Database,
    clock: StandingClock,
) -> None:
    opened = log_in()
    link(opened.log_in.account_id, ME)
    link(opened.log_in.account_id, CHILD, Relation.CHILD)
    for ended, into in order:
        merge(database, clock, ended, into)
    assert [each.patient_id for each in identity.links(opened.log_in.account_id)] == [MOTHER]
    for asked in (ME, CHILD, MOTHER):
        with database.read() as uow:
            assert queries.accounts_of_patient(uow, patient_id=asked) == [opened.log_in.account_id]


def test_a_ring_of_mergers_is_left_for_somebody_to_look_at(database: Database, clock: StandingClock) -> None:
    merge(database, clock, ME, CHILD)
    with pytest.raises(ValueError, match="merged into the other"):
        merge(database, clock, CHILD, ME)
    with database.read() as uow:
        assert store.known_as(uow, ME) == CHILD
        assert store.known_as(uow, CHILD) == CHILD
