"""What a step of the demo day has at hand: the services' clients, people by role, who lies where, keys that repeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID, uuid5

from gateway.clients import Clients
from gateway.identity import queries
from gateway.identity.domain import Link, Relation, normal_phone
from gateway.identity.seed import DEMO_STAFF, PARENT
from shared.actor import Actor
from shared.client import ServiceProblem
from shared.clock import Clock, hospital_day
from shared.database import Database

T = TypeVar("T")
Document = dict[str, Any]
PATIENCE = 300
"""How often a step looks whether a service has heard of something: a minute of pauses."""
_KEYS = UUID("8f5d0c0e-2a0b-4b6e-9e0f-4f2f6c1d7a11")


class NotHeard(Exception):
    """A service did not hear of something in time; the step is tried again at the next start."""


@dataclass
class DemoDay:
    """The hands of the demo day. `pause` waits a moment; tests let the hospital's messages travel instead."""

    clients: Clients
    database: Database
    clock: Clock
    pause: Callable[[], None]

    @property
    def today(self) -> date:
        """The hospital's day."""
        return hospital_day(self.clock())

    def key(self, *parts: object) -> str:
        """An idempotency key made of words and ids: the same parts, the same effect, however often the step runs."""
        return uuid5(_KEYS, "|".join(str(each) for each in parts)).hex

    def staff(self, role: str) -> Actor:
        """The demo's member of staff who does this work, as the gateway would sign them."""
        user_name, roles = next((name, roles) for name, _, roles in DEMO_STAFF if role in roles)
        with self.database.read() as uow:
            staff_id = queries.find_staff(uow, user_name=user_name)
        return Actor(subject=f"staff:{staff_id}", roles=tuple(roles))

    @cached_property
    def family(self) -> list[Link]:
        """The patients of the demo account that has a family, oldest link first."""
        with self.database.read() as uow:
            return queries.links_of(uow, account_id=self._account_id)

    @cached_property
    def _account_id(self) -> UUID:
        with self.database.read() as uow:
            found = queries.find_account(uow, phone=normal_phone(PARENT))
        if found is None:
            raise NotHeard("the demo account is not there")
        return found

    def acting_for(self, patient_id: UUID | str) -> Actor:
        """The demo account acting for one of its patients. Raises NotHeard for anybody else."""
        link = next((each for each in self.family if each.patient_id == UUID(str(patient_id))), None)
        if link is None:
            raise NotHeard("the demo account does not act for this patient")
        return Actor(
            subject=f"account:{self._account_id}",
            roles=("patient",),
            patient_id=link.patient_id,
            scopes=link.scopes,
        )

    @property
    def father(self) -> Link | None:
        """The family's inpatient: a diabetic who lies in endocrinology."""
        return next((each for each in self.family if each.relation is Relation.PARENT), None)

    @cached_property
    def stays(self) -> list[Document]:
        """Who lies in the wards, by ward and bed: what records tells of an occupant, and its `ward` and `bed`."""
        nurse, records = self.staff("nurse"), self.clients.records
        wards = [records.beds(nurse, each["id"]) for each in records.wards(nurse) if each["taken"]]
        return [
            {**bed["occupant"], "ward": ward["ward"], "bed": {"id": bed["id"], "label": bed["label"]}}
            for ward in wards
            for bed in ward["items"]
            if bed["occupant"]
        ]

    def stays_of(self, patient_id: UUID | str) -> list[Document]:
        """A patient's stays as records tells them, newest first."""
        return self.clients.records.encounters(self.staff("nurse"), patient_id)

    def heard(self, call: Callable[[], T | None]) -> T:
        """Ask until a service has heard of something: until the call gives anything but None or an empty answer.

        "Not there (yet)" counts as nothing. Raises NotHeard when it takes too long.
        """
        for _ in range(PATIENCE):
            try:
                found = call()
            except ServiceProblem as problem:
                if problem.code not in {"not_found", "not_ready", "patient_not_yet_known"}:
                    raise
                found = None
            if found:
                return found
            self.pause()
        raise NotHeard("a service has not heard of it in time")
