"""What travels in the queue: a CloudEvents batch of 1 to 100 events of one type (CloudEvents JSON format)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.events import Envelope

MEDIA_TYPE = "application/cloudevents-batch+json"
LARGEST = 100
LONGEST_TYPE = 100
CONTROL = "anxin."
"""Types that begin with this are the messaging's own: heartbeat and resend."""
_SEQUENCE_DIGITS = 19


class Unreadable(Exception):
    """These bytes are no CloudEvents batch; the text says what is wrong and holds nothing of them."""


@dataclass(frozen=True)
class Received:
    """One event as it came: the columns the inbox needs, and the whole envelope."""

    type: str
    sequence: int
    id: UUID
    envelope: Envelope


def numbered(envelope: Envelope, sequence: int) -> Envelope:
    """The envelope with its number, as text that sorts like the number (CloudEvents sequence extension)."""
    return {**envelope, "sequence": f"{sequence:0{_SEQUENCE_DIGITS}d}"}


def batches(envelopes: Iterable[Envelope]) -> Iterator[list[Envelope]]:
    """Group by type in the order in which types first come, up to 100 a batch."""
    by_type: dict[str, list[Envelope]] = {}
    for each in envelopes:
        by_type.setdefault(each["type"], []).append(each)
    for group in by_type.values():
        for start in range(0, len(group), LARGEST):
            yield group[start : start + LARGEST]


def to_bytes(batch: list[Envelope]) -> bytes:
    """The body of a queue message."""
    return json.dumps(batch, ensure_ascii=False, separators=(",", ":")).encode()


def read(body: bytes) -> list[Received]:
    """The events of a queue message, ordered by number. Raises Unreadable."""
    try:
        batch = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON ({type(error).__name__})") from error
    if not isinstance(batch, list) or not 1 <= len(batch) <= LARGEST:
        raise Unreadable("no list of 1 to 100 events")
    events = [_event(each) for each in batch]
    if len({each.type for each in events}) != 1:
        raise Unreadable("events of several types")
    return sorted(events, key=lambda each: each.sequence)


def _event(member: Any) -> Received:
    try:
        type_, id_, source = member["type"], UUID(member["id"]), member["source"]
        sequence = 0 if type_.startswith(CONTROL) else int(member["sequence"])
        described = member["specversion"] == "1.0" and isinstance(source, str) and isinstance(member["data"], dict)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"an event without its members ({type(error).__name__})") from error
    if not described or not 0 < len(type_) <= LONGEST_TYPE or not (type_.startswith(CONTROL) or 0 < sequence < 2**63):
        raise Unreadable("an event with members of the wrong kind")
    return Received(type_, sequence, id_, member)
