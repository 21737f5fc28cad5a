"""Paper: Chinese text, QR codes, stamps and page numbers as PDF, with the font inside.

Lengths are millimetres from the upper left corner, as one measures a form; sizes of letters are points. The same calls
give the same bytes, so a paper can be made again instead of being kept, and has one fingerprint.
"""

from __future__ import annotations

import io
import math
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import segno
from pypdf import PdfReader, PdfWriter
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

A4 = (210.0, 297.0)
A5 = (148.0, 210.0)
REGULAR, BOLD = "Regular", "Bold"
BLACK, GREY, RED = "#1a1a1a", "#666666", "#c8102e"
_FONTS = Path(sys.prefix) / "share" / "fonts" / "noto-sans-sc"
_LEADING = 1.45
_loading = threading.Lock()


def _searchable(fontname: str, subset: Sequence[int], _make: Callable[..., str] = ttfonts.makeToUnicodeCMap) -> str:
    """The library's table from glyphs to letters, with rare characters (beyond U+FFFF) as UTF-16, as the norm demands.

    Without it a name with such a character looks right but cannot be searched or copied.
    """
    return re.sub(
        r"(?<=> <)[0-9A-F]{5,6}(?=>)",
        lambda found: chr(int(found[0], 16)).encode("utf-16-be").hex(),
        _make(fontname, subset),
    )


ttfonts.makeToUnicodeCMap = _searchable


class FontMissing(Exception):
    """The font of the papers is not installed: run scripts/fetch-assets."""


def _font(bold: bool) -> str:
    """The name of a font that is loaded; loading one takes half a second, once in a process."""
    name = BOLD if bold else REGULAR
    with _loading:
        if name not in pdfmetrics.getRegisteredFontNames():
            try:
                pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
            except TTFError as error:
                raise FontMissing(str(_FONTS)) from error
    return name


class Paper:
    """A PDF that is drawn page by page. `size` is (width, height) in millimetres."""

    def __init__(self, size: tuple[float, float] = A4, *, title: str = "") -> None:
        self.width, self.height = size
        self._buffer = io.BytesIO()
        self.canvas = Canvas(
            self._buffer, pagesize=(self.width * mm, self.height * mm), invariant=1, initialFontName=_font(False)
        )
        self.canvas.setTitle(title)
        self.canvas.setCreator("Anxin")
        self.pages = 1

    def new_page(self) -> None:
        """End this page and begin the next."""
        self.canvas.showPage()
        self.pages += 1

    def to_bytes(self) -> bytes:
        """The PDF; nothing can be drawn afterwards."""
        self.canvas.showPage()
        self.canvas.save()
        return self._buffer.getvalue()

    def _up(self, y: float) -> float:
        return float((self.height - y) * mm)

    def text(
        self, x: float, y: float, text: str, *, size: float = 10.5, bold: bool = False, color: str = BLACK,
        align: str = "left", within: float | None = None,
    ) -> float:  # fmt: skip
        """Write one line with its baseline at `y`; gives its width. `align` is left, center or right of `x`.

        `within` millimetres: a longer text is set smaller until it fits, so that no name is ever cut off.
        """
        font = _font(bold)
        width = pdfmetrics.stringWidth(text, font, size) / mm
        if within is not None and width > within:
            size, width = size * within / width, within
        draw = {"left": "drawString", "center": "drawCentredString", "right": "drawRightString"}[align]
        self.canvas.setFillColor(color)
        self.canvas.setFont(font, size)
        getattr(self.canvas, draw)(x * mm, self._up(y), text)
        return float(width)

    def paragraph(
        self, x: float, y: float, width: float, text: str, *, size: float = 10.5, bold: bool = False, color: str = BLACK
    ) -> float:
        """Write text over as many lines as `width` needs; gives the baseline of the line after it."""
        for line in wrap(text, width, size=size, bold=bold):
            self.text(x, y, line, size=size, bold=bold, color=color)
            y += size * _LEADING / mm
        return y

    def line(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.2, color: str = BLACK) -> None:
        """A straight line, `width` in millimetres."""
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(width * mm)
        self.canvas.line(x1 * mm, self._up(y1), x2 * mm, self._up(y2))

    def box(
        self, x: float, y: float, width: float, height: float, *, line: float = 0.2, color: str = BLACK,
        fill: str | None = None,
    ) -> None:  # fmt: skip
        """A rectangle with its upper left corner at (x, y)."""
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(line * mm)
        if fill:
            self.canvas.setFillColor(fill)
        self.canvas.rect(
            x * mm, self._up(y + height), width * mm, height * mm, stroke=int(line > 0), fill=int(bool(fill))
        )

    def table(
        self, x: float, y: float, widths: Sequence[float], rows: Iterable[Sequence[str]], *, size: float = 9,
        right: Sequence[int] = (), head: bool = True, row_height: float = 6.5,
    ) -> float:  # fmt: skip
        """A ruled table, one line to a row, long cells set smaller; `right` columns end at the right. Gives its end."""
        for number, row in enumerate(rows):
            is_head = head and not number
            left = x
            for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
                self.box(left, y, width, row_height, fill="#f0f0f0" if is_head else None)
                at, align = (left + width - 1.5, "right") if column in right else (left + 1.5, "left")
                self.text(at, y + row_height * 0.68, cell, size=size, bold=is_head, align=align, within=width - 3)
                left += width
            y += row_height
        return y

    @contextmanager
    def clipped(self, x: float, y: float, width: float, height: float) -> Iterator[None]:
        """What is drawn inside the block shows only within this rectangle."""
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(x * mm, self._up(y + height), width * mm, height * mm)
        self.canvas.clipPath(path, stroke=0, fill=0)
        try:
            yield
        finally:
            self.canvas.restoreState()

    def stamp(self, x: float, y: float, diameter: float, around: str, below: str, *, color: str = RED) -> None:
        """A round seal about (x, y): the institution's name around, a star, what the seal is for below.

        Chinese official seals are red, 38 to 45 mm wide, their text running from lower left over the top.
        """
        radius, canvas = diameter * mm / 2, self.canvas
        canvas.saveState()
        canvas.translate(x * mm, self._up(y))
        canvas.setStrokeColor(color)
        canvas.setFillColor(color)
        canvas.setFillAlpha(0.85)
        canvas.setStrokeAlpha(0.85)
        canvas.setLineWidth(radius * 0.055)
        canvas.circle(0, 0, radius)
        size = min(radius * 0.30, radius * 3.4 / max(1, len(around)))
        canvas.setFont(_font(True), size)
        step = min(24.0, 236.0 / max(1, len(around) - 1))
        for index, letter in enumerate(around):
            canvas.saveState()
            canvas.rotate(step * ((len(around) - 1) / 2 - index))
            canvas.drawCentredString(0, radius * 0.90 - size, letter)
            canvas.restoreState()
        star = canvas.beginPath()
        for index in range(10):
            far, angle = radius * (0.30 if index % 2 == 0 else 0.115), math.radians(90 + 36 * index)
            (star.lineTo if index else star.moveTo)(far * math.cos(angle), far * math.sin(angle))
        star.close()
        canvas.drawPath(star, stroke=0, fill=1)
        canvas.setFont(_font(True), min(radius * 0.20, radius * 1.30 / max(1, len(below))))
        canvas.drawCentredString(0, -radius * 0.58, below)
        canvas.restoreState()

    def qr(self, x: float, y: float, size: float, data: str) -> None:
        """A QR code of `size` millimetres, its quiet zone included, with its upper left corner at (x, y)."""
        rows = list(segno.make(data, error="m", micro=False).matrix_iter(border=4))
        cell = size * mm / len(rows)
        self.canvas.setFillColor(BLACK)
        for number, row in enumerate(rows):
            for column, dark in enumerate(row):
                if dark:
                    self.canvas.rect(x * mm + column * cell, self._up(y) - (number + 1) * cell, cell, cell, 0, 1)


def wrap(text: str, width: float, *, size: float = 10.5, bold: bool = False) -> list[str]:
    """Break text into lines of at most `width` millimetres: between any two Chinese characters, and at spaces."""
    font = _font(bold)
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in _words(part):
            if line and pdfmetrics.stringWidth(line + word.rstrip(), font, size) > width * mm:
                lines.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
        lines.append(line.rstrip())
    return lines


def _words(text: str) -> list[str]:
    """What may not be broken: each Chinese character with the punctuation after it, each run of other letters."""
    words: list[str] = []
    for letter in text:
        stays = letter in "，。；：、？！）】》”’%" or letter == " "
        joins = words and letter < "⺀" and words[-1][-1] < "⺀" and words[-1][-1] != " "
        if words and (stays or joins):
            words[-1] += letter
        else:
            words.append(letter)
    return words


# --------------------------------------------------------------------------------------------------- existing papers


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def merge(parts: Iterable[bytes]) -> bytes:
    """One PDF of several, in order, without bookmarks and personal metadata of the parts."""
    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=False)
    return _written(writer)


def draw_over(pdf: bytes, draw: Callable[[Paper, int], None]) -> bytes:
    """The same pages with something drawn over each: `draw(paper, index)` on a sheet of that page's size."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    first = writer.pages[0].mediabox
    paper = Paper((float(first.width) / mm, float(first.height) / mm))
    for index, page in enumerate(writer.pages):
        if index:
            paper.new_page()
        paper.width, paper.height = float(page.mediabox.width) / mm, float(page.mediabox.height) / mm
        paper.canvas.setPageSize((paper.width * mm, paper.height * mm))
        draw(paper, index)
    over = PdfReader(io.BytesIO(paper.to_bytes()))
    for page, sheet in zip(writer.pages, over.pages, strict=True):
        if page.rotation:
            page.transfer_rotation_to_content()
        page.merge_page(sheet)
        page.compress_content_streams()
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    writer.metadata = {"/Producer": "Anxin"}
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
