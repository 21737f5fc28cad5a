"""What happens every day in the whole hospital, each step through a service's HTTP door as its person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from shared.actor import Actor
from shared.clock import hospital_day
from tests.support.callers import FRONT_DESK, Caller, patient
from tests.support.whole_hospital import WholeHospital

ADMIN = Actor(subject="staff:admin", roles=("admin",))
EVERYBODY = Actor(subject="public", roles=("public",))
NEW_ACCOUNT = Actor(subject="account:one", roles=("patient",))
WANG = {"name": "王建国", "document_type": "01", "document_number": "329900195603080017", "phone": "19900000001"}
LI = {
    "name": "李秀英",
    "document_type": "03",
    "document_number": "E12345678",
    "birth_on": "1960-05-01",
    "sex": "female",
}
FEE = {"amount": "25.00", "currency": "CNY"}


class Everyday:
    """Steps of patients, desk and administration in a whole hospital."""

    def __init__(self, hospital: WholeHospital) -> None:
        self.hospital = hospital
        self.clock = hospital.clock

    def at(self, service: str, actor: Actor) -> Caller:
        """The service's HTTP door as this actor."""
        return Caller(self.hospital.apps[service].test_client(), actor, self.clock)

    def done(self, answer: Any) -> dict[str, Any]:
        """The answer of a request that must have succeeded."""
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return dict(answer.get_json())

    # ------------------------------------------------------------------------------------------ the administration

    def campus(self) -> dict[str, Any]:
        """The main campus."""
        body = {"code": "MAIN", "name": {"zh": "本部", "en": "Main Campus"}}
        return self.done(self.at("appointments", ADMIN).post("/v1/campuses", body))

    def department(self) -> dict[str, Any]:
        """Cardiology on the main campus."""
        body = {
            "code": "CARD",
            "campus": "MAIN",
            "name": {"zh": "心血管内科", "en": "Cardiology"},
            "location": {"zh": "门诊楼3层", "en": "Outpatient building, floor 3"},
        }
        return self.done(self.at("appointments", ADMIN).post("/v1/departments", body))

    def doctor(self) -> dict[str, Any]:
        """Dr Chen of cardiology."""
        self.campus()
        body = {
            "department_id": self.department()["id"],
            "name": {"zh": "陈思远", "en": "Chen Siyuan"},
            "title": "associate_chief",
        }
        return self.done(self.at("appointments", ADMIN).post("/v1/practitioners", body))

    def session(self, doctor_id: str, *, places: int = 8, days: int = 1) -> dict[str, Any]:
        """A morning session of a doctor, so many days ahead, with its slots."""
        body = {
            "practitioner_id": doctor_id,
            "date": (hospital_day(self.clock()) + timedelta(days=days)).isoformat(),
            "session": "morning",
            "number_type": "expert",
            "fee": FEE,
            "places": places,
        }
        made = self.done(self.at("appointments", ADMIN).post("/v1/schedules", body))
        self.hospital.turn()
        return made

    def slots(self, *, places: int = 8, days: int = 1) -> list[str]:
        """The ids of the slots of a new doctor's session, earliest first."""
        doctor = self.doctor()
        session = self.session(doctor["id"], places=places, days=days)
        path = f"/v1/practitioners/{doctor['id']}/slots"
        items = self.done(self.at("appointments", EVERYBODY).get(path, date=session["date"]))["items"]
        return [item["id"] for item in items]

    # ------------------------------------------------------------------------------------------------- patients

    def register(self, person: dict[str, Any] = WANG, actor: Actor = NEW_ACCOUNT) -> UUID:
        """A person registered under their real name, known to all services."""
        made = self.done(self.at("records", actor).post("/v1/patients", person))
        self.hospital.turn()
        return UUID(made["id"])

    def hold(self, patient_id: UUID, slot_id: str, **more: Any) -> dict[str, Any]:
        """A place held by the patient; the bill has not been heard of yet."""
        body = {"slot_id": slot_id, "patient_id": str(patient_id), **more}
        return self.done(self.at("appointments", patient(patient_id)).post("/v1/appointments", body))

    def refusal(self, patient_id: UUID, slot_id: str) -> str:
        """Why the patient does not get a place; they must not get it."""
        body = {"slot_id": slot_id, "patient_id": str(patient_id)}
        answer = self.at("appointments", patient(patient_id)).post("/v1/appointments", body)
        assert answer.status_code == 409, answer.get_data(as_text=True)
        return str(answer.get_json()["code"])

    def appointment(self, patient_id: UUID, appointment_id: str) -> dict[str, Any]:
        """The appointment as its patient sees it now."""
        return self.done(self.at("appointments", patient(patient_id)).get(f"/v1/appointments/{appointment_id}"))

    def invoice(self, patient_id: UUID, appointment_id: str) -> dict[str, Any]:
        """The bill of an appointment as its patient sees it now."""
        caller = self.at("billing", patient(patient_id))
        [item] = self.done(caller.get("/v1/invoices", billed_kind="appointment", billed_id=appointment_id))["items"]
        return dict(item)

    def ask_to_pay(self, patient_id: UUID, invoice: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A payment asked for, and opened at the wallet."""
        body = {"invoice_id": invoice["id"], "amount": invoice["amount"], "channel": "sandbox_wallet", **more}
        asked = self.done(self.at("billing", patient(patient_id)).post("/v1/payments", body))
        self.hospital.turn()
        return self.payment(patient_id, asked["id"])

    def payment(self, patient_id: UUID, payment_id: str) -> dict[str, Any]:
        """The payment as its patient sees it now."""
        return self.done(self.at("billing", patient(patient_id)).get(f"/v1/payments/{payment_id}"))

    def tap(self, payment: dict[str, Any], outcome: str = "paid") -> None:
        """The person taps an outcome on the wallet's page; nothing has been told to the hospital yet."""
        path = urlsplit(payment["pay_url"]).path
        answer = self.hospital.apps["wallet"].test_client().post(path, data={"outcome": outcome})
        assert answer.status_code == 303, answer.get_data(as_text=True)

    def bill(self, patient_id: UUID, invoice_id: str) -> dict[str, Any]:
        """One bill of a patient."""
        return self.done(self.at("billing", patient(patient_id)).get(f"/v1/invoices/{invoice_id}"))

    def pay(self, patient_id: UUID, appointment_id: str) -> dict[str, Any]:
        """The whole way from the bill to the money being there."""
        payment = self.ask_to_pay(patient_id, self.invoice(patient_id, appointment_id))
        self.tap(payment)
        self.hospital.turn()
        return self.payment(patient_id, payment["id"])

    def pay_cash(self, patient_id: UUID, appointment_id: str) -> dict[str, Any]:
        """Money on the counter."""
        invoice = self.invoice(patient_id, appointment_id)
        body = {"invoice_id": invoice["id"], "amount": invoice["amount"], "channel": "cash"}
        paid = self.done(self.at("billing", FRONT_DESK).post("/v1/payments", body))
        self.hospital.turn()
        return paid

    def cancel(self, patient_id: UUID, appointment_id: str) -> dict[str, Any]:
        """The patient gives the place back."""
        path = f"/v1/appointments/{appointment_id}/cancellation"
        return self.done(self.at("appointments", patient(patient_id)).post(path))

    def refunds(self, invoice: dict[str, Any]) -> list[dict[str, Any]]:
        """What goes or went back of a bill, as its patient sees it."""
        caller = self.at("billing", patient(UUID(invoice["patient_id"])))
        return list(self.done(caller.get("/v1/refunds", invoice_id=invoice["id"]))["items"])

    def ledger(self) -> dict[str, Any]:
        """What finance sees of the books."""
        finance = Actor(subject="staff:finance", roles=("finance",))
        return self.done(self.at("billing", finance).get("/v1/ledger/summary"))

    def wallet_balance_fen(self) -> int:
        """What the wallet holds for the hospital, from its own books."""
        row = (
            self.hospital.apps["wallet"]
            .extensions["wallet.books"]
            .one(
                "SELECT COALESCE(SUM(CASE kind WHEN 'payment' THEN amount_fen ELSE -amount_fen END), 0) AS balance "
                "FROM movements"
            )
        )
        return int(row["balance"])
