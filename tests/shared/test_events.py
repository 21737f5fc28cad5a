"""Facts: a frozen dataclass inside, a CloudEvents envelope on the wire."""

from __future__ import annotations

import dataclasses
import enum
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from shared.events import FACTS, data_of, envelope, fact, plain

PERSON, SOMETHING = UUID(int=7), UUID(int=8)
NINE_IN_SHANGHAI = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=8)))


class Mood(enum.Enum):
    CALM = "calm"


@fact("park.walk_taken.v1", subject="person_id")
class WalkTaken:
    person_id: UUID
    started_at: datetime
    on: date
    mood: Mood
    fee_fen: int
    names: dict[str, str]
    dogs: tuple[UUID, ...] = ()
    remark: str | None = None


WALK = WalkTaken(
    person_id=PERSON,
    started_at=NINE_IN_SHANGHAI,
    on=date(2026, 11, 23),
    mood=Mood.CALM,
    fee_fen=1250,
    names={"zh": "公园", "en": "Park"},
    dogs=(SOMETHING,),
)


def test_a_fact_travels_as_a_cloudevent() -> None:
    made = envelope(WALK, id_=SOMETHING, time=NINE_IN_SHANGHAI, actor="staff:7", correlation_id="a-tap")
    assert made == {
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000008",
        "source": "/park",
        "type": "park.walk_taken.v1",
        "subject": "00000000-0000-0000-0000-000000000007",
        "time": "2026-11-23T01:00:00Z",
        "correlationid": "a-tap",
        "actor": "staff:7",
        "data": {
            "person_id": "00000000-0000-0000-0000-000000000007",
            "started_at": "2026-11-23T01:00:00Z",
            "on": "2026-11-23",
            "mood": "calm",
            "fee_fen": 1250,
            "names": {"zh": "公园", "en": "Park"},
            "dogs": ["00000000-0000-0000-0000-000000000008"],
            "remark": None,
        },
    }


def test_a_fact_cannot_be_changed_and_is_known_by_its_type() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        WALK.fee_fen = 0  # type: ignore[misc]
    assert FACTS["park.walk_taken.v1"] is WalkTaken
    assert data_of(WALK)["fee_fen"] == 1250


def test_days_and_instants_are_not_confused() -> None:
    assert plain(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"
    assert plain(date(2026, 1, 1)) == "2026-01-01"
    assert plain([{"at": datetime(2026, 1, 1, tzinfo=UTC)}, (1, None, True)]) == [
        {"at": "2026-01-01T00:00:00Z"},
        [1, None, True],
    ]
