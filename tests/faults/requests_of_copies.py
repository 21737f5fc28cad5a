"""The POSTs about copies of records, each ready to be sent: what went before is done through the use cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.records.domain.copies import CopyRequest
from services.records.domain.copy_eligibility import HoldKind
from services.records.domain.copy_papers import CONSENTS, ApplicantKind
from services.records.usecases import copies
from shared.actor import Actor
from shared.door import Door
from shared.sealing import Sealer
from tests.faults.sending import Sent
from tests.records.copying import ADDRESS, OFFICER, PARTS, filled, in_review, picture, start, stay_of, submit
from tests.records.people import do
from tests.support.callers import patient
from tests.support.everyday import ADMIN, LI, Everyday

SON = "account:one"
FATHER = "account:father"


def _door(day: Everyday) -> Door:
    return Door(day.hospital.databases["records"], day.clock)


def _sealer(day: Everyday) -> Sealer:
    return Sealer(day.hospital.settings.secrets["document_key"])


def _people(day: Everyday) -> tuple[UUID, Actor, Actor]:
    """The father's stay, the son who acts for the father, and the son who acts for himself."""
    father, son = day.register(), day.register(LI)
    return stay_of(_door(day), father), patient(father, account=SON), patient(son, account=SON)


def _about(request: CopyRequest, act: str) -> str:
    return f"/v1/copy-requests/{request.id}/{act}"


def _start(day: Everyday) -> Sent:
    stay, me, _ = _people(day)
    return Sent(me, "/v1/copy-requests", {"encounter_id": str(stay), "applicant_kind": "patient"}, 201)


def _agent(day: Everyday) -> Sent:
    stay, for_father, as_son = _people(day)
    draft = start(_door(day), for_father, stay, ApplicantKind.AGENT)
    return Sent(as_son, _about(draft, "agent"), {}, 200)


def _draft(act: str, body: Any, *, agent: bool = False, status: int = 200) -> Callable[[Everyday], Sent]:
    def ready(day: Everyday) -> Sent:
        stay, for_father, as_son = _people(day)
        draft = filled(_door(day), for_father, stay, agent=as_son if agent else None, sealer=_sealer(day))
        return Sent(for_father, _about(draft, act), body(day) if callable(body) else body, status)

    return ready


def _mandate(day: Everyday) -> dict[str, Any]:
    return {"valid_until": (day.clock().date() + timedelta(days=30)).isoformat(), "text_version": 1}


def _under_review(act: str, body: dict[str, Any]) -> Callable[[Everyday], Sent]:
    def ready(day: Everyday) -> Sent:
        stay, for_father, _ = _people(day)
        request = in_review(_door(day), for_father, stay, sealer=_sealer(day))
        return Sent(OFFICER, _about(request, act), body, 200)

    return ready


def _objection(day: Everyday) -> Sent:
    stay, for_father, as_son = _people(day)
    request = in_review(_door(day), for_father, stay, agent=as_son, sealer=_sealer(day))
    return Sent(patient(request.patient_id, account=FATHER), _about(request, "objection"), {}, 200)


def _supplement(day: Everyday) -> Sent:
    stay, for_father, _ = _people(day)
    request = in_review(_door(day), for_father, stay, sealer=_sealer(day))
    asked = {"request_id": request.id, "round_": 1, "reason": "name_differs", "words": "请核对。"}
    do(_door(day), copies.ask_copy_correction, actor=OFFICER, **asked)
    return Sent(for_father, _about(request, "supplement"), {}, 200)


def _withdrawal(day: Everyday) -> Sent:
    stay, for_father, _ = _people(day)
    request = submit(_door(day), for_father, filled(_door(day), for_father, stay, sealer=_sealer(day)))
    return Sent(for_father, _about(request, "withdrawal"), {}, 200)


def _hold(day: Everyday) -> Sent:
    stay, _, _ = _people(day)
    return Sent(OFFICER, f"/v1/encounters/{stay}/record-holds", {"kind": "sealed"}, 201)


def _lifting(day: Everyday) -> Sent:
    stay, _, _ = _people(day)
    do(_door(day), copies.place_record_hold, actor=OFFICER, encounter_id=stay, kind=HoldKind.SEALED)
    return Sent(OFFICER, f"/v1/encounters/{stay}/record-holds/lifting", {"kind": "sealed"}, 200)


def _terms(_day: Everyday) -> Sent:
    return Sent(ADMIN, "/v1/copy-terms", {"valid_from": "2026-11-23", "page_fen": 40}, 201)


_WHY = {"round": 1, "reason": "photo_unreadable", "words": "看不清，请重拍。"}
REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "records.set_copy_terms": _terms,
    "records.start_copy_request": _start,
    "records.name_agent": _agent,
    "records.choose_copy_contents": _draft("contents", {"purpose": "OWN_USE", "parts": PARTS, "copies": 2}),
    "records.choose_copy_delivery": _draft("delivery", {"delivery": "post", "address": ADDRESS}),
    "records.keep_copy_paper": _draft("papers/patient_id_front", picture(), status=201),
    "records.sign_mandate": _draft("mandate", _mandate, agent=True),
    "records.submit_copy_request": _draft(
        "submission", {"amount": {"amount": "7.50", "currency": "CNY"}, "consents": dict(CONSENTS)}
    ),
    "records.supplement_copy_request": _supplement,
    "records.withdraw_copy_request": _withdrawal,
    "records.object_to_copy_request": _objection,
    "records.approve_copy_request": _under_review("approval", {"round": 1}),
    "records.ask_copy_correction": _under_review("correction", {**_WHY, "papers": ["patient_id_front"]}),
    "records.refuse_copy_request": _under_review("refusal", _WHY),
    "records.place_record_hold": _hold,
    "records.lift_record_hold": _lifting,
}
