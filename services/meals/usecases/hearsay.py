"""What meals does with what it hears of patients and their stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.meals import store
from services.meals.domain import EATS_IN_WARD
from services.meals.store import lock_stay
from services.meals.usecases.following import follow
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotYet


def note_patient(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A person was registered. One who is known already stays as they are: news of the document may have come first."""
    store.add_patient(uow, **data)


def note_verified_patient(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A patient's document was seen: what it says replaces what was sent, whether or not the patient was known."""
    if not store.add_patient(uow, **data, verified=True):
        seen = {name: data[name] for name in ("sex", "birth_on", "name_masked")}
        store.set_verified(uow, data["patient_id"], **seen)


def note_merged_patient(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A record has ended in another one. Raises NotYet while either of the two is unknown here."""
    patient_id, merged_into = data["patient_id"], data["merged_into"]
    if store.known_patients(uow, [patient_id, merged_into]) != {patient_id, merged_into}:
        raise NotYet("a merge of a patient who is not known here yet")
    store.add_merge(uow, patient_id, merged_into)


def note_stay(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Somebody was admitted, moved, sent home, or one of these was taken back: what is newest counts.

    Facts carry the whole state and its version, so that their order does not matter; outpatients eat elsewhere.
    """
    if data["encounter_class"] not in EATS_IN_WARD:
        return
    campus, ward, bed = (data[each] or {} for each in ("campus", "ward", "bed"))
    kept = ("encounter_id", "patient_id", "encounter_class", "state", "started_at", "ended_at", "version")
    place = {
        "campus_code": campus.get("code"),
        "ward_id": ward.get("id"),
        "ward_code": ward.get("code"),
        "ward_zh": ward.get("zh"),
        "ward_en": ward.get("en"),
        "bed_id": bed.get("id"),
        "bed_label": bed.get("label"),
    }
    after = {**{each: data[each] for each in kept}, **place}
    before = lock_stay(uow, data["encounter_id"])
    if store.keep_stay(uow, after):
        follow(uow, before, after, actor=actor, now=now)
