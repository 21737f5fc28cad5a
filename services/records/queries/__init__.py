"""What records tells: patients, who has looked at them, and who lies where."""

from services.records.queries.patients import (
    AUDIT,
    STAFF,
    Registered,
    count_registered_by,
    get_patient,
    list_accesses,
    registered_by,
    search_patients,
)
from services.records.queries.stays import (
    count_steps_by,
    get_encounter,
    list_beds,
    list_encounters,
    list_wards,
    seen_in_ward,
)

__all__ = [
    "AUDIT",
    "STAFF",
    "Registered",
    "count_registered_by",
    "count_steps_by",
    "get_encounter",
    "get_patient",
    "list_accesses",
    "list_beds",
    "list_encounters",
    "list_wards",
    "registered_by",
    "search_patients",
    "seen_in_ward",
]
