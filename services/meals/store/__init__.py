"""What meals keeps, and how it is found."""

from services.meals.store.wards import (
    add_merge,
    add_patient,
    keep_stay,
    known_patients,
    merges,
    metadata,
    patients,
    set_verified,
    stays,
    toolbox,
)

__all__ = [
    "add_merge",
    "add_patient",
    "keep_stay",
    "known_patients",
    "merges",
    "metadata",
    "patients",
    "set_verified",
    "stays",
    "toolbox",
]
