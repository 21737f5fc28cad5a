"""Billing and the insurer simulator, each with its own books, in one process; and a stay that is claimed for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import undefer

from services.billing import store, usecases
from services.billing.domain import InsuredKind, InsuredLine
from services.billing.domain.claim import Claim, ClaimIntent, ClaimStep
from services.billing.domain.coverage import Coverage
from services.billing.providers import INSURER, HttpInsurer
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.clock import iso
from shared.database import Database
from shared.settings import Settings
from simulators.insurer.app import create_app as create_insurer
from simulators.insurer.moods import Mood, choose
from tests.billing.factories import hear
from tests.billing.insured import WORKED_EXAMPLE
from tests.support.clock import StandingClock
from tests.support.in_process import InProcessAdapter, in_process_session

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
EMPLOYEE = "3299000001"
"""An employee with 1,000.00 in the personal account."""
STAYS = ("ask the insurer about persons", "carry claims to the insurer")


@dataclass
class Insurance:
    """One inpatient, billing and the insurer."""

    database: Database
    clock: StandingClock
    app: Flask
    network: InProcessAdapter
    provider: HttpInsurer
    encounter_id: UUID = field(default_factory=uuid4)
    patient_id: UUID = field(default_factory=uuid4)
    settlement_id: UUID = field(default_factory=uuid4)

    def admit(self) -> UUID:
        """The stay is heard of; gives its account."""
        started = iso(self.clock() - timedelta(days=3))
        data = {"encounter_id": str(self.encounter_id), "patient_id": str(self.patient_id), "encounter_class": "IMP"}
        rest = {"state": "in_progress", "at": started, "started_at": started, "ended_at": None, "version": 1}
        hear(self.database, "records.encounter_admitted.v1", data | rest, self.clock())
        return self.account_id

    @property
    def account_id(self) -> UUID:
        """The stay's account."""
        with self.database.read() as uow:
            query = sa.select(store.accounts.c.id).where(store.accounts.c.encounter_id == self.encounter_id)
            return uow.session.execute(query).scalar_one()

    def insure(self, kind: InsuredKind = InsuredKind.EMPLOYEE, psn_no: str | None = EMPLOYEE, **more: Any) -> None:
        """The ward enters how the person is insured."""
        with self.database.write() as uow:
            usecases.record_coverage(
                uow, actor=NURSE, now=self.clock(), encounter_id=self.encounter_id, kind=kind, psn_no=psn_no, **more
            )

    def claim(self, lines: list[InsuredLine] | None = None, **more: Any) -> UUID:
        """The settlement opens a claim for the worked example's bill."""
        with self.database.write() as uow:
            return usecases.open_claim(
                uow,
                settlement_id=self.settlement_id,
                account_id=self.account_id,
                patient_id=self.patient_id,
                lines=WORKED_EXAMPLE if lines is None else lines,
                now=self.clock(),
                actor=NURSE,
                **more,
            ).id

    def settle(self) -> None:
        """The person has agreed and paid."""
        with self.database.write() as uow:
            store.lock_account(uow, self.account_id)
            usecases.settle_claim(uow, account_id=self.account_id, now=self.clock())

    def undo(self) -> None:
        """The settlement is called off."""
        with self.database.write() as uow:
            store.lock_account(uow, self.account_id)
            usecases.undo_claim(uow, account_id=self.account_id, now=self.clock())

    def turn(self) -> None:
        """The clock does once what is due with the insurer."""
        for timer in TIMERS:
            if timer.name in STAYS:
                timer.fire(self.database, self.clock, {INSURER: self.provider})

    def later(self, seconds: int = 60, turns: int = 1) -> None:
        """Time passes, and what is due is done."""
        for _ in range(turns):
            self.clock.advance(seconds=seconds)
            self.turn()

    def mood(self, infno: str, mood: Mood, calls: int = 1) -> None:
        """How the insurer answers next."""
        choose(self.app.extensions["insurer.books"], infno, mood, calls)

    def read(self, claim_id: UUID) -> Claim:
        """A claim as it stands."""
        with self.database.read() as uow:
            query = sa.select(Claim).where(store.claims.c.id == claim_id).options(undefer("*"))
            return uow.session.execute(query).scalar_one()

    def intent(self, claim_id: UUID) -> ClaimIntent:
        """An attempt to settle a claim, as a slow worker may still have it in hand."""
        claim = self.read(claim_id)
        return ClaimIntent(
            claim_id=claim.id, step=ClaimStep.SETTLE, psn_no=claim.psn_no, use_account=True, total_fen=claim.total_fen
        )

    def claims(self) -> list[Claim]:
        """All claims of the stay."""
        with self.database.read() as uow:
            query = sa.select(Claim).where(store.claims.c.settlement_id == self.settlement_id)
            return list(uow.session.execute(query).scalars())

    def coverage(self) -> Coverage:
        """The insurance as it stands."""
        with self.database.read() as uow:
            found = store.coverage_of(uow, self.account_id)
            assert found is not None
            return found

    def movements(self) -> list[tuple[str, int, int]]:
        """What the insurer's books say: kind, fund and account in fen."""
        rows = self.app.extensions["insurer.books"].all("SELECT * FROM movements ORDER BY position")
        return [(row["kind"], row["fund_fen"], row["account_fen"]) for row in rows]

    def calls(self) -> list[str]:
        """The numbers that the insurer was called with, in order."""
        return [row["infno"] for row in self.app.extensions["insurer.books"].all("SELECT infno FROM calls")]


def open_insurance(database: Database, settings: Settings, clock: StandingClock) -> Insurance:
    """Billing and an insurer with empty books, on whom nobody waits in vain: a silence is a moment long."""
    network = InProcessAdapter({})
    app = create_insurer(settings, clock=clock, pause=lambda _seconds: None)
    network.applications[settings.url("insurer")] = app
    provider = HttpInsurer(
        settings.url("insurer"),
        secret=settings.secrets["insurer_secret"],
        session=in_process_session(network),
        clock=clock,
    )
    return Insurance(database, clock, app, network, provider)
