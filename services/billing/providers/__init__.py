"""The outside world of billing: payment providers by channel, and the insurer."""

from __future__ import annotations

from typing import Any

from services.billing.domain.receipt import Seal
from services.billing.providers.insurer import INSURER, HttpInsurer, Insurer
from services.billing.providers.signing import signature
from services.billing.providers.wallet import PaymentProvider, SandboxWallet
from shared.settings import Settings

SEAL = "receipt_seal"
"""What marks receipts, by its name in the outside world of billing."""

__all__ = [
    "INSURER",
    "SEAL",
    "HttpInsurer",
    "Insurer",
    "PaymentProvider",
    "SandboxWallet",
    "providers",
    "signature",
]


def providers(settings: Settings) -> dict[str, Any]:
    """The payment providers by channel (cash needs none), the insurer, and the seal of receipts."""
    wallet = SandboxWallet(
        settings.url("wallet"), secret=settings.secrets["wallet_secret"], site=settings.url("gateway")
    )
    insurer = HttpInsurer(settings.url("insurer"), secret=settings.secrets["insurer_secret"])
    return {"sandbox_wallet": wallet, INSURER: insurer, SEAL: Seal(settings.secrets["receipt_secret"])}
