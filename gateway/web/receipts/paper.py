"""How a receipt looks on paper: a page with its amounts in figures and capitals, and a code to check it by.

Billing keeps the amounts, records knows the person; they meet on this paper only. Handbook section 3.14.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.web.words import hospital_date
from shared.clock import HOSPITAL_ZONE, from_iso
from shared.money import to_amount, to_fen
from shared.pdf import A5, GREY, RED, Paper

HOSPITAL = "示范市人民医院"
TITLES = {"medical": "医疗住院收费票据（电子）", "income": "医院收入凭证（非医疗收费）"}
INSURED = {"none": "自费", "employee": "职工医保（在职）", "retired": "职工医保（退休）", "resident": "居民医保"}
SEXES = {"male": "男", "female": "女"}
_LEFT, _MIDDLE = 10.0, 78.0
_ROWS = 7
Document = Mapping[str, Any]


def receipt_mark(receipt: Document) -> str:
    """What the check page is asked with: code, number and check code."""
    return f"{receipt['code']}-{receipt['number']}-{receipt['check_code']}"


def draw_receipt(receipt: Document, *, patient: Document, encounter: Document, check_address: str) -> bytes:
    """The receipt as PDF. `check_address` is where the public page stands, without the mark."""
    paper = Paper((A5[1], A5[0]), title=f"{TITLES[receipt['kind']]} {receipt['number']}")
    mark = receipt_mark(receipt)
    _head(paper, receipt)
    _person(paper, receipt, patient, encounter)
    end = _categories(paper, receipt)
    end = _sums(paper, receipt, end)
    if receipt["kind"] == "medical":
        _insurance(paper, receipt["content"], end)
    paper.qr(178, 8, 24, f"{check_address}/{mark}")
    paper.text(190, 34, "扫码查真伪", size=7, color=GREY, align="center")
    paper.stamp(184, 127, 28, HOSPITAL, "收费专用章（演示）")
    paper.text(_LEFT, 143, f"收款单位（章）：{HOSPITAL}    收款人：系统    复核人：系统", size=8, color=GREY)
    paper.text(_LEFT, 136, "演示医院的票据，不是财政票据，不能报销。", size=7.5, color=RED)
    return paper.to_bytes()


def _head(paper: Paper, receipt: Document) -> None:
    paper.text(
        105,
        14,
        TITLES[receipt["kind"]],
        size=15,
        bold=True,
        align="center",
        color=RED if receipt["is_red"] else "#1a1a1a",
    )
    if receipt["is_red"]:
        paper.text(105, 20, "红字 · 冲销原票据", size=9, bold=True, align="center", color=RED)
    elif receipt["is_taken_back"]:
        paper.text(105, 20, "本票据已冲红作废", size=9, bold=True, align="center", color=RED)
    issued = from_iso(receipt["issued_at"]).astimezone(HOSPITAL_ZONE)
    rows = (
        ("票据代码", receipt["code"]),
        ("票据号码", receipt["number"]),
        ("校验码", receipt["check_code"]),
        ("开票日期", f"{issued:%Y-%m-%d}"),
    )
    for index, (word, value) in enumerate(rows):
        paper.text(_LEFT, 10 + index * 5, f"{word}：{value}", size=8.5)


def _person(paper: Paper, receipt: Document, patient: Document, encounter: Document) -> None:
    content = receipt["content"]
    started, ended = encounter.get("started_at"), encounter.get("ended_at")
    stay = f"{hospital_date(started)} 至 {hospital_date(ended) if ended else '今'}" if started else ""
    ward = (encounter.get("ward") or {}).get("name", {}).get("zh", "")
    facts = [
        f"交款人：{patient.get('name') or ''}",
        f"性别：{SEXES.get(str(patient.get('sex')), '—')}",
        f"病历号：{patient.get('mrn') or ''}",
        f"住院科室：{ward}",
        f"住院时间：{stay}",
        f"医保类型：{INSURED.get(content['insured_kind'], '自费')}",
        f"医保编号：{content['psn_no'] or '—'}",
        f"业务流水号：{str(receipt['id'])[:18]}",
    ]
    for index, fact in enumerate(facts):
        x = _LEFT + (index % 3) * 62
        paper.text(x, 40 + (index // 3) * 5.5, fact, size=8.5, within=60)


def _categories(paper: Paper, receipt: Document) -> float:
    """Two columns of categories; gives where they end (millimetres)."""
    rows = [(each["name"], each["amount"]["amount"]) for each in receipt["content"]["categories"]]
    half = max(_ROWS, (len(rows) + 1) // 2)
    end = 0.0
    for column in range(2):
        part = rows[column * half : (column + 1) * half]
        filled = [*part, *([("", "")] * (half - len(part)))]
        x = _LEFT + column * 95
        table = [("项目", "金额（元）"), *filled]
        end = paper.table(x, 58, (60, 35), table, right=(1,), size=8.5, row_height=5.2)
    return end


def _sums(paper: Paper, receipt: Document, y: float) -> float:
    total = receipt["total"]["amount"]
    paper.box(_LEFT, y, 190, 7)
    paper.text(_LEFT + 2, y + 4.9, f"金额合计（大写）：{receipt['capitals']}", size=9, bold=True, within=125)
    paper.text(_LEFT + 188, y + 4.9, f"（小写）￥{total}", size=9, bold=True, align="right")
    return y + 7


def _insurance(paper: Paper, content: Document, y: float) -> None:
    words = (
        ("预缴金额", "prepaid"),
        ("补缴金额", "added"),
        ("退费金额", "refunded"),
        ("医保统筹基金支付", "fund"),
        ("其他支付", "other"),
        ("个人账户支付", "account"),
        ("个人现金支付", "cash"),
        ("个人自付", "own_share"),
        ("个人自费", "own_expense"),
    )
    for index, (word, name) in enumerate(words):
        x = _LEFT + (index % 3) * 62
        fen = to_fen(content[name]["amount"])
        paper.text(x, y + 6 + (index // 3) * 5.2, f"{word}：{to_amount(fen)}", size=8.5)
