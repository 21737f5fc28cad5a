"""The refusals of settling a stay, each with a stable code."""

from __future__ import annotations

from shared.errors import Conflict, NotReady, Refused


class AlreadySettling(Conflict):
    """This stay is being settled, or was settled, already; `settlement_id` names the settlement to go on with."""


class NotInStage(Conflict):
    """The settlement is at another stage (`stage`): somebody went on with it meanwhile."""


class ChecklistOpen(Refused):
    """Not everything on the checklist is done or overruled; `open` names what is left."""


class NothingToOverrule(Conflict):
    """This item of the checklist is done: there is nothing to overrule."""


class AmountChanged(Conflict):
    """The amounts have changed since they were shown: they must be read and signed again."""


class SignatureEmpty(Refused):
    """This is not a signature: too little was drawn, or nothing was written."""


class MoneyHasMoved(Conflict):
    """The settlement can no longer be called off: it was paid, or the insurer was asked to settle."""


class NothingToPay(Conflict):
    """Nothing is to be paid on this settlement."""


class InsurerNotRefusing(Conflict):
    """The insurer has not refused: its answer is to be waited for."""


class DischargeInFuture(Refused):
    """The time of the discharge order has not come yet."""


class LateChargeClosed(Conflict):
    """This late charge was decided already."""


class WrongWayOut(Refused):
    """This late charge cannot end in this way: what is owed is billed or borne, what is due back is given back."""


class StayNotKnown(NotReady):
    """The stay has no account yet: its admission has not been heard."""


class BillClosed(Conflict):
    """The bill of this stay is closed: money for it is taken by its settlement only."""
