"""What turns documents into a packet that can be trusted on paper: numbers, stamps, a seal across the seam, a cover.

Handbook 5.5: each page carries the hospital's proof stamp, and the seal runs across the edges of the pages, so that
none can be taken out or put in. The same input gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from services.records.domain.hospital import HOSPITAL_EN, HOSPITAL_ZH, STAMP_ZH
from services.records.domain.packet import (
    AssembleStep,
    CoverFacts,
    FetchStep,
    Made,
    PacketStep,
    Sealed,
    StampStep,
    spaced,
)
from services.records.providers.documents import DocumentStore
from shared import pdf
from shared.sealing import SealedContent, Sealer

STAMP_MM = 34.0
SEAM_MM = 38.0
MOST_AT_A_SEAM = 24
"""Pages that one seal runs across: with more, the slice on each becomes too thin to be seen."""


def number_and_stamp(document: bytes, *, before: int, total: int, made_on: date) -> bytes:
    """The pages, numbered 第n页/共m页 after `before` others, each with the day's stamp and its slice of the seal."""
    seams = max(1, math.ceil(total / MOST_AT_A_SEAM))
    group = math.ceil(total / seams)

    def draw(paper: pdf.Paper, index: int) -> None:
        page = before + index
        paper.text(paper.width / 2, paper.height - 7, f"第{page + 1}页/共{total}页", size=9.5, align="center")
        x, y = paper.width - 36, paper.height - 38
        paper.stamp(x, y, STAMP_MM, HOSPITAL_ZH, STAMP_ZH)
        paper.text(x, y + STAMP_MM / 2 - 4.6, f"{made_on:%Y-%m-%d}", size=7, color=pdf.RED, align="center")
        _draw_seam(paper, page % group, min(group, total - page // group * group))

    return pdf.draw_over(document, draw)


def _draw_seam(paper: pdf.Paper, index: int, pages: int) -> None:
    """The slice of the seal that falls on this page's right edge when the pages of its group are fanned out."""
    width = SEAM_MM / pages
    middle = paper.width - width + SEAM_MM / 2 - index * width
    with paper.clipped(paper.width - width, 0, width, paper.height):
        paper.stamp(middle, paper.height * 0.45, SEAM_MM, HOSPITAL_ZH, STAMP_ZH)


def cover(facts: CoverFacts, check_url: str) -> bytes:
    """The first sheet: for whom, what, how many pages, and where a third party can check that the packet is ours."""
    paper = pdf.Paper(title="病历复印件")
    middle, left = paper.width / 2, 25.0
    paper.text(middle, 34, HOSPITAL_ZH, size=20, bold=True, align="center")
    paper.text(middle, 42, HOSPITAL_EN, size=10, color=pdf.GREY, align="center")
    paper.text(middle, 60, "病 历 复 印 件", size=26, bold=True, align="center")
    pages = sum(number for _, number in facts.parts)
    lines = (
        ("患者", f"{facts.patient_name}（病案号 {facts.patient_mrn}）"),
        ("住院", facts.stay),
        ("申请人", facts.applicant),
        ("用途", facts.purpose),
        ("申请单号", facts.request_number),
        ("份数", f"{facts.copies} 份"),
        ("页数", f"每份 {pages} 页（不含本封面）"),
        ("复印日期", f"{facts.made_on:%Y年%m月%d日}"),
    )
    y = 80.0
    for head, text in lines:
        paper.text(left, y, head, size=11, color=pdf.GREY)
        paper.text(left + 28, y, text, size=11, within=130)
        y += 8
    y += 2
    rows = [("内容", "页数"), *((name, str(number)) for name, number in facts.parts)]
    paper.table(left, y, (120, 40), rows, size=9, right=[1], row_height=min(6.0, 84 / len(rows)))
    paper.qr(left, 236, 34, check_url)
    paper.text(left + 38, 246, "扫码核对真伪 / Scan to check", size=10.5, bold=True)
    y = paper.paragraph(left + 38, 252, 82, "核对页只显示医院、日期、页数和指纹，不显示病历内容。", size=9)
    paper.text(left + 38, y + 1, f"核对码 {spaced(facts.check_code)}", size=9, within=82)
    paper.stamp(paper.width - 44, 252, 40, HOSPITAL_ZH, STAMP_ZH)
    paper.text(paper.width - 44, 276, f"{facts.made_on:%Y-%m-%d}", size=9, color=pdf.RED, align="center")
    paper.text(
        middle,
        289,
        "本复印件与原件一致，仅供申请用途使用。内容属个人隐私，请妥善保管。",
        size=8,
        color=pdf.GREY,
        align="center",
    )
    return paper.to_bytes()


def assemble(cover_sheet: bytes, documents: Sequence[bytes]) -> bytes:
    """The packet: its cover, then all documents in order."""
    return pdf.merge([cover_sheet, *documents])


class Press:
    """Does the steps of a packet: fetches, numbers, stamps and assembles, and seals what it has made.

    `site` is the hospital's public address, for the QR code on the cover.
    """

    def __init__(self, documents: DocumentStore, sealer: Sealer, site: str) -> None:
        self._documents, self._sealer, self._site = documents, sealer, site

    def make(self, step: PacketStep | None) -> Made | None:
        """Do a step; there is nothing to do for None. Raises SealBroken when a sheet was changed meanwhile."""
        if step is None:
            return None
        document = self._make(step)
        return Made(
            pages=pdf.count_pages(document),
            size=len(document),
            fingerprint=sha256(document).hexdigest(),
            content=self._sealer.seal_content(document, step.about),
        )

    def _make(self, step: PacketStep) -> bytes:
        match step:
            case FetchStep():
                return self._documents.fetch(step.stay, step.document)
            case StampStep():
                raw = self._sealer.open_content(_content(step.content), step.about)
                return number_and_stamp(raw, before=step.before, total=step.total, made_on=step.made_on)
            case AssembleStep():
                sheets = [self._sealer.open_content(_content(content), about) for about, content in step.sheets]
                return assemble(cover(step.cover, f"{self._site}/check/{step.cover.check_code}"), sheets)


def _content(sealed: Sealed) -> SealedContent:
    return SealedContent(key_sealed=sealed.key_sealed, sealed=sealed.sealed)
