"""What meals keeps and has told, as tests look at it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from services.meals import store
from services.meals.domain.meal_times import Meal
from services.meals.store import order_tables as tables
from shared.database import Database

SPACE = UUID("11111111-2222-4333-8444-555555555555")
TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


def id_of(name: str) -> UUID:
    """The same id for the same name, in every test."""
    return uuid5(SPACE, name)


class Kept:
    """Reads of the database of meals."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def bed_code(self, bed: str = "07") -> str:
        """What is on the card of a bed."""
        table = tables.bed_codes
        with self.database.read() as uow:
            query = sa.select(table.c.bed_code).where(table.c.bed_id == id_of(f"bed {bed}"))
            return str(uow.session.execute(query).scalar_one())

    def row(self, order_id: UUID) -> dict[str, Any]:
        """An order as it is kept."""
        with self.database.read() as uow:
            query = sa.select(tables.orders).where(tables.orders.c.id == order_id)
            return dict(uow.session.execute(query).mappings().one())

    def rows(self, name: str = "Wang", table: sa.Table = tables.orders) -> list[dict[str, Any]]:
        """All orders (or charges) of a stay, the oldest first."""
        with self.database.read() as uow:
            found = uow.session.execute(sa.select(table).where(table.c.encounter_id == id_of(name))).mappings().all()
        time = "ordered_at" if table is tables.orders else "charged_at"
        return [dict(row) for row in sorted(found, key=lambda row: (row[time], row["id"].int))]

    def states(self, name: str = "Wang") -> list[tuple[str, str, str | None]]:
        """Meal, state and reason of each order, by day and time."""
        order = list(Meal)
        when = lambda row: (row["meal_on"], order.index(row["meal"]), row["ordered_at"], row["ended_at"] is None)  # noqa: E731
        rows = sorted(self.rows(name), key=when)
        return [(row["meal"].value, row["state"].value, row["end_reason"] and row["end_reason"].value) for row in rows]

    def standing_fen(self, name: str = "Wang") -> int:
        """What stands on the account of a stay, by what was told to billing, each charge counted once."""
        told = self.told()
        charged = {each["charge_id"]: each for type_, each in told if type_ == "meal_charged"}
        back = {each["charge_id"] for type_, each in told if type_ == "meal_charge_reversed"}
        mine = str(id_of(name))
        return sum(
            e["amount_fen"] for e in charged.values() if e["charge_id"] not in back and e["encounter_id"] == mine
        )

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """The facts that meals has published, by their short names."""
        outbox = store.toolbox.outbox
        with self.database.read() as uow:
            rows = uow.session.execute(sa.select(outbox.c.envelope).order_by(outbox.c.position)).scalars().all()
        return [(each["type"].split(".")[1], each["data"]) for each in rows]

    def changes(self) -> list[tuple[str, str, str | None]]:
        """The kitchen's change list: kind, reason, bed."""
        table = tables.production_changes
        with self.database.read() as uow:
            rows = uow.session.execute(sa.select(table).order_by(table.c.noted_at, table.c.kind)).all()
        return [(row.kind.value, row.reason, row.bed_label) for row in rows]
