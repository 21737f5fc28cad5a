"""What matters at a stay: the next meal that can still be chosen, and where settling stands."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext

from gateway.web.look import current_look, now
from gateway.web.matters import STAY_MATTERS, Matter, Urgency
from gateway.web.patient.stays import stay_path
from gateway.web.session import clients
from gateway.web.settling import STAGES, stage_word
from gateway.web.stays import PHONE_LINKS, Status, Stay
from gateway.web.words import EN_NEAR, clock, near_day
from shared.clock import from_iso, hospital_day

Document = dict[str, Any]
OVER = frozenset({"settled", "withdrawn"})


def settlement_of(stay: Stay) -> list[Matter]:
    """Where settling stands while it goes on; signing and paying wait for the person."""
    found = clients().settlements.of_stay(stay.actor, stay.id)
    if found is None or found["stage"] in OVER or stay.link is None:
        return []
    waits = found["stage"] in {"presented", "signed"}
    return [
        Matter(
            link=stay.link,
            urgency=Urgency.TO_DO if waits else Urgency.GOING_ON,
            icon="bill",
            title=gettext("出院结算"),
            text=gettext("请您核对、签字或付款") if waits else gettext("护士正在办，到您这一步会告诉您"),
            tag=Status(stage_word(found["stage"]), STAGES[found["stage"]][1]),
            act=gettext("看结算"),
            path=stay_path(stay.id, "settlement"),
            at=str(found["opened_at"]),
            stay_id=stay.id,
        )
    ]


def meal_word(meal: str) -> str:
    """Breakfast, lunch or dinner."""
    known: dict[str, str] = {"breakfast": gettext("早餐"), "lunch": gettext("午餐"), "dinner": gettext("晚餐")}
    return known[meal]


def meals_of(stay: Stay) -> list[Matter]:
    """The next meal: what comes, or that it can still be chosen and until when."""
    if not stay.is_open or stay.link is None:
        return []
    found = clients().meals.read(stay.actor, "stays", stay.id, "meals")
    ahead = [each for each in found["meals"] if from_iso(each["ends_at"]) > now()]
    return [_meal(stay, each) for each in ahead[:1]]


def _day_and_meal(sitting: Document, lang: str) -> str:
    day, meal = near_day(sitting["date"], hospital_day(now()), lang), meal_word(sitting["meal"])
    return f"{meal}, {day.lower() if day in EN_NEAR else day}" if lang == "en" else f"{day}{meal}"


def _hour(instant: str, lang: str) -> str:
    day, hour = near_day(instant, hospital_day(now()), lang), clock(instant)
    return f"{hour} {day.lower() if day in EN_NEAR else day}" if lang == "en" else f"{day} {hour}"


def _meal(stay: Stay, sitting: Document) -> Matter:
    lang, order = current_look().lang, sitting["order"]
    link = stay.link
    if link is None:
        raise ValueError("a stay of nobody's family")
    chosen = order is not None and order["state"] != "cancelled"
    dishes = "、".join(each["name_zh"] for each in order["dishes"]) if chosen else ""
    if lang == "en" and chosen:
        dishes = ", ".join(each["name_en"] for each in order["dishes"])
    until = _hour(sitting["closes_at"], lang)
    closes = gettext("%(time)s 前可以选", time=until) if sitting["open"] else ""
    to_choose = sitting["open"] and order is None
    joint = ", " if lang == "en" else "，"
    return Matter(
        link=link,
        urgency=Urgency.TO_DO if to_choose else Urgency.GOING_ON,
        icon="meal",
        title=_day_and_meal(sitting, lang),
        text=joint.join(each for each in (dishes, closes) if each),
        tag=Status(gettext("还没选"), "now") if to_choose else None,
        act=gettext("去点餐"),
        path=stay_path(stay.id, *(["meals"] if "meals" in PHONE_LINKS.links else [])),
        at=str(sitting["begins_at"]),
        stay_id=stay.id,
    )


STAY_MATTERS.add("settlement", lazy_gettext("结算"), settlement_of)
STAY_MATTERS.add("meals", lazy_gettext("三餐"), meals_of)
