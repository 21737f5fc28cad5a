"""How a stay's patient is insured: entered by desk or ward, asked from the insurer; and what that lets us estimate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.billing import store
from services.billing.domain import (
    DEMO_PARAMETERS,
    UNINSURED,
    Estimate,
    InsuredKind,
    InsuredLine,
    estimate,
    next_try,
    parameters_on,
)
from services.billing.domain.coverage import Coverage, PersonAnswer, PersonIntent
from services.billing.domain.insurance_errors import InsuranceNumberMissing, NoParameters
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound

ATTEMPT_SECONDS = 20
UNCLEAR_SECONDS = 5
LONGEST_SECONDS = 300


def record_coverage(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    encounter_id: UUID,
    kind: InsuredKind,
    psn_no: str | None = None,
    use_account: bool = True,
) -> Coverage:
    """Desk or ward enters how somebody is insured; the insurer is then asked about the number (1101).

    `use_account` is the person's consent to pay from the personal account. An insured person needs a number. Raises
    NotFound, InsuranceNumberMissing. Handbook section 3.6.
    """
    if kind is not InsuredKind.NONE and not psn_no:
        raise InsuranceNumberMissing
    account = store.lock_account_of_stay(uow, encounter_id)
    if account is None:
        raise NotFound
    coverage = store.lock_coverage(uow, account.id)
    if coverage is None:
        coverage = Coverage(
            account_id=account.id,
            encounter_id=encounter_id,
            patient_id=account.patient_id,
            kind=kind,
            psn_no=psn_no,
            use_account=use_account,
            entered_by=actor.subject,
            entered_at=now,
        )
        uow.session.add(coverage)
    number = psn_no if kind is not InsuredKind.NONE else None
    coverage.enter(kind, number, use_account=use_account, by=actor.subject, now=now)
    return coverage


def take_due_persons(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[PersonIntent]:
    """Persons to ask the insurer about. The attempt is written down before the insurer hears of it."""
    intents = []
    for coverage in store.due_coverages(uow, now=now, limit=limit):
        intents.append(PersonIntent(account_id=coverage.account_id, psn_no=coverage.psn_no or ""))
        coverage.tries += 1
        coverage.next_try_at = next_try(now, coverage.tries, first=ATTEMPT_SECONDS, longest=LONGEST_SECONDS)
    return intents


def conclude_person(uow: UnitOfWork, *, intent: PersonIntent, answer: PersonAnswer, now: datetime) -> None:
    """Write down what the insurer said of a person; no clear answer is asked again."""
    coverage = store.lock_coverage(uow, intent.account_id)
    if coverage is None:
        return
    heard = coverage.hear(intent.psn_no, answer, now)
    if not heard and coverage.next_try_at is not None:
        coverage.next_try_at = next_try(now, coverage.tries, first=UNCLEAR_SECONDS, longest=LONGEST_SECONDS)


def estimate_stay(uow: UnitOfWork, *, account_id: UUID, lines: Iterable[InsuredLine], now: datetime) -> Estimate:
    """What the insurance is likely to pay of these charges of a stay, by the table in force today. Never binding.

    Without insurance everything is own expense. Raises NoParameters where no table is in force.
    """
    parameters = parameters_on(DEMO_PARAMETERS, hospital_day(now))
    if parameters is None:
        raise NoParameters
    coverage = store.coverage_of(uow, account_id)
    insured = UNINSURED if coverage is None else coverage.insured
    use_account = coverage is not None and coverage.use_account
    return estimate(lines, parameters=parameters, insured=insured, use_account=use_account)
