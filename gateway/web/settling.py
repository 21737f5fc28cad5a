"""How a settlement stands, in words, for the ward's tablet, the person at the bed, the phone and the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from gateway.web.patient.words import fen_of
from shared.clock import from_iso

Document = Mapping[str, Any]

CATEGORIES = {
    "01": lazy_gettext("床位费"),
    "02": lazy_gettext("诊察费"),
    "03": lazy_gettext("检查费"),
    "04": lazy_gettext("化验费"),
    "05": lazy_gettext("治疗费"),
    "06": lazy_gettext("手术费"),
    "07": lazy_gettext("护理费"),
    "08": lazy_gettext("卫生材料费"),
    "09": lazy_gettext("西药费"),
    "10": lazy_gettext("中药饮片费"),
    "11": lazy_gettext("中成药费"),
    "12": lazy_gettext("一般诊疗费"),
    "13": lazy_gettext("挂号费"),
    "14": lazy_gettext("其他费"),
    "meals": lazy_gettext("餐费等（不是医疗费）"),
}
"""The national fee categories, and what is no medical fee."""
CHECKS = {
    "meals_posted": lazy_gettext("餐费都记上了"),
    "bed_days": lazy_gettext("床位费天数"),
    "nursing_days": lazy_gettext("护理费天数"),
    "days_agree": lazy_gettext("床位和护理天数一样"),
    "charge_times": lazy_gettext("收费时间在住院期间"),
    "price_list": lazy_gettext("价格和价目表一样"),
    "nothing_negative": lazy_gettext("没有退得比收得多"),
    "deposits_posted": lazy_gettext("押金都到账了"),
    "refunds_ended": lazy_gettext("以前的退款都办完了"),
}
OWNERS = {
    "canteen": lazy_gettext("营养食堂"),
    "nurse": lazy_gettext("责任护士"),
    "cashier": lazy_gettext("住院收费处"),
    "finance": lazy_gettext("财务"),
}
STAGES = {
    "opened": (lazy_gettext("正在核对"), "now"),
    "checked": (lazy_gettext("账单已关"), "now"),
    "presented": (lazy_gettext("请本人核对"), "now"),
    "signed": (lazy_gettext("等付款"), "now"),
    "paid": (lazy_gettext("等医保结算"), "now"),
    "insured": (lazy_gettext("正在结清"), "now"),
    "settled": (lazy_gettext("已结清"), "ok"),
    "withdrawn": (lazy_gettext("已叫停"), ""),
}
"""A word for the stage, and the colour of its tag."""
ORDER = ("opened", "checked", "presented", "signed", "paid", "settled")
GOAL_SECONDS = 300
"""A settlement at the bed takes at most five minutes from when the audit is finished (handbook section 3.9)."""
MOVING = frozenset({"opened", "signed", "paid", "insured"})
"""Something may change without this person: the page looks again."""


@dataclass(frozen=True)
class Standing:
    """A settlement as a page needs it, looked at now."""

    document: Document
    at: datetime

    @property
    def stage(self) -> str:
        """Where it stands."""
        return str(self.document["stage"])

    @property
    def word(self) -> str:
        """Where it stands, in words."""
        return str(STAGES[self.stage][0])

    @property
    def open_checks(self) -> list[Document]:
        """What is left on the checklist."""
        return [each for each in self.document["checks"] if each["state"] in {"waiting", "blocked"}]

    @property
    def to_pay_fen(self) -> int:
        """What is still to be paid."""
        return fen_of(self.document["to_pay"])

    @property
    def to_return_fen(self) -> int:
        """What goes back."""
        return fen_of(self.document["to_return"])

    @property
    def can_be_called_off(self) -> bool:
        """Whether no money has moved yet."""
        return self.stage in {"opened", "checked", "presented", "signed"} and self.document["paid_at"] is None

    @property
    def payment(self) -> Document | None:
        """The payment under way, if one is."""
        found = self.document["payment"]
        return found if found and found["state"] in {"requested", "open", "unknown"} else None

    @property
    def seconds(self) -> int | None:
        """How long it has taken since the audit was finished; None before."""
        if not self.document["checked_at"]:
            return None
        end = self.document["settled_at"] or self.document["withdrawn_at"]
        until = from_iso(end) if end else self.at
        return max(0, int((until - from_iso(self.document["checked_at"])).total_seconds()))

    @property
    def moves_by_itself(self) -> bool:
        """Whether the page looks again."""
        returning = any(each["state"] in {"requested", "accepted", "unknown"} for each in self.document["refunds"])
        return self.stage in MOVING or returning

    @property
    def mark(self) -> str:
        """Changes whenever a page about it has to be drawn again."""
        checks = "".join(each["state"][0] for each in self.document["checks"])
        paying = (self.document["payment"] or {"state": ""})["state"]
        refunds = "".join(each["state"][0] for each in self.document["refunds"])
        return f"{self.stage}.{self.document['version']}.{self.document['digest']}.{checks}.{paying}.{refunds}"

    def steps(self) -> list[tuple[str, str, str, str | None]]:
        """The path for `vsteps`: word, state, second line, instant."""
        document = self.document
        rows = [
            (gettext("出院医嘱"), document["discharge_ordered_at"]),
            (gettext("核对，关账单"), document["checked_at"]),
            (gettext("给本人看"), document["presented_at"]),
            (gettext("本人签字"), document["signed_at"]),
            (gettext("付清差额"), document["paid_at"]),
            (gettext("医保结算"), document["insured_at"]),
            (gettext("结清"), document["settled_at"]),
            (gettext("收费票据"), document["receipted_at"]),
        ]
        if document["basis"] == "self_pay":
            rows = [row for row in rows if row[0] != gettext("医保结算")]
        first_open = next((number for number, row in enumerate(rows) if not row[1]), len(rows))
        made = []
        for number, (word, instant) in enumerate(rows):
            state = "done" if instant else "todo"
            if number == first_open and self.stage not in {"settled", "withdrawn"}:
                state = "wait" if self.stage in {"paid", "insured"} else "on"
            made.append((word, state, "", instant))
        return made


def category_word(code: str) -> str:
    """The name of a fee category."""
    return str(CATEGORIES.get(code, code))


def stage_word(stage: str) -> str:
    """Where a settlement stands."""
    return str(STAGES[stage][0])


def check_word(code: str) -> str:
    """What is looked at."""
    return str(CHECKS.get(code, code))


def owner_word(owner: str) -> str:
    """Whose work it is."""
    return str(OWNERS.get(owner, owner))


def check_remark(check: Document) -> str:
    """The numbers of an item, and the way out while it is open."""
    facts, code = check["facts"], check["code"]
    if check["state"] == "overruled":
        return str(gettext("跳过了：%(reason)s", reason=check["reason"]))
    is_open = check["state"] != "done"
    if code == "meals_posted":
        return _meals_remark(facts, is_open=is_open)
    if code in {"bed_days", "nursing_days"}:
        told = gettext("应记 %(days)s 天，记了 %(posted)s 天。", days=facts["days"], posted=facts["posted"])
        way_out = gettext("在“记费用”里补记或冲减。") if is_open else ""
        return f"{told}{way_out}"
    if code == "days_agree":
        return str(gettext("床位 %(bed)s 天，护理 %(nursing)s 天。", bed=facts["bed"], nursing=facts["nursing"]))
    return _count_remark(code, facts["count"], is_open=is_open)


def _meals_remark(facts: Document, *, is_open: bool) -> str:
    posted = gettext("账上 %(n)s 餐", n=facts["posted_count"])
    if "told_count" not in facts:
        waiting = gettext("，等食堂回话。通常几秒。")
        return f"{posted}{waiting}"
    told = gettext("，食堂说 %(n)s 餐。", n=facts["told_count"])
    soon = gettext("账马上就到，再等几秒。") if is_open else ""
    return f"{posted}{told}{soon}"


def _count_remark(code: str, count: int, *, is_open: bool) -> str:
    if not is_open:
        return ""
    sentences: dict[str, str] = {
        "charge_times": gettext("%(n)s 笔在入院以前或出院以后，请在“记费用”里冲掉。", n=count),
        "price_list": gettext("%(n)s 笔和当天的价目表不一样，请财务看。", n=count),
        "nothing_negative": gettext("%(n)s 项退得比收得多，请在“记费用”里改正。", n=count),
        "deposits_posted": gettext("%(n)s 笔押金正在付，到账或取消以后就好。", n=count),
        "refunds_ended": gettext("%(n)s 笔退款还在路上。", n=count),
    }
    return sentences[code]
