"""The outside world of billing: payment providers by channel, and the insurer."""

from __future__ import annotations

from typing import Any

from services.billing.providers.insurer import INSURER, HttpInsurer, Insurer
from services.billing.providers.signing import signature
from services.billing.providers.wallet import PaymentProvider, SandboxWallet
from shared.settings import Settings

__all__ = [
    "INSURER",
    "HttpInsurer",
    "Insurer",
    "PaymentProvider",
    "SandboxWallet",
    "providers",
    "signature",
]


def providers(settings: Settings) -> dict[str, Any]:
    """The payment providers of this installation by channel, and the insurer. Cash needs none."""
    wallet = SandboxWallet(
        settings.url("wallet"), secret=settings.secrets["wallet_secret"], site=settings.url("gateway")
    )
    insurer = HttpInsurer(settings.url("insurer"), secret=settings.secrets["insurer_secret"])
    return {"sandbox_wallet": wallet, INSURER: insurer}
