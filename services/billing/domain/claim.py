"""A claim: what the insurer is asked to pay of a stay. Its answer binds; what is unclear is asked about.

The order is upload and pre-settlement (binding nobody), settlement once somebody wants it, and reversal when it must be
undone. The claim's id is the key under which the insurer knows it, so that nothing is settled twice (section 3.9).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.billing.domain.insurance_amounts import InsuranceAmounts


class ClaimState(StrEnum):
    """`unknown`: the settlement was sent and what became of it is being asked; `reversing`: it is being undone."""

    REQUESTED = "requested"
    PRESETTLED = "presettled"
    SETTLED = "settled"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    REVERSING = "reversing"
    REVERSED = "reversed"


OVER_CLAIMS = frozenset({ClaimState.REFUSED, ClaimState.REVERSED})
"""States after which the stay may be claimed anew; in all others it has one claim, by constraint."""
ANSWER_BROKEN = "insurer_answer_broken"


class ClaimStep(StrEnum):
    """What to do next with the insurer (numbers of the national interface)."""

    PRESETTLE = "presettle"
    """2301 and 2303."""
    SETTLE = "settle"
    """2304, never sent before."""
    ASK = "ask"
    """5203, and 2304 under the same key where the insurer has never heard of it."""
    CANCEL = "cancel"
    """2305: a settlement that is known."""
    REVERSE = "reverse"
    """5203, then 2601: a settlement that may have been, or may still come."""


class ClaimOutcome(StrEnum):
    """What the insurer can say about a claim."""

    PRESETTLED = "presettled"
    SETTLED = "settled"
    REVERSED = "reversed"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ClaimAnswer:
    """The insurer's answer. Amounts add up, or there are none; `problem` is a stable code for what did not work."""

    outcome: ClaimOutcome
    amounts: InsuranceAmounts | None = None
    setl_id: str | None = None
    problem: str = ""


@dataclass(eq=False, kw_only=True)
class Claim:
    """The claim of one stay's settlement; amounts in fen. `lines` are told as they are, in names of the interface.

    `estimate` is our own reckoning, `presettled` and `settled` are the insurer's. `wanted` says whether somebody wants
    it settled, `undo` whether it must be undone, `sent` whether a settlement may have reached the insurer.
    """

    id: UUID
    settlement_id: UUID
    account_id: UUID
    patient_id: UUID
    psn_no: str
    use_account: bool
    lines: list[dict[str, Any]]
    total_fen: int
    estimate: dict[str, int]
    requested_by: str
    request_id: str
    requested_at: datetime
    state: ClaimState = ClaimState.REQUESTED
    wanted: bool = False
    undo: bool = False
    sent: bool = False
    presettled: dict[str, int] | None = None
    settled: dict[str, int] | None = None
    setl_id: str | None = None
    problem: str | None = None
    ended_at: datetime | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    version: int = 1

    @property
    def is_over(self) -> bool:
        """Whether the insurer pays nothing of it any more."""
        return self.state in OVER_CLAIMS

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be done with the insurer."""
        wants_more = self.state is ClaimState.PRESETTLED and self.wanted
        return wants_more or self.state in {ClaimState.REQUESTED, ClaimState.UNKNOWN, ClaimState.REVERSING}

    @property
    def amounts(self) -> InsuranceAmounts:
        """What counts now: the insurer's settlement, else its pre-settlement, else our estimate."""
        return InsuranceAmounts(**(self.settled or self.presettled or self.estimate))

    @property
    def is_binding(self) -> bool:
        """Whether the insurer has settled."""
        return self.state is ClaimState.SETTLED

    @property
    def differs(self) -> int:
        """By how many fen the person's cash part is more than estimated (less: negative)."""
        return self.amounts.psn_cash_pay - InsuranceAmounts(**self.estimate).psn_cash_pay

    def want(self, now: datetime) -> bool:
        """Somebody wants it settled. False when that was said before, or it has ended."""
        if self.wanted or self.undo or self.is_over:
            return False
        self.wanted = True
        if self.state is ClaimState.PRESETTLED:
            self._due(now)
        return True

    def want_undone(self, now: datetime) -> bool:
        """It must be undone. What was never sent ends at once; False when it has ended or is being undone."""
        if self.undo or self.is_over:
            return False
        self.undo = True
        if self.sent:
            self.state = ClaimState.REVERSING
            self._due(now)
        else:
            self._end(ClaimState.REVERSED, now)
        return True

    def next_step(self) -> ClaimStep:
        """Pre-settle, settle once, then ask; undo what is known by 2305, what is not by 5203 and 2601."""
        if self.state is ClaimState.REVERSING:
            return ClaimStep.CANCEL if self.setl_id else ClaimStep.REVERSE
        if self.state is ClaimState.REQUESTED:
            return ClaimStep.PRESETTLE
        return ClaimStep.ASK if self.sent else ClaimStep.SETTLE

    def attempt(self, step: ClaimStep) -> None:
        """An attempt is written down before the insurer hears of it: from here on a settlement may have been sent."""
        self.tries += 1
        if step in {ClaimStep.SETTLE, ClaimStep.ASK}:
            self.sent, self.state = True, ClaimState.UNKNOWN

    def hear(self, answer: ClaimAnswer, now: datetime) -> bool:
        """Write down what the insurer said, whatever was thought before. Tells whether the claim moved on."""
        before = self.state
        if answer.outcome is ClaimOutcome.PRESETTLED:
            self._hear_presettled(answer, now)
        elif answer.outcome is ClaimOutcome.SETTLED:
            self._hear_settled(answer, now)
        elif answer.outcome is ClaimOutcome.REVERSED:
            self._hear_reversed(answer, now)
        elif answer.outcome is ClaimOutcome.REFUSED:
            self._hear_refused(answer, now)
        elif self.is_waiting:
            self.problem = answer.problem or "insurer_silent"
        return self.state is not before

    def _hear_presettled(self, answer: ClaimAnswer, now: datetime) -> None:
        if self.state is not ClaimState.REQUESTED or answer.amounts is None:
            return
        self.presettled, self.problem, self.state = answer.amounts.as_dict(), None, ClaimState.PRESETTLED
        self.next_try_at, self.tries = (now if self.wanted else None), 0

    def _hear_settled(self, answer: ClaimAnswer, now: datetime) -> None:
        if answer.amounts is None or self.is_over or self.state is ClaimState.SETTLED:
            return
        self.settled, self.setl_id, self.problem = answer.amounts.as_dict(), answer.setl_id, None
        if self.state is not ClaimState.REVERSING:
            self._end(ClaimState.SETTLED, now)

    def _hear_reversed(self, answer: ClaimAnswer, now: datetime) -> None:
        """Undone at the insurer: by us, or by the insurer itself, which says so when it is asked."""
        if not self.is_over:
            self.problem = self.problem if self.undo else answer.problem or None
            self._end(ClaimState.REVERSED, now)

    def _hear_refused(self, answer: ClaimAnswer, now: datetime) -> None:
        """A clear no ends it. After an unclear attempt it is made sure of: what may still come is barred (2601)."""
        if self.is_over or self.state is ClaimState.SETTLED:
            return
        self.problem = answer.problem
        if self.state is ClaimState.REVERSING:
            return
        if self.sent and self.tries > 1:
            self.undo, self.state = True, ClaimState.REVERSING
            self._due(now)
        else:
            self._end(ClaimState.REFUSED, now)

    def _due(self, now: datetime) -> None:
        self.tries, self.next_try_at, self.ended_at = 0, now, None

    def _end(self, state: ClaimState, now: datetime) -> None:
        self.state, self.ended_at, self.next_try_at = state, now, None


@dataclass(frozen=True, kw_only=True)
class ClaimIntent:
    """One attempt with the insurer, written down before it is called."""

    claim_id: UUID
    step: ClaimStep
    psn_no: str
    use_account: bool
    total_fen: int
    setl_id: str | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
