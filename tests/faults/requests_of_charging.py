"""The POSTs of charging a stay and of its deposits, each ready to be sent: for the crash points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.billing.seed import demo_price_list, demo_rates
from services.billing.usecases import open_price_list
from shared.actor import Actor
from tests.faults.sending import Sent
from tests.support.callers import patient
from tests.support.everyday import Everyday
from tests.support.ward import Ward

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
FINANCE = Actor(subject="staff:finance", roles=("finance",))
CT = "03001"


def _stay(day: Everyday) -> dict[str, Any]:
    """Somebody lies in a bed, and there is a price list."""
    items, terms = demo_price_list()
    with day.hospital.databases["billing"].write() as uow:
        rates = demo_rates(items)
        actor = Actor.system("billing", "seed")
        open_price_list(uow, items=items, terms=terms, rates=rates, actor=actor, now=day.clock())
    return Ward(day).admit(day.register())


def _item() -> str:
    items, _ = demo_price_list()
    return str(next(each.id for each in items if each.code == CT))


def _charge(day: Everyday) -> Sent:
    body = {"lines": [{"item_id": _item(), "quantity": "2"}]}
    return Sent(NURSE, f"/v1/stays/{_stay(day)['id']}/charges", body, 201)


def _return(day: Everyday) -> Sent:
    ready = _charge(day)
    (line,) = day.done(day.at("billing", NURSE).post(ready.path, ready.body))["items"]
    return Sent(NURSE, f"/v1/charges/{line['id']}/return", {"quantity": "1", "reason": "少做了一次"}, 201)


def _file(day: Everyday) -> Sent:
    line = f"L1,{_stay(day)['id']},{CT},1,2026-11-23"
    return Sent(
        NURSE, "/v1/charge-files", {"text": f"reference,encounter_id,item_code,quantity,charged_on\n{line}"}, 200
    )


def _price(day: Everyday) -> Sent:
    _stay(day)
    body = {"from_on": "2026-12-01", "price": "190.00", "catalogue_class": "02", "self_pay_ratio": "0.1"}
    return Sent(FINANCE, f"/v1/priced-items/{_item()}/prices", body, 201)


def _deposit(day: Everyday) -> Sent:
    stay = _stay(day)
    amount = {"amount": {"amount": "1000.00", "currency": "CNY"}}
    return Sent(patient(UUID(stay["patient_id"])), f"/v1/stays/{stay['id']}/deposits", amount, 201)


REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "billing.charge_stay": _charge,
    "billing.return_charge": _return,
    "billing.take_charge_file": _file,
    "billing.set_price": _price,
    "billing.ask_for_deposit": _deposit,
}
