"""Requests for copies: what can be asked for, where a request stands, and what waits for an officer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain.addresses import PROVINCES, PostalAddress
from services.records.domain.copies import EDITABLE, OPEN, TRANSITIONS, Act, CopyState, Delivery
from services.records.domain.copy_eligibility import check_grown_up, copy_from
from services.records.domain.copy_papers import CONSENTS, PAPERS, ApplicantKind, missing_papers
from services.records.domain.copy_parts import OFFICE, PARTS, PURPOSES, parts_of, stay_kind
from services.records.domain.copy_prices import CopyTerms, price_of
from services.records.domain.copy_reasons import REASONS
from services.records.queries.patients import check_may_see
from services.records.store import copies, encounters, locations, merges, patients
from services.records.store.copies import copy_papers, copy_requests, copy_steps
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import DomainError, NotFound, NotYours
from shared.sealing import Sealer

Row = dict[str, Any]
OFFICERS = ("records_officer",)
WAITING_FOR_OFFICERS = (CopyState.IN_REVIEW, CopyState.CORRECTION_ASKED, CopyState.APPROVED, CopyState.READY)
MOST_IN_QUEUE = 200


def copy_catalogue(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Row:
    """What can be asked for and what it costs: parts, purposes, papers, reasons, regions, prices and times."""
    return {
        "terms": asdict(copies.terms_on(uow, hospital_day(now))),
        "parts": [_words(each, basis=each.basis) for each in PARTS],
        "purposes": [_words(each, parts=each.parts) for each in PURPOSES],
        "papers": {kind.value: [each.value for each in kinds] for kind, kinds in PAPERS.items()},
        "reasons": [_words(each, mendable=each.mendable) for each in REASONS.values()],
        "provinces": [{"code": code, "name": {"zh": zh, "en": en}} for code, (zh, en) in PROVINCES.items()],
        "consents": dict(CONSENTS),
        "office": OFFICE,
    }


def _words(each: Any, **more: Any) -> Row:
    return {"code": each.code, "name": {"zh": each.zh, "en": each.en}, **more}


def list_copyable_stays(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID) -> Row:
    """The inpatient stays of a person, newest first, each with whether it can be copied, and from which day.

    `problem` is the code that says why not. Raises NotFound, NotYours.
    """
    patient = uow.session.execute(sa.select(patients).where(patients.c.id == patient_id)).one_or_none()
    if patient is None:
        raise NotFound
    check_may_see(uow, actor, patient_id, OFFICERS)
    terms = copies.terms_on(uow, hospital_day(now))
    rows = uow.session.execute(
        _stays().where(encounters.c.patient_id.in_(_records_of(uow, patient_id)), encounters.c.encounter_class == "IMP")
    ).all()
    holds = copies.holds_of(uow, [row.encounter_id for row in rows])
    items = [_copyable(row, holds[row.encounter_id], patient.birth_on, terms, now) for row in rows]
    return {"patient_id": patient_id, "items": items}


def _copyable(row: Any, holds: set[str], birth_on: date | None, terms: CopyTerms, now: datetime) -> Row:
    day, problem = None, None
    try:
        check_grown_up(birth_on, hospital_day(now))
        day = copy_from(row, holds, terms, now)
    except DomainError as refusal:
        problem = refusal.code
    return {**_stay(row), "copy_from": day, "problem": problem}


def _stays() -> sa.Select[Any]:
    ward = locations.alias("last_ward")
    began = sa.func.coalesce(encounters.c.started_at, encounters.c.ended_at)
    return (
        sa.select(
            encounters.c.id.label("encounter_id"),
            *(encounters.c[each] for each in ("encounter_class", "state", "started_at", "ended_at")),
            *(ward.c[each].label(f"ward_{each}") for each in ("code", "name_zh", "name_en")),
        )
        .outerjoin(ward, ward.c.id == encounters.c.ward_id)
        .where(encounters.c.state != "cancelled")
        .order_by(began.desc(), encounters.c.id)
    )


def _stay(row: Any) -> Row:
    ward = {"zh": row.ward_name_zh, "en": row.ward_name_en} if row.ward_name_zh else None
    return {"encounter_id": row.encounter_id, "ward": ward, "started_at": row.started_at, "ended_at": row.ended_at}


def _records_of(uow: UnitOfWork, patient_id: UUID) -> list[UUID]:
    survivor = uow.session.scalar(sa.select(merges.c.merged_into).where(merges.c.patient_id == patient_id))
    goes_on = survivor or patient_id
    return [goes_on, *uow.session.scalars(sa.select(merges.c.patient_id).where(merges.c.merged_into == goes_on))]


def list_copy_requests(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID) -> Row:
    """Requests for a person's record, and those that the person has made for others, newest first.

    Drafts are seen by the account that keeps them only. Raises NotFound, NotYours.
    """
    if uow.session.scalar(sa.select(patients.c.id).where(patients.c.id == patient_id)) is None:
        raise NotFound
    check_may_see(uow, actor, patient_id, OFFICERS)
    own = _records_of(uow, patient_id)
    query = sa.select(copy_requests).where(
        sa.or_(copy_requests.c.patient_id.in_(own), copy_requests.c.applicant_id.in_(own)),
        sa.or_(copy_requests.c.state != CopyState.DRAFT, copy_requests.c.started_by == actor.subject),
        sa.or_(copy_requests.c.submitted_at.is_not(None), copy_requests.c.state == CopyState.DRAFT),
    )
    rows = uow.session.execute(query.order_by(copy_requests.c.started_at.desc(), copy_requests.c.id)).all()
    return {"patient_id": patient_id, "items": _in_short(uow, rows, actor)}


def list_copy_reviews(uow: UnitOfWork, *, actor: Actor, now: datetime, state: str | None = None) -> Row:
    """What the records office works on: to be reviewed first, by the day until which an answer is promised."""
    states = [state] if state else [each.value for each in WAITING_FOR_OFFICERS]
    first = sa.case((copy_requests.c.state == CopyState.IN_REVIEW, 0), else_=1)
    query = (
        sa.select(copy_requests)
        .where(copy_requests.c.state.in_(states))
        .order_by(first, copy_requests.c.review_by, copy_requests.c.paid_at, copy_requests.c.id)
        .limit(MOST_IN_QUEUE)
    )
    counts = sa.select(copy_requests.c.state, sa.func.count()).group_by(copy_requests.c.state)
    found = {row[0]: row[1] for row in uow.session.execute(counts.where(copy_requests.c.state.in_(sorted(OPEN))))}
    return {"items": _in_short(uow, uow.session.execute(query).all(), actor), "counts": found}


def seen_in_list(result: Row) -> Iterable[UUID]:
    """Whose data the answer of a list of requests holds."""
    return [each["patient"]["id"] for each in result["items"]]


def get_copy_request(uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, request_id: UUID) -> Row:
    """One request with everything about it: for who applies, for the patient, for officers.

    The address is told to who applies and to officers only. Raises NotFound, NotYours.
    """
    row = uow.session.execute(sa.select(copy_requests).where(copy_requests.c.id == request_id)).one_or_none()
    if row is None:
        raise NotFound
    mine, officer = row.started_by == actor.subject, actor.has(*OFFICERS)
    if not mine and not officer:
        if row.state == CopyState.DRAFT:
            raise NotYours(row.patient_id)
        check_may_see(uow, actor, row.patient_id, ())
    [short] = _in_short(uow, [row], actor)
    papers = _papers_of(uow, request_id)
    steps = _steps_of(uow, request_id)
    shows = mine or officer
    address = PostalAddress.from_text(sealer.open(row.sealed)) if row.sealed and shows else None
    return {
        **short,
        "mandate": _mandate(row.mandate),
        "postage": row.postage_fen,
        "page_price": row.page_fen,
        "address": asdict(address) if address else None,
        "papers": papers if shows else [],
        "papers_missing": missing_papers(ApplicantKind(row.applicant_kind), {each["kind"] for each in papers}),
        "price": _price(uow, row, now),
        "steps": [each if shows else {**each, "words": None} for each in steps],
        "holds": sorted(copies.holds_of(uow, [row.encounter_id])[row.encounter_id]) if officer else [],
        "decided_by": row.decided_by if officer else None,
        "editable": mine and row.state in EDITABLE,
        "may_withdraw": mine and (CopyState(row.state), Act.WITHDRAW) in TRANSITIONS,
        "may_object": not mine
        and not officer
        and row.applicant_kind == ApplicantKind.AGENT
        and (CopyState(row.state), Act.OBJECT) in TRANSITIONS,
    }


def _mandate(kept: Row | None) -> Row | None:
    return {**kept, "valid_until": date.fromisoformat(kept["valid_until"])} if kept else None


def _price(uow: UnitOfWork, row: Any, now: datetime) -> Row | None:
    """The price of a draft whose contents are chosen, as it is today; of a request that was sent, as it was then."""
    if not row.parts:
        return None
    terms = copies.terms_on(uow, row.terms_from or hospital_day(now))
    stay = uow.session.execute(_stays().where(encounters.c.id == row.encounter_id)).one()
    province = row.province if row.delivery == Delivery.POST else None
    kind = stay_kind(stay.ward_code, stay.started_at, stay.ended_at)
    price = price_of(terms, kind, parts_of(row.parts), row.copies, province)
    return {**asdict(price), "amount_fen": row.amount_fen or price.amount_fen}


def _papers_of(uow: UnitOfWork, request_id: UUID) -> list[Row]:
    shown = (copy_papers.c[each] for each in ("id", "kind", "width", "height", "uploaded_at"))
    query = sa.select(*shown).where(copy_papers.c.request_id == request_id, copy_papers.c.deleted_at.is_(None))
    return [dict(row) for row in uow.session.execute(query.order_by(copy_papers.c.kind)).mappings()]


def _steps_of(uow: UnitOfWork, request_id: UUID) -> list[Row]:
    query = sa.select(copy_steps).where(copy_steps.c.request_id == request_id).order_by(copy_steps.c.number)
    return [dict(row) for row in uow.session.execute(query).mappings()]


def _in_short(uow: UnitOfWork, rows: Iterable[Any], actor: Actor) -> list[Row]:
    found = list(rows)
    people = _people(uow, {id_ for row in found for id_ in (row.patient_id, row.applicant_id) if id_})
    stays_query = _stays().where(encounters.c.id.in_([row.encounter_id for row in found]))
    stays = {row.encounter_id: _stay(row) for row in uow.session.execute(stays_query)}
    asked: dict[UUID, Row] = defaultdict(dict)
    corrections = sa.select(copy_steps).where(
        copy_steps.c.request_id.in_([row.id for row in found]),
        copy_steps.c.act.in_([Act.ASK_CORRECTION, Act.REFUSE, Act.OBJECT]),
    )
    for step in uow.session.execute(corrections.order_by(copy_steps.c.number)).mappings():
        asked[step["request_id"]] = dict(step)
    return [
        {
            **{name: getattr(row, name) for name in _PLAIN},
            "amount": row.amount_fen,
            "final": row.final_fen,
            "patient": people[row.patient_id],
            "applicant": people[row.applicant_id] if row.applicant_id else None,
            "stay": stays.get(row.encounter_id, {"encounter_id": row.encounter_id}),
            "mine": row.started_by == actor.subject,
            "said": asked.get(row.id) if row.started_by == actor.subject or actor.has(*OFFICERS) else None,
        }
        for row in found
    ]


_PLAIN = (
    *("id", "number", "state", "applicant_kind", "purpose", "parts", "copies", "delivery", "province", "copy_from"),
    *("started_at", "changed_at", "submitted_at", "lapsed_at", "paid_at", "review_by", "round", "pages", "ended_at"),
)


def _people(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Row]:
    shown = ("id", "mrn", "name", "sex", "birth_on", "document_type", "document_number_masked", "phone_masked")
    query = sa.select(*(patients.c[each] for each in shown)).where(patients.c.id.in_(list(ids)))
    return {row["id"]: dict(row) for row in uow.session.execute(query).mappings()}
