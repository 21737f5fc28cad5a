"""Places: wards are opened with all their beds; a place that only a message knows becomes one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.records import store
from services.records.domain import Location, Place, RoomPlan, SentPlace, WardPlan, location_id, locations_of
from shared.database import UnitOfWork


def open_wards(uow: UnitOfWork, *, wards: Sequence[WardPlan], now: datetime) -> int:
    """Open wards with their rooms and beds; what is there already stays as it is. Gives how many places were new."""
    places: dict[UUID, Location] = {}
    for ward in wards:
        for each in locations_of(ward):
            places.setdefault(each.id, each)
    return store.add_locations(uow, list(places.values()), now)


def place_as_sent(uow: UnitOfWork, sent: SentPlace, *, now: datetime) -> Place:
    """The place that a message names, its bed locked; what is unknown is opened as sent.

    A sender that leaves out the room still means the bed of the ward that carries the label, if there is only one.
    """
    ward_id = location_id(sent.campus, sent.ward)
    same = store.beds_called(uow, ward_id, sent.bed) if sent.bed and not sent.room else []
    if len(same) == 1:
        bed_id: UUID | None = same[0]
    else:
        bed_id = location_id(sent.campus, sent.ward, sent.room, sent.bed) if sent.bed else None
        open_wards(uow, wards=[_plan(sent)], now=now)
    place = store.lock_bed(uow, bed_id) if bed_id else store.place_of(uow, ward_id, None)
    if place is None:
        raise LookupError("a place that was opened just now is not there")
    return place


def _plan(sent: SentPlace) -> WardPlan:
    return WardPlan(
        campus=sent.campus,
        campus_zh=sent.campus,
        campus_en=sent.campus,
        code=sent.ward,
        name_zh=sent.ward_name,
        name_en=sent.ward_name,
        rooms=(RoomPlan(code=sent.room, beds=(sent.bed,)),) if sent.bed else (),
        as_sent=True,
    )
