"""What matters of money: a bill to pay, a refund on its way. A visit's own bill is told by the visit."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from gateway.web.matters import PATIENT_MATTERS, Matter, Urgency, Whose
from gateway.web.patient.bills import KINDS, bill_path
from gateway.web.patient.words import fen_of
from gateway.web.session import clients
from gateway.web.stays import Status

ON_ITS_WAY = frozenset({"requested", "accepted", "unknown"})
"""Refunds that have not ended; a cash refund waits for the person at the window."""


def bills_of(whose: Whose) -> list[Matter]:
    """The bills that wait for money, newest first."""
    found = clients().billing.invoices(whose.actor, patient_id=whose.link.patient_id, state="issued")
    return [
        Matter(
            link=whose.link,
            urgency=Urgency.TO_DO,
            icon="pay",
            title=gettext("付%(what)s", what=KINDS.get(each["billed_kind"], gettext("账单"))),
            path=bill_path(each, "/"),
            tag=Status(gettext("等您付款"), "now"),
            act=gettext("去付款"),
            at=str(each["issued_at"]),
            fen=fen_of(each["due"]),
        )
        for each in found
        if each["billed_kind"] != "appointment" and fen_of(each["due"]) > 0
    ]


def refunds_of(whose: Whose) -> list[Matter]:
    """Money that goes back and has not arrived."""
    found = clients().billing.refunds_of(whose.actor, whose.link.patient_id)
    return [
        Matter(
            link=whose.link,
            urgency=Urgency.TO_DO if each["channel"] == "cash" else Urgency.GOING_ON,
            icon="undo",
            title=gettext("退给您的钱"),
            path=f"/bills/{whose.link.patient_id}/{each['invoice_id']}",
            text=gettext("到窗口领现金") if each["channel"] == "cash" else gettext("正在原路退回，到了给您发消息"),
            tag=Status(gettext("在路上"), "now") if each["channel"] != "cash" else Status(gettext("等您来领"), "now"),
            act=gettext("看账单"),
            at=str(each["requested_at"]),
            fen=fen_of(each["amount"]),
        )
        for each in found
        if each["state"] in ON_ITS_WAY
    ]


PATIENT_MATTERS.add("bills", lazy_gettext("账单"), bills_of)
PATIENT_MATTERS.add("refunds", lazy_gettext("退款"), refunds_of)
