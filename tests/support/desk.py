"""Members of staff at a desk of the whole hospital: log in by password, use pages and forms as they stand there."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gateway.identity.passwords import hash_password
from gateway.identity.usecases import add_staff_member
from services.records.hl7_import import take_file
from shared.door import Door
from tests.records.hl7 import message
from tests.support.everyday import Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

PASSWORD = "a-password-of-this-test"
COUNTED = {
    "records": ("patients", "merges", "link_codes"),
    "appointments": ("appointments",),
    "billing": ("payments", "refunds", "postings"),
}


@lru_cache(maxsize=1)
def _kept() -> str:
    return hash_password(PASSWORD)


def employ(hospital: WholeHospital, user_name: str, *roles: str, name: str = "周敏 · 服务台") -> None:
    """Somebody works at the hospital from now on."""
    with hospital.databases["gateway"].write() as uow:
        assert add_staff_member(
            uow, now=hospital.clock(), user_name=user_name, display_name=name, password_hash=_kept(), roles=roles
        )


def log_in_staff(desk: Phone, user_name: str, *, path: str = "/staff/login", password: str = PASSWORD) -> Page:
    """User name and password into the form; gives the page where one comes out."""
    return desk.send(desk.get(path).form("/staff/login"), user_name=user_name, password=password)


def desk_of(hospital: WholeHospital, *roles: str) -> Phone:
    """The browser of a new member of staff with these roles, logged in."""
    user_name = "-".join(roles)
    employ(hospital, user_name, *roles)
    desk = Phone(hospital.phone())
    assert not log_in_staff(desk, user_name).path.startswith("/staff/login")
    return desk


def find(desk: Phone, text: str) -> Page:
    """Look for a patient from the front desk's first page."""
    return desk.send(desk.get("/front-desk").form("/front-desk/search"), search=text)


def press(desk: Phone, page: Page, word: str, **values: str) -> Page:
    """Press the button with this word: sends the form in which it stands."""
    [form] = [each for each in page.forms if any(word in text for text, _, _ in each.buttons)]
    return desk.send(form, **values)


def take_message(hospital: WholeHospital, folder: Path, text: str = "", **parts: Any) -> str:
    """Another system sends a person; gives the record number."""
    path = folder / "message.hl7"
    path.write_text(text or message(**parts), encoding="utf-8")
    door = Door(hospital.databases["records"], hospital.clock)
    [row] = take_file(door, hospital.settings, path)
    hospital.turn()
    return row.mrn


def counts(hospital: WholeHospital) -> dict[str, int]:
    """How many rows of everything that a desk can add: the same before and after what was refused."""
    found = {}
    for service, tables in COUNTED.items():
        with hospital.databases[service].read() as uow:
            for table in tables:
                query = sa.select(sa.func.count()).select_from(sa.table(table))
                found[f"{service}.{table}"] = int(uow.session.scalar(query) or 0)
    return found


def to_times(desk: Phone, patient_id: UUID, search: str = "xxg") -> Page:
    """From the patient's page to the doctor's times."""
    page = desk.tap(desk.get(f"/front-desk/patients/{patient_id}"), "窗口挂号")
    page = desk.get(f"{page.path}?q={search}")
    return desk.tap(desk.tap(page, "心血管内科"), "陈思远")


def hold(desk: Phone, patient_id: UUID) -> Page:
    """Keep the first time that is free; the bill has not been heard of."""
    return press(desk, to_times(desk, patient_id), "留这个号")


def to_pay(hospital: WholeHospital, desk: Phone, patient_id: UUID) -> Page:
    """The page on which the desk takes the money."""
    page = hold(desk, patient_id)
    hospital.turn()
    return desk.get(page.path)


def refreshed(page: Page) -> list[str]:
    """After how many seconds a browser without script looks again."""
    return re.findall(r'<noscript><meta http-equiv="refresh" content="(\d+)"></noscript>', page.html)


def balances(day: Everyday) -> dict[str, str]:
    """The balance of every account that has one."""
    return {each["account"]: each["balance"]["amount"] for each in day.ledger()["accounts"]}
