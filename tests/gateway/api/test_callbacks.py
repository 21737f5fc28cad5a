"""The provider's notices go to billing as they came."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.gateway.conftest import Services

BODY = b'{"payment_id": "7",   "amount": "25.00"}'
SIGNED = {"Wallet-Timestamp": "1700000000", "Wallet-Nonce": "n", "Wallet-Signature": "s"}


def test_body_and_signature_arrive_untouched_and_nothing_else_does(app: Flask, services: Services) -> None:
    services.answer("/v1/callbacks/sandbox-wallet", 200, {"received": True})
    response = app.test_client().post(
        "/callbacks/sandbox-wallet",
        data=BODY,
        content_type="application/json",
        headers={**SIGNED, "Anxin-Actor": "forged", "Authorization": "Bearer x", "Cookie": "a=b"},
    )
    assert (response.status_code, response.get_json()) == (200, {"received": True})
    (asked,) = services.asked
    assert (asked.service, asked.path, asked.body) == ("billing", "/v1/callbacks/sandbox-wallet", BODY)
    assert {name: asked.headers[name.lower()] for name in SIGNED} == SIGNED
    assert (asked.actor.subject, asked.actor.roles, asked.actor.patient_id) == ("public", ("public",), None)
    assert not {"authorization", "cookie"} & set(asked.headers)


def test_the_same_notice_has_the_same_key_and_another_has_another(app: Flask, services: Services) -> None:
    http = app.test_client()
    for body in (BODY, BODY, b"{}"):
        http.post("/callbacks/sandbox-wallet", data=body, content_type="application/json", headers=SIGNED)
    keys = [asked.headers["idempotency-key"] for asked in services.asked]
    assert keys[0] == keys[1]
    assert keys[1] != keys[2]
    assert {len(key) for key in keys} == {64}


def test_a_notice_over_the_limit_or_read_by_a_browser_goes_no_further(app: Flask, services: Services) -> None:
    http = app.test_client()
    assert http.post("/callbacks/sandbox-wallet", data=b"x" * (1 << 20 | 1)).status_code == 413
    response = http.get("/callbacks/sandbox-wallet")
    assert (response.status_code, response.get_json()["code"]) == (405, "method_not_allowed")
    assert services.asked == []


def test_when_billing_is_down_the_provider_is_told_to_come_again(app: Flask, services: Services, settings: Any) -> None:
    services.adapter.unreachable.add(settings.url("billing"))
    response = app.test_client().post("/callbacks/sandbox-wallet", data=BODY, headers=SIGNED)
    assert (response.status_code, response.get_json()["code"]) == (503, "service_unavailable")
    assert response.headers["Retry-After"] == "2"
