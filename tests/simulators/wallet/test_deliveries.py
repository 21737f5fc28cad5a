"""The wallet tells the hospital what happened, signed, until it is heard, and its books survive everything."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from shared.settings import Settings, SettingsError
from simulators.wallet.app import create_app
from simulators.wallet.signature import signature
from tests.simulators.wallet.conftest import Wallet


def told(wallet: Wallet) -> list[dict[str, Any]]:
    """What the hospital was told, without ids and times."""
    return [
        {name: body[name] for name in ("merchant_order_id", "state", "reason", "paid_fen", "transaction_id")}
        for _, body in wallet.hospital.told
    ]


def test_a_payment_is_told_at_once_and_once(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "paid")
    assert (wallet.work(), wallet.work(3600)) == (1, 0)
    transaction = wallet.now()["transaction_id"]
    assert told(wallet) == [
        {
            "merchant_order_id": "p-1",
            "state": "paid",
            "reason": None,
            "paid_fen": 1500,
            "transaction_id": transaction,
        }
    ]


def test_a_notification_is_signed_over_time_nonce_and_body(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "paid")
    wallet.work()
    headers, body = wallet.hospital.told[0]
    expected = signature(wallet.secret, headers["Wallet-Timestamp"], headers["Wallet-Nonce"], json.dumps(body))
    assert headers["Wallet-Signature"] == expected
    assert headers["Wallet-Timestamp"] == str(int(wallet.clock().timestamp()))
    assert headers["Idempotency-Key"] == body["notification_id"]


@pytest.mark.parametrize(
    ("outcome", "after", "count", "state", "paid"),
    [
        ("paid", 0, 1, "paid", 1500),
        ("told_late", 89, 0, "paid", 1500),
        ("told_late", 90, 1, "paid", 1500),
        ("told_twice", 0, 2, "paid", 1500),
        ("never_told", 3600, 0, "paid", 1500),
        ("insufficient_balance", 0, 1, "closed", 0),
        ("user_cancelled", 0, 1, "closed", 0),
        ("amount_altered", 0, 1, "paid", 1499),
    ],
)
def test_each_outcome_is_told_as_it_says(
    wallet: Wallet, outcome: str, after: int, count: int, state: str, paid: int
) -> None:
    wallet.tap(wallet.placed(), outcome)
    wallet.work(after)
    assert (wallet.now()["state"], wallet.now()["paid_fen"]) == (state, paid)
    assert [(each["state"], each["paid_fen"]) for each in told(wallet)] == [(state, paid)] * count
    moved = [row["amount_fen"] for row in wallet.books.all("SELECT amount_fen FROM movements")]
    assert moved == [paid] * (paid > 0)


def test_told_twice_is_one_transaction(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "told_twice")
    wallet.work()
    bodies = [body for _, body in wallet.hospital.told]
    assert len({body["notification_id"] for body in bodies}) == 2
    assert len({body["transaction_id"] for body in bodies}) == 1


@pytest.mark.parametrize("status", [302, 403, 422, 500, 503])
def test_what_is_not_answered_with_200_is_told_again_with_growing_delay(wallet: Wallet, status: int) -> None:
    wallet.hospital.status = status
    wallet.tap(wallet.placed(), "paid")
    heard = []
    for second in range(64):
        heard += [second] * wallet.work(seconds=min(second, 1))
    assert heard == [0, 1, 3, 7, 15, 31, 63]
    wallet.hospital.status = 200
    assert (wallet.work(64), wallet.work(3600)) == (1, 0)
    stamps = [headers["Wallet-Timestamp"] for headers, _ in wallet.hospital.told]
    assert len(set(stamps)) == len(stamps)
    assert len({body["notification_id"] for _, body in wallet.hospital.told}) == 1


def test_a_hospital_that_never_answers_is_given_up_and_stays_on_the_books(wallet: Wallet) -> None:
    wallet.hospital.status = 500
    wallet.tap(wallet.placed(), "paid")
    assert sum(wallet.work(301) for _ in range(40)) == 24
    assert "已停止重试" in wallet.app.test_client().get("/books").get_data(as_text=True)


def test_a_hospital_out_of_reach_is_told_later(wallet: Wallet) -> None:
    wallet.network.unreachable.add("http://127.0.0.1:8080")
    wallet.tap(wallet.placed(), "paid")
    assert (wallet.work(), told(wallet)) == (1, [])
    wallet.network.unreachable.clear()
    assert (wallet.work(1), len(told(wallet))) == (1, 1)


def test_a_restart_forgets_nothing(wallet: Wallet) -> None:
    order = wallet.placed()
    wallet.tap(order, "told_late")
    before = wallet.now()
    wallet.app = wallet.restart()
    assert wallet.now() == before
    assert (wallet.work(90), len(told(wallet))) == (1, 1)


def test_two_processes_tell_it_once(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "paid")
    other = wallet.restart().extensions["wallet.deliveries"]
    (row,) = wallet.books.all("SELECT * FROM notifications")
    assert wallet.work() == 1
    assert not other._claim(row, wallet.clock().timestamp())
    assert other.work() == 0


@pytest.mark.parametrize("change", ["UPDATE movements SET amount_fen = 1", "DELETE FROM movements"])
def test_no_movement_is_ever_changed_or_deleted(wallet: Wallet, change: str) -> None:
    wallet.tap(wallet.placed(), "never_told")
    before = wallet.books.all("SELECT * FROM movements")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), wallet.books.write() as connection:
        connection.execute(change)
    assert wallet.books.all("SELECT * FROM movements") == before


def test_the_books_refuse_more_back_than_was_paid(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "never_told")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), wallet.books.write() as connection:
        connection.execute("UPDATE orders SET refunded_fen = 1501")
    assert wallet.now()["refunded_fen"] == 0


def test_the_wallet_says_that_it_is_well(wallet: Wallet) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = wallet.app.test_client().get(path)
        assert (answer.status_code, answer.json) == (200, {"service": "wallet", "status": "ok"})


def test_the_wallet_belongs_to_the_demo_hospital_only(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="demo hospital only"):
        create_app(replace(settings, profile="production"), in_background=False)
    elsewhere = replace(settings, database_urls={**settings.database_urls, "wallet": "postgresql://db/wallet"})
    with pytest.raises(SettingsError, match="SQLite"):
        create_app(elsewhere, in_background=False)
