"""An account that registers a person over the API, or redeems their code, acts for them, as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import BadRequest

from gateway.identity.domain import Principal, Proof, Relation
from gateway.web.session import identity
from shared.operations import IDEMPOTENCY_HEADER

RELATION_HEADER = "Anxin-Relation"
PROOFS: Mapping[str, Proof] = {
    "records.register_patient": Proof.REGISTERED,
    "records.redeem_link_code": Proof.LINK_CODE,
}


def relation() -> Relation:
    """What the patient is to the account holder, `other` unless the header says more."""
    try:
        return Relation(request.headers.get(RELATION_HEADER, Relation.OTHER.value))
    except ValueError:
        raise BadRequest(f"{RELATION_HEADER} must be one of {', '.join(Relation)}.") from None


def check_place(principal: Principal) -> None:
    """Before records is asked, whether this account may act for one more.

    Raises FamilyLimitReached, SelfAlreadyLinked.
    """
    if principal.account_id is not None:
        identity().check_place(principal.account_id, relation(), request_key=_key())


def link(operation_id: str, principal: Principal, answer: Response) -> None:
    """After records has answered: make the link. The same request sent again makes the same link."""
    patient = answer.get_json(silent=True)
    if principal.account_id is None or answer.status_code >= BadRequest.code or not isinstance(patient, dict):
        return
    identity().link_patient(
        principal.account_id,
        UUID(patient["id"]),
        relation=relation(),
        display_name=patient["name"] or patient["mrn"],
        proof=PROOFS[operation_id],
        request_key=_key(),
    )


def _key() -> str:
    return request.headers.get(IDEMPOTENCY_HEADER, "")[:80]
