"""Charging stays by a file: what can be entered is entered, each bad line is reported, nothing is entered twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.billing import store
from services.billing.domain.charge_file import REASONS, BadLine, FileLine, read_file
from services.billing.domain.charging import ChargeLine, EnteredBy
from services.billing.usecases.charging import PriceList, Wanted, enter_lines, make_line
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import DomainError


def take_charge_file(uow: UnitOfWork, *, actor: Actor, now: datetime, text: str) -> dict[str, Any]:
    """Enter the lines of a CSV file; a line whose reference was entered before with the same content is passed over.

    Gives how many lines were read, entered and known before, and each bad line with its number and reason. Raises
    FileUnreadable for a file with another heading, entering nothing.
    """
    lines = list(read_file(text))
    bad = [each for each in lines if isinstance(each, BadLine)]
    readable = [each for each in lines if isinstance(each, FileLine)]
    accounts = store.lock_accounts(uow, {each.encounter_id for each in readable})
    codes = store.ids_by_code(uow, {each.item_code for each in readable})
    prices = PriceList.of(uow, codes.values())
    known = dict(store.lines_by_reference(uow, EnteredBy.FILE, {each.reference for each in readable}))
    new: list[ChargeLine] = []
    repeated = 0
    for each in readable:
        try:
            line = _line(each, accounts, codes, prices, actor, now)
        except _Bad as problem:
            bad.append(BadLine(number=each.number, code=problem.code))
            continue
        before = known.setdefault(each.reference, line)
        if before is line:
            new.append(line)
        elif _same(before, line):
            repeated += 1
        else:
            bad.append(BadLine(number=each.number, code="reference_reused"))
    enter_lines(uow, new, now=now)
    return {"read": len(lines), "entered": len(new), "repeated": repeated, "bad": _told(bad)}


class _Bad(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _line(
    each: FileLine,
    accounts: dict[Any, store.ChargedAccount],
    codes: dict[str, Any],
    prices: PriceList,
    actor: Actor,
    now: datetime,
) -> ChargeLine:
    account = accounts.get(each.encounter_id)
    if account is None:
        raise _Bad("stay_unknown")
    if each.item_code not in codes:
        raise _Bad("item_unknown")
    wanted = Wanted(codes[each.item_code], each.quantity, each.charged_on, each.reference)
    try:
        return make_line(account, wanted, prices, through=EnteredBy.FILE, by=actor.subject, now=now)
    except DomainError as error:
        raise _Bad(error.code) from error


def _same(one: ChargeLine, other: ChargeLine) -> bool:
    """Whether two lines say the same; the price may have changed between two sendings of a file."""
    names = ("encounter_id", "item_id", "quantity", "charged_on")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _told(bad: Sequence[BadLine]) -> list[dict[str, Any]]:
    return [
        {"number": each.number, "code": each.code, "reason": dict(zip(("zh", "en"), REASONS[each.code], strict=True))}
        for each in sorted(bad, key=lambda each: each.number)
    ]
