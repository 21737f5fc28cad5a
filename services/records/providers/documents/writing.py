"""Writes one document of the demo hospital's records: each part with its own kind of page."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from services.records.domain.hospital import HOSPITAL_ZH
from services.records.domain.record_documents import RecordDocument, StayOnPaper
from services.records.providers.documents import words
from services.records.providers.documents.words import STORIES, Story
from shared import pdf
from shared.clock import hospital_day

LEFT, WIDTH, TOP = 22.0, 166.0, 48.0
_SEXES = {"male": "男", "female": "女"}
_DOCTORS = ("周明", "李文静", "王海涛", "陈思远", "赵一凡")

Chance = random.Random
Write = Callable[[pdf.Paper, StayOnPaper, Story, Chance, int], None]


def write_document(stay: StayOnPaper, document: RecordDocument) -> bytes:
    """The document as PDF: `document.pages` pages of A4, the same bytes each time."""
    story = STORIES[stay.kind]
    paper = pdf.Paper(title=document.title)
    for page in range(document.first, document.first + document.pages):
        if page > document.first:
            paper.new_page()
        _head(paper, stay, document.title, page)
        write = _WRITERS[document.part] if page == 1 else _CONTINUED.get(document.part, _WRITERS[document.part])
        write(paper, stay, story, random.Random(f"{stay.encounter_id}/{document.part}/{page}"), page)  # noqa: S311
    return paper.to_bytes()


def _head(paper: pdf.Paper, stay: StayOnPaper, title: str, page: int) -> None:
    middle = paper.width / 2
    paper.text(middle, 20, HOSPITAL_ZH, size=14, bold=True, align="center")
    paper.text(middle, 29, title, size=12, bold=True, align="center")
    age = "" if stay.birth_on is None else f"{(hospital_day(stay.started_at) - stay.birth_on).days // 365} 岁"
    facts = (f"姓名：{stay.name}", f"性别：{_SEXES.get(stay.sex, '—')}", f"年龄：{age}", f"病区：{stay.ward}")
    for fact, at in zip((*facts, f"病案号：{stay.mrn}"), (LEFT, 66, 88, 112, 158), strict=True):
        paper.text(at, 38, fact, size=9, within=44)
    paper.line(LEFT, 41, LEFT + WIDTH, 41, width=0.3)
    paper.text(LEFT, 284, f"{title} 第{page}页", size=8, color=pdf.GREY)
    paper.text(LEFT + WIDTH, 284, "演示医院的虚构文书 / fictional", size=8, color=pdf.GREY, align="right")


def _day(stay: StayOnPaper, page: int, step: float = 1.0) -> datetime:
    """A moment in the stay: pages go on through it and never leave it."""
    return min(stay.started_at + timedelta(hours=2) + timedelta(days=(page - 1) * step), stay.ended_at)


def _signed(paper: pdf.Paper, y: float, chance: Chance, on: date, who: str = "医师签名") -> None:
    paper.text(LEFT + WIDTH - 60, y, f"{who}：{chance.choice(_DOCTORS)}    {on:%Y-%m-%d}", size=9.5, within=60)


def _front_sheet(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    began, ended = hospital_day(stay.started_at), hospital_day(stay.ended_at)
    rows = [
        ("项目", "内容"),
        ("入院日期", f"{began:%Y年%m月%d日}"),
        ("出院日期", f"{ended:%Y年%m月%d日}"),
        ("实际住院天数", f"{max(1, (ended - began).days)} 天"),
        ("出院病区", stay.ward),
        *((f"出院诊断 {number}", text) for number, text in enumerate(story.diagnoses, 1)),
        ("离院方式", "医嘱离院"),
        ("是否有出院31天内再住院计划", "无"),
        ("病案质量", "甲"),
    ]
    end = paper.table(LEFT, TOP, (60, WIDTH - 60), rows, size=10, row_height=9)
    _signed(paper, end + 12, chance, ended, "编码员")
    del page


def _prose(paper: pdf.Paper, paragraphs: list[tuple[str, str]]) -> float:
    y = TOP + 2
    for head, text in paragraphs:
        if head:
            paper.text(LEFT, y, head, size=10.5, bold=True)
            y += 6
        y = paper.paragraph(LEFT, y, WIDTH, text) + 3
    return y


def _admission(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    pressure = f"{chance.randint(120, 150)}/{chance.randint(72, 94)} mmHg"
    y = _prose(
        paper,
        [
            ("主诉", story.complaint),
            ("现病史", story.history),
            ("体格检查", (f"体温 36.{chance.randint(3, 9)} ℃，脉搏 {chance.randint(66, 92)} 次/分，血压 {pressure}。"
                         "神志清楚，查体合作，皮肤巩膜无黄染，浅表淋巴结未触及肿大。")),
            ("初步诊断", "；".join(story.diagnoses)),
        ],
    )  # fmt: skip
    _signed(paper, y + 6, chance, hospital_day(_day(stay, page)))


def _progress(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    at = _day(stay, page, 0.7)
    entries = [(f"{at + timedelta(hours=8 * n):%Y-%m-%d} 病程记录", chance.choice(story.course)) for n in range(4)]
    _signed(paper, _prose(paper, entries) + 6, chance, hospital_day(at))


def _operation(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    text = story.operation or "本次住院未行手术，无此项记录。"
    y = _prose(paper, [("手术经过" if story.operation else "说明", text)])
    _signed(paper, y + 6, chance, hospital_day(_day(stay, page)), "术者签名" if story.operation else "医师签名")


def _anaesthesia(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    if not story.operation:
        _prose(paper, [("说明", "本次住院未行麻醉，无此项记录。")])
        return
    rows: list[tuple[str, ...]] = [("时间", "血压 mmHg", "心率", "血氧 %", "备注")]
    for minute in range(0, 120, 5):
        pressure = f"{chance.randint(105, 135)}/{chance.randint(60, 82)}"
        rows.append((f"{9 + minute // 60:02}:{minute % 60:02}", pressure, str(chance.randint(62, 88)), "99", ""))
    paper.table(LEFT, TOP, (26, 40, 26, 26, WIDTH - 118), rows)
    _signed(paper, 236, chance, hospital_day(_day(stay, page)), "麻醉医师")


def _orders(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    at = _day(stay, page, 0.5)
    rows: list[tuple[str, ...]] = [("开始时间", "医嘱", "类别", "医师", "护士")]
    for number in range(26):
        text, kind = chance.choice(story.orders)
        moment = at + timedelta(minutes=17 * number)
        rows.append((f"{moment:%m-%d %H:%M}", text, kind, chance.choice(_DOCTORS), chance.choice(_DOCTORS)))
    paper.table(LEFT, TOP, (26, 80, 16, 22, 22), rows)


def _reports(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    rows: list[tuple[str, ...]] = [("检验项目", "结果", "", "参考范围", "单位")]
    for name, unit, low, high in words.LABORATORY:
        value = chance.uniform(low * 0.85, high * 1.15)
        flag = "↑" if value > high else "↓" if value < low else ""
        rows.append((name, f"{value:.1f}", flag, f"{low:g}–{high:g}", unit))
    on = hospital_day(_day(stay, page))
    paper.text(LEFT, TOP + 2, f"检验报告单    采样日期 {on:%Y-%m-%d}", size=10)
    paper.table(LEFT, TOP + 6, (60, 30, 12, 36, 28), rows, right=[1])
    _signed(paper, 170, chance, on, "检验者")
    del story


def _images(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    paper.box(LEFT, TOP, WIDTH, 110, fill="#e8e8e8")
    paper.text(paper.width / 2, TOP + 56, "影像示意 / image placeholder", size=11, color=pdf.GREY, align="center")
    y = paper.paragraph(LEFT, TOP + 120, WIDTH, chance.choice(words.FINDINGS))
    _signed(paper, y + 6, chance, hospital_day(_day(stay, page)), "报告医师")
    del story


def _temperature(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    bottom, height, step = 200.0, 120.0, WIDTH / 42
    for number in range(9):
        y = bottom - number * height / 8
        paper.line(LEFT, y, LEFT + WIDTH, y, width=0.1, color="#999999")
        paper.text(LEFT - 1.5, y + 1, f"{35 + number * 0.75:.1f}", size=7, align="right")
    points = [37.0 + 0.5 * math.sin(n / 5 + page) + chance.uniform(-0.2, 0.2) for n in range(42)]
    for number, (one, next_) in enumerate(itertools.pairwise(points)):
        at = (bottom - (each - 35) / 6 * height for each in (one, next_))
        paper.line(LEFT + number * step, next(at), LEFT + (number + 1) * step, next(at), width=0.4, color="#1f4fa3")
    on = hospital_day(_day(stay, page, 7))
    paper.text(LEFT, TOP + 4, f"{on:%Y-%m-%d} 起一周    体温 ℃（腋温，每4小时1次）", size=10)
    del story


def _nursing(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    at = _day(stay, page, 0.6)
    rows: list[tuple[str, ...]] = [("时间", "血压 mmHg", "脉搏", "病情观察与护理", "护士")]
    for number in range(24):
        pressure = f"{chance.randint(112, 146)}/{chance.randint(66, 92)}"
        moment = f"{at + timedelta(minutes=35 * number):%m-%d %H:%M}"
        rows.append(
            (moment, pressure, str(chance.randint(64, 96)), chance.choice(words.NURSING), chance.choice(_DOCTORS))
        )
    paper.table(LEFT, TOP, (26, 22, 14, 84, 20), rows, size=8.5)
    del story


def _fees(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    rows: list[tuple[str, ...]] = [("日期", "项目", "单位", "数量", "单价", "金额")]
    on = hospital_day(_day(stay, page))
    for _ in range(26):
        name, unit, price = chance.choice(words.FEES)
        count = chance.randint(1, 3)
        rows.append((f"{on:%Y-%m-%d}", name, unit, str(count), f"{price:.2f}", f"{price * count:.2f}"))
    paper.table(LEFT, TOP, (26, 68, 16, 14, 20, 22), rows, right=[3, 4, 5])
    del story


def _consent(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    lines = [(f"{number}.", text) for number, text in enumerate(words.CONSENTS, 1)]
    y = _prose(paper, [("诊断", "；".join(story.diagnoses)), *lines])
    paper.text(LEFT, y + 8, f"患者签名：{stay.name}", size=10)
    _signed(paper, y + 8, chance, hospital_day(_day(stay, page)))


def _consultation(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    y = _prose(paper, [("会诊目的", f"{story.diagnoses[0]}，请协助诊治。"), ("会诊意见", chance.choice(story.course))])
    _signed(paper, y + 6, chance, hospital_day(_day(stay, page)), "会诊医师")


def _discharge(paper: pdf.Paper, stay: StayOnPaper, story: Story, chance: Chance, page: int) -> None:
    began, ended = hospital_day(stay.started_at), hospital_day(stay.ended_at)
    y = _prose(
        paper,
        [
            ("入院与出院", f"{began:%Y年%m月%d日} 入院，{ended:%Y年%m月%d日} 出院。"),
            ("入院情况", story.complaint + story.history),
            ("诊疗经过", story.operation or "".join(story.course)),
            ("出院诊断", "；".join(story.diagnoses)),
            ("出院医嘱", story.advice),
        ],
    )
    _signed(paper, y + 6, chance, ended)
    del page


_WRITERS: dict[str, Write] = {
    "FRONT_SHEET": _front_sheet,
    "ADMISSION_NOTE": _admission,
    "DISCHARGE": _discharge,
    "ORDERS": _orders,
    "FEES": _fees,
    "OP_NOTE": _operation,
    "ANAESTHESIA": _anaesthesia,
    "CONSENT": _consent,
    "REPORTS": _reports,
    "IMAGES": _images,
    "TEMP_CHART": _temperature,
    "NURSING": _nursing,
    "PROGRESS": _progress,
    "CONSULT": _consultation,
}
"""How each part of `copy_parts.PARTS` is written."""
_CONTINUED: dict[str, Write] = {
    "FRONT_SHEET": _fees,
    "ADMISSION_NOTE": _progress,
    "DISCHARGE": _progress,
    "OP_NOTE": _progress,
    "IMAGES": _reports,
}
"""How pages after the first are written, where they differ."""
