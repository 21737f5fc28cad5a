"""What cannot be claimed, and what happens when several claim at once: a stay has one claim."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.billing import store
from services.billing.domain import InsuredKind
from services.billing.domain.insurance_errors import ClaimUnderWay, NothingToClaim, NotInsured
from shared.database import Database
from shared.settings import Settings
from tests.billing.insured import WORKED_EXAMPLE, correction, line
from tests.billing.insurer import Insurance, open_insurance
from tests.support.clock import StandingClock

SETTLED = ("settlement", 9_126_16, 1_000_00)


@pytest.fixture
def insurance(database: Database, settings: Settings, clock: StandingClock) -> Insurance:
    made = open_insurance(database, settings, clock)
    made.admit()
    made.insure()
    made.turn()
    return made


def test_who_is_not_insured_has_nothing_to_claim(insurance: Insurance) -> None:
    with pytest.raises(NothingToClaim):
        insurance.claim([line(1, "05", 100), correction(line(1, "05", 100), 1, -100, "-1")])
    insurance.insure(InsuredKind.NONE, None)
    with pytest.raises(NotInsured):
        insurance.claim()
    insurance.insure(InsuredKind.EMPLOYEE, "3299999999")
    insurance.turn()
    with pytest.raises(NotInsured):
        insurance.claim()
    with insurance.database.read() as uow:
        assert uow.session.execute(sa.select(sa.func.count()).select_from(store.claims)).scalar_one() == 0


def test_two_nurses_claim_at_once_and_one_claim_stands(insurance: Insurance) -> None:
    def attempt(_: int) -> str:
        try:
            return str(insurance.claim())
        except ClaimUnderWay as refusal:
            return str(refusal.facts["claim_id"])

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(attempt, range(8)))) == 1
    insurance.turn()
    insurance.turn()
    assert insurance.movements() == [SETTLED]


def test_the_database_keeps_a_second_claim_of_a_stay_out(insurance: Insurance) -> None:
    insurance.claim()
    with insurance.database.read() as uow:
        row = dict(uow.session.execute(sa.select(store.claims)).mappings().one())
    with pytest.raises(sa.exc.IntegrityError), insurance.database.write() as uow:
        uow.session.execute(store.claims.insert().values({**row, "id": uuid4()}))


def test_corrections_are_claimed_net(insurance: Insurance) -> None:
    back = correction(WORKED_EXAMPLE[5], 1, -580_00, "-1")
    claim_id = insurance.claim([*WORKED_EXAMPLE, back])
    insurance.turn()
    claim = insurance.read(claim_id)
    assert (claim.total_fen, len(claim.lines)) == (12_113_94, 14)
    assert claim.presettled == claim.estimate
