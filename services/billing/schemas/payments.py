"""What goes in and out over HTTP, and what is read of other services' facts."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.billing.domain import (
    AccountState,
    BilledKind,
    Channel,
    InvoiceState,
    PaymentState,
    RefundReason,
    RefundState,
)
from shared.schemas import EventSchema, Fen, NamesSchema, RequestSchema, text

LARGEST_FEN = 99_999_999_99
"""The largest amount of one bill: what is more is a mistake of the sender."""

_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*|/")


def _choices(kind: Any) -> fields.Field[Any]:
    return fields.Enum(kind, by_value=True)


def _check_own_path(value: str) -> None:
    if not _OWN_PATH.fullmatch(value):
        raise ValidationError("Give a path of this site, beginning with one slash.")


def own_path() -> fields.String:
    """Where the wallet leads the person afterwards: a path of this site."""
    return fields.String(load_default="/", validate=[validate.Length(max=300), _check_own_path])


# ------------------------------------------------------------------------------------------------- what comes in


class PaymentRequestSchema(RequestSchema):
    """A wish to pay. `return_path` is where the wallet leads the person afterwards."""

    invoice_id = fields.UUID(required=True)
    amount_fen = Fen(required=True, data_key="amount")
    channel = fields.Enum(Channel, by_value=True, required=True)
    return_path = own_path()
    client_reference = text(80, required=False, allow_none=True)


class _PageSchema(RequestSchema):
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    after = fields.UUID(metadata={"description": "The id of the last item of the page before."})
    patient_id = fields.UUID()


class InvoicesQuerySchema(_PageSchema):
    """Which bills."""

    billed_kind = _choices(BilledKind)
    billed_id = fields.UUID()
    state = _choices(InvoiceState)


class PaymentsQuerySchema(_PageSchema):
    """Which payments."""

    invoice_id = fields.UUID()
    state = _choices(PaymentState)
    client_reference = text(80, required=False)


class RefundsQuerySchema(_PageSchema):
    """Which refunds."""

    invoice_id = fields.UUID()
    state = _choices(RefundState)
    channel = _choices(Channel)


class AccountsQuerySchema(_PageSchema):
    """Which accounts."""

    state = _choices(AccountState)


class EmptySchema(RequestSchema):
    """A request that says everything in its path."""


# ------------------------------------------------------------------------------------------------ what goes out


class InvoiceLineSchema(Schema):
    """A line of a bill."""

    text = fields.Nested(NamesSchema, required=True)
    amount = Fen(attribute="amount_fen", required=True)


class InvoiceSchema(Schema):
    """A bill for what `billed_kind` and `billed_id` name. `due` is what is still to be paid, `number` is read aloud."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    state = fields.Enum(InvoiceState, by_value=True, required=True)
    billed_kind = fields.Enum(BilledKind, by_value=True, required=True)
    billed_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    amount = Fen(attribute="amount_fen", required=True)
    due = Fen(attribute="due_fen", required=True)
    paid = Fen(attribute="paid_fen", required=True)
    refunded = Fen(attribute="refunded_fen", required=True)
    client_reference = fields.String(required=True, allow_none=True)
    issued_at = fields.AwareDateTime(required=True, allow_none=True)
    cancelled_at = fields.AwareDateTime(required=True, allow_none=True)
    lines = fields.List(fields.Nested(InvoiceLineSchema), required=True)
    version = fields.Integer(required=True)


class PaymentSchema(Schema):
    """A payment. `unknown` is shown as "being checked". `problem` is a stable code for what did not work."""

    id = fields.UUID(required=True)
    invoice_id = fields.UUID(required=True)
    billed_kind = fields.Enum(BilledKind, by_value=True, required=True)
    billed_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.Enum(PaymentState, by_value=True, required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    amount = Fen(attribute="amount_fen", required=True)
    received = Fen(attribute="received_fen", required=True)
    returned = Fen(attribute="returned_fen", required=True)
    pay_url = fields.String(required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)
    client_reference = fields.String(required=True, allow_none=True)
    requested_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class RefundSchema(Schema):
    """A refund of one payment."""

    id = fields.UUID(required=True)
    payment_id = fields.UUID(required=True)
    invoice_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.Enum(RefundState, by_value=True, required=True)
    channel = fields.Enum(Channel, by_value=True, required=True)
    amount = Fen(attribute="amount_fen", required=True)
    reason = fields.Enum(RefundReason, by_value=True, required=True)
    problem = fields.String(required=True, allow_none=True)
    requested_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class InvoicesSchema(Schema):
    """A page of bills."""

    items = fields.List(fields.Nested(InvoiceSchema), required=True)


class PaymentsSchema(Schema):
    """A page of payments."""

    items = fields.List(fields.Nested(PaymentSchema), required=True)


class RefundsSchema(Schema):
    """A page of refunds."""

    items = fields.List(fields.Nested(RefundSchema), required=True)


class AccountSchema(Schema):
    """The account of an inpatient stay."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.Enum(AccountState, by_value=True, required=True)
    opened_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class AccountsSchema(Schema):
    """A page of accounts."""

    items = fields.List(fields.Nested(AccountSchema), required=True)


class NotificationAnswerSchema(Schema):
    """What the provider is told: the notification was taken."""

    code = fields.Constant("accepted", required=True)


class LedgerAccountSchema(Schema):
    """One account of the ledger; the balance is debit less credit."""

    account = fields.String(required=True)
    debit = Fen(attribute="debit_fen", required=True)
    credit = Fen(attribute="credit_fen", required=True)
    balance = Fen(attribute="balance_fen", required=True)


class LedgerSummarySchema(Schema):
    """The ledger beside what bills, payments and refunds say of themselves."""

    accounts = fields.List(fields.Nested(LedgerAccountSchema), required=True)
    debit = Fen(attribute="debit_fen", required=True)
    credit = Fen(attribute="credit_fen", required=True)
    invoices_issued = Fen(attribute="invoices_issued_fen", required=True)
    invoices_paid = Fen(attribute="invoices_paid_fen", required=True)
    invoices_refunded = Fen(attribute="invoices_refunded_fen", required=True)
    payments_received = Fen(attribute="payments_received_fen", required=True)
    payments_not_due = Fen(attribute="payments_not_due_fen", required=True)
    refunds_asked_for = Fen(attribute="refunds_asked_for_fen", required=True)
    refunds_succeeded = Fen(attribute="refunds_succeeded_fen", required=True)


# ------------------------------------------------------------------------------------------ other services' facts


class EventNamesSchema(EventSchema):
    """A name in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class AppointmentHeldSchema(EventSchema):
    """What billing reads of `appointments.appointment_held.v1`."""

    appointment_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    fee_fen = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=LARGEST_FEN))
    department = fields.Nested(EventNamesSchema, load_default=None, allow_none=True)
    practitioner = fields.Nested(EventNamesSchema, load_default=None, allow_none=True)
    client_reference = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=80))


class PatientMergedSchema(EventSchema):
    """What billing reads of `records.patient_merged.v1`."""

    patient_id = fields.UUID(required=True)
    merged_into = fields.UUID(required=True)


class AppointmentCancelledSchema(EventSchema):
    """What billing reads of `appointments.appointment_cancelled.v1`."""

    appointment_id = fields.UUID(required=True)


class AppointmentLapsedSchema(EventSchema):
    """What billing reads of `appointments.appointment_lapsed.v1`."""

    appointment_id = fields.UUID(required=True)


class WardSchema(EventSchema):
    """A ward as a fact of a stay names it."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class StaySchema(EventSchema):
    """What billing reads of every fact of a stay (`records.encounter_….v1`): its whole state."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    encounter_class = fields.String(required=True)
    state = fields.String(required=True)
    ward = fields.Nested(WardSchema, load_default=None, allow_none=True)
    at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, strict=True)
