"""From the held place to the number in hand, and every way out of it, by facts alone."""

from __future__ import annotations

import pytest

from tests.support.callers import patient
from tests.support.everyday import LI, Everyday
from tests.support.whole_hospital import WholeHospital


def books_balance(day: Everyday) -> None:
    """Debits equal credits, and what the wallet holds is what the hospital thinks it holds there."""
    ledger = day.ledger()
    assert ledger["debit"] == ledger["credit"]
    wallet = [row["balance"]["amount"] for row in ledger["accounts"] if "wallet" in row["account"]]
    assert sum(round(float(amount) * 100) for amount in wallet) == day.wallet_balance_fen()


def test_a_patient_books_pays_and_is_confirmed(hospital: WholeHospital, day: Everyday) -> None:
    slot = day.slots()[0]
    wang = day.register()
    held = day.hold(wang, slot, client_reference="my-diary-7")
    assert (held["state"], held["payable"], held["number"]) == ("pending", False, None)
    hospital.turn()
    pending = day.appointment(wang, held["id"])
    assert (pending["state"], pending["payable"]) == ("pending", True)
    assert pending["held_until"] == "2026-11-23T01:15:00+00:00"
    invoice = day.invoice(wang, held["id"])
    assert (invoice["state"], invoice["amount"]["amount"]) == ("issued", "25.00")
    payment = day.pay(wang, held["id"])
    assert payment["state"] == "succeeded"
    booked = day.appointment(wang, held["id"])
    assert (booked["state"], booked["number"], booked["client_reference"]) == ("booked", 1, "my-diary-7")
    assert day.invoice(wang, held["id"])["state"] == "balanced"
    assert day.wallet_balance_fen() == 2500
    books_balance(day)


def test_while_the_queue_stands_still_the_place_is_kept_and_nobody_expires(
    hospital: WholeHospital, day: Everyday
) -> None:
    slot = day.slots()[0]
    wang = day.register()
    with hospital.pump.standing_queue():
        held = day.hold(wang, slot)
        hospital.pass_time(minutes=90)
        waiting = day.appointment(wang, held["id"])
        assert (waiting["state"], waiting["payable"]) == ("pending", False)
    hospital.turn()
    pending = day.appointment(wang, held["id"])
    assert (pending["payable"], pending["held_until"]) == (True, "2026-11-23T02:45:00+00:00")
    assert day.pay(wang, held["id"])["state"] == "succeeded"
    assert day.appointment(wang, held["id"])["state"] == "booked"


def test_who_pays_in_time_while_the_queue_stands_still_keeps_the_place(hospital: WholeHospital, day: Everyday) -> None:
    slot = day.slots(places=1)[0]
    wang, li = day.register(), day.register(LI)
    held = day.hold(wang, slot)
    hospital.turn()
    payment = day.ask_to_pay(wang, day.invoice(wang, held["id"]))
    hospital.clock.advance(minutes=14)
    with hospital.pump.standing_queue():
        day.tap(payment)
        hospital.turn()
        assert day.payment(wang, payment["id"])["state"] == "succeeded", "the wallet's notice came over HTTP"
        hospital.pass_time(minutes=21)
        waiting = day.appointment(wang, held["id"])
        assert (waiting["state"], waiting["held_until"]) == ("pending", "2026-11-23T01:15:00+00:00")
        assert day.refusal(li, slot) == "slot_taken"
    hospital.turn()
    booked = day.appointment(wang, held["id"])
    assert (booked["state"], booked["number"], booked["cancel_reason"]) == ("booked", 1, None)
    invoice = day.invoice(wang, held["id"])
    assert (invoice["state"], invoice["refunded"]["amount"]) == ("balanced", "0.00")
    assert day.refunds(invoice) == []
    assert day.wallet_balance_fen() == 2500
    books_balance(day)


def test_who_has_not_paid_when_the_queue_stands_still_loses_the_place_once_it_runs(
    hospital: WholeHospital, day: Everyday
) -> None:
    slot = day.slots(places=1)[0]
    wang, li = day.register(), day.register(LI)
    held = day.hold(wang, slot)
    hospital.turn()
    with hospital.pump.standing_queue():
        hospital.pass_time(minutes=35)
        assert day.appointment(wang, held["id"])["state"] == "pending"
        assert day.refusal(li, slot) == "slot_taken"
    hospital.turn()
    gone = day.appointment(wang, held["id"])
    assert (gone["state"], gone["cancel_reason"]) == ("cancelled", "expired")
    assert day.invoice(wang, held["id"])["state"] == "cancelled"
    assert day.hold(li, slot)["state"] == "pending", "the place came back, once"
    books_balance(day)


def test_a_place_not_paid_for_expires_and_its_bill_is_cancelled(hospital: WholeHospital, day: Everyday) -> None:
    slot = day.slots(places=1)[0]
    wang, li = day.register(), day.register(LI)
    held = day.hold(wang, slot)
    hospital.turn()
    hospital.pass_time(minutes=14, seconds=59)
    assert day.appointment(wang, held["id"])["state"] == "pending"
    hospital.pass_time(seconds=2)
    gone = day.appointment(wang, held["id"])
    assert (gone["state"], gone["cancel_reason"]) == ("cancelled", "expired")
    assert day.invoice(wang, held["id"])["state"] == "cancelled"
    assert day.hold(li, slot)["state"] == "pending", "the place came back, once"
    books_balance(day)


def test_who_pays_too_late_gets_the_money_back_without_asking(hospital: WholeHospital, day: Everyday) -> None:
    slot = day.slots()[0]
    wang = day.register()
    held = day.hold(wang, slot)
    hospital.turn()
    hospital.pass_time(minutes=10)
    payment = day.ask_to_pay(wang, day.invoice(wang, held["id"]))
    hospital.clock.advance(minutes=5)
    hospital.pump.fire_timers()
    hospital.pump.relay()
    hospital.pump.deliver()
    assert day.invoice(wang, held["id"])["state"] == "cancelled"
    day.tap(payment, "never_told")  # the bill has ended, and the wallet has not been asked to close the order yet
    hospital.turn()
    hospital.pass_time(minutes=6)
    gone = day.appointment(wang, held["id"])
    assert (gone["state"], gone["cancel_reason"]) == ("cancelled", "expired")
    invoice = day.invoice(wang, held["id"])
    assert (invoice["state"], invoice["paid"]["amount"], invoice["refunded"]["amount"]) == (
        "cancelled",
        "25.00",
        "25.00",
    )
    assert day.wallet_balance_fen() == 0
    books_balance(day)


def test_who_cancels_gets_the_money_back(hospital: WholeHospital, day: Everyday) -> None:
    slot = day.slots(places=1)[0]
    wang, li = day.register(), day.register(LI)
    held = day.hold(wang, slot)
    hospital.turn()
    day.pay(wang, held["id"])
    assert day.wallet_balance_fen() == 2500
    assert day.cancel(wang, held["id"])["state"] == "cancelled"
    hospital.turn()
    hospital.pass_time(seconds=10)
    invoice = day.invoice(wang, held["id"])
    assert (invoice["state"], invoice["refunded"]["amount"]) == ("cancelled", "25.00")
    assert day.wallet_balance_fen() == 0
    assert day.hold(li, slot)["state"] == "pending"
    books_balance(day)


@pytest.mark.parametrize("outcome", ["told_twice", "told_late", "never_told"])
def test_however_the_wallet_tells_it_one_payment_counts_once(
    hospital: WholeHospital, day: Everyday, outcome: str
) -> None:
    slot = day.slots()[0]
    wang = day.register()
    held = day.hold(wang, slot)
    hospital.turn()
    payment = day.ask_to_pay(wang, day.invoice(wang, held["id"]))
    day.tap(payment, outcome)
    hospital.turn()
    for _ in range(4):
        hospital.pass_time(seconds=45)
    assert day.appointment(wang, held["id"])["state"] == "booked"
    assert day.invoice(wang, held["id"])["paid"]["amount"] == "25.00"
    assert day.wallet_balance_fen() == 2500
    books_balance(day)


def test_two_people_cannot_take_one_place(hospital: WholeHospital, day: Everyday) -> None:
    slot = day.slots(places=1)[0]
    wang, li = day.register(), day.register(LI)
    day.hold(wang, slot)
    assert day.refusal(li, slot) == "slot_taken"
    caller = day.at("appointments", patient(li))
    assert day.done(caller.get("/v1/appointments", patient_id=str(li)))["items"] == []


def test_the_broker_loses_everything_and_the_hospital_heals(hospital: WholeHospital, day: Everyday) -> None:
    slot = day.slots()[0]
    wang = day.register()
    held = day.hold(wang, slot)
    hospital.pump.relay()
    assert hospital.pump.lose_what_travels() > 0
    hospital.turn()
    assert day.appointment(wang, held["id"])["payable"] is False
    hospital.pump.beat()
    hospital.turn()
    assert day.appointment(wang, held["id"])["payable"] is True
    assert day.pay(wang, held["id"])["state"] == "succeeded"
    assert day.appointment(wang, held["id"])["state"] == "booked"
