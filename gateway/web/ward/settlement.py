"""Settling a stay on the nurse's tablet: checklist with owner and way out, the clock, handing the tablet over."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_babel import gettext, lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import live_filter, now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.settling import (
    GOAL_SECONDS,
    STAGES,
    Standing,
    category_word,
    check_remark,
    check_word,
    owner_word,
    stage_word,
)
from gateway.web.stays import WARD_LINKS, Status, Stay, StayLink
from gateway.web.ward.person import hand_over_to
from gateway.web.ward.stays import stay_of, stay_path
from shared.client import ServiceProblem
from shared.errors import NotFound

pages = init_desk(Blueprint("ward_settlement", __name__, url_prefix="/ward/stays/<uuid:encounter_id>/settlement"))
WORDS: dict[str, Callable[[Any], str]] = {
    "category_word": category_word,
    "stage_word": stage_word,
    "check_word": check_word,
    "owner_word": owner_word,
    "check_remark": check_remark,
}
for _name, _word in WORDS.items():
    pages.add_app_template_filter(live_filter(_word), _name)

SHORTEST_REASON = 2
_MEANWHILE = {"not_in_stage", "already_settling", "money_has_moved", "insurer_not_refusing"}
"""Somebody else went on with it: the page as it is now says enough."""


def standing_of(encounter_id: UUID) -> Standing | None:
    """The newest settlement of a stay as whoever is logged in may see it."""
    found = clients().settlements.of_stay(actor(), encounter_id)
    return Standing(found, now()) if found else None


def _status(stay: Stay) -> Status | None:
    found = clients().settlements.of_stay(stay.actor, stay.id)
    return Status(stage_word(found["stage"]), STAGES[found["stage"]][1]) if found else None


WARD_LINKS.add(
    StayLink(
        code="settlement",
        path="settlement",
        icon="bill",
        word=lazy_gettext("床边结算"),
        about=lazy_gettext("核对费用，本人确认，付清或退款"),
        place=70,
        roles=("nurse",),
        status=_status,
    )
)


def here(encounter_id: UUID, *more: str) -> str:
    """The address of the settlement's page, or of a page below it."""
    return stay_path(encounter_id, "settlement", *more)


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


@pages.get("")
@staff("nurse")
def show(encounter_id: UUID) -> Response:
    """Where the settlement of this stay stands, and the one thing to do now."""
    return _page(encounter_id)


def _page(encounter_id: UUID, refusal: Refusal | None = None, *, wrong: str = "") -> Response:
    stay, standing = stay_of(encounter_id), standing_of(encounter_id)
    again = "again" in request.args and standing is not None and standing.stage == "withdrawn"
    template = "ward/settlement.html" if standing and not again else "ward/settlement_open.html"
    page = render_page(
        template,
        stay=stay,
        s=standing,
        base=here(encounter_id),
        goal=GOAL_SECONDS,
        refusal=refusal,
        wrong=wrong,
        back=stay_path(encounter_id),
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(page, status)


@pages.get("/progress")
@staff("nurse")
def progress(encounter_id: UUID) -> Response:
    """The small part that the page asks for: it loads the page again once anything has changed."""
    standing = standing_of(encounter_id)
    if standing is None:
        raise NotFound
    response = make_response(render_template("ward/_settlement_live.html", s=standing))
    if standing.mark != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response


def _act(encounter_id: UUID, act: Callable[[Any], object]) -> Response:
    """Do one thing with the settlement; what somebody else did meanwhile is simply shown."""
    standing = standing_of(encounter_id)
    if standing is None:
        raise NotFound
    try:
        act(standing.document["id"])
    except REFUSALS as error:
        return _refused(encounter_id, error)
    return _to(here(encounter_id))


def _refused(encounter_id: UUID, error: Exception) -> Response:
    if isinstance(error, ServiceProblem) and error.code in _MEANWHILE:
        return _to(here(encounter_id))
    refusal = refusal_of(error)
    if refusal.request_id:
        return again_page(refusal, back=here(encounter_id))
    return _page(encounter_id, refusal)


@pages.post("")
@staff("nurse")
def begin(encounter_id: UUID) -> Response:
    """The discharge is ordered: begin to settle. A second nurse is led to the settlement that is there."""
    if stay_of(encounter_id).is_open and request.form.get("ordered") != "yes":
        return _page(encounter_id, wrong=gettext("出院医嘱开了才能结算。"))
    try:
        clients().settlements.open(actor(), key=request_key(), encounter_id=encounter_id)
    except REFUSALS as error:
        return _refused(encounter_id, error)
    return _to(here(encounter_id))


@pages.post("/overrules")
@staff("nurse")
def overrule(encounter_id: UUID) -> Response:
    """Pass over an item of the checklist; the reason is kept with the name."""
    reason, code, key = request.form.get("reason", "").strip()[:200], request.form.get("code", ""), request_key()
    if len(reason) < SHORTEST_REASON:
        return _page(encounter_id, wrong=gettext("请写为什么跳过。"))
    return _act(
        encounter_id, lambda id_: clients().settlements.overrule(actor(), id_, key=key, code=code, reason=reason)
    )


@pages.post("/bill")
@staff("nurse")
def close_bill(encounter_id: UUID) -> Response:
    """The list is done: close the bill. From here the five minutes count."""
    key = request_key()
    return _act(encounter_id, lambda id_: clients().settlements.close_bill(actor(), id_, key=key))


@pages.post("/hand-over")
@staff("nurse")
def hand_over(encounter_id: UUID) -> Response:
    """The tablet goes to the person: from now on it shows their pages only, until a nurse takes it back."""
    key, standing = request_key(), standing_of(encounter_id)
    if standing is None:
        raise NotFound
    if standing.stage in {"checked", "presented"}:
        try:
            clients().settlements.present(actor(), standing.document["id"], key=key)
        except REFUSALS as error:
            return _refused(encounter_id, error)
    return hand_over_to(encounter_id)


@pages.get("/withdrawal")
@staff("nurse")
def ask_withdrawal(encounter_id: UUID) -> str | Response:
    """What calling it off means, before it is done."""
    standing = standing_of(encounter_id)
    if standing is None or not standing.can_be_called_off:
        return _to(here(encounter_id))
    return render_page("ward/settlement_withdraw.html", stay=stay_of(encounter_id), s=standing, base=here(encounter_id))


@pages.post("/withdrawal")
@staff("nurse")
def withdraw(encounter_id: UUID) -> Response:
    """Call the settlement off before money moved."""
    reason, key = request.form.get("reason", "").strip()[:200], request_key()
    if len(reason) < SHORTEST_REASON:
        return _page(encounter_id, wrong=gettext("请写为什么叫停。"))
    return _act(encounter_id, lambda id_: clients().settlements.withdraw(actor(), id_, key=key, reason=reason))


@pages.post("/claim")
@staff("nurse")
def claim_again(encounter_id: UUID) -> Response:
    """What the insurer refused is mended: ask it again."""
    key = request_key()
    return _act(encounter_id, lambda id_: clients().settlements.claim_again(actor(), id_, key=key))


@pages.post("/self-payment")
@staff("nurse")
def bear_alone(encounter_id: UUID) -> Response:
    """The insurer will not pay: the person bears everything, and reads and signs again."""
    reason, key = request.form.get("reason", "").strip()[:200], request_key()
    if len(reason) < SHORTEST_REASON:
        return _page(encounter_id, wrong=gettext("请写为什么自费。"))
    return _act(encounter_id, lambda id_: clients().settlements.bear_alone(actor(), id_, key=key, reason=reason))


@pages.get("/slip")
@staff("nurse")
def slip(encounter_id: UUID) -> str | Response:
    """The discharge slip, for the printer: with it the person leaves the ward."""
    standing = standing_of(encounter_id)
    if standing is None or standing.stage != "settled":
        return _to(here(encounter_id))
    return render_page(
        "ward/settlement_slip.html",
        stay=stay_of(encounter_id),
        s=standing,
        base=here(encounter_id),
        back=here(encounter_id),
    )
