"""What records keeps, and how it is found and locked. Locks are taken in one order: patients, stays, beds;
requests for copies after the stay whose record they are about.
"""

from services.records.store import copies, packets
from services.records.store.notes import (
    add_message,
    delete_old_codes,
    lock_code,
    lock_tries,
    taken_message,
    withdraw_open_code,
)
from services.records.store.persons import (
    absorbed_ids,
    add_identifiers,
    add_merge,
    add_patients,
    lock_patients,
    log_access,
    next_counts,
    owners_of,
    survivors_of,
)
from services.records.store.places import add_locations, beds_called, is_occupied, lock_bed, place_of
from services.records.store.stays import add_encounter, lock_encounter, newest_stay, open_stay, stay_of_visit
from services.records.store.tables import (
    encounter_steps,
    encounters,
    guardians,
    identifiers,
    link_codes,
    link_tries,
    locations,
    merges,
    messages,
    metadata,
    mrn_counts,
    patients,
    toolbox,
)

__all__ = [
    "absorbed_ids",
    "add_encounter",
    "add_identifiers",
    "add_locations",
    "add_merge",
    "add_message",
    "add_patients",
    "beds_called",
    "copies",
    "delete_old_codes",
    "encounter_steps",
    "encounters",
    "guardians",
    "identifiers",
    "is_occupied",
    "link_codes",
    "link_tries",
    "locations",
    "lock_bed",
    "lock_code",
    "lock_encounter",
    "lock_patients",
    "lock_tries",
    "log_access",
    "merges",
    "messages",
    "metadata",
    "mrn_counts",
    "newest_stay",
    "next_counts",
    "open_stay",
    "owners_of",
    "packets",
    "patients",
    "place_of",
    "stay_of_visit",
    "survivors_of",
    "taken_message",
    "toolbox",
    "withdraw_open_code",
]
