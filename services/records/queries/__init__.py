"""What records tells: patients, who has looked at them, and who lies where."""

from services.records.queries.copies import (
    copy_catalogue,
    get_copy_request,
    list_copy_requests,
    list_copy_reviews,
    list_copyable_stays,
    seen_in_list,
)
from services.records.queries.packets import check_packet, get_packet, list_disclosures
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
from services.records.queries.shipments import track_copies
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
    "check_packet",
    "copy_catalogue",
    "count_registered_by",
    "count_steps_by",
    "get_copy_request",
    "get_encounter",
    "get_packet",
    "get_patient",
    "list_accesses",
    "list_beds",
    "list_copy_requests",
    "list_copy_reviews",
    "list_copyable_stays",
    "list_disclosures",
    "list_encounters",
    "list_wards",
    "registered_by",
    "search_patients",
    "seen_in_list",
    "seen_in_ward",
    "track_copies",
]
