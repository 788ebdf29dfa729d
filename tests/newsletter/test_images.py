"""Pictures come out upright, reduced, without a word about their maker, and only if they are pictures."""

import io
import struct
import zlib
from datetime import datetime
from typing import Any

import pytest
from PIL import Image as Pixels
from sqlalchemy import Engine, select

from newsletter import database, images
from newsletter.errors import InvalidContentError, UploadError
from newsletter.models import Image


def _file(pixels: Pixels.Image, name: str, **options: object) -> bytes:
    out = io.BytesIO()
    pixels.save(out, name, **options)
    return out.getvalue()


def _opened(image: Image) -> Pixels.Image:
    return Pixels.open(io.BytesIO(image.content))


def test_a_photo_is_turned_upright_and_says_nothing_of_its_camera(now: datetime) -> None:
    photo = Pixels.new("RGB", (40, 20), "red")
    exif = Pixels.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "Camera", {2: (1.0, 17.0, 3.0)}  # turned, maker, place

    kept = images.prepare(_file(photo, "JPEG", exif=exif, comment=b"secret"), now=now)

    assert (kept.width, kept.height, kept.media_type) == (20, 40, "image/jpeg")
    assert dict(_opened(kept).getexif()) == {}
    assert b"Camera" not in kept.content
    assert b"secret" not in kept.content


def test_a_wide_picture_is_reduced_and_keeps_its_proportions(now: datetime) -> None:
    kept = images.prepare(_file(Pixels.new("RGB", (3000, 1000), "blue"), "JPEG"), now=now)

    assert (kept.width, kept.height) == (1200, 400)
    assert _opened(kept).size == (1200, 400)


def test_a_drawing_stays_sharp_and_transparent(now: datetime) -> None:
    kept = images.prepare(_file(Pixels.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"), now=now)

    opened = _opened(kept)
    assert kept.media_type == "image/png"
    assert opened.convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 0)


def test_a_transparent_photo_is_laid_on_white(now: datetime) -> None:
    kept = images.prepare(_file(Pixels.new("RGBA", (16, 16), (0, 0, 0, 0)), "WEBP"), now=now)

    assert kept.media_type == "image/jpeg"
    assert _opened(kept).getpixel((8, 8)) == (255, 255, 255)


def test_a_picture_for_printing_becomes_one_for_screens(now: datetime) -> None:
    kept = images.prepare(_file(Pixels.new("CMYK", (10, 10), (0, 0, 0, 0)), "JPEG"), now=now)

    assert _opened(kept).mode == "RGB"


def test_the_same_picture_is_kept_once(any_engine: Engine, now: datetime) -> None:
    raw = _file(Pixels.new("RGB", (8, 8), "green"), "PNG")

    for _ in range(2):
        with database.writing(any_engine) as session:
            kept = images.store(session, raw, now=now)

    with database.reading(any_engine) as session:
        assert session.scalars(select(Image.hash)).all() == [kept.hash]


def test_a_small_file_that_unfolds_to_a_giant_is_refused(now: datetime) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (8_000, 12_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        giant = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")

        with pytest.raises(InvalidContentError, match="million pixels"):
            images.prepare(giant, now=now)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        b"\xff\xd8\xff\xe0" + b"\0" * 40,
    ],
)
def test_what_is_no_picture_is_refused_with_a_way_out(raw: bytes, now: datetime) -> None:
    with pytest.raises(InvalidContentError, match="JPEG or PNG"):
        images.prepare(raw, now=now)


def test_a_picture_cut_short_is_refused(now: datetime) -> None:
    whole = _file(Pixels.effect_noise((200, 200), 50).convert("RGB"), "JPEG")

    with pytest.raises(InvalidContentError, match="cannot be read"):
        images.prepare(whole[: len(whole) // 2], now=now)


def test_a_file_of_unreasonable_size_is_not_even_opened(now: datetime) -> None:
    with pytest.raises(InvalidContentError, match="larger than 20 MB"):
        images.prepare(b"\0" * (images.MAX_BYTES + 1), now=now)


def test_a_broken_colour_profile_is_ignored(now: datetime) -> None:
    kept = images.prepare(_file(Pixels.new("RGB", (8, 8), (10, 20, 30)), "PNG", icc_profile=b"nonsense"), now=now)

    assert _opened(kept).convert("RGB").getpixel((4, 4)) == (10, 20, 30)
    assert "icc_profile" not in _opened(kept).info


def test_a_tall_picture_fills_no_more_than_a_few_screens(now: datetime) -> None:
    kept = images.prepare(_file(Pixels.new("RGB", (100, 6000), "blue"), "PNG"), now=now)

    assert (kept.width, kept.height) == (40, 2400)


@pytest.mark.parametrize(("focus", "colour"), [((0.0, 0.5), (255, 0, 0)), ((1.0, 0.5), (0, 0, 255))])
def test_a_picture_is_cut_around_the_point_that_stays_in_view(
    now: datetime, focus: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    halves = Pixels.new("RGB", (400, 100), "red")
    halves.paste("blue", (200, 0, 400, 100))

    cut = Pixels.open(io.BytesIO(images.preview(images.prepare(_file(halves, "PNG"), now=now).content, focus)))

    assert cut.size == (1200, 630)
    seen: Any = cut.getpixel((600 + round(400 * (1 - 2 * focus[0])), 315))
    assert max(abs(a - b) for a, b in zip(seen, colour, strict=True)) < 5


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<svg onload='alert(1)'/>", "picture_unreadable"),
        (b"0" * (images.MAX_BYTES + 1), "picture_large"),
        (b"GIF89a", "picture_unreadable"),
    ],
)
def test_a_refused_picture_names_its_reason(now: datetime, raw: bytes, reason: str) -> None:
    with pytest.raises(UploadError) as refused:
        images.prepare(raw, now=now)

    assert refused.value.reason == reason
