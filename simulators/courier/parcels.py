"""A parcel's life: a label, then what happens on the way. Whatever happens is an event with a number, and a notice."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared.clock import iso
from simulators.courier.books import Books, Row, insert, one

STEPS: dict[str, tuple[str, ...]] = {
    "labelled": ("picked_up",),
    "picked_up": ("on_the_way", "delayed", "lost"),
    "on_the_way": ("on_the_way", "delayed", "delivered", "returning", "lost"),
    "delayed": ("on_the_way", "delivered", "returning", "lost"),
    "returning": ("returned", "lost"),
    "delivered": (),
    "returned": (),
    "lost": (),
    "cancelled": (),
}
"""What can happen next in each state."""


_CHECK_DIGITS = {10: 0, 11: 5}


class Refusal(Exception):
    """The courier says no."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(code)


@dataclass(frozen=True, kw_only=True)
class NewParcel:
    """What the sender asks a label for. `sender_reference` is the sender's own, one parcel each."""

    sender_reference: str
    receiver_name: str
    receiver_phone: str
    receiver_address: str
    province: str
    notify_url: str


def label(books: Books, wanted: NewParcel, now: datetime) -> tuple[Row, bool]:
    """Make a label, or give the parcel that has this reference already; tells whether it is new."""
    with books.write() as connection:
        known = one(connection, "SELECT * FROM parcels WHERE sender_reference = ?", wanted.sender_reference)
        if known is not None:
            if known["receiver_address"] != wanted.receiver_address:
                raise Refusal(409, "reference_reused", "This reference was used for another address.")
            return known, False
        count = one(connection, "SELECT COUNT(*) AS n FROM parcels")
        row = vars(wanted) | {
            "tracking_number": _tracking_number((count or {"n": 0})["n"] + 1),
            "state": "labelled",
            "created_at": now.timestamp(),
        }
        insert(connection, "parcels", row)
        _happened(connection, row, "labelled", now, tell=False)
        return row, True


def _tracking_number(count: int) -> str:
    """Two letters, nine digits with the check digit of the Universal Postal Union (S10), and the country."""
    digits = f"{32990000 + count:08}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"EX{digits}{_CHECK_DIGITS.get(rest, rest)}CN"


def find(books: Books, reference: str) -> Row:
    """A sender's parcel. Raises Refusal."""
    found = books.one("SELECT * FROM parcels WHERE sender_reference = ?", reference)
    if found is None:
        raise Refusal(404, "parcel_not_found", "There is no such parcel.")
    return found


def cancel(books: Books, reference: str, now: datetime) -> Row:
    """Take a label back, as long as nobody has picked the parcel up. Raises Refusal."""
    parcel = find(books, reference)
    with books.write() as connection:
        state = _state(connection, parcel)
        if state not in {"labelled", "cancelled"}:
            raise Refusal(409, "parcel_on_the_way", "The parcel was picked up already.")
        if state == "labelled":
            _happened(connection, parcel, "cancelled", now, tell=False)
    return find(books, reference)


def happen(books: Books, tracking_number: str, state: str, now: datetime) -> None:
    """Something happens to a parcel; the sender is told. Raises Refusal for what cannot happen now."""
    with books.write() as connection:
        parcel = one(connection, "SELECT * FROM parcels WHERE tracking_number = ?", tracking_number)
        if parcel is None:
            raise Refusal(404, "parcel_not_found", "There is no such parcel.")
        if state not in STEPS[parcel["state"]]:
            raise Refusal(409, "cannot_happen_now", "That cannot happen to this parcel now.")
        _happened(connection, parcel, state, now, tell=True)


def events_of(books: Books, tracking_number: str) -> list[Row]:
    """What has happened to a parcel, in order."""
    return books.all("SELECT number, state, at FROM events WHERE tracking_number = ? ORDER BY number", tracking_number)


def document(parcel: Row, events: list[Row]) -> dict[str, Any]:
    """A parcel as the sender is told it: never more of the receiver than the sender has said."""
    return {
        "sender_reference": parcel["sender_reference"],
        "tracking_number": parcel["tracking_number"],
        "state": events[-1]["state"],
        "events": [
            {"number": each["number"], "state": each["state"], "at": iso(datetime.fromtimestamp(each["at"], UTC))}
            for each in events
        ],
    }


def _state(connection: sqlite3.Connection, parcel: Row) -> str:
    row = one(connection, "SELECT state FROM parcels WHERE tracking_number = ?", parcel["tracking_number"])
    return str((row or parcel)["state"])


def _happened(connection: sqlite3.Connection, parcel: Row, state: str, now: datetime, *, tell: bool) -> None:
    number = parcel["tracking_number"]
    query = "SELECT number, state, at FROM events WHERE tracking_number = ? ORDER BY number"
    events = [dict(row) for row in connection.execute(query, (number,))]
    event = {"number": len(events) + 1, "state": state, "at": now.timestamp()}
    insert(connection, "events", {"tracking_number": number, **event})
    connection.execute("UPDATE parcels SET state = ? WHERE tracking_number = ?", (state, number))
    if tell:
        body = {"notice_id": uuid4().hex, **document(parcel, [*events, event])}
        row = {"id": body["notice_id"], "url": parcel["notify_url"], "body": json.dumps(body)}
        insert(connection, "notices", row | {"due_at": now.timestamp()})
