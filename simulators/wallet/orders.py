"""What the wallet does with orders and refunds.

Everything that a merchant sends twice has one effect and the same answer.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from shared.clock import iso
from simulators.wallet.books import Books, Row, insert, one

LATE_SECONDS = 90
_REFUND = "SELECT * FROM refunds WHERE merchant = ? AND merchant_refund_id = ?"


class Refusal(Exception):
    """The wallet does not do what was asked for: HTTP status and stable code."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(code)


@dataclass(frozen=True)
class Outcome:
    """What a tap on the page does: money taken (fen less than asked for), or why not; when the merchant is told."""

    pays: bool
    less_fen: int = 0
    reason: str = ""
    told_after: tuple[int, ...] = (0,)


OUTCOMES = {
    "paid": Outcome(pays=True),
    "told_late": Outcome(pays=True, told_after=(LATE_SECONDS,)),
    "told_twice": Outcome(pays=True, told_after=(0, 0)),
    "never_told": Outcome(pays=True, told_after=()),
    "insufficient_balance": Outcome(pays=False, reason="insufficient_balance"),
    "user_cancelled": Outcome(pays=False, reason="user_cancelled"),
    "amount_altered": Outcome(pays=True, less_fen=1),
}


@dataclass(frozen=True)
class NewOrder:
    """An order as a merchant sends it."""

    merchant: str
    merchant_order_id: str
    amount_fen: int
    number: str
    subject_zh: str
    subject_en: str
    notify_url: str
    return_url: str
    expires_at: float


def place(books: Books, new: NewOrder, now: datetime) -> tuple[Row, bool]:
    """An order that can be paid until it expires, and whether it is new. The same id with another amount is refused."""
    with books.write() as connection:
        known = _by_merchant(connection, new.merchant, new.merchant_order_id, now)
        if known is None:
            insert(connection, "orders", {"id": uuid4().hex, **vars(new), "created_at": now.timestamp()})
            return _needed(_by_merchant(connection, new.merchant, new.merchant_order_id, now)), True
    if known["amount_fen"] != new.amount_fen:
        raise Refusal(409, "order_id_reused", "This order id was used for another amount.")
    return known, False


def find(books: Books, merchant: str, merchant_order_id: str, now: datetime) -> Row:
    """A merchant's order as it stands now."""
    with books.write() as connection:
        return _needed(_by_merchant(connection, merchant, merchant_order_id, now))


def find_by_id(books: Books, order_id: str, now: datetime) -> Row:
    """An order by the wallet's own id, which only the person who pays is given."""
    with books.write() as connection:
        return _needed(_by_id(connection, order_id, now))


def close(books: Books, merchant: str, merchant_order_id: str, now: datetime) -> Row:
    """The merchant wants no more money for an order. One that was paid stays paid, and says so."""
    with books.write() as connection:
        order = _needed(_by_merchant(connection, merchant, merchant_order_id, now))
        if order["state"] == "open":
            _end(connection, order, now, state="closed", reason="closed_by_merchant")
        return _needed(_by_id(connection, order["id"], now))


def tap(books: Books, order_id: str, name: str, now: datetime) -> Row:
    """A person decides on the page. An order that has ended stays as it is."""
    outcome = OUTCOMES[name]
    with books.write() as connection:
        order = _needed(_by_id(connection, order_id, now))
        if order["state"] != "open":
            return order
        if outcome.pays:
            paid_fen = order["amount_fen"] - outcome.less_fen
            _end(connection, order, now, state="paid", paid_fen=paid_fen, transaction_id=f"SW{uuid4().hex}")
            _move(connection, "payment", order["id"], order, paid_fen, now)
        else:
            _end(connection, order, now, state="closed", reason=outcome.reason)
        order = _needed(_by_id(connection, order_id, now))
        for seconds in outcome.told_after:
            _plan_notification(connection, order, now, seconds)
        return order


def refund(books: Books, merchant: str, refund_id: str, order_id: str, amount_fen: int, now: datetime) -> Row:
    """Give back part or all of a paid order: accepted now, in the payer's hands a moment later.

    The same refund id with another order or amount is refused, and so is more than what is left of the payment.
    """
    with books.write() as connection:
        order = _needed(_by_merchant(connection, merchant, order_id, now))
        known = one(connection, _REFUND, merchant, refund_id)
        if known is None:
            known = _accept_refund(connection, order, refund_id, amount_fen, now)
    if (known["order_id"], known["amount_fen"]) != (order["id"], amount_fen):
        raise Refusal(409, "refund_id_reused", "This refund id was used for another order or amount.")
    return known


def _accept_refund(connection: sqlite3.Connection, order: Row, refund_id: str, amount_fen: int, now: datetime) -> Row:
    if amount_fen > order["paid_fen"] - order["refunded_fen"]:
        raise Refusal(422, "refund_exceeds_payment", "No more than what is left of the payment can go back.")
    connection.execute("UPDATE orders SET refunded_fen = refunded_fen + ? WHERE id = ?", (amount_fen, order["id"]))
    refund = {
        "id": uuid4().hex,
        "merchant": order["merchant"],
        "merchant_refund_id": refund_id,
        "order_id": order["id"],
        "amount_fen": amount_fen,
        "state": "processing",
        "created_at": now.timestamp(),
    }
    insert(connection, "refunds", refund)
    return refund


def find_refund(books: Books, merchant: str, refund_id: str) -> Row:
    """A merchant's refund as it stands now."""
    found = books.one(_REFUND, merchant, refund_id)
    if found is None:
        raise Refusal(404, "refund_not_found", "There is no such refund.")
    return found


def complete_refunds(books: Books, now: datetime) -> int:
    """Hand accepted refunds to their payers; gives how many."""
    with books.write() as connection:
        waiting = [dict(row) for row in connection.execute("SELECT * FROM refunds WHERE state = 'processing'")]
        for each in waiting:
            connection.execute(
                "UPDATE refunds SET state = 'succeeded', ended_at = ? WHERE id = ?", (now.timestamp(), each["id"])
            )
            order = _needed(_by_id(connection, each["order_id"], now))
            _move(connection, "refund", each["id"], order, each["amount_fen"], now)
    return len(waiting)


def _by_id(connection: sqlite3.Connection, order_id: str, now: datetime) -> Row | None:
    return _as_of(connection, one(connection, "SELECT * FROM orders WHERE id = ?", order_id), now)


def _by_merchant(connection: sqlite3.Connection, merchant: str, merchant_order_id: str, now: datetime) -> Row | None:
    query = "SELECT * FROM orders WHERE merchant = ? AND merchant_order_id = ?"
    return _as_of(connection, one(connection, query, merchant, merchant_order_id), now)


def _as_of(connection: sqlite3.Connection, order: Row | None, now: datetime) -> Row | None:
    """The order, closed if its time has run out."""
    if order is None or order["state"] != "open" or now.timestamp() < order["expires_at"]:
        return order
    _end(connection, order, now, state="closed", reason="order_expired")
    return one(connection, "SELECT * FROM orders WHERE id = ?", order["id"])


def _needed(order: Row | None) -> Row:
    if order is None:
        raise Refusal(404, "order_not_found", "There is no such order.")
    return order


def _end(connection: sqlite3.Connection, order: Row, now: datetime, **changes: Any) -> None:
    changes["ended_at"] = now.timestamp()
    columns = ", ".join(f"{name} = ?" for name in changes)
    connection.execute(f"UPDATE orders SET {columns} WHERE id = ?", [*changes.values(), order["id"]])  # noqa: S608


def _move(
    connection: sqlite3.Connection, kind: str, reference: str, order: Row, amount_fen: int, now: datetime
) -> None:
    row = {"kind": kind, "reference": reference, "merchant": order["merchant"], "order_id": order["id"]}
    insert(connection, "movements", row | {"amount_fen": amount_fen, "at": now.timestamp()})


def _plan_notification(connection: sqlite3.Connection, order: Row, now: datetime, seconds: int) -> None:
    id_ = uuid4().hex
    body = {
        "notification_id": id_,
        "merchant": order["merchant"],
        "merchant_order_id": order["merchant_order_id"],
        "order_id": order["id"],
        "state": order["state"],
        "reason": order["reason"],
        "paid_fen": order["paid_fen"],
        "currency": "CNY",
        "transaction_id": order["transaction_id"],
        "at": iso(now),
    }
    row = {"id": id_, "order_id": order["id"], "url": order["notify_url"], "body": json.dumps(body)}
    insert(connection, "notifications", row | {"due_at": now.timestamp() + seconds})
