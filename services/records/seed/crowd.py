"""A crowd for those who test from outside: invented adults, the n-th the same one every time, each with an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from stdnum.cn import ric

from services.records import usecases
from services.records.domain import Patient, PatientExists, Registration
from shared.actor import Actor
from shared.door import Door
from shared.errors import DomainError
from shared.sealing import Sealer
from shared.settings import Settings

LARGEST = 5_000
_ACTOR = Actor(subject="system:demo-tokens", roles=("service",))
_AREA = "329900"
_ORDERS = (999, 998)
"""The last man and the last woman of a day: the demo's families have the first ones."""
_FIRST_BIRTHDAY = date(1960, 1, 1)
_TOGETHER = 200
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "安宁康健福寿和平吉祥如意顺泰丰裕明远志诚"


@dataclass(frozen=True)
class Member:
    """One of the crowd: the patient, the name, and the phone of the account."""

    patient_id: UUID
    name: str
    phone: str


def register_crowd(door: Door, settings: Settings, count: int) -> list[Member]:
    """The first `count` (at most 5,000) of the crowd, registered where they are not yet.

    Raises the refusal of a registration that is neither new nor this crowd's own.
    """
    register = partial(usecases.register_patients, sealer=Sealer(settings.secrets["document_key"]))
    members: list[Member] = []
    for first in range(0, count, _TOGETHER):
        persons = [_person(each) for each in range(first, min(first + _TOGETHER, count))]
        requests = [usecases.RegisterRequest(actor=_ACTOR, person=each) for each in persons]
        with door.database.write() as uow:
            results = register(uow, requests=requests, now=door.clock())
        members += [
            Member(_id_of(result), each.name or "", each.phone or "")
            for each, result in zip(persons, results, strict=True)
        ]
    return members


def _id_of(result: Patient | DomainError) -> UUID:
    if isinstance(result, Patient):
        return result.id
    if not isinstance(result, PatientExists) or "patient_id" not in result.facts:
        raise result
    return UUID(str(result.facts["patient_id"]))


def _person(number: int) -> Registration:
    day, order = _FIRST_BIRTHDAY + timedelta(days=number // 2), _ORDERS[number % 2]
    body = f"{_AREA}{day:%Y%m%d}{order:03d}"
    first, rest = divmod(number, len(_GIVEN))
    second, surname = divmod(first, len(_GIVEN))
    name = _SURNAMES[(surname + second) % len(_SURNAMES)] + _GIVEN[rest] + _GIVEN[surname]
    return Registration(
        name=name,
        document_type="01",
        document_number=body + ric.calc_check_digit(f"{body}0"),
        phone=f"1990000{LARGEST + number:04d}",
    )
