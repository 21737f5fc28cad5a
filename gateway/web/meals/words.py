"""Words for meals: which meal of which day, where a meal is, why it ended, and what a basket holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict

from gateway.web.look import live_filter, now
from gateway.web.patient.words import fen_of
from gateway.web.words import hospital_date
from shared.clock import hospital_day

Document = Mapping[str, Any]
MEALS = {"breakfast": lazy_gettext("早餐"), "lunch": lazy_gettext("午餐"), "dinner": lazy_gettext("晚餐")}
KINDS = (
    (("meat", "half_meat"), lazy_gettext("主菜")),
    (("vegetable",), lazy_gettext("蔬菜")),
    (("staple",), lazy_gettext("主食")),
    (("soup", "drink"), lazy_gettext("汤和饮品")),
    (("side", "fruit"), lazy_gettext("小菜和水果")),
)
STATES = {
    "awaiting_payment": (lazy_gettext("等付款"), "now"),
    "ordered": (lazy_gettext("已订"), "ok"),
    "in_production": (lazy_gettext("厨房在做"), "on"),
    "plated": (lazy_gettext("送餐路上"), "on"),
    "delivered": (lazy_gettext("已送到"), "ok"),
    "refused": (lazy_gettext("没有收"), ""),
    "absent": (lazy_gettext("人不在，保温着"), "now"),
    "stopped": (lazy_gettext("已停"), "bad"),
    "cancelled": (lazy_gettext("已取消"), ""),
}
REASONS = {
    "person": lazy_gettext("家里说这餐不要"),
    "unpaid": lazy_gettext("没有付款"),
    "diet_changed": lazy_gettext("膳食医嘱改了，原来的菜不合适"),
    "allergy": lazy_gettext("有过敏的食材"),
    "fasting": lazy_gettext("禁食"),
    "discharged": lazy_gettext("已经出院"),
    "settlement": lazy_gettext("正在办出院结算"),
    "transferred": lazy_gettext("换了床"),
    "replacement": lazy_gettext("换成合适的标准餐"),
    "late": lazy_gettext("病区补一份标准餐"),
    "no_diet_order": lazy_gettext("还没有膳食医嘱"),
    "nothing_suits": lazy_gettext("菜单里没有合适的菜"),
}
MOST = 4


def meal_word(meal: str) -> str:
    """早餐, 午餐, 晚餐."""
    return str(MEALS.get(meal, meal))


def day_word(day: str) -> str:
    """今天, 明天, or the date, of a day or an instant."""
    ahead = (hospital_date(day) - hospital_day(now())).days
    near = {0: gettext("今天"), 1: gettext("明天")}
    return str(near.get(ahead) or gettext("%(m)s月%(d)s日", m=hospital_date(day).month, d=hospital_date(day).day))


def state_word(state: str) -> str:
    """Where a meal is."""
    return str(STATES[state][0])


def state_kind(state: str) -> str:
    """The kind of tag for it."""
    return STATES[state][1]


def reason_word(reason: str) -> str:
    """Why a meal ended, or why the kitchen does something differently."""
    return str(REASONS.get(reason, reason))


def grouped(dishes: Sequence[Document]) -> list[tuple[str, list[Document]]]:
    """The dishes that may be ordered, by their place in a meal."""
    fitting = [dish for dish in dishes if not dish["because"]]
    groups = [(str(word), [dish for dish in fitting if dish["kind"] in kinds]) for kinds, word in KINDS]
    return [(word, found) for word, found in groups if found]


def portions_of(values: MultiDict[str, str], dishes: Sequence[Document]) -> dict[str, int]:
    """The basket as the page carries it along (`d` = dish:portions), after the tap on + or − that was made."""
    basket: dict[str, int] = {}
    for each in ",".join(values.getlist("d")).split(","):
        dish_id, _, count = each.partition(":")
        basket[dish_id] = int(count) if count.isascii() and count.isdigit() else 0
    for name, step in (("more", 1), ("fewer", -1)):
        for dish_id in values.getlist(name):
            basket[dish_id] = basket.get(dish_id, 0) + step
    allowed = {dish["id"] for dish in dishes if not dish["because"]}
    return {dish_id: min(count, MOST) for dish_id, count in basket.items() if count > 0 and dish_id in allowed}


def was_touched() -> bool:
    """Whether the page carries a basket of its own already."""
    return "b" in request.values


def basket_fen(portions: Mapping[str, int], dishes: Sequence[Document]) -> int:
    """What a basket costs, for the page; the service computes it again."""
    prices = {dish["id"]: fen_of(dish["price"]) for dish in dishes}
    return sum(prices[dish_id] * count for dish_id, count in portions.items())


def dishes_word(order: Document) -> str:
    """米饭、清蒸鲈鱼 ×2."""
    english = gettext("、") != "、"
    names = []
    for dish in order["dishes"]:
        name = dish["name_en"] if english else dish["name_zh"]
        names.append(name if dish["portions"] == 1 else f"{name} ×{dish['portions']}")
    return str(gettext("、")).join(names)


FILTERS: Mapping[str, Callable[..., object]] = {
    "meal_word": live_filter(meal_word),
    "meal_day": live_filter(day_word),
    "meal_state": live_filter(state_word),
    "meal_state_kind": live_filter(state_kind),
    "meal_reason": live_filter(reason_word),
    "dishes_word": live_filter(dishes_word),
}
