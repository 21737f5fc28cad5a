"""A request for copies of a record: its states, what leads from one to the next, and what each step asks for.

    draft -> awaiting_payment -> in_review <-> correction_asked
                                 in_review -> approved -> (awaiting_top_up) -> ready -> sent <-> returned
                                                                               ready -> picked_up; sent -> delivered

The end is delivered, picked_up, refused, withdrawn or expired. Prices are prepaid and settled by real pages (handbook
5.6); who may apply and what is shown stands in `copy_papers`, what can be copied in `copy_parts`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.records.domain.copy_papers import ApplicantKind, PaperEnd
from services.records.domain.copy_refusals import (
    CopyAlreadyDecided,
    CopyObjectionTooLate,
    CopyRequestMovedOn,
    CopyWithdrawalTooLate,
)


class CopyState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    AWAITING_PAYMENT = "awaiting_payment"
    IN_REVIEW = "in_review"
    CORRECTION_ASKED = "correction_asked"
    APPROVED = "approved"
    AWAITING_TOP_UP = "awaiting_top_up"
    READY = "ready"
    SENT = "sent"
    RETURNED = "returned"
    DELIVERED = "delivered"
    PICKED_UP = "picked_up"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Act(StrEnum):
    """What can happen to a request."""

    SUBMIT = "submit"
    PAY = "pay"
    EXPIRE = "expire"
    APPROVE = "approve"
    ASK_CORRECTION = "ask_correction"
    SUPPLEMENT = "supplement"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    OBJECT = "object"
    MEASURE_COVERED = "measure_covered"
    MEASURE_SHORT = "measure_short"
    TOP_UP = "top_up"
    SEND = "send"
    DELIVER = "deliver"
    RETURN = "return"
    PICK_UP = "pick_up"


_S, _A = CopyState, Act
TRANSITIONS: dict[tuple[CopyState, Act], CopyState] = {
    (_S.DRAFT, _A.SUBMIT): _S.AWAITING_PAYMENT,
    (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.AWAITING_PAYMENT, _A.PAY): _S.IN_REVIEW,
    (_S.AWAITING_PAYMENT, _A.EXPIRE): _S.EXPIRED,
    (_S.AWAITING_PAYMENT, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.AWAITING_PAYMENT, _A.OBJECT): _S.REFUSED,
    (_S.IN_REVIEW, _A.APPROVE): _S.APPROVED,
    (_S.IN_REVIEW, _A.ASK_CORRECTION): _S.CORRECTION_ASKED,
    (_S.IN_REVIEW, _A.REFUSE): _S.REFUSED,
    (_S.IN_REVIEW, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.IN_REVIEW, _A.OBJECT): _S.REFUSED,
    (_S.CORRECTION_ASKED, _A.SUPPLEMENT): _S.IN_REVIEW,
    (_S.CORRECTION_ASKED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.CORRECTION_ASKED, _A.OBJECT): _S.REFUSED,
    (_S.APPROVED, _A.MEASURE_COVERED): _S.READY,
    (_S.APPROVED, _A.MEASURE_SHORT): _S.AWAITING_TOP_UP,
    (_S.APPROVED, _A.OBJECT): _S.REFUSED,
    (_S.AWAITING_TOP_UP, _A.TOP_UP): _S.READY,
    (_S.AWAITING_TOP_UP, _A.OBJECT): _S.REFUSED,
    (_S.READY, _A.SEND): _S.SENT,
    (_S.READY, _A.PICK_UP): _S.PICKED_UP,
    (_S.READY, _A.OBJECT): _S.REFUSED,
    (_S.SENT, _A.DELIVER): _S.DELIVERED,
    (_S.SENT, _A.RETURN): _S.RETURNED,
    (_S.RETURNED, _A.SEND): _S.SENT,
    (_S.RETURNED, _A.PICK_UP): _S.PICKED_UP,
}
"""Every step there is; whatever is not here cannot happen."""

ENDED = frozenset({_S.DELIVERED, _S.PICKED_UP, _S.REFUSED, _S.WITHDRAWN, _S.EXPIRED})
OPEN = frozenset(_S) - ENDED - {_S.DRAFT}
"""While a request is open, the same parts of the same stay are not asked for again."""
EDITABLE = frozenset({_S.DRAFT, _S.CORRECTION_ASKED})
"""While its applicant may change photos, mandate and address."""
DECISIONS = frozenset({_A.APPROVE, _A.ASK_CORRECTION, _A.REFUSE})
PHOTOS_GO_AT_ONCE = {_S.WITHDRAWN: PaperEnd.WITHDRAWN, _S.EXPIRED: PaperEnd.EXPIRED}


def next_state(state: CopyState, act: Act) -> CopyState:
    """Where an act leads from a state. Raises the refusal that says why it leads nowhere."""
    found = TRANSITIONS.get((state, act))
    if found is not None:
        return found
    if act is Act.WITHDRAW:
        raise CopyWithdrawalTooLate(state=state.value)
    if act is Act.OBJECT:
        raise CopyObjectionTooLate(state=state.value)
    if act in DECISIONS:
        raise CopyAlreadyDecided(state=state.value)
    raise CopyRequestMovedOn(state=state.value)


class Delivery(StrEnum):
    """How the copy reaches the applicant; somebody can always come and take it."""

    POST = "post"
    PICK_UP = "pick_up"


@dataclass(eq=False, kw_only=True)
class CopyStep:
    """One thing that happened to a request, for its history and its notices. `by` is an account, staff or system id."""

    request_id: UUID
    number: int
    act: str
    state: str
    at: datetime
    by: str
    reason: str | None = None
    words: str | None = None
    papers: list[str] = field(default_factory=list)
    amount_fen: int | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What goes with a step: a reason from the list, an officer's own words, the photos meant, an amount."""

    reason: str | None = None
    words: str | None = None
    papers: tuple[str, ...] = ()
    amount_fen: int | None = None


@dataclass(eq=False, kw_only=True)
class CopyRequest:
    """A request, from the first tap to the parcel. Money is fen.

    `patient_id` is whose record it is, `applicant_id` the record of the person who applies and pays: the same, or the
    agent's own. `copy_from` is the first day on which the record is closed: before it the request waits, and is never
    refused for it. `round` counts reviews.
    """

    id: UUID
    number: str
    encounter_id: UUID
    patient_id: UUID
    applicant_kind: str
    applicant_id: UUID | None
    started_by: str
    started_at: datetime
    changed_at: datetime
    state: str = CopyState.DRAFT
    purpose: str | None = None
    parts: list[str] = field(default_factory=list)
    parts_key: str | None = None
    copies: int = 1
    delivery: str | None = None
    province: str | None = None
    sealed: bytes | None = None
    mandate: dict[str, Any] | None = None
    consents: dict[str, int] | None = None
    copy_from: date | None = None
    terms_from: date | None = None
    page_fen: int | None = None
    postage_fen: int | None = None
    amount_fen: int | None = None
    submitted_at: datetime | None = None
    lapsed_at: datetime | None = None
    paid_at: datetime | None = None
    review_by: date | None = None
    round: int = 0
    decided_by: str | None = None
    pages: int | None = None
    final_fen: int | None = None
    packet_started_at: datetime | None = None
    ended_at: datetime | None = None
    photos_until: datetime | None = None
    version: int = 1
    steps: list[CopyStep] = field(default_factory=list)

    @property
    def is_editable(self) -> bool:
        """Whether its applicant may change it."""
        return self.state in EDITABLE

    @property
    def applicant(self) -> ApplicantKind:
        """Who applies."""
        return ApplicantKind(self.applicant_kind)

    def check_editable(self) -> None:
        """Raises CopyRequestMovedOn when nothing may be changed any more."""
        if not self.is_editable:
            raise CopyRequestMovedOn(state=self.state)

    def check_draft(self) -> None:
        """Raises CopyRequestMovedOn: what is copied and for what is said before it is paid for."""
        if self.state != CopyState.DRAFT:
            raise CopyRequestMovedOn(state=self.state)

    def move(self, act: Act, *, by: str, now: datetime, said: Said | None = None) -> CopyStep:
        """Take a step and write it down. Raises the refusals of `next_state`."""
        self.state = next_state(CopyState(self.state), act)
        self.changed_at = now
        if self.state in ENDED:
            self.ended_at = now
        return self.note(act, by=by, now=now, said=said)

    def note(self, act: str, *, by: str, now: datetime, said: Said | None = None) -> CopyStep:
        """Write down something that happened; the state stays as it is."""
        said = said or Said()
        step = CopyStep(
            request_id=self.id,
            number=len(self.steps) + 1,
            act=act,
            state=self.state,
            at=now,
            by=by,
            reason=said.reason,
            words=said.words,
            papers=list(said.papers),
            amount_fen=said.amount_fen,
        )
        self.steps.append(step)
        self.version += 1
        return step

    def last_correction(self) -> CopyStep | None:
        """What was asked to be mended last."""
        return next((each for each in reversed(self.steps) if each.act == Act.ASK_CORRECTION), None)
