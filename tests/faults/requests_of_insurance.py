"""The POSTs of insurance, receipts and stuck money, each ready to be sent: for the crash points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing import store
from services.billing.domain import InsuredKind
from services.billing.domain.receipt import ReceiptKind
from services.billing.usecases import open_claim, record_coverage, request_receipt
from shared.actor import Actor
from tests.billing.insured import WORKED_EXAMPLE
from tests.billing.receipts import CONTENT
from tests.faults.sending import Sent
from tests.support.everyday import Everyday
from tests.support.ward import NURSE, Ward

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
INSURED: dict[str, Any] = {"kind": InsuredKind.EMPLOYEE, "psn_no": "3299000001"}


def _stay(day: Everyday) -> tuple[UUID, UUID]:
    """A stay and its patient."""
    patient_id = day.register()
    return UUID(Ward(day).admit(patient_id)["id"]), patient_id


def _coverage(day: Everyday) -> Sent:
    stay, _ = _stay(day)
    return Sent(NURSE, f"/v1/stays/{stay}/coverage", {"kind": "employee", "psn_no": "3299000001"}, 200)


def _reversal(day: Everyday) -> Sent:
    stay, patient_id = _stay(day)
    now = day.clock()
    with day.hospital.databases["billing"].write() as uow:
        record_coverage(uow, actor=NURSE, now=now, encounter_id=stay, **INSURED)
        account_id = uow.session.execute(sa.select(store.accounts.c.id)).scalar_one()
        about: dict[str, Any] = {"account_id": account_id, "patient_id": patient_id, "lines": WORKED_EXAMPLE}
        claim = open_claim(uow, settlement_id=stay, now=now, actor=NURSE, **about)
    return Sent(CASHIER, f"/v1/claims/{claim.id}/reversal", {"reason": "病人改自费"}, 200)


def _correction(day: Everyday) -> Sent:
    stay, patient_id = _stay(day)
    with day.hospital.databases["billing"].write() as uow:
        about: dict[str, Any] = {"kind": ReceiptKind.MEDICAL, "content": CONTENT, "actor": NURSE, "now": day.clock()}
        request_receipt(uow, subject_id=stay, encounter_id=stay, patient_id=patient_id, **about)
    day.hospital.turn()
    [receipt] = day.done(day.at("billing", CASHIER).get(f"/v1/stays/{stay}/receipts"))["items"]
    return Sent(CASHIER, f"/v1/receipts/{receipt['id']}/correction", {"reason": "姓名写错"}, 200)


def _stuck_act(act: str, body: dict[str, str]) -> Callable[[Everyday], Sent]:
    def request(day: Everyday) -> Sent:
        slot, wang = day.slots()[0], day.register()
        held = day.hold(wang, slot)
        day.hospital.turn()
        payment = day.ask_to_pay(wang, day.invoice(wang, held["id"]))
        return Sent(CASHIER, f"/v1/stuck/payment/{payment['id']}/{act}", body, 200)

    return request


REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "billing.record_coverage": _coverage,
    "billing.reverse_claim": _reversal,
    "billing.correct_receipt": _correction,
    "billing.retry_stuck": _stuck_act("retry", {}),
    "billing.look_after_stuck": _stuck_act("care", {}),
    "billing.set_aside_stuck": _stuck_act("set-aside", {"reason": "等银行答复"}),
}
