"""Tray labels as PDF, one to a page of a label printer: where, who, what, what never, and the code of the tray."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext

from gateway.web.desk import init_desk
from gateway.web.look import current_look
from gateway.web.meals.canteen import KITCHEN, wanted_meal
from gateway.web.meals.words import dishes_word, meal_word
from gateway.web.session import actor, clients, staff
from gateway.web.words import clock
from shared.pdf import RED, Paper, wrap

pages = init_desk(Blueprint("labels", __name__, url_prefix="/canteen"))

Document = dict[str, Any]
SIZE = (100.0, 70.0)
"""Millimetres: the common label of a tray."""
MOST = 2000
MOST_LINES, LOW = 5, 44.0
"""So many lines of dishes fit at full size; fewer below a warning."""


@pages.get("/labels.pdf")
@staff(*KITCHEN)
def show() -> Response:
    """The labels of a meal, or of one ward, in the order of wards and beds; made anew, they say what is so now."""
    day, meal = wanted_meal(request.args)
    found = clients().meal_orders.trays(actor(), day, meal, request.args.get("ward") or None)
    response = make_response(labels(found, found["items"][:MOST]))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="labels-{found["date"]}-{found["meal"]}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_words(names: Document) -> str:
    return str(names["en"] if current_look().lang == "en" else names["zh"])


def labels(sitting: Document, trays: list[Document]) -> bytes:
    """A PDF with a page for each tray; one page that says so where there is none."""
    paper = Paper(SIZE, title=f"{sitting['date']} {meal_word(sitting['meal'])}")
    if not trays:
        paper.text(6, 20, gettext("没有餐签"), size=14)
    for number, tray in enumerate(trays):
        if number:
            paper.new_page()
        _label(paper, sitting, tray)
    return paper.to_bytes()


def _label(paper: Paper, sitting: Document, tray: Document) -> None:
    is_companions = tray["recipient"] == "companion"
    paper.text(5, 9, f"{_in_words(tray['ward'])}", size=11, within=58)
    paper.text(5, 20, gettext("%(label)s 床", label=tray["bed"] or "—"), size=24, bold=True, within=38)
    who = gettext("陪护餐") if is_companions else tray["name"] or ""
    paper.text(45, 20, who, size=15, bold=is_companions, within=27)
    if tray["mrn"]:
        paper.text(5, 26, f"{gettext('病历号')} {tray['mrn']}", size=9)
    paper.text(40, 26, f"{sitting['date']} {meal_word(sitting['meal'])}", size=9, within=32)
    paper.box(5, 28.5, 66, 7.5, line=0.5, fill="#ececec")
    paper.text(7, 33.8, _in_words(tray["diet"]), size=11, bold=True, within=62)
    y = 41.0
    for warning in _warnings(tray, is_companions=is_companions):
        paper.text(5, y, warning, size=11, bold=True, color=RED, within=66)
        y += 5.2
    dishes = dishes_word(tray)
    fits = len(wrap(dishes, 64, size=10)) <= (MOST_LINES if y < LOW else MOST_LINES - 2)
    paper.paragraph(5, y, 64, dishes, size=10 if fits else 7)
    made, until = clock(tray["produced_at"]), clock(tray["eat_before"])
    times = gettext("%(made)s 做好，%(until)s 前吃完", made=made, until=until)
    paper.text(5, 66.5, times, size=9, within=64)
    code = tray["tray_code"]
    paper.qr(72, 4, 25, code)
    paper.text(84.5, 32, f"{code[:4]} {code[4:]}", size=11, bold=True, align="center", within=25)


def _warnings(tray: Document, *, is_companions: bool) -> list[str]:
    if is_companions:
        return [gettext("病人勿食")]
    found = [f"× {_in_words(tray['fasting'])}"] if tray["fasting"] else []
    if tray["allergens"]:
        found.append(gettext("忌 %(food)s", food=gettext("、").join(_in_words(each) for each in tray["allergens"])))
    return found
