"""What the clock asks of records."""

from __future__ import annotations

from services.records import usecases
from services.records.domain.packet import PACKET_JOB, Made, PacketStep
from services.records.domain.shipment import CourierAnswer, ShipmentIntent
from services.records.providers import Outside
from shared.jobs import Job
from shared.timers import IntentTimer, Timer


def ask_courier(outside: Outside, intent: ShipmentIntent) -> CourierAnswer:
    """Carry a question about a parcel to the courier."""
    return outside.courier.answer(intent)


def make_packet_step(outside: Outside, step: PacketStep | None) -> Made | None:
    """One step of a packet, with no transaction open."""
    return outside.press.make(step)


TIMERS: list[Timer | IntentTimer] = [
    Timer("forget link codes", every=3600, run=usecases.forget_link_codes),
    Timer("lapse unpaid copy requests", every=60, run=usecases.copies.lapse_unpaid_requests),
    Timer("begin waiting packets", every=300, run=usecases.copies.begin_waiting_packets),
    Timer("end unanswered corrections", every=3600, run=usecases.copies.end_unanswered_corrections),
    Timer("forget old drafts", every=3600, run=usecases.copies.forget_old_drafts),
    Timer("forget photos of documents", every=600, run=usecases.copies.forget_old_photos),
    IntentTimer(
        "ask the courier",
        1.0,
        usecases.shipments.take_due_shipments,
        ask_courier,
        usecases.shipments.conclude_shipment,
    ),
    Timer("forget packets", every=3600, run=usecases.packet_release.forget_packets),
]

JOBS = {
    PACKET_JOB: Job(usecases.packet_making.keep_step, look=usecases.packet_making.next_step, make=make_packet_step),
}
