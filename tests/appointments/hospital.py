"""A small hospital for tests: a campus, a department, a doctor, sessions and patients, made through the use cases."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.appointments import queries, store, usecases
from services.appointments.consumers import SUBSCRIPTIONS
from services.appointments.domain import (
    Appointment,
    Audience,
    BookingRules,
    Campus,
    Department,
    Names,
    NumberType,
    Practitioner,
    Schedule,
    Session,
    Sex,
    Title,
    session_hours,
)
from services.appointments.store.tables import appointments, schedules, slots
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import Database, UnitOfWork
from shared.errors import DomainError
from tests.support.callers import FRONT_DESK
from tests.support.clock import StandingClock

SYSTEM = Actor.system("billing", "from-billing")


class Hospital:
    """Cardiology on the main campus with Dr Chen; more is added as a test needs it."""

    def __init__(self, database: Database, clock: StandingClock) -> None:
        self.database, self.clock = database, clock
        self.campus = Campus(id=uuid.uuid4(), code="MAIN", name=Names("本部", "Main Campus"))
        with database.write() as uow:
            usecases.open_campuses(uow, campuses=[self.campus])
        self.department = self.open_department("CARD", "心血管内科", "Cardiology")
        self.doctor = self.engage(self.department, "陈思远", "Chen Siyuan")

    @property
    def today(self) -> date:
        return hospital_day(self.clock())

    def open_department(self, code: str, zh: str, en: str, audience: Audience | None = None) -> Department:
        department = Department(
            id=uuid.uuid4(),
            code=code,
            name=Names(zh, en),
            campus_id=self.campus.id,
            location=Names("门诊楼3层", "Outpatient Building, Floor 3"),
            audience=audience or Audience(),
        )
        with self.database.write() as uow:
            usecases.open_departments(uow, departments=[department])
        return department

    def engage(self, department: Department, zh: str, en: str, title: Title = Title.CHIEF) -> Practitioner:
        practitioner = Practitioner(
            id=uuid.uuid4(),
            department_id=department.id,
            name=Names(zh, en),
            title=title,
            speciality=Names("冠心病", "Coronary disease"),
        )
        with self.database.write() as uow:
            usecases.engage_practitioners(uow, practitioners=[practitioner])
        return practitioner

    def plan(
        self,
        doctor: Practitioner | None = None,
        *,
        days: int = 1,
        session: Session = Session.MORNING,
        places: int = 8,
        fee_fen: int = 3500,
    ) -> Schedule:
        """A session so many days from today, without slots yet."""
        doctor = doctor or self.doctor
        day = self.today + timedelta(days=days)
        starts_at, ends_at = session_hours(day, session)
        schedule = Schedule(
            id=uuid.uuid4(),
            practitioner_id=doctor.id,
            department_id=doctor.department_id,
            date=day,
            session=session,
            number_type=NumberType.EXPERT,
            fee_fen=fee_fen,
            places=places,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        with self.database.write() as uow:
            assert usecases.plan_sessions(uow, schedules=[schedule]) == 1
        return schedule

    def slots(self, doctor: Practitioner | None = None, **plan: Any) -> list[UUID]:
        """The slots of a new session, in the order of their time."""
        schedule = self.plan(doctor, **plan)
        with self.database.write() as uow:
            usecases.make_slots(uow, now=self.clock(), limit=100)
        with self.database.read() as uow:
            query = sa.select(slots.c.id).where(slots.c.schedule_id == schedule.id).order_by(slots.c.starts_at)
            return list(uow.session.scalars(query))

    def slot(self, doctor: Practitioner | None = None, **plan: Any) -> UUID:
        """The first slot of a new session."""
        return self.slots(doctor, **plan)[0]

    def patient(self, *, sex: Sex = Sex.FEMALE, birth_on: date = date(1980, 5, 1), verified: bool = True) -> UUID:
        patient_id = uuid.uuid4()
        data = {"patient_id": str(patient_id), "sex": sex, "birth_on": birth_on.isoformat(), "verified": verified}
        self.hear("records.patient_registered.v1", data)
        return patient_id

    def merge(self, patient_id: UUID, into: UUID) -> None:
        self.hear("records.patient_merged.v1", {"patient_id": str(patient_id), "merged_into": str(into)})

    # ------------------------------------------------------------------------------------------------- what happens

    def hear(self, type_: str, data: dict[str, Any]) -> None:
        """A fact of another service arrives, as the inbox would hand it on."""
        with self.database.write() as uow:
            self.apply(uow, type_, data)

    def apply(self, uow: UnitOfWork, type_: str, data: dict[str, Any]) -> None:
        subscription = SUBSCRIPTIONS[type_]
        loaded = subscription.schema().load(data)
        subscription.use_case(uow, data=loaded, actor=SYSTEM, now=self.clock())

    def about_invoice(self, what: str, appointment_id: UUID, invoice_id: UUID | None = None) -> UUID:
        """Billing tells what happened to the invoice of an appointment: issued, paid, cancelled."""
        invoice_id = invoice_id or uuid.uuid5(appointment_id, "invoice")
        billed = {"billed_kind": "appointment", "billed_id": str(appointment_id)}
        self.hear(f"billing.invoice_{what}.v1", {"invoice_id": str(invoice_id), **billed})
        return invoice_id

    def hold_all(self, *requests: usecases.HoldRequest) -> list[Appointment | DomainError]:
        with self.database.write() as uow:
            return usecases.hold_places(uow, requests=requests, now=self.clock())

    @staticmethod
    def request(slot_id: UUID, patient_id: UUID, actor: Actor = FRONT_DESK) -> usecases.HoldRequest:
        return usecases.HoldRequest(actor=actor, slot_id=slot_id, patient_id=patient_id)

    def hold(self, slot_id: UUID, patient_id: UUID, actor: Actor = FRONT_DESK) -> Appointment:
        """Hold a place; a refusal is raised."""
        [result] = self.hold_all(self.request(slot_id, patient_id, actor))
        if isinstance(result, DomainError):
            raise result
        return result

    def booked(self, slot_id: UUID, patient_id: UUID) -> Appointment:
        """An appointment that is held, billed and paid."""
        held = self.hold(slot_id, patient_id)
        self.about_invoice("issued", held.id)
        self.about_invoice("paid", held.id)
        return self.appointment(held.id)

    def run(self, use_case: Any, **arguments: Any) -> Any:
        """Any use case in a unit of work of its own, with the clock's instant."""
        with self.database.write() as uow:
            return use_case(uow, now=self.clock(), **arguments)

    def set_rules(self, **changes: Any) -> None:
        self.run(usecases.set_booking_rules, actor=Actor(subject="staff:admin", roles=("admin",)), **changes)

    # ------------------------------------------------------------------------------------------------ what there is

    def appointment(self, appointment_id: UUID) -> Appointment:
        with self.database.read() as uow:
            return queries.get_appointment(uow, actor=FRONT_DESK, now=self.clock(), appointment_id=appointment_id)

    def rules(self, at: datetime | None = None) -> BookingRules:
        with self.database.read() as uow:
            return queries.get_booking_rules(uow, actor=FRONT_DESK, now=at or self.clock())

    def taken(self, slot_id: UUID) -> int:
        with self.database.read() as uow:
            return int(uow.session.scalar(sa.select(slots.c.taken).where(slots.c.id == slot_id)) or 0)

    def schedule_row(self, schedule_id: UUID) -> Any:
        with self.database.read() as uow:
            return uow.session.execute(sa.select(schedules).where(schedules.c.id == schedule_id)).one()

    def count(self, **conditions: Any) -> int:
        """How many appointments there are with these values."""
        query = sa.select(sa.func.count()).select_from(appointments)
        for name, value in conditions.items():
            query = query.where(appointments.c[name] == value)
        with self.database.read() as uow:
            return int(uow.session.scalar(query) or 0)

    def facts(self, *, full: bool = False) -> list[Any]:
        """What was published so far: the last words of the types, or type and data."""
        outbox = store.toolbox.outbox
        with self.database.read() as uow:
            envelopes = list(uow.session.scalars(sa.select(outbox.c.envelope).order_by(outbox.c.position)))
        if full:
            return [(each["type"], each["data"]) for each in envelopes]
        return [each["type"].split(".")[1].removeprefix("appointment_") for each in envelopes]

    def accesses(self) -> list[tuple[UUID, str, bool]]:
        """Whose data was asked for by which operation, and whether it was told."""
        log = store.toolbox.access_log
        query = sa.select(log.c.patient_id, log.c.operation, log.c.granted).order_by(log.c.position)
        with self.database.read() as uow:
            return [(row.patient_id, row.operation, row.granted) for row in uow.session.execute(query)]

    def everything(self) -> tuple[Any, ...]:
        """All that a refusal must leave as it was."""
        with self.database.read() as uow:
            tables = (appointments, slots, schedules)
            rows = [
                sorted(map(tuple, uow.session.execute(sa.select(table).order_by(table.c.id)).all()), key=str)
                for table in tables
            ]
        return (*rows, self.facts(full=True))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
