"""Photos of documents: what is taken for a picture, what of it is kept, and what a look at it carries."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from shared.photos import (
    LONGEST_SIDE,
    MOST_BYTES,
    PhotoTooLarge,
    PhotoTooSmall,
    PhotoUnreadable,
    read_photo,
    with_watermark,
)
from tests.records.copying import picture

PLACE = "31.2304"


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header promises a size, with next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00")) + chunk(b"IEND", b"")


def jpeg_with_exif(orientation: int = 6) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera of nobody"
    exif.get_ifd(0x8825)[29] = PLACE
    return picture(size=(600, 300), exif=exif, comment=b"a hidden remark")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_of_picture_become_plain_jpegs(kind: str) -> None:
    made = read_photo(picture(kind))
    with opened(made.content) as kept:
        assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (640, 400))
    assert (made.width, made.height) == (640, 400)


def test_what_the_camera_wrote_down_is_gone_and_the_picture_is_upright() -> None:
    sent = jpeg_with_exif()
    assert b"Camera of nobody" in sent
    made = read_photo(sent)
    for secret in (b"Camera of nobody", PLACE.encode(), b"a hidden remark", b"Exif"):
        assert secret not in made.content
    with opened(made.content) as kept:
        assert dict(kept.getexif()) == {}
        assert kept.size == (300, 600)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_way_of_holding_a_phone_comes_out_upright(orientation: int) -> None:
    straight = Image.new("RGB", (400, 240), (255, 255, 255))
    straight.paste((255, 0, 0), (0, 0, 100, 60))
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    held = straight if back is None else straight.transpose(back)
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    held.save(out, "JPEG", exif=exif, quality=95)
    with opened(read_photo(out.getvalue()).content) as kept:
        red, _, blue = kept.getpixel((30, 30))  # type: ignore[misc]
        assert (kept.size, red > 200, blue < 60) == ((400, 240), True, True)


def test_what_hangs_behind_a_picture_is_gone() -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    assert hidden not in read_photo(picture() + hidden).content


def test_a_transparent_signature_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (600, 240), (0, 0, 0, 0)).save(out, "PNG")
    with opened(read_photo(out.getvalue()).content) as kept:
        assert kept.getpixel((300, 120)) == (255, 255, 255)


def test_a_large_photo_is_made_smaller() -> None:
    made = read_photo(picture(size=(4000, 3000)))
    assert (made.width, made.height) == (LONGEST_SIDE, 1350)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7 /JavaScript",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"MZ\x90\x00" * 100,
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture()[:200],
        picture("PNG")[:90],
        b"\xff\xd8\xff\xe0" + b"\x00" * 500,
        png_of_size(640, 400),
    ],
    ids=["empty", "text", "pdf", "svg", "exe", "gif", "bmp", "tiff", "cut jpeg", "cut png", "only a head", "no pixels"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PhotoUnreadable):
        read_photo(content)


@pytest.mark.parametrize(
    "content",
    [
        png_of_size(60_000, 60_000),
        png_of_size(11_000, 9_000),
        png_of_size(4_001, 4_000),
        b"\xff\xd8" + b"0" * MOST_BYTES,
    ],
    ids=["bomb", "warned of", "one row too many", "too many bytes"],
)
def test_a_bomb_is_not_unpacked(content: bytes) -> None:
    with pytest.raises(PhotoTooLarge):
        read_photo(content)


def test_a_photo_too_small_to_be_read_is_refused() -> None:
    with pytest.raises(PhotoTooSmall):
        read_photo(picture(size=(640, 199)))


def test_a_look_carries_its_watermark_everywhere() -> None:
    plain = read_photo(picture(size=(900, 600), colour=(255, 255, 255))).content
    marked = with_watermark(plain, ("仅用于病历复印 ABCD2345", "staff 1234 2026-11-23 09:00"))
    with opened(marked) as seen:
        assert seen.size == (900, 600)
        grey = seen.convert("L")
    for left in range(0, 900, 300):
        for top in range(0, 600, 200):
            tile = grey.crop((left, top, left + 300, top + 200))
            assert tile.getextrema()[0] < 200, (left, top)  # type: ignore[operator]
    other = with_watermark(plain, ("仅用于病历复印 ABCD2345", "staff 1234 2026-11-23 09:01"))
    assert other != marked
