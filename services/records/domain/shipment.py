"""A parcel with copies: what the hospital wants of the courier, and what the courier says has happened.

Handbook 5.7: sealed envelope, label without anything medical, tracking on the phone; what comes back is kept for a
while and sent again for a second postage; what is lost is copied again for nothing and is an incident (PIPL 57).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.clock import hospital_day
from shared.errors import Conflict, Refused

KEPT_DAYS = 90
"""How long a parcel that came back waits in the records office."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)
"""After how long a question is asked again that was not answered, should its worker have been killed too."""
TRACK_EVERY = timedelta(minutes=30)
"""How often the courier is asked about a parcel on the way, should a notice be lost."""


class ShipmentNotNow(Conflict):
    """This request cannot be posted at this time."""


class ShipmentExists(Conflict):
    """A parcel of this request is on its way already."""


class ShipmentNotCancellable(Conflict):
    """The courier has the parcel already."""


class PickupCodeWrong(Refused):
    """No copies wait under this pick-up code."""


class CopiesNotReady(Conflict):
    """These copies cannot be handed out at this time."""


class CourierNoticeForged(Refused):
    """The notice does not carry the courier's signature."""


class CourierNoticeStale(Refused):
    """The notice was signed more than five minutes ago or ahead."""


class CourierNoticeMalformed(Refused):
    """The notice makes no sense."""


class ShipmentState(StrEnum):
    """Where a parcel is. The courier's own words from `labelled` on."""

    POSTAGE_DUE = "postage_due"
    ASKED = "asked"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LABELLED = "labelled"
    PICKED_UP = "picked_up"
    ON_THE_WAY = "on_the_way"
    DELAYED = "delayed"
    RETURNING = "returning"
    RETURNED = "returned"
    DELIVERED = "delivered"
    LOST = "lost"


_S = ShipmentState
CARRIED = frozenset({_S.PICKED_UP, _S.ON_THE_WAY, _S.DELAYED, _S.RETURNING})
"""While the courier has it."""
LIVE = CARRIED | {_S.POSTAGE_DUE, _S.ASKED, _S.LABELLED}
"""A request has one live parcel at a time."""
COURIERS = frozenset(_S) - {_S.POSTAGE_DUE, _S.ASKED, _S.REFUSED}


class Ask(StrEnum):
    """What the courier is asked next."""

    LABEL = "label"
    TRACK = "track"
    CANCEL = "cancel"


class Outcome(StrEnum):
    """What the courier's answer means."""

    KNOWN = "known"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One thing that the courier says has happened; its number orders it."""

    number: int
    state: ShipmentState
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CourierAnswer:
    """What the courier says; with `known`, its tracking number and everything that has happened."""

    outcome: Outcome
    tracking_number: str | None = None
    events: tuple[Happened, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class ShipmentIntent:
    """What a timer carries to the courier. `ask_first`: it may have been said before, so ask what became of it."""

    shipment_id: UUID
    asks: Ask
    ask_first: bool
    address: bytes | None


@dataclass(eq=False, kw_only=True)
class Shipment:
    """A parcel, from the wish for a label to its end. `number` counts the parcels of a request.

    `asks` and `due_at` say what the courier is asked next and when; `heard` is the courier's last number.
    """

    id: UUID
    request_id: UUID
    number: int
    state: str
    created_by: str
    created_at: datetime
    postage_fen: int | None = None
    paid_at: datetime | None = None
    tracking_number: str | None = None
    asks: str | None = None
    was_sent: bool = False
    tries: int = 0
    due_at: datetime | None = None
    problem: str | None = None
    heard: int = 0
    carried_at: datetime | None = None
    ended_at: datetime | None = None
    keep_until: date | None = None

    @property
    def is_live(self) -> bool:
        """Whether it is still under way, or about to be."""
        return self.state in LIVE

    def ask(self, asks: Ask | None, at: datetime | None) -> None:
        """What the courier is asked next; None when nothing is left to ask."""
        self.asks, self.due_at, self.tries = asks, at if asks else None, 0

    def attempt(self, now: datetime) -> None:
        """The courier is asked now; without an answer it is asked again after a pause that doubles."""
        self.tries += 1
        self.due_at = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.tries - 1))

    def call_off(self, now: datetime) -> None:
        """Nobody will carry it."""
        self.state, self.ended_at = ShipmentState.CANCELLED, now
        self.ask(None, None)

    def refuse(self, problem: str, now: datetime) -> None:
        """The courier will not carry it."""
        self.state, self.problem, self.ended_at = ShipmentState.REFUSED, problem[:80], now
        self.ask(None, None)

    def follow(self, events: Iterable[Happened], now: datetime) -> list[Happened]:
        """Take what the courier says; gives what was not known before, in order.

        The state is that of the highest number, so old notices and repeated ones change nothing.
        """
        new = sorted((each for each in events if each.number > self.heard), key=lambda each: each.number)
        for each in new:
            self.state, self.heard = each.state, each.number
            if each.state in CARRIED and self.carried_at is None:
                self.carried_at = each.at
        if not new:
            return new
        if not self.is_live:
            self.ended_at = new[-1].at
            self.ask(None, None)
        elif self.asks != Ask.CANCEL:
            self.ask(Ask.TRACK, now + TRACK_EVERY)
        if self.state == ShipmentState.RETURNED:
            self.keep_until = hospital_day(now) + timedelta(days=KEPT_DAYS)
        return new
