"""Diets of the demo's inpatients: what their ward suggests, some allergies, and one who fasts before an operation."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from gateway.demo_day.day import DemoDay, Document

_WARDS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "心内一病区": (
        ("GENERAL", ("LOW_SALT",)),
        ("GENERAL", ("LOW_SALT", "LOW_FAT")),
        ("SOFT", ("LOW_SALT",)),
        ("GENERAL", ("LOW_CHOLESTEROL",)),
    ),
    "内分泌一病区": (
        ("GENERAL", ("DIABETIC",)),
        ("GENERAL", ("DIABETIC", "LOW_SALT")),
        ("SOFT", ("DIABETIC",)),
        ("GENERAL", ("LOW_PURINE",)),
    ),
    "胃肠外一病区": (
        ("LIQUID", ()),
        ("SEMI_LIQUID", ()),
        ("CLEAR_LIQUID", ()),
        ("SOFT", ("LOW_RESIDUE",)),
        ("GENERAL", ()),
    ),
    "儿科一病区": (("GENERAL", ()), ("SOFT", ()), ("GENERAL", ("HIGH_PROTEIN",))),
}
_OTHERWISE = (("GENERAL", ()),)
_ALLERGIES = {"心内一病区": "crustacean", "儿科一病区": "milk", "内分泌一病区": "soy"}
"""One in each of these wards must not have this."""


def order_diets(day: DemoDay) -> None:
    """A diet for everybody who lies in a ward; the family's father is a diabetic with high blood pressure."""
    father = day.father
    by_ward: dict[str, list[Document]] = {}
    for stay in day.stays:
        by_ward.setdefault(stay["ward"]["name"]["zh"], []).append(stay)
    for ward, stays in by_ward.items():
        for number, (stay, (texture, restrictions)) in enumerate(
            zip(stays, cycle(_WARDS.get(ward, _OTHERWISE)), strict=False)
        ):
            is_father = father is not None and stay["patient_id"] == str(father.patient_id)
            diet = {"texture": texture, "restrictions": list(restrictions)}
            _order(day, stay, {"texture": "GENERAL", "restrictions": ["DIABETIC", "LOW_SALT"]} if is_father else diet)
            if number == 1 and not is_father and ward in _ALLERGIES:
                _allergy(day, stay, _ALLERGIES[ward])
        if ward == "胃肠外一病区":
            _fast(day, stays[-1])


def _order(day: DemoDay, stay: Document, diet: dict[str, Any]) -> None:
    meals, doctor, encounter_id = day.clients.meals, day.staff("doctor"), stay["encounter_id"]
    if day.heard(lambda: meals.diet(doctor, encounter_id))["history"]:
        return
    meals.order_diet(doctor, encounter_id, key=day.key("diet", encounter_id), **diet)


def _allergy(day: DemoDay, stay: Document, allergen: str) -> None:
    meals, nurse, encounter_id = day.clients.meals, day.staff("nurse"), stay["encounter_id"]
    if any(each["allergen"] == allergen for each in meals.diet(nurse, encounter_id)["allergies"]):
        return
    key = day.key("allergy", encounter_id)
    meals.note_allergy(nurse, encounter_id, key=key, allergen=allergen, reaction="荨麻疹")


def _fast(day: DemoDay, stay: Document) -> None:
    meals, doctor, encounter_id = day.clients.meals, day.staff("doctor"), stay["encounter_id"]
    diet = meals.diet(doctor, encounter_id)
    if diet["npo"] or diet["npo_history"]:
        return
    key = day.key("npo", encounter_id)
    meals.order_npo(doctor, encounter_id, key=key, kind="nothing_by_mouth", reason="surgery")
