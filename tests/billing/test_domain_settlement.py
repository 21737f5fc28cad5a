"""The stages of a settlement, the shares and what is signed: rules without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.billing.domain.settlement import MOVES, OVER, Settlement, Stage
from services.billing.domain.settlement_errors import AmountChanged, InsurerNotRefusing, MoneyHasMoved, NotInStage
from services.billing.domain.statement import Basis, Shares, Statement, self_pay

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
EXAMPLE = Shares(
    total_fen=1_269_394,
    fund_fen=912_616,
    personal_account_fen=50_000,
    cash_fen=306_778,
    own_share_fen=295_278,
    own_expense_fen=61_500,
)
"""The worked example of handbook section 3.6."""


def opened(**changes: Any) -> Settlement:
    values: dict[str, Any] = {
        "id": UUID(int=1),
        "account_id": uuid4(),
        "encounter_id": uuid4(),
        "patient_id": uuid4(),
        "opened_by": "staff:nurse",
        "opened_at": NOW,
        "discharge_ordered_at": NOW,
    }
    return Settlement(**(values | changes))


def closed(shares: Shares = EXAMPLE, basis: Basis = Basis.ESTIMATE, non_medical_fen: int = 0) -> Settlement:
    made = opened()
    made.close_bill(
        shares, basis=basis, non_medical_fen=non_medical_fen, categories=[], charge_count=9, by="staff:nurse", now=NOW
    )
    return made


def signed(made: Settlement, deposits_fen: int = 0) -> Settlement:
    made.present(NOW)
    statement = made.statement(deposits_fen=deposits_fen, paid_fen=0)
    made.sign(statement, digest=statement.digest, signature_id=uuid4(), now=NOW)
    return made


# ------------------------------------------------------------------------------------------------------- shares


@pytest.mark.parametrize(("deposits_fen", "to_pay", "to_return"), [(300_000, 6_778, 0), (500_000, 0, 193_222)])
def test_the_worked_example_ends_to_the_cent(deposits_fen: int, to_pay: int, to_return: int) -> None:
    statement = Statement(
        settlement_id=UUID(int=1), shares=EXAMPLE, non_medical_fen=0, deposits_fen=deposits_fen, paid_fen=0
    )
    assert (statement.own_fen, statement.to_pay_fen, statement.to_return_fen) == (306_778, to_pay, to_return)
    assert EXAMPLE.insurer_fen == 962_616


@pytest.mark.parametrize("field", ["total_fen", "fund_fen", "other_fen", "cash_fen", "own_share_fen"])
def test_shares_that_break_an_identity_of_the_receipt_cannot_be_made(field: str) -> None:
    good = {name: getattr(EXAMPLE, name) for name in Shares.__dataclass_fields__}
    with pytest.raises(ValueError, match="identity"):
        Shares(**good | {field: good[field] + 1})


def test_without_insurance_all_is_own_expense_in_cash() -> None:
    shares = self_pay(8_000)
    assert (shares.fund_fen, shares.own_share_fen, shares.own_expense_fen, shares.cash_fen) == (0, 0, 8_000, 8_000)


def test_meals_are_borne_by_the_person_beside_the_medical_shares() -> None:
    statement = closed(non_medical_fen=13_500).statement(deposits_fen=300_000, paid_fen=0)
    assert (statement.total_fen, statement.own_fen, statement.balance_fen) == (1_282_894, 320_278, 20_278)


# ------------------------------------------------------------------------------------------------------- stages

ACTS: dict[Stage, Any] = {
    Stage.CHECKED: lambda made: made.close_bill(
        EXAMPLE, basis=Basis.ESTIMATE, non_medical_fen=0, categories=[], charge_count=1, by="x", now=NOW
    ),
    Stage.PRESENTED: lambda made: made.present(NOW),
    Stage.SIGNED: lambda made: made.sign(
        made.statement(deposits_fen=0, paid_fen=0),
        digest=made.statement(deposits_fen=0, paid_fen=0).digest,
        signature_id=uuid4(),
        now=NOW,
    ),
    Stage.PAID: lambda made: made.pay(NOW),
    Stage.INSURED: lambda made: made.insure(EXAMPLE, NOW),
    Stage.SETTLED: lambda made: made.settle(made.statement(deposits_fen=0, paid_fen=0), NOW),
    Stage.WITHDRAWN: lambda made: made.withdraw(by="x", reason="y", now=NOW),
}


@pytest.mark.parametrize("before", list(Stage))
@pytest.mark.parametrize("after", list(ACTS))
def test_only_the_moves_of_the_table_are_possible(before: Stage, after: Stage) -> None:
    made = opened(stage=before)
    if after in MOVES[before]:
        ACTS[after](made)
        assert made.stage is after
        return
    with pytest.raises(NotInStage) as refusal:
        ACTS[after](made)
    assert refusal.value.facts == {"stage": before.value}
    assert made.stage is before


def test_what_is_over_stays_over() -> None:
    assert {stage for stage, moves in MOVES.items() if not moves} == OVER


@pytest.mark.parametrize(
    ("stage", "closed_now"),
    [(each, each not in {Stage.OPENED, Stage.WITHDRAWN}) for each in Stage],
)
def test_the_bill_is_closed_from_the_check_on(stage: Stage, closed_now: bool) -> None:
    assert opened(stage=stage).bill_is_closed is closed_now


# ---------------------------------------------------------------------------------------------------- signatures


def test_a_signature_is_bound_to_the_amounts_that_were_shown() -> None:
    made = closed()
    made.present(NOW)
    seen = made.statement(deposits_fen=300_000, paid_fen=0)
    now_there = made.statement(deposits_fen=400_000, paid_fen=0)
    with pytest.raises(AmountChanged):
        made.sign(now_there, digest=seen.digest, signature_id=uuid4(), now=NOW)
    assert (made.stage, made.signed_at, made.signed_own_fen) == (Stage.PRESENTED, None, None)


@pytest.mark.parametrize(
    "field", ["deposits_fen", "paid_fen", "non_medical_fen", "fund_fen", "cash_fen", "personal_account_fen"]
)
def test_every_amount_is_part_of_what_is_signed(field: str) -> None:
    first = closed()
    other = closed()
    given = {"deposits_fen": 5, "paid_fen": 6}
    before = first.statement(**given)
    if field in given:
        assert first.statement(**given | {field: given[field] + 1}).digest != before.digest
        return
    if field == "non_medical_fen":
        other.non_medical_fen += 1
    else:  # one fen more here and one less there, so that the identities hold
        setattr(other, field, getattr(other, field) + 1)
        partner = "fund_fen" if field == "cash_fen" else "cash_fen"
        setattr(other, partner, getattr(other, partner) - 1)
        other.own_share_fen = other.personal_account_fen + other.cash_fen - other.own_expense_fen
    assert other.statement(**given).digest != before.digest


def test_the_binding_answer_of_the_insurer_replaces_the_estimate() -> None:
    made = signed(closed(), 300_000)
    made.pay(NOW)
    made.insure(self_pay(1_269_394), NOW)
    assert (made.basis, made.cash_fen, made.shares) == (Basis.BINDING, 1_269_394, self_pay(1_269_394))
    assert made.must_sign_again(made.statement(deposits_fen=300_000, paid_fen=6_778))


def test_the_same_answer_needs_no_second_signature() -> None:
    made = signed(closed(), 300_000)
    made.pay(NOW)
    made.insure(EXAMPLE, NOW)
    assert not made.must_sign_again(made.statement(deposits_fen=300_000, paid_fen=6_778))
    assert made.must_sign_again(made.statement(deposits_fen=299_999, paid_fen=6_778))


def test_less_to_bear_needs_a_new_signature_too() -> None:
    made = signed(closed(), 500_000)
    made.pay(NOW)
    made.insure(
        Shares(total_fen=1_269_394, fund_fen=962_716, cash_fen=306_678, own_share_fen=245_178, own_expense_fen=61_500),
        NOW,
    )
    assert made.must_sign_again(made.statement(deposits_fen=500_000, paid_fen=0))


def test_who_waits_for_the_insurer() -> None:
    assert closed().waits_for_insurer
    assert not closed(self_pay(100), Basis.SELF_PAY).waits_for_insurer
    alone = signed(closed())
    alone.pay(NOW)
    alone.ask_insurer(uuid4())
    alone.insurer_refused("not_insured")
    assert alone.claim_problem == "not_insured"
    alone.bear_alone(NOW)
    assert alone.stage is Stage.PRESENTED
    assert (alone.waits_for_insurer, alone.claim_id, alone.claim_problem) == (False, None, None)
    assert alone.shares == self_pay(1_269_394)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_way_on_after_a_refusal_is_chosen_where_nobody_is_paying(stage: Stage) -> None:
    made = opened(stage=stage, basis=Basis.ESTIMATE)
    with pytest.raises(InsurerNotRefusing):
        made.check_refused()
    made.claim_problem = "not_insured"
    if stage in {Stage.CHECKED, Stage.PRESENTED, Stage.PAID}:
        made.check_refused()
        return
    with pytest.raises(NotInStage):
        made.check_refused()


@pytest.mark.parametrize("stage", list(Stage))
def test_a_pre_settlement_corrects_only_what_nobody_has_signed(stage: Stage) -> None:
    made = closed(self_pay(1_269_394), Basis.ESTIMATE)
    made.stage = stage
    made.hear_estimate(EXAMPLE)
    changed = stage in {Stage.CHECKED, Stage.PRESENTED}
    assert made.shares == (EXAMPLE if changed else self_pay(1_269_394))


def test_once_money_moved_a_settlement_is_not_called_off() -> None:
    made = signed(closed())
    made.paid_at = NOW
    with pytest.raises(MoneyHasMoved):
        made.withdraw(by="staff:nurse", reason="err", now=NOW)
    assert made.stage is Stage.SIGNED


def test_the_clock_of_the_stages() -> None:
    made = opened()
    made.close_bill(
        self_pay(100), basis=Basis.SELF_PAY, non_medical_fen=0, categories=[], charge_count=1, by="n", now=NOW
    )
    later = NOW + timedelta(minutes=2)
    made.present(later)
    statement = made.statement(deposits_fen=300, paid_fen=0)
    made.sign(statement, digest=statement.digest, signature_id=uuid4(), now=later)
    made.pay(later)
    made.settle(statement, later)
    assert (made.opened_at, made.checked_at, made.presented_at, made.settled_at) == (NOW, NOW, later, later)
    assert (made.insured_at, made.receipted_at, made.returned_fen) == (None, None, 200)
