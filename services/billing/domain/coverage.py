"""How the patient of a stay is insured: entered at the desk or the ward, confirmed by the insurer (1101)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.billing.domain.insurance import UNINSURED, Insured
from services.billing.domain.insurance_parameters import InsuredKind


class CoverageState(StrEnum):
    """`asked`: the insurer is being asked and what was entered counts until it answers; `refused`: it knows nobody."""

    ENTERED = "entered"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class PersonAnswer:
    """The insurer's answer about a person: known (insured), not insured (`problem`), or unclear (neither)."""

    insured: Insured | None = None
    refused: bool = False
    problem: str = ""


@dataclass(eq=False, kw_only=True)
class Coverage:
    """The insurance of one account's patient; amounts in fen. Without one, a stay is self-paid."""

    account_id: UUID
    encounter_id: UUID
    patient_id: UUID
    kind: InsuredKind
    psn_no: str | None
    use_account: bool
    entered_by: str
    entered_at: datetime
    state: CoverageState = CoverageState.ENTERED
    account_balance_fen: int = 0
    admissions_before: int = 0
    pool_paid_fen: int = 0
    own_in_scope_fen: int = 0
    supplement_paid_fen: int = 0
    problem: str | None = None
    checked_at: datetime | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    version: int = 1

    @property
    def psn_no_end(self) -> str | None:
        """The end of the insurance number, by which people recognise it."""
        return None if self.psn_no is None else self.psn_no[-4:]

    @property
    def is_entered(self) -> bool:
        """Somebody has entered it."""
        return True

    @property
    def insured(self) -> Insured:
        """What an estimate is made from; somebody whom the insurer does not know bears everything."""
        if self.state is CoverageState.REFUSED:
            return UNINSURED
        return Insured(
            kind=self.kind,
            account_balance_fen=self.account_balance_fen,
            admissions_before=self.admissions_before,
            pool_paid_fen=self.pool_paid_fen,
            own_in_scope_fen=self.own_in_scope_fen,
            supplement_paid_fen=self.supplement_paid_fen,
        )

    @property
    def can_be_claimed(self) -> bool:
        """Whether the insurer can be asked to pay: it needs a number, and must not have said that it knows nobody."""
        return self.insured.kind is not InsuredKind.NONE and self.psn_no is not None

    def enter(self, kind: InsuredKind, psn_no: str | None, *, use_account: bool, by: str, now: datetime) -> None:
        """Somebody enters it anew; with a number the insurer is asked."""
        self.kind, self.psn_no, self.use_account = kind, psn_no, use_account
        self.entered_by, self.entered_at, self.checked_at = by, now, None
        self.account_balance_fen = self.admissions_before = 0
        self.pool_paid_fen = self.own_in_scope_fen = self.supplement_paid_fen = 0
        self.ask(now)

    def ask(self, now: datetime) -> None:
        """Have the insurer asked, where there is a number to ask about."""
        is_known = self.kind is not InsuredKind.NONE and self.psn_no is not None
        self.state = CoverageState.ASKED if is_known else CoverageState.ENTERED
        self.problem, self.tries, self.next_try_at = None, 0, (now if is_known else None)

    def hear(self, psn_no: str, answer: PersonAnswer, now: datetime) -> bool:
        """The insurer has answered about this number. False when that settles nothing, or is about another number."""
        if self.state is not CoverageState.ASKED or psn_no != self.psn_no:
            return False
        if answer.insured is not None:
            self._confirm(answer.insured)
        elif answer.refused:
            self.state, self.problem = CoverageState.REFUSED, answer.problem
        else:
            self.problem = answer.problem or "insurer_silent"
            return False
        self.checked_at, self.next_try_at = now, None
        return True

    def _confirm(self, insured: Insured) -> None:
        self.state, self.problem, self.kind = CoverageState.CONFIRMED, None, insured.kind
        self.account_balance_fen = insured.account_balance_fen
        self.admissions_before = insured.admissions_before
        self.pool_paid_fen = insured.pool_paid_fen
        self.own_in_scope_fen = insured.own_in_scope_fen
        self.supplement_paid_fen = insured.supplement_paid_fen


@dataclass(frozen=True, kw_only=True)
class PersonIntent:
    """One question to the insurer about a person, written down before it is asked."""

    account_id: UUID
    psn_no: str
