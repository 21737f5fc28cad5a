"""The wallet's words in both languages."""

from __future__ import annotations

WORDS = {
    "title": ("沙箱钱包", "Sandbox wallet"),
    "no_real_money": ("沙箱：不会扣真钱", "Sandbox: no real money"),
    "pay_to": ("付给 示范市人民医院", "Pay to Demo City People's Hospital"),
    "number": ("单号", "No."),
    "choose": ("选择结果", "Choose what happens"),
    "try": ("试试", "Try"),
    "about": (
        "这一页只在演示和测试环境出现。它和微信、支付宝无关，也不会要密码。",
        "This page exists in demonstrations and tests only. It is not WeChat or Alipay, and never asks for a password.",
    ),
    "other_language": ("English", "中文"),
    "back": ("返回医院", "Back to the hospital"),
    "paid": ("支付成功", "Paid"),
    "paid.sub": ("立即通知医院", "The hospital is told at once"),
    "paid.act": ("付款", "Pay"),
    "told_late": ("成功，但通知晚到 90 秒", "Paid, but the hospital is told 90 s later"),
    "told_late.sub": ("看“正在确认”页面", "See the page that is still checking"),
    "told_twice": ("成功，通知来两次", "Paid, and the hospital is told twice"),
    "told_twice.sub": ("不能重复入账", "It must not be entered twice"),
    "never_told": ("付款中断网", "Paid, but the connection is cut"),
    "never_told.sub": ("看对账能不能找回来", "See whether the hospital finds the payment"),
    "insufficient_balance": ("余额不足", "Not enough money"),
    "insufficient_balance.sub": ("失败，可以重试", "It fails and can be tried again"),
    "user_cancelled": ("用户取消", "Cancel"),
    "user_cancelled.sub": ("回到订单页", "Back to the bill"),
    "amount_altered": ("金额被改成 {altered}", "The amount is changed to {altered}"),
    "amount_altered.sub": ("医院必须拒收", "The hospital must not accept it"),
    "ended.paid": ("这一单已支付", "This order is paid"),
    "ended.user_cancelled": ("这一单已取消", "This order was cancelled"),
    "ended.insufficient_balance": ("这一单支付失败：余额不足", "This order failed: not enough money"),
    "ended.order_expired": (
        "这一单已过期，请回医院重新支付",
        "This order has expired. Please pay anew",
    ),
    "ended.closed_by_merchant": (
        "医院已关闭这一单，不需要支付",
        "Closed by the hospital: nothing is to be paid",
    ),
    "ended.refunded": ("已退回", "Returned"),
    "not_found": ("没有这一单", "There is no such order"),
    "not_found.sub": ("请从医院的页面重新打开。", "Please open it again from the hospital's page."),
    "wrong_tap": ("没有看懂这次点击，请再选一次。", "That tap was not understood. Please choose again."),
    "books": ("沙箱钱包的账本", "Books of the sandbox wallet"),
    "merchant": ("商户", "Merchant"),
    "merchant.hospital": ("示范市人民医院", "Demo City People's Hospital"),
    "received": ("收款", "Received"),
    "returned": ("退款", "Returned"),
    "balance": ("余额", "Balance"),
    "movements": ("最近的资金变动", "Latest movements"),
    "payment": ("收款", "Payment"),
    "refund": ("退款", "Refund"),
    "nothing": ("还没有资金变动", "No money has moved yet"),
    "waiting": ("还没送达的通知", "Notifications not delivered yet"),
    "tries": ("已试 {n} 次", "{n} tries so far"),
    "given_up": ("已停止重试", "given up"),
}


def say(name: str, language: str, **values: object) -> str:
    """The words for a name in `zh` or `en`."""
    return WORDS[name][language == "en"].format(**values)
