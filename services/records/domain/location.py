"""Places of the hospital: campus, ward, room and bed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5

_NAMESPACE = UUID("0d6a1c1e-5b1c-4a43-9d53-6f1f0a52be10")


@dataclass(frozen=True, kw_only=True)
class Location:
    """One place. A campus is part of nothing; `as_sent` places were named by messages and opened by nobody here."""

    id: UUID
    kind: str
    code: str
    name_zh: str
    name_en: str
    part_of: UUID | None
    campus_id: UUID | None
    ward_id: UUID | None
    as_sent: bool = False

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.name_zh, "en": self.name_en}

    @property
    def label(self) -> str:
        """What stands on a bed."""
        return self.code


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody lies: a bed of a ward, or a ward where no bed was given yet."""

    campus: Location
    ward: Location
    room: Location | None = None
    bed: Location | None = None


@dataclass(frozen=True, kw_only=True)
class RoomPlan:
    """A room with the labels of its beds; a ward's beds may stand in no room at all (`code` is empty)."""

    code: str
    beds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WardPlan:
    """A ward to open, with the campus it belongs to and its rooms and beds."""

    campus: str
    campus_zh: str
    campus_en: str
    code: str
    name_zh: str
    name_en: str
    rooms: tuple[RoomPlan, ...] = ()
    as_sent: bool = False


def location_id(campus: str, ward: str = "", room: str = "", bed: str = "") -> UUID:
    """The id of a place, made of its codes: whoever names the same place means the same row."""
    return uuid5(_NAMESPACE, json.dumps([campus, ward, room, bed]))


def locations_of(plan: WardPlan) -> Iterator[Location]:
    """All places of a ward, each after the one it is part of."""
    campus_id, ward_id = location_id(plan.campus), location_id(plan.campus, plan.code)

    def place(kind: str, id_: UUID, code: str, zh: str, en: str, part_of: UUID | None) -> Location:
        return Location(
            id=id_,
            kind=kind,
            code=code,
            name_zh=zh,
            name_en=en,
            part_of=part_of,
            campus_id=campus_id if kind != "campus" else None,
            ward_id=ward_id if kind in {"room", "bed"} else None,
            as_sent=plan.as_sent,
        )

    yield place("campus", campus_id, plan.campus, plan.campus_zh, plan.campus_en, None)
    yield place("ward", ward_id, plan.code, plan.name_zh, plan.name_en, campus_id)
    for room in plan.rooms:
        above = location_id(plan.campus, plan.code, room.code) if room.code else ward_id
        if room.code:
            yield place("room", above, room.code, room.code, room.code, ward_id)
        for label in room.beds:
            id_ = location_id(plan.campus, plan.code, room.code, label)
            yield place("bed", id_, label, label, label, above)
