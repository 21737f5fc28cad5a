"""What is said of appointments."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.notices.saying import ByMember, Saying, Words

_PATH = "/appointments/{patient_id}/{appointment_id}"

KINDS: Mapping[str, Saying] = {
    "appointment_held": Words(
        zh=("号已保留", "{visit}。账单正在准备，好了就通知您付费。"),
        en=("Place kept", "{visit}. The bill is being prepared, and you will be told when it is ready."),
        icon="visit",
        path=_PATH,
    ),
    "appointment_payable": Words(
        zh=("请付挂号费", "号保留到 {held}，请在这之前付费。"),
        en=("Please pay", "The place is kept until {held}. Please pay before then."),
        icon="pay",
        colour="now",
        path=_PATH,
    ),
    "appointment_booked": Words(
        zh=("预约成功", "{visit}，{number} 号。"),
        en=("Appointment confirmed", "{visit}, number {number}."),
        icon="ok",
        colour="ok",
        path=_PATH,
    ),
    "appointment_cancelled": ByMember(
        "reason",
        {
            "expired": Words(
                zh=("号已放出", "{visit} 的号没有在保留时间内付费，已经放给别人。要是刚付了钱，会自动原路退回。"),
                en=(
                    "Place released",
                    "{visit} was not paid in time, and the place went to others. Late money is returned.",
                ),
                icon="calendar",
                colour="mute",
                path=_PATH,
            ),
            "by_patient": Words(
                zh=("已退号", "{visit} 已经取消。付过的钱会自动原路退回。"),
                en=("Appointment cancelled", "{visit} is cancelled. What was paid is returned."),
                icon="calendar",
                colour="mute",
                path=_PATH,
            ),
            "by_hospital": Words(
                zh=("医院停诊", "{visit} 医院停诊，已经取消。付过的钱会自动原路退回，请另选时间。"),
                en=("Cancelled by the hospital", "The hospital had to cancel {visit}. What was paid is returned."),
                icon="calendar",
                colour="mute",
                path=_PATH,
            ),
        },
    ),
}
