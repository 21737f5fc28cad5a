"""Insurance of the demo's inpatients: the ward has entered their numbers, and the insurer confirms them."""

from __future__ import annotations

from gateway.demo_day.day import DemoDay

KINDS = ("employee", "retired", "resident")
"""The simulator's persons 3299000001 upwards are of these kinds in turn."""
EVERY_SELF_PAID = 4
"""Every fourth patient has no insurance."""


def enter_insurances(day: DemoDay) -> None:
    """Three of four inpatients are insured; the family's father is retired, with a personal account."""
    nurse, father = day.staff("nurse"), day.father
    number = 2
    for position, stay in enumerate(sorted(day.stays, key=lambda each: str(each["encounter_id"]))):
        encounter_id = stay["encounter_id"]
        is_father = father is not None and stay["patient_id"] == str(father.patient_id)
        if not is_father and position % EVERY_SELF_PAID == 0:
            continue
        if is_father:
            person = 2
        else:
            number += 1
            person = number
        if day.heard(lambda here=encounter_id: day.clients.insurance.coverage(nurse, here))["is_entered"]:  # type: ignore[misc]
            continue
        day.clients.insurance.record_coverage(
            nurse,
            encounter_id,
            key=day.key("insurance", encounter_id),
            kind=KINDS[(person - 1) % len(KINDS)],
            psn_no=f"3299{person:06}",
            use_account=True,
        )
