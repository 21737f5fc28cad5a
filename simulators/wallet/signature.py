"""Signatures of the sandbox wallet: those of every simulator, in headers that begin with `Wallet`."""

from __future__ import annotations

from functools import partial

from simulators import signature as of_any
from simulators.signature import Unsigned, signature

signed_headers = partial(of_any.signed_headers, "Wallet")
check_request = partial(of_any.check_request, "Wallet")

__all__ = ["Unsigned", "check_request", "signature", "signed_headers"]
