"""What is said of settling a stay."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.notices.saying import Saying, Words

_PATH = "/stays/{encounter_id}/settlement"

KINDS: Mapping[str, Saying] = {
    "settlement_opened": Words(
        zh=("开始出院结算", "护士正在床边核对费用，办到哪一步这里能看。"),
        en=("The stay is being settled", "The nurse is checking the charges at the bed. See here where it stands."),
        icon="bill",
        colour="now",
        path=_PATH,
    ),
    "settlement_to_pay": Words(
        zh=("请付清住院差额", "还要付 {amount}，家里人在手机上也能付。"),
        en=("Please pay the rest of the stay", "{amount} is still to be paid; the family can pay on a phone."),
        icon="pay",
        colour="now",
        path=_PATH,
    ),
    "settlement_withdrawn": Words(
        zh=("结算叫停了", "没有收钱，接着住院。重新开始时再告诉您。"),
        en=("The settlement was called off", "No money was taken. You will be told when it begins again."),
        icon="stop",
        colour="mute",
        path=_PATH,
    ),
    "settlement_done": Words(
        zh=("住院费用结清了", "一共 {total}，自己付 {own}，退回 {refunded}。"),
        en=("The stay is settled", "It cost {total}, you bear {own}, {refunded} goes back."),
        icon="ok",
        colour="ok",
        path=_PATH,
    ),
}
