"""What the clock asks of records."""

from __future__ import annotations

from services.records import usecases
from shared.timers import Timer

TIMERS = [
    Timer("forget link codes", every=3600, run=usecases.forget_link_codes),
    Timer("lapse unpaid copy requests", every=60, run=usecases.copies.lapse_unpaid_requests),
    Timer("begin waiting packets", every=300, run=usecases.copies.begin_waiting_packets),
    Timer("end unanswered corrections", every=3600, run=usecases.copies.end_unanswered_corrections),
    Timer("forget old drafts", every=3600, run=usecases.copies.forget_old_drafts),
    Timer("forget photos of documents", every=600, run=usecases.copies.forget_old_photos),
]
