"""The patients an account acts for: linked with proof, chosen, unlinked, and followed when two are merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from gateway.identity import store
from gateway.identity.domain import (
    SCOPES,
    AlreadyLinked,
    Limits,
    Link,
    NotLinked,
    Proof,
    Relation,
    SelfAlreadyLinked,
    place_for,
)
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound


def link_patient(
    uow: UnitOfWork,
    *,
    now: datetime,
    account_id: UUID,
    patient_id: UUID,
    relation: Relation,
    display_name: str,
    proof: Proof,
    request_key: str,
    limits: Limits,
) -> Link:
    """Let an account act for a patient (see, pay, sign), on a proof that records has accepted.

    The same request again gives the same link. Raises AlreadyLinked, SelfAlreadyLinked, FamilyLimitReached. The first
    patient of an account is the one acted for from now on.
    """
    if store.lock_account(uow, account_id) is None:
        raise NotFound
    links = store.active_links(uow, account_id)
    made_before = _linked_before(links, store.known_as(uow, patient_id), request_key)
    if made_before is not None:
        return made_before
    place = _place(links, relation, limits)
    link = Link(
        id=uuid4(),
        patient_id=store.known_as(uow, patient_id),
        relation=relation,
        display_name=display_name,
        scopes=SCOPES,
        proof=proof,
        created_at=now,
    )
    store.add_link(uow, link, account_id=account_id, patient_id=patient_id, place=place, request_key=request_key)
    if not links:
        _act_for(uow, store.sessions.c.account_id == account_id, link.id)
    return link


def _linked_before(links: Sequence[sa.Row[Any]], today: UUID, request_key: str) -> Link | None:
    for each in links:
        if each.known_as == today:
            if each.request_key == request_key:
                return store.to_link(each)
            raise AlreadyLinked
    return None


def _place(links: Sequence[sa.Row[Any]], relation: Relation, limits: Limits) -> int:
    if relation is Relation.SELF and any(each.relation == Relation.SELF for each in links):
        raise SelfAlreadyLinked
    return place_for({each.place for each in links}, limits.patients_per_account)


def may_link_another(
    uow: UnitOfWork, *, account_id: UUID, relation: Relation, request_key: str, limits: Limits
) -> None:
    """Say no before records registers a patient whom this account could not act for.

    A request whose link is made already may be sent again. Raises FamilyLimitReached or SelfAlreadyLinked.
    """
    links = store.active_links(uow, account_id)
    if all(each.request_key != request_key for each in links):
        _place(links, relation, limits)


def choose_patient(uow: UnitOfWork, *, now: datetime, session_id: UUID, account_id: UUID, patient_id: UUID) -> Link:
    """Act for another of the account's patients in this session. Raises NotLinked."""
    del now
    link = _link_of(uow, account_id, patient_id)
    _act_for(uow, store.sessions.c.id == session_id, link.id)
    return store.to_link(link)


def unlink_patient(uow: UnitOfWork, *, now: datetime, account_id: UUID, patient_id: UUID) -> None:
    """Stop acting for a patient from the next request on; sessions go on with the oldest link left.

    Raises NotLinked.
    """
    store.lock_account(uow, account_id)
    link = _link_of(uow, account_id, patient_id)
    left = [each for each in store.active_links(uow, account_id) if each.id != link.id]
    uow.session.execute(store.links.update().where(store.links.c.id == link.id).values(ended_at=now))
    _act_for(uow, store.sessions.c.link_id == link.id, left[0].id if left else None)


def merge_patient(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Records made two patients one: whoever acts for the one that ended acts for the other.

    Mergers may be heard in any order and twice. A ring of mergers is refused with ValueError: somebody must look at it.
    """
    del actor, now
    ended, into = data["patient_id"], data["merged_into"]
    today = store.known_as(uow, into)
    if today == ended:
        raise ValueError("two patients are each merged into the other")
    uow.insert_once(
        store.merged_patients,
        [{"patient_id": ended, "merged_into": into, "known_as": today}],
        returning=[store.merged_patients.c.patient_id],
    )
    statement = store.merged_patients.update().where(store.merged_patients.c.known_as == ended)
    uow.session.execute(statement.values(known_as=today))


def _link_of(uow: UnitOfWork, account_id: UUID, patient_id: UUID) -> sa.Row[Any]:
    today = store.known_as(uow, patient_id)
    for each in store.active_links(uow, account_id):
        if each.known_as == today:
            return each
    raise NotLinked


def _act_for(uow: UnitOfWork, which: sa.ColumnElement[bool], link_id: UUID | None) -> None:
    statement = store.sessions.update().where(which, store.sessions.c.ended_at.is_(None))
    uow.session.execute(statement.values(link_id=link_id))
