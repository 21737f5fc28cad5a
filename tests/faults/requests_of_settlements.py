"""The POSTs of settling a stay, each ready to be sent: for the crash points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from services.billing import store, usecases
from shared.actor import Actor
from tests.faults.sending import Sent
from tests.support.everyday import Everyday
from tests.support.ward import Ward

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
WHY = {"reason": "核对过了"}
NAME = [[[100, 100], [200, 180], [320, 120]], [[400, 100], [420, 300]]]


class Settling:
    """One stay in the whole hospital on its way to being settled."""

    def __init__(self, day: Everyday) -> None:
        self.day = day
        self.stay = Ward(day).admit(day.register())
        self.nurse = day.at("billing", NURSE)
        self.id = ""

    def shown(self) -> dict[str, Any]:
        """The settlement."""
        return self.day.done(self.nurse.get(f"/v1/settlements/{self.id}"))

    def post(self, path: str, body: Any) -> dict[str, Any]:
        """One act on it."""
        return self.day.done(self.nurse.post(f"/v1/settlements/{self.id}/{path}", body))

    def to(self, stage: str) -> Settling:
        """As far as this stage."""
        self.id = self.day.done(self.nurse.post("/v1/settlements", {"encounter_id": self.stay["id"]}))["id"]
        if stage == "opened":
            return self
        for check in self.shown()["checks"]:
            if check["state"] in {"waiting", "blocked"}:
                self.post("overrules", {"code": check["code"], **WHY})
        for before, path in (("checkable", "bill"), ("checked", "presentation")):
            if stage == before:
                return self
            self.post(path, {})
        if stage != "presented":
            self.post("signature", self.signature())
        return self

    def signature(self) -> dict[str, Any]:
        """What the person signs now."""
        return {"digest": self.shown()["digest"], "signer": "patient", "strokes": NAME}


def _opening(day: Everyday) -> Sent:
    return Sent(NURSE, "/v1/settlements", {"encounter_id": Settling(day).stay["id"]}, 201)


def _act(stage: str, path: str, body: Any, status: int = 200) -> Callable[[Everyday], Sent]:
    def request(day: Everyday) -> Sent:
        return Sent(NURSE, f"/v1/settlements/{Settling(day).to(stage).id}/{path}", body, status)

    return request


def _signature(day: Everyday) -> Sent:
    case = Settling(day).to("presented")
    return Sent(NURSE, f"/v1/settlements/{case.id}/signature", case.signature(), 201)


def _bearing_alone(day: Everyday) -> Sent:
    case = Settling(day).to("checked")
    with day.hospital.databases["billing"].engine.begin() as connection:
        connection.exec_driver_sql("UPDATE settlements SET basis = 'estimate', claim_problem = 'not_insured'")
    return Sent(NURSE, f"/v1/settlements/{case.id}/self-payment", WHY, 200)


def _decision(day: Everyday) -> Sent:
    case = Settling(day).to("settled")
    with day.hospital.databases["billing"].write() as uow:
        account = store.lock_stay_account(uow, encounter_id=UUID(case.stay["id"]))
        assert account is not None
        late = usecases.note_late_charge(
            uow,
            account_id=account.id,
            charge_id=uuid4(),
            medical=True,
            text_zh="换药",
            text_en="Dressing",
            amount_fen=1200,
            now=day.clock(),
        )
        assert late is not None
    return Sent(CASHIER, f"/v1/late-charges/{late.id}/decision", {"way": "billed", **WHY}, 200)


REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "billing.open_settlement": _opening,
    "billing.overrule_check": _act("opened", "overrules", {"code": "bed_days", **WHY}, 201),
    "billing.close_bill": _act("checkable", "bill", {}),
    "billing.present_settlement": _act("checked", "presentation", {}),
    "billing.sign_settlement": _signature,
    "billing.withdraw_settlement": _act("presented", "withdrawal", WHY),
    "billing.bear_alone": _bearing_alone,
    "billing.decide_late_charge": _decision,
}

ELSEWHERE = {
    "billing.pay_settlement": "as billing.request_payment, of which it is made",
    "billing.claim_again": "tests/billing: a claim is an intent, opened in the transaction of the act",
}
