"""The outside world of records: where documents lie, how they are put on paper, and the courier."""

from __future__ import annotations

from dataclasses import dataclass

from services.records.providers.courier import Courier, ParcelCourier
from services.records.providers.documents import SyntheticDocuments
from services.records.providers.press import Press
from shared.sealing import Sealer
from shared.settings import Settings


@dataclass(frozen=True)
class Outside:
    """What the timers and jobs of records call."""

    press: Press
    courier: Courier


def outside(settings: Settings) -> Outside:
    """The outside world of this installation."""
    sealer = Sealer(settings.secrets["document_key"])
    site = settings.url("gateway")
    return Outside(
        press=Press(SyntheticDocuments(), sealer, site),
        courier=ParcelCourier(
            settings.url("courier"), secret=settings.secrets.get("courier_secret", ""), site=site, sealer=sealer
        ),
    )


__all__ = ["Outside", "ParcelCourier", "Press", "SyntheticDocuments", "outside"]
