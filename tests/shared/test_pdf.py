"""Papers: Chinese that can be read and searched, the font inside, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from shared import pdf

RARE = "䶮𬍛㛃"  # characters of real names that older fonts lack


def reader(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def words(document: bytes) -> list[str]:
    return [page.extract_text().strip() for page in reader(document).pages]


def paper_of(*pages: str, size: tuple[float, float] = pdf.A4) -> bytes:
    paper = pdf.Paper(size)
    for number, text in enumerate(pages):
        if number:
            paper.new_page()
        paper.text(20, 30, text)
    assert paper.pages == len(pages)
    return paper.to_bytes()


def test_chinese_can_be_read_and_the_font_is_inside() -> None:
    document = paper_of(f"徐州安心医院 {RARE} 12.50")
    assert words(document) == [f"徐州安心医院 {RARE} 12.50"]
    fonts = [font.get_object() for font in reader(document).pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "NotoSansSC" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"]
    assert len(document) < 40_000  # only the letters that are used


def test_the_same_paper_has_the_same_bytes() -> None:
    assert paper_of("一", "二") == paper_of("一", "二")
    parts = [paper_of("一"), paper_of("二")]
    assert pdf.merge(parts) == pdf.merge(parts)


def test_papers_are_merged_in_order_and_counted() -> None:
    merged = pdf.merge([paper_of("一", "二"), paper_of("三", size=pdf.A5)])
    assert words(merged) == ["一", "二", "三"]
    assert (pdf.count_pages(merged), [round(float(page.mediabox.width)) for page in reader(merged).pages]) == (
        3,
        [595, 595, 420],
    )


def test_each_page_is_drawn_over_on_a_sheet_of_its_own_size() -> None:
    merged = pdf.merge([paper_of("一", size=pdf.A4), paper_of("二", size=pdf.A5)])
    seen: list[tuple[int, int, int]] = []

    def draw(paper: pdf.Paper, index: int) -> None:
        seen.append((index, round(paper.width), round(paper.height)))
        paper.text(paper.width / 2, paper.height - 8, f"第{index + 1}页/共2页", align="center")

    assert words(pdf.draw_over(merged, draw)) == ["一\n第1页/共2页", "二\n第2页/共2页"]
    assert seen == [(0, 210, 297), (1, 148, 210)]


def test_a_long_text_is_broken_between_characters_and_never_before_punctuation() -> None:
    lines = pdf.wrap("患者神志清，精神可。The patient is well\n第二段", 25, size=10.5)
    assert lines == ["患者神志清，", "精神可。The", "patient is well", "第二段"]
    for line in lines:
        assert pdfmetrics.stringWidth(line, pdf.REGULAR, 10.5) <= 25 * 72 / 25.4
    assert pdf.wrap("", 25) == [""]


def test_a_text_too_long_for_its_place_is_set_smaller_not_cut() -> None:
    paper = pdf.Paper()
    assert paper.text(20, 30, "测" * 40, within=30) == 30
    assert paper.text(20, 40, "测", within=30) < 5
    assert words(paper.to_bytes()) == ["测" * 40 + "\n测"]


def test_a_table_keeps_every_cell() -> None:
    paper = pdf.Paper()
    end = paper.table(20, 40, [60, 30], [["项目", "金额"], ["复印费", "12.50"]], right=[1], row_height=6)
    assert end == 52
    found = words(paper.to_bytes())[0]
    assert all(cell in found for cell in ("项目", "金额", "复印费", "12.50"))


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda paper: paper.qr(20, 20, 30, "https://example.org/check/abc"), id="qr"),
        pytest.param(lambda paper: paper.stamp(50, 50, 42, "徐州安心医院", "病历复印专用章"), id="stamp"),
        pytest.param(lambda paper: paper.box(20, 20, 30, 10, fill="#eeeeee"), id="box"),
        pytest.param(lambda paper: paper.line(20, 20, 60, 20), id="line"),
    ],
)
def test_what_is_drawn_is_vectors_on_the_page(draw: Callable[[pdf.Paper], None]) -> None:
    paper = pdf.Paper()
    empty = pdf.Paper().to_bytes()
    draw(paper)
    document = paper.to_bytes()
    assert len(document) > len(empty)
    assert "/XObject" not in reader(document).pages[0]["/Resources"]


def test_a_qr_code_is_drawn_as_its_dark_cells() -> None:
    paper = pdf.Paper()
    paper.qr(20, 20, 30, "https://example.org/check/abc")
    drawn = reader(paper.to_bytes()).pages[0].get_contents()
    assert drawn is not None
    dark = sum(map(sum, pdf.segno.make("https://example.org/check/abc", error="m", micro=False).matrix))
    assert drawn.get_data().count(b" re f*") + drawn.get_data().count(b" re f\n") == dark


def test_without_its_font_a_paper_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf, "_FONTS", tmp_path)
    monkeypatch.setattr(pdfmetrics, "getRegisteredFontNames", list)
    with pytest.raises(pdf.FontMissing):
        pdf.Paper()
