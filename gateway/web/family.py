"""The patients of an account: asking on behalf of one, and adding one, which records checks. Safe to send again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gateway.identity.actors import actor_of
from gateway.identity.domain import Link, NotLinked, Proof, Relation
from gateway.web.session import account_actor, account_id, clients, current, identity, request_id
from shared.actor import Actor
from shared.client import ServiceProblem


def actor_for(link: Link) -> Actor:
    """The account acting for one of its `family()`: for pages that ask about all of them at once. Raises NotLinked."""
    principal = current()
    if principal is None or principal.account_id is None:
        raise NotLinked
    return actor_of(principal, request_id(), link)


def register_patient(*, key: str, relation: Relation, name: str, **person: Any) -> Link:
    """Register a person (document_type, document_number, birth_on, sex, phone, guardian) and link them to this account.

    If it dies in between, the same form sent again has the same key: records gives the same patient, and the link is
    made then. With another key records says that this account has registered the person already, and which it is.
    Raises FamilyLimitReached, SelfAlreadyLinked, AlreadyLinked, ServiceProblem (`patient_exists`, ...).
    """
    _check_place(key, relation)
    try:
        patient = clients().records.register(account_actor(), key=key, name=name, **person)
    except ServiceProblem as problem:
        if problem.code != "patient_exists" or "patient_id" not in problem.document:
            raise
        patient = {"id": problem.document["patient_id"], "name": name}
    return _link(key, relation, patient, Proof.REGISTERED)


def redeem_link_code(*, key: str, relation: Relation, code: str) -> Link:
    """Link the patient whose code the front desk handed out. Raises as `register_patient` (`link_code_wrong`, ...)."""
    _check_place(key, relation)
    patient = clients().records.redeem_link_code(account_actor(), key=key, code=code)
    return _link(key, relation, patient, Proof.LINK_CODE)


def _check_place(key: str, relation: Relation) -> None:
    identity().check_place(account_id(), relation, request_key=key)


def _link(key: str, relation: Relation, patient: dict[str, Any], proof: Proof) -> Link:
    return identity().link_patient(
        account_id(),
        UUID(patient["id"]),
        relation=relation,
        display_name=patient["name"] or patient["mrn"],
        proof=proof,
        request_key=key,
    )
