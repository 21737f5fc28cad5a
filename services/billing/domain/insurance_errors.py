"""The refusals of insurance, each with a stable code."""

from __future__ import annotations

from shared.errors import Conflict, NotReady, Refused


class InsuranceNumberMissing(Refused):
    """Somebody who is insured has an insurance number: without it the insurer cannot be asked."""


class NoParameters(NotReady):
    """No table of insurance parameters is in force today."""


class NotInsured(Refused):
    """There is nobody to claim from: the patient is not insured, or the insurer does not know them."""


class ClaimUnderWay(Conflict):
    """The insurer is being asked about this stay already; `claim_id` names the claim to go on with."""


class ClaimOver(Conflict):
    """The claim has ended: there is nothing left to ask or to undo."""


class NothingToClaim(Refused):
    """There is no charge that the insurer could be asked to pay."""
