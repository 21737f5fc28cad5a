"""The documents of which a stay's record consists, as the document store names them, each with its pages.

How many pages a record has follows the figures of the demo hospital (handbook 11.6); a part of many pages lies in the
store as several documents, so that no step of a packet handles more than MOST_PAGES at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from services.records.domain.copy_parts import RecordPart, StayKind, pages_expected

MOST_PAGES = 25


@dataclass(frozen=True, kw_only=True)
class StayOnPaper:
    """What stands at the head of every page of a record."""

    encounter_id: UUID
    name: str
    mrn: str
    sex: str
    birth_on: date | None
    ward: str
    kind: str
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordDocument:
    """One document of a record: `first` is its first page within its part, counted from one."""

    part: str
    title: str
    first: int
    pages: int


def documents_of(encounter_id: UUID, kind: StayKind, parts: tuple[RecordPart, ...]) -> tuple[RecordDocument, ...]:
    """The documents of these parts, in the order of the record: always the same for the same stay.

    Their pages lie between what `pages_expected` says.
    """
    fewest, most = kind.pages
    whole = fewest + int.from_bytes(sha256(encounter_id.bytes).digest()[:4]) % (most - fewest + 1)
    found: list[RecordDocument] = []
    for part in parts:
        pages = max(1, _most_for(kind, part, whole))
        found += [
            RecordDocument(part=part.code, title=part.zh, first=first, pages=min(MOST_PAGES, pages - first + 1))
            for first in range(1, pages + 1, MOST_PAGES)
        ]
    return tuple(found)


def _most_for(kind: StayKind, part: RecordPart, whole: int) -> int:
    return min(whole * part.share // 1000, pages_expected(kind, (part,))[1])
