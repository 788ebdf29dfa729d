"""Pictures: decoded, turned upright, reduced, stripped of everything but the pixels, and named by their hash."""

import hashlib
import io
from datetime import datetime

from PIL import Image as Pixels
from PIL import ImageCms, ImageOps
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from newsletter.errors import InvalidContentError
from newsletter.models import Image

MAX_WIDTH = 1200
"""Pixels: twice the 600 px column of a mail, for fine screens."""
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
"""What one upload may make us hold in memory (a decompression bomb is larger)."""
JPEG_QUALITY = 85
_READABLE = ("JPEG", "PNG", "WEBP")
_UNREADABLE = "The picture cannot be read. Use a JPEG or PNG file."


def store(session: Session, raw: bytes, *, now: datetime) -> Image:
    """Return the stored picture made of `raw`; the same picture is kept once. Raises InvalidContentError."""
    return keep(session, prepare(raw, now=now))


def keep(session: Session, image: Image) -> Image:
    """Add a prepared picture, or return the one that has the same hash."""
    known = session.get(Image, image.hash)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            session.add(image)
    except IntegrityError:  # somebody stored the same picture at this moment
        return session.get_one(Image, image.hash)
    return image


def prepare(raw: bytes, *, now: datetime) -> Image:
    """Return the picture re-encoded, not yet stored: at most 1,200 pixels wide, without EXIF or place.

    PNG stays PNG (drawings, transparency); everything else becomes JPEG. Raises
    InvalidContentError for what is no picture, is damaged, or is too large.
    """
    pixels, drawing = _decode(raw)
    if pixels.width > MAX_WIDTH:
        pixels = pixels.resize((MAX_WIDTH, max(1, round(pixels.height * MAX_WIDTH / pixels.width))))
    media_type, content = _encode(pixels, drawing=drawing)
    return Image(
        hash=hashlib.sha256(content).hexdigest(),
        media_type=media_type,
        width=pixels.width,
        height=pixels.height,
        content=content,
        created_at=now,
    )


def _decode(raw: bytes) -> tuple[Pixels.Image, bool]:
    """Return the upright pixels in sRGB, and whether they are a drawing."""
    if len(raw) > MAX_BYTES:
        message = f"The picture is larger than {MAX_BYTES // 1_000_000} MB. Reduce it first."
        raise InvalidContentError(message)
    try:
        opened = Pixels.open(io.BytesIO(raw), formats=_READABLE)
        _refuse_bomb(opened)
        pixels = _in_srgb(ImageOps.exif_transpose(opened))
    except (Pixels.DecompressionBombError, Pixels.DecompressionBombWarning) as error:
        message = f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels. Reduce it first."
        raise InvalidContentError(message) from error
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's words for damaged files
        raise InvalidContentError(_UNREADABLE) from error
    return (pixels, True) if opened.format == "PNG" else (_on_white(pixels), False)


def _refuse_bomb(opened: Pixels.Image) -> None:
    if opened.width * opened.height > MAX_PIXELS:
        raise Pixels.DecompressionBombError


def _in_srgb(pixels: Pixels.Image) -> Pixels.Image:
    mode = "RGBA" if pixels.has_transparency_data else "RGB"
    profile = pixels.info.get("icc_profile")
    if profile and pixels.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(pixels, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):  # a broken profile: the numbers are taken as they are
            converted = None
        if converted is not None:
            return converted
    return pixels.convert(mode)


def _on_white(pixels: Pixels.Image) -> Pixels.Image:
    if pixels.mode == "RGB":
        return pixels
    white = Pixels.new("RGBA", pixels.size, "white")
    return Pixels.alpha_composite(white, pixels).convert("RGB")


def _encode(pixels: Pixels.Image, *, drawing: bool) -> tuple[str, bytes]:
    out = io.BytesIO()
    plain = Pixels.new(pixels.mode, pixels.size)  # a fresh image carries no metadata along
    plain.paste(pixels)
    if drawing:
        plain.save(out, "PNG", optimize=True)
        return "image/png", out.getvalue()
    plain.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return "image/jpeg", out.getvalue()
