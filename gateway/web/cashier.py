"""The cash drawer and the books: refunds to be handed out in cash, and the sums of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.front_desk.standing import CASH, payable_in_cash
from gateway.web.look import live_filter, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask_list, refusal_of
from gateway.web.patient.words import fen_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.words import money

pages = init_desk(Blueprint("cashier", __name__, url_prefix="/cashier"))

Document = dict[str, Any]
ACCOUNTS = {
    "patient_receivables": lazy_gettext("应收病人款"),
    "outpatient_income": lazy_gettext("门诊收入"),
    "stay_receivables": lazy_gettext("应收住院款"),
    "inpatient_income": lazy_gettext("住院收入"),
    "meals_income": lazy_gettext("餐费收入"),
    "copying_income": lazy_gettext("复印收入"),
    "prepayments": lazy_gettext("预交金（代管）"),
    "insurer_receivables": lazy_gettext("应收医保"),
    "refunds_payable": lazy_gettext("应退未退"),
    "sandbox_wallet": lazy_gettext("沙箱钱包"),
    "cash_drawer": lazy_gettext("现金"),
}
"""The accounts of the ledger in words."""
REASONS = {
    "appointment_cancelled": lazy_gettext("退号"),
    "meal_cancelled": lazy_gettext("退餐"),
    "copy_request_ended": lazy_gettext("复印不办了"),
    "fewer_pages": lazy_gettext("复印页数少了"),
    "deposit_called_off": lazy_gettext("押金不交了"),
    "deposit_left_over": lazy_gettext("押金用不完"),
    "settlement_withdrawn": lazy_gettext("结算叫停"),
    "settlement_surplus": lazy_gettext("结算多付的"),
    "late_correction": lazy_gettext("结算以后冲减"),
    "late_charge_ended": lazy_gettext("补收的不收了"),
    "paid_too_late": lazy_gettext("付得太晚"),
    "not_due": lazy_gettext("多付的"),
    "amount_mismatch": lazy_gettext("金额不对"),
}
"""Why money goes back, in words."""
pages.add_app_template_filter(live_filter(lambda account: str(ACCOUNTS.get(account, account))), "account_word")
pages.add_app_template_filter(live_filter(lambda reason: str(REASONS.get(reason, reason))), "reason_word")


def refunds_to_hand_out() -> list[Document]:
    """Refunds of cash payments, and those that their own channel refused; whoever has waited longest comes first."""
    billing, asking = clients().billing, actor()
    found = [
        *billing.refunds_in(asking, "requested", channel=CASH),
        *billing.refunds_in(asking, "refused"),
    ]
    return sorted(filter(payable_in_cash, found), key=lambda each: str(each["requested_at"]))


def _with_owners(refunds: list[Document]) -> list[Document]:
    """The refunds with the number and text of the bill and with the patient, each asked for once."""
    billing, records, asking = clients().billing, clients().records, actor()
    bills = {each: billing.invoice(asking, each) for each in {refund["invoice_id"] for refund in refunds}}
    people = {each: records.patient(asking, each) for each in {refund["patient_id"] for refund in refunds}}
    return [
        {**refund, "bill": bills[refund["invoice_id"]], "patient": people[refund["patient_id"]]} for refund in refunds
    ]


@pages.get("/refunds")
@staff("cashier", "front_desk")
def refunds() -> Response:
    """What is to be handed out in cash."""
    return _refunds_page(None)


def _refunds_page(refusal: Refusal | None) -> Response:
    found = ask_list(lambda: _with_owners(refunds_to_hand_out()))
    paid = request.args.get("paid", "")
    page = render_page(
        "cashier/refunds.html",
        refunds=found.value,
        total=sum(fen_of(each["amount"]) for each in found.value),
        silent=found.silent,
        paid=paid if paid.isascii() and paid.isdigit() else "",
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/refunds/<uuid:refund_id>")
@staff("cashier", "front_desk")
def hand_out(refund_id: UUID) -> Response:
    """Hand out one of them."""
    here = url_for("cashier.refunds")
    try:
        refund = clients().billing.pay_out(actor(), refund_id, key=request_key())
    except REFUSALS as error:
        refusal = refusal_of(error)
        return again_page(refusal, back=here) if refusal.request_id else _refunds_page(refusal)
    return make_response(redirect(f"{here}?paid={fen_of(refund['amount'])}", code=HTTPStatus.SEE_OTHER))


@pages.get("/ledger")
@staff("finance", "auditor")
def ledger() -> str:
    """Every account's two sides, and whether the books agree with bills, payments and refunds."""
    summary = clients().billing.ledger_summary(actor())
    return render_page("cashier/ledger.html", summary=summary, checks=_checks(summary), money=money)


def _checks(summary: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Pairs of sums (fen) that must be the same: a sentence, one side, the other side."""
    fen = {name: fen_of(value) for name, value in summary.items() if name != "accounts"}
    accounts = {each["account"]: each for each in summary["accounts"]}

    def side(account: str, name: str) -> int:
        return fen_of(accounts[account][name]) if account in accounts else 0

    money_in = sum(side(each, "debit") for each in ("sandbox_wallet", "cash_drawer"))
    money_out = sum(side(each, "credit") for each in ("sandbox_wallet", "cash_drawer"))
    return [
        (lazy_gettext("借方合计等于贷方合计"), fen["debit"], fen["credit"]),
        (lazy_gettext("账上收到的钱等于付款合计"), money_in, fen["payments_received"]),
        (lazy_gettext("账上退出的钱等于退款合计"), money_out, fen["refunds_succeeded"]),
        (
            lazy_gettext("应退未退等于已决定退、还没退的"),
            -side("refunds_payable", "balance"),
            fen["refunds_asked_for"] - fen["refunds_succeeded"],
        ),
    ]
