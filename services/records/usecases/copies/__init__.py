"""Requests for copies of records: one function for each thing somebody can ask."""

from services.records.usecases.copies.drafts import (
    choose_copy_contents,
    choose_copy_delivery,
    name_agent,
    sign_mandate,
    start_copy_request,
)
from services.records.usecases.copies.housekeeping import (
    begin_waiting_packets,
    end_unanswered_corrections,
    forget_old_drafts,
    forget_old_photos,
)
from services.records.usecases.copies.money import (
    lapse_unpaid_requests,
    note_cancelled_invoice,
    note_invoice,
    note_payment,
    note_refund,
)
from services.records.usecases.copies.photos import keep_copy_paper, look_at_copy_paper
from services.records.usecases.copies.progress import (
    address_of,
    delivered,
    packet_measured,
    picked_up,
    returned,
    sent,
)
from services.records.usecases.copies.reviewing import (
    approve_copy_request,
    ask_copy_correction,
    lift_record_hold,
    place_record_hold,
    refuse_copy_request,
    set_copy_terms,
)
from services.records.usecases.copies.submitting import (
    object_to_copy_request,
    price_of_request,
    submit_copy_request,
    supplement_copy_request,
    withdraw_copy_request,
)

__all__ = [
    "address_of",
    "approve_copy_request",
    "ask_copy_correction",
    "begin_waiting_packets",
    "choose_copy_contents",
    "choose_copy_delivery",
    "delivered",
    "end_unanswered_corrections",
    "forget_old_drafts",
    "forget_old_photos",
    "keep_copy_paper",
    "lapse_unpaid_requests",
    "lift_record_hold",
    "look_at_copy_paper",
    "name_agent",
    "note_cancelled_invoice",
    "note_invoice",
    "note_payment",
    "note_refund",
    "object_to_copy_request",
    "packet_measured",
    "picked_up",
    "place_record_hold",
    "price_of_request",
    "refuse_copy_request",
    "returned",
    "sent",
    "set_copy_terms",
    "sign_mandate",
    "start_copy_request",
    "submit_copy_request",
    "supplement_copy_request",
    "withdraw_copy_request",
]
