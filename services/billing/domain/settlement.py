"""The settlement of a stay at the bed: its stages, what the person bears, and what they sign (handbook section 3.9).

The order is: the bill is closed, shown, signed; the rest is paid, the insurer settles (its answer is binding), what is
left of the deposits goes back. Where the binding answer changes what the person bears, they read and sign again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.billing.domain.settlement_errors import AmountChanged, InsurerNotRefusing, MoneyHasMoved, NotInStage
from services.billing.domain.statement import Basis, Shares, Statement, self_pay


class Stage(StrEnum):
    """Where a settlement stands."""

    OPENED = "opened"
    CHECKED = "checked"
    PRESENTED = "presented"
    SIGNED = "signed"
    PAID = "paid"
    INSURED = "insured"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.OPENED: frozenset({Stage.CHECKED, Stage.WITHDRAWN}),
    Stage.CHECKED: frozenset({Stage.PRESENTED, Stage.WITHDRAWN}),
    Stage.PRESENTED: frozenset({Stage.PRESENTED, Stage.SIGNED, Stage.WITHDRAWN}),
    Stage.SIGNED: frozenset({Stage.PAID, Stage.PRESENTED, Stage.WITHDRAWN}),
    Stage.PAID: frozenset({Stage.INSURED, Stage.SETTLED, Stage.PRESENTED}),
    Stage.INSURED: frozenset({Stage.SETTLED, Stage.PRESENTED}),
    Stage.SETTLED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
"""The one place that says what may follow what."""
OVER = frozenset({Stage.SETTLED, Stage.WITHDRAWN})
CLOSED_BILL = frozenset(Stage) - {Stage.OPENED, Stage.WITHDRAWN}
"""The stages in which the stay's bill is closed: a charge that comes now is late."""


@dataclass(eq=False, kw_only=True)
class Settlement:
    """The settlement of one stay; a stay has at most one that is not called off, by constraint. Amounts in fen.

    `charge_count` counts the lines of the closed bill. `signed_own_fen` is what the person has signed to bear. The
    instants are the stages' clock; `checked_at` is when the audit was finished, from where the five minutes count.
    """

    id: UUID
    account_id: UUID
    encounter_id: UUID
    patient_id: UUID
    opened_by: str
    opened_at: datetime
    discharge_ordered_at: datetime
    stage: Stage = Stage.OPENED
    basis: Basis = Basis.SELF_PAY
    categories: list[dict[str, Any]] = field(default_factory=list)
    charge_count: int = 0
    medical_fen: int = 0
    non_medical_fen: int = 0
    fund_fen: int = 0
    other_fen: int = 0
    personal_account_fen: int = 0
    cash_fen: int = 0
    own_share_fen: int = 0
    own_expense_fen: int = 0
    signed_own_fen: int | None = None
    signed_id: UUID | None = None
    deposits_fen: int = 0
    paid_fen: int = 0
    returned_fen: int = 0
    claim_id: UUID | None = None
    claim_problem: str | None = None
    checked_by: str | None = None
    checked_at: datetime | None = None
    presented_at: datetime | None = None
    signed_at: datetime | None = None
    paid_at: datetime | None = None
    insured_at: datetime | None = None
    settled_at: datetime | None = None
    receipted_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None
    version: int = 1

    @property
    def shares(self) -> Shares:
        """Who bears the medical fees, both identities checked."""
        return Shares(
            total_fen=self.medical_fen,
            fund_fen=self.fund_fen,
            other_fen=self.other_fen,
            personal_account_fen=self.personal_account_fen,
            cash_fen=self.cash_fen,
            own_share_fen=self.own_share_fen,
            own_expense_fen=self.own_expense_fen,
        )

    @property
    def bill_is_closed(self) -> bool:
        """Whether a charge that comes now is late."""
        return self.stage in CLOSED_BILL

    def statement(self, *, deposits_fen: int, paid_fen: int) -> Statement:
        """What the person reads, with the money that is there now."""
        return Statement(
            settlement_id=self.id,
            shares=self.shares,
            non_medical_fen=self.non_medical_fen,
            deposits_fen=deposits_fen,
            paid_fen=paid_fen,
        )

    def close_bill(
        self,
        shares: Shares,
        *,
        basis: Basis,
        non_medical_fen: int,
        categories: list[dict[str, Any]],
        charge_count: int,
        by: str,
        now: datetime,
    ) -> None:
        """The checklist is done: the bill is closed with these shares; the five minutes begin. Raises NotInStage."""
        self._move(Stage.CHECKED)
        self._take(shares, basis)
        self.non_medical_fen, self.categories, self.charge_count = non_medical_fen, categories, charge_count
        self.checked_by, self.checked_at = by, now

    def present(self, now: datetime) -> None:
        """The tablet goes to the person. Raises NotInStage."""
        self._move(Stage.PRESENTED)
        self.presented_at = now

    def sign(self, statement: Statement, *, digest: str, signature_id: UUID, now: datetime) -> None:
        """The person agrees to exactly these amounts. Raises NotInStage, AmountChanged (changing nothing)."""
        self._check(Stage.SIGNED)
        if digest != statement.digest:
            raise AmountChanged
        self._move(Stage.SIGNED)
        self.signed_id, self.signed_own_fen, self.signed_at = signature_id, statement.own_fen, now
        self.deposits_fen = statement.deposits_fen

    def pay(self, now: datetime) -> None:
        """The rest is paid, or nothing was to be paid. Raises NotInStage."""
        self._move(Stage.PAID)
        self.paid_at = now

    def ask_insurer(self, claim_id: UUID) -> None:
        """The insurer is asked to settle; its answer comes later."""
        self.claim_id, self.claim_problem = claim_id, None

    def hear_estimate(self, shares: Shares) -> None:
        """The insurer's pre-settlement is nearer the truth than our estimate; it binds nobody who has not signed."""
        if self.stage in {Stage.CHECKED, Stage.PRESENTED} and self.basis is Basis.ESTIMATE:
            self._take(shares, Basis.ESTIMATE)

    def insurer_refused(self, problem: str) -> None:
        """The insurer will not settle, for this reason; somebody decides how to go on."""
        if self.waits_for_insurer and self.stage not in OVER:
            self.claim_problem = problem

    def insure(self, shares: Shares, now: datetime) -> None:
        """The insurer has settled: its shares are binding, whatever was estimated. Raises NotInStage."""
        self._move(Stage.INSURED)
        self._take(shares, Basis.BINDING)
        self.insured_at, self.claim_problem = now, None

    def check_refused(self) -> None:
        """Whether the insurer has refused and the way on can be chosen now. Raises InsurerNotRefusing, NotInStage."""
        if self.claim_problem is None:
            raise InsurerNotRefusing
        if self.stage not in {Stage.CHECKED, Stage.PRESENTED, Stage.PAID}:
            raise NotInStage(stage=self.stage.value)

    def bear_alone(self, now: datetime) -> None:
        """The insurer refuses and the person bears everything after all: they read, and sign, again.

        Raises InsurerNotRefusing and NotInStage.
        """
        self.check_refused()
        self._take(self_pay(self.medical_fen), Basis.SELF_PAY)
        self.claim_id, self.claim_problem = None, None
        if self.stage is Stage.PAID:
            self.present(now)

    @property
    def waits_for_insurer(self) -> bool:
        """Whether the insurer has yet to settle."""
        return self.basis is Basis.ESTIMATE

    def must_sign_again(self, statement: Statement) -> bool:
        """Whether what the person bears differs from what they signed, or is not covered by what is there."""
        return statement.own_fen != self.signed_own_fen or statement.balance_fen > 0

    def settle(self, statement: Statement, now: datetime) -> None:
        """Everything is agreed and covered: the stay is settled for good. Raises NotInStage."""
        self._move(Stage.SETTLED)
        self.deposits_fen, self.paid_fen = statement.deposits_fen, statement.paid_fen
        self.returned_fen, self.settled_at = statement.to_return_fen, now

    def withdraw(self, *, by: str, reason: str, now: datetime) -> None:
        """Call it off before money moved. Raises MoneyHasMoved, NotInStage."""
        if self.paid_at is not None:
            raise MoneyHasMoved
        self._move(Stage.WITHDRAWN)
        self.withdrawn_by, self.withdrawn_reason, self.withdrawn_at = by, reason, now

    def _take(self, shares: Shares, basis: Basis) -> None:
        self.basis, self.medical_fen = basis, shares.total_fen
        self.fund_fen, self.other_fen = shares.fund_fen, shares.other_fen
        self.personal_account_fen, self.cash_fen = shares.personal_account_fen, shares.cash_fen
        self.own_share_fen, self.own_expense_fen = shares.own_share_fen, shares.own_expense_fen

    def _check(self, stage: Stage) -> None:
        if stage not in MOVES[self.stage]:
            raise NotInStage(stage=self.stage.value)

    def _move(self, stage: Stage) -> None:
        self._check(stage)
        self.stage = stage
