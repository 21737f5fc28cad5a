"""Photos of documents: what was sent is decoded, turned upright and made anew, so that only the picture is kept.

A picture is taken for what its content is, never for its name. Making it anew drops everything beside the picture:
where and when it was taken, thumbnails, and whatever else was hidden in the file (handbook 6.4). Only JPEG, PNG and
WebP are opened at all, with a limit on bytes before and on pixels while reading.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from shared.errors import Refused

MOST_BYTES = 10 * 1024**2
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG is decoded at a fraction of its size; the others would have to be held in memory whole."""
SHORTEST_SIDE = 200
"""In pixels; a signature drawn with a finger is the smallest picture that is taken."""
LONGEST_SIDE = 1800
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"
_QUALITY = 82
_WHITE = (255, 255, 255)
_FONT = Path(sys.prefix) / "share" / "fonts" / "noto-sans-sc" / "Regular.ttf"
"""The font of the papers (`shared.pdf`)."""
_MARK = (150, 20, 20, 96)
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright, by the orientation that the camera wrote down (EXIF)."""


class PhotoUnreadable(Refused):
    """This is no JPEG, PNG or WebP picture, or it is damaged."""


class PhotoTooLarge(Refused):
    """The picture has too many bytes or pixels."""


class PhotoTooSmall(Refused):
    """Nobody could read a document on so small a picture."""


@dataclass(frozen=True)
class Photo:
    """A picture made anew: JPEG bytes without any metadata."""

    content: bytes
    width: int
    height: int


def read_photo(content: bytes) -> Photo:
    """Check a picture by decoding it, and make it anew, upright, at most 1,800 pixels on its longer side.

    Raises PhotoTooLarge, PhotoTooSmall, PhotoUnreadable (also for other formats and for damaged or cut-off files).
    """
    if len(content) > MOST_BYTES:
        raise PhotoTooLarge(most_bytes=MOST_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _made_anew(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PhotoTooLarge from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError) as error:
        raise PhotoUnreadable from error


def _made_anew(content: bytes) -> Photo:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        most = MOST_PIXELS[opened.format or "PNG"]
        if opened.width * opened.height > most:
            raise PhotoTooLarge(most_pixels=most)
        if min(opened.size) < SHORTEST_SIDE:
            raise PhotoTooSmall(shortest_side=SHORTEST_SIDE)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        turned = opened.getexif().get(_ORIENTATION, 1)
        small = opened.convert("RGBA")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if turned in _TURNS:
        small = small.transpose(_TURNS[turned])
    plain = _on_white(small)
    return Photo(_jpeg(plain), *plain.size)


def _on_white(picture: Image.Image) -> Image.Image:
    """Only the colours of the picture, on white where it was transparent (a signature is)."""
    plain = Image.new("RGB", picture.size, _WHITE)
    plain.paste(picture, mask=picture.getchannel("A"))
    return plain


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=False, progressive=False)
    return out.getvalue()


def with_watermark(content: bytes, lines: tuple[str, ...]) -> bytes:
    """A kept picture with who looks at it, when and for which request drawn across it, again and again.

    The letters are part of the pixels: a picture of the screen still tells whose screen it was.
    """
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        picture = opened.convert("RGBA")
    size = max(14, min(picture.size) // 26)
    font = _font(size)
    step = size * (len(lines) + 3)
    side = int((picture.width**2 + picture.height**2) ** 0.5) + step
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    across = int(max(draw.textlength(line, font) for line in lines)) + 3 * size
    for row, top in enumerate(range(0, side, step)):
        for left in range(-(row % 2) * across // 2, side, across):
            draw.multiline_text((left, top), "\n".join(lines), font=font, fill=_MARK)
    turned = layer.rotate(30)
    left, top = (side - picture.width) // 2, (side - picture.height) // 2
    mark = turned.crop((left, top, left + picture.width, top + picture.height))
    return _jpeg(Image.alpha_composite(picture, mark).convert("RGB"))


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


Strokes = list[list[tuple[int, int]]]
"""A signature drawn with a finger: lines of points on a pad of 1,000 by 500."""
_PAD = (1000, 500)
_MOST_STROKES, _MOST_POINTS, _FEWEST_POINTS = 100, 400, 2


def read_strokes(text: str) -> Strokes:
    """The lines of a signature as a page sends them (JSON); empty for anything else."""
    try:
        found = json.loads(text)
        strokes = [[(int(x), int(y)) for x, y in stroke] for stroke in found]
    except (ValueError, TypeError):
        return []
    fits = len(strokes) <= _MOST_STROKES and all(len(each) <= _MOST_POINTS for each in strokes)
    inside = all(0 <= x <= _PAD[0] and 0 <= y <= _PAD[1] for stroke in strokes for x, y in stroke)
    return strokes if fits and inside and sum(map(len, strokes)) >= _FEWEST_POINTS else []


def drawing_of(strokes: Strokes) -> bytes:
    """A signature as a picture (PNG), black on white."""
    pad = Image.new("L", _PAD, 255)
    draw = ImageDraw.Draw(pad)
    for stroke in strokes:
        draw.line(stroke, fill=0, width=7, joint="curve")
    out = io.BytesIO()
    pad.save(out, "PNG")
    return out.getvalue()
