"""What the insurer does: numbers as in the national interface. Sent twice, each has one effect and the same answer."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import uuid4

from shared.clock import iso
from shared.money import to_amount, to_fen
from simulators.insurer import benefits
from simulators.insurer.books import Books, Row, insert, one

_SETTLEMENT = "SELECT * FROM settlements WHERE mdtrt_id = ?"


class Refusal(Exception):
    """The insurer does not do what was asked for, for this reason."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def show_person(books: Books, data: Row, _now: datetime) -> Row:
    """1101: how somebody is insured, and what this year has used up."""
    with books.write() as connection:
        found = _person(connection, data)
    used = ("admissions", "pool_paid_fen", "own_in_scope_fen", "supplement_paid_fen")
    return {
        "baseinfo": {"psn_no": found["psn_no"]},
        "insuinfo": [
            {
                "insutype": found["insutype"],
                "psn_type": found["psn_type"],
                "psn_insu_stas": "1",
                "balc": to_amount(found["balance_fen"]),
            }
        ],
        "cuminfo": {
            name.removesuffix("_fen"): to_amount(found[name]) if name.endswith("_fen") else found[name] for name in used
        },
    }


def upload_details(books: Books, data: Row, now: datetime) -> Row:
    """2301: the details of a stay; sent again they take the place of those before, until the stay is settled."""
    details = [_detail(each) for each in data["feedetail"]]
    with books.write() as connection:
        person = _person(connection, data)
        _check_not_ended(connection, data["mdtrt_id"])
        total = sum(each["fen"] for each in details)
        kept = [_plain(each) for each in details]
        connection.execute(
            "INSERT INTO uploads (mdtrt_id, psn_no, details, total_fen, at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (mdtrt_id) DO UPDATE SET details = excluded.details, total_fen = excluded.total_fen, "
            "psn_no = excluded.psn_no, at = excluded.at",
            (data["mdtrt_id"], person["psn_no"], json.dumps(kept), total, now.timestamp()),
        )
    return {"mdtrt_id": data["mdtrt_id"], "count": len(details), "medfee_sumamt": to_amount(total)}


def withdraw_details(books: Books, data: Row, _now: datetime) -> Row:
    """2302: the details of a stay that is not settled are taken back."""
    with books.write() as connection:
        _check_not_ended(connection, data["mdtrt_id"])
        connection.execute("DELETE FROM uploads WHERE mdtrt_id = ?", (data["mdtrt_id"],))
    return {"mdtrt_id": data["mdtrt_id"]}


def presettle(books: Books, data: Row, _now: datetime) -> Row:
    """2303: what a settlement would give now; binds nobody and moves nothing."""
    with books.write() as connection:
        _check_not_ended(connection, data["mdtrt_id"])
        amounts = _compute(connection, data)
    return {"setlinfo": {"mdtrt_id": data["mdtrt_id"], **_in_yuan(amounts)}}


def settle(books: Books, data: Row, now: datetime) -> Row:
    """2304: the fund pays, the account is charged, the year's sums grow; once for one `mdtrt_id`, for good."""
    with books.write() as connection:
        known = one(connection, _SETTLEMENT, data["mdtrt_id"])
        if known is None:
            amounts = _compute(connection, data)
            known = {
                "mdtrt_id": data["mdtrt_id"],
                "setl_id": f"S{uuid4().hex}",
                "psn_no": data["psn_no"],
                "state": "settled",
                "amounts": json.dumps(amounts),
                "at": now.timestamp(),
            }
            insert(connection, "settlements", known)
            _move(connection, "settlement", known, now)
    if known["state"] != "settled":
        raise Refusal("settlement_cancelled" if known["state"] == "cancelled" else "transaction_reversed")
    return {"setlinfo": _told(known)}


def cancel(books: Books, data: Row, now: datetime) -> Row:
    """2305: a known settlement is taken back; fund, account and the year's sums are as before."""
    with books.write() as connection:
        known = one(connection, _SETTLEMENT, data["mdtrt_id"])
        if known is None or known["setl_id"] != data.get("setl_id"):
            raise Refusal("settlement_not_found")
        _undo(connection, known, now)
    return {"setlinfo": {"mdtrt_id": data["mdtrt_id"], "setl_id": known["setl_id"], "state": "cancelled"}}


def reverse(books: Books, data: Row, now: datetime) -> Row:
    """2601: a transaction whose answer was lost is undone; one that never arrived is barred, so that it cannot come."""
    if data.get("oinfno") != "2304":
        raise Refusal("transaction_not_reversible")
    with books.write() as connection:
        known = one(connection, _SETTLEMENT, data["mdtrt_id"])
        if known is None:
            barred = {"mdtrt_id": data["mdtrt_id"], "setl_id": f"B{data['mdtrt_id']}", "psn_no": data["psn_no"]}
            rest = {"state": "barred", "amounts": "{}", "at": now.timestamp(), "ended_at": now.timestamp()}
            insert(connection, "settlements", barred | rest)
        else:
            _undo(connection, known, now)
    return {"mdtrt_id": data["mdtrt_id"], "state": "reversed"}


def query(books: Books, data: Row, _now: datetime) -> Row:
    """5203: what became of a settlement."""
    known = books.one(_SETTLEMENT, data["mdtrt_id"])
    if known is None:
        raise Refusal("settlement_not_found")
    return {"setlinfo": _told(known)}


TRANSACTIONS = {
    "1101": show_person,
    "2301": upload_details,
    "2302": withdraw_details,
    "2303": presettle,
    "2304": settle,
    "2305": cancel,
    "2601": reverse,
    "5203": query,
}


def _person(connection: sqlite3.Connection, data: Row) -> Row:
    found = one(connection, "SELECT * FROM persons WHERE psn_no = ?", data["psn_no"])
    if found is None:
        raise Refusal("person_not_insured")
    return found


def _check_not_ended(connection: sqlite3.Connection, mdtrt_id: str) -> None:
    if one(connection, _SETTLEMENT, mdtrt_id) is not None:
        raise Refusal("already_settled")


def _compute(connection: sqlite3.Connection, data: Row) -> dict[str, Any]:
    upload = one(connection, "SELECT * FROM uploads WHERE mdtrt_id = ?", data["mdtrt_id"])
    if upload is None:
        raise Refusal("details_not_uploaded")
    if upload["total_fen"] != to_fen(data["medfee_sumamt"]):
        raise Refusal("total_differs_from_details")
    details = [_exact(each) for each in json.loads(upload["details"])]
    amounts = benefits.settle(details, _person(connection, data), use_account=data.get("acct_used_flag") == "1")
    return _with_less(amounts, min(data["less_fen"], amounts["hifp_pay"]))


def _with_less(amounts: dict[str, Any], less_fen: int) -> dict[str, Any]:
    """The fund pays so much less, and the person bears it: for demonstrations of an answer that differs."""
    fund = {name: amounts[name] - less_fen for name in ("hifp_pay", "fund_pay_sumamt")}
    own = {name: amounts[name] + less_fen for name in ("psn_part_amt", "psn_cash_pay")}
    return amounts | fund | own


def _move(connection: sqlite3.Connection, kind: str, settlement: Row, now: datetime) -> None:
    amounts, sign = json.loads(settlement["amounts"]), 1 if kind == "settlement" else -1
    fund, account = amounts["fund_pay_sumamt"], amounts["acct_pay"]
    row = {"kind": kind, "mdtrt_id": settlement["mdtrt_id"], "fund_fen": sign * fund, "account_fen": sign * account}
    insert(connection, "movements", row | {"at": now.timestamp()})
    pool = amounts["hifp_pay"]
    changes = (-account, 1, pool, amounts["inscp_scp_amt"] - pool, fund - pool)
    connection.execute(
        "UPDATE persons SET balance_fen = balance_fen + ?, admissions = admissions + ?, "
        "pool_paid_fen = pool_paid_fen + ?, own_in_scope_fen = own_in_scope_fen + ?, "
        "supplement_paid_fen = supplement_paid_fen + ? WHERE psn_no = ?",
        (*(sign * change for change in changes), settlement["psn_no"]),
    )


def _undo(connection: sqlite3.Connection, known: Row, now: datetime) -> None:
    if known["state"] != "settled":
        return
    connection.execute(
        "UPDATE settlements SET state = 'cancelled', ended_at = ? WHERE mdtrt_id = ?",
        (now.timestamp(), known["mdtrt_id"]),
    )
    _move(connection, "cancellation", known, now)


def _told(known: Row) -> Row:
    amounts = json.loads(known["amounts"])
    return {
        "mdtrt_id": known["mdtrt_id"],
        "setl_id": known["setl_id"],
        "state": known["state"],
        "setl_time": iso(datetime.fromtimestamp(known["at"]).astimezone()),
        **_in_yuan(amounts),
    }


def _in_yuan(amounts: dict[str, int]) -> dict[str, str]:
    return {name: to_amount(fen) for name, fen in amounts.items()}


_NUMBERS = ("pric", "cnt", "selfpay_prop")


def _detail(given: Row) -> Row:
    """A detail as it was sent, its numbers exact. Raises ValueError, KeyError or TypeError for what makes no sense."""
    ceiling = given.get("pric_uplmt_amt")
    return {
        "feedetl_sn": str(given["feedetl_sn"]),
        "init_feedetl_sn": given.get("init_feedetl_sn") or None,
        "chrgitm_lv": str(given["chrgitm_lv"]),
        "fen": to_fen(given["det_item_fee_sumamt"]),
        **{name: Fraction(given[name]) for name in _NUMBERS},
        "pric_uplmt_amt": None if ceiling is None else Fraction(ceiling),
    }


def _plain(detail: Row) -> Row:
    return {name: str(value) if isinstance(value, Fraction) else value for name, value in detail.items()}


def _exact(detail: Row) -> Row:
    numbers = (*_NUMBERS, "pric_uplmt_amt")
    return {name: Fraction(value) if name in numbers and value is not None else value for name, value in detail.items()}
