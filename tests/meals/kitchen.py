"""A ward and its kitchen for tests: patients in beds, diets, orders, the cut-off and the trays."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.meals import store
from services.meals.consumers import SUBSCRIPTIONS
from services.meals.domain.diet_orders import Allergy, DietOrder, DietSource
from services.meals.domain.food import Allergen
from services.meals.domain.meal_times import Meal
from services.meals.domain.npo import Npo, NpoKind, NpoReason
from services.meals.domain.orders import Order, Wish
from services.meals.seed import fill_kitchen
from services.meals.store import provisions
from services.meals.usecases import companions, make_menus, orders, production, trays
from shared.actor import Actor
from shared.clock import at_hospital
from shared.database import Database
from shared.door import Door
from tests.meals.kept import TODAY, TOMORROW, Kept, id_of
from tests.support.callers import patient
from tests.support.clock import StandingClock

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
COOK = Actor(subject="staff:cook", roles=("canteen",))


class Kitchen(Kept):
    """One ward's worth of people, at the clock's present instant."""

    def __init__(self, database: Database, clock: StandingClock) -> None:
        super().__init__(database)
        self.clock = clock
        with database.write() as uow:
            fill_kitchen(uow, Door(database, clock))
            make_menus(uow, now=clock())

    # ------------------------------------------------------------------------------------------------- what happens

    def hear(self, type_: str, **data: Any) -> None:
        """A fact of another service, as the inbox takes it."""
        subscription = SUBSCRIPTIONS[type_]
        with self.database.write() as uow, uow.savepoint():
            loaded = subscription.schema().load(data)
            subscription.use_case(uow, data=loaded, actor=Actor.system("meals"), now=self.clock())

    def stay(self, name: str, step: str, version: int, *, bed: str = "07", state: str = "in_progress") -> UUID:
        """A fact of somebody's stay."""
        ended = self.clock() if state == "finished" else None
        self.hear(
            f"records.encounter_{step}.v1",
            encounter_id=str(id_of(name)),
            patient_id=str(id_of(f"patient {name}")),
            encounter_class="IMP",
            state=state,
            campus={"code": "MAIN"},
            ward={"id": str(id_of("ward")), "code": "W1", "zh": "心内一病区", "en": "Cardiology, Ward 1"},
            bed={"id": str(id_of(f"bed {bed}")), "label": bed},
            started_at=self.clock().isoformat(),
            ended_at=ended and ended.isoformat(),
            version=version,
        )
        return id_of(name)

    def admit(self, name: str = "Wang", *codes: str, bed: str = "07", texture: str = "GENERAL") -> UUID:
        """Somebody in a bed, with a diet order."""
        self.hear(
            "records.patient_registered.v1",
            patient_id=str(id_of(f"patient {name}")),
            mrn=f"1000{id_of(name).int % 100000:05d}",
            verified=True,
            sex=None,
            birth_on=None,
            name_masked=f"{name[0]}*",
        )
        encounter_id = self.stay(name, "admitted", 1, bed=bed)
        self.diet(name, *codes, texture=texture)
        return encounter_id

    def discharge(self, name: str = "Wang", *, version: int = 2, bed: str = "07") -> None:
        """Somebody goes home."""
        self.stay(name, "discharged", version, bed=bed, state="finished")

    def diet(self, name: str, *codes: str, texture: str = "GENERAL") -> None:
        """A new diet order, in force at once."""
        now, encounter_id = self.clock(), id_of(name)
        with self.database.write() as uow:
            store.lock_stay(uow, encounter_id)
            former = store.diet_orders_of(uow, encounter_id)
            for each in former:
                each.make_room(now)
            uow.session.flush()
            uow.session.add(
                DietOrder(
                    id=uuid4(),
                    encounter_id=encounter_id,
                    version=len(former) + 1,
                    texture=texture,
                    restrictions=list(codes),
                    energy_kcal=None,
                    exclusions=[],
                    source=DietSource.DOCTOR,
                    ordered_by="staff:doctor",
                    ordered_at=now,
                    starts_at=now,
                )
            )
            for fast in store.npo_orders_of(uow, encounter_id):
                if fast.ended_at is None:
                    fast.end(now, "staff:doctor")
            orders.recheck(uow, encounter_id=encounter_id, actor=NURSE, now=now)

    def fast(self, name: str, from_at: datetime | None = None) -> None:
        """Somebody must not eat, from now on or from an instant."""
        now = self.clock()
        with self.database.write() as uow:
            store.lock_stay(uow, id_of(name))
            uow.session.add(
                Npo(
                    id=uuid4(),
                    encounter_id=id_of(name),
                    kind=NpoKind.NO_FOOD,
                    reason=NpoReason.SURGERY,
                    from_at=from_at or now,
                    until_at=None,
                    ordered_at=now,
                    ordered_by="staff:doctor",
                )
            )
            orders.recheck(uow, encounter_id=id_of(name), actor=NURSE, now=now)

    def allergy(self, name: str, allergen: Allergen) -> None:
        """Somebody turns out to be allergic."""
        now = self.clock()
        with self.database.write() as uow:
            store.lock_stay(uow, id_of(name))
            uow.session.add(
                Allergy(
                    id=uuid4(),
                    encounter_id=id_of(name),
                    allergen=allergen,
                    reaction="",
                    noted_by="staff:nurse",
                    noted_at=now,
                )
            )
            orders.recheck(uow, encounter_id=id_of(name), actor=NURSE, now=now)

    def settle(self, name: str, what: str = "opened", number: int = 1) -> None:
        """Billing opens or withdraws the settlement of a stay."""
        ids = {"settlement_id": str(id_of(f"settlement {number} {name}")), "encounter_id": str(id_of(name))}
        self.hear(f"billing.settlement_{what}.v1", **ids)

    def billed(self, order_id: UUID, what: str, **more: Any) -> None:
        """Billing tells of the bill of a companion's meal."""
        ids = {"billed_kind": "meal_order", "billed_id": str(order_id), "invoice_id": str(id_of("invoice"))}
        self.hear(f"billing.{what}.v1", **ids, **more)

    # ----------------------------------------------------------------------------------------------- what people do

    def run(self, use_case: Any, *, actor: Actor = NURSE, **arguments: Any) -> Any:
        """Through the door's savepoint, without a key; a refusal is raised."""
        with self.database.write() as uow, uow.savepoint():
            return use_case(uow, actor=actor, now=self.clock(), **arguments)

    def family(self, name: str = "Wang") -> Actor:
        """Whoever acts for somebody."""
        return patient(id_of(f"patient {name}"))

    def dish(self, code: str) -> UUID:
        """A dish by its code."""
        with self.database.read() as uow:
            found: UUID = uow.session.execute(
                sa.select(store.dishes.c.id).where(store.dishes.c.code == code)
            ).scalar_one()
        return found

    def menu(self, day: date = TOMORROW, meal: Meal = Meal.LUNCH) -> list[Any]:
        """The dishes of a meal."""
        with self.database.read() as uow:
            return provisions.menu(uow, day, meal)

    def order(self, name: str, *codes: str, day: date = TOMORROW, meal: Meal = Meal.LUNCH, **more: Any) -> Order:
        """The family orders these dishes."""
        made: Order = self.run(
            orders.place_order,
            **{"actor": self.family(name), **more},
            encounter_id=id_of(name),
            meal_on=day,
            meal=meal,
            dishes=[Wish(self.dish(code), 1) for code in codes],
        )
        return made

    def companion_order(self, *codes: str, bed: str = "07", payer: str = "Zhao", day: date = TOMORROW) -> Order:
        """Somebody orders for themselves at a bed."""
        made: Order = self.run(
            companions.order_companion_meal,
            actor=patient(id_of(payer), account=f"account:{payer}"),
            bed_code=self.bed_code(bed),
            payer_id=id_of(payer),
            meal_on=day,
            meal=Meal.LUNCH,
            dishes=[Wish(self.dish(code), 1) for code in codes],
        )
        return made

    def cancel(self, order_id: UUID, name: str = "Wang") -> Order:
        """The family cancels."""
        made: Order = self.run(orders.cancel_order, actor=self.family(name), order_id=order_id)
        return made

    def freeze(self) -> int:
        """The clock freezes what is due."""
        frozen = 0
        while True:
            with self.database.write() as uow:
                done = production.freeze_due(uow, now=self.clock(), limit=100)
            frozen += done
            if not done:
                return frozen

    def plate(self, order_id: UUID) -> Any:
        """The canteen scans a tray."""
        return self.run(trays.plate_tray, actor=COOK, tray_code=self.row(order_id)["tray_code"])

    def hand_over(self, order_id: UUID, *, bed: str = "07", outcome: str = "delivered") -> Any:
        """At a bed, with the bed's code."""
        return self.run(
            trays.hand_over_tray,
            tray_code=self.row(order_id)["tray_code"],
            outcome=trays.Handover(outcome),
            bed_code=self.bed_code(bed),
        )

    def at(self, hour: int, minute: int = 0, day: date = TODAY) -> datetime:
        """Move the clock to a time on the hospital's wall."""
        self.clock.now = at_hospital(day, time(hour, minute))
        return self.clock.now


__all__ = ["COOK", "NURSE", "TODAY", "TOMORROW", "Kitchen", "id_of"]
