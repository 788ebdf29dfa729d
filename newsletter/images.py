"""Pictures: decoded, turned upright, reduced, stripped of everything but the pixels, and named by their hash."""

import hashlib
import io
from datetime import datetime

from PIL import Image as Pixels
from PIL import ImageCms, ImageOps
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from newsletter.errors import UploadError
from newsletter.models import Image

MAX_WIDTH = 1200
"""Pixels: twice the 600 px column of a mail, for fine screens."""
MAX_HEIGHT = 2400
"""Pixels: what is taller fills several screens of a phone before a word is read."""
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
"""What one upload may make us hold in memory (a decompression bomb is larger)."""
PREVIEW = (1200, 630)
"""Pixels of a picture in link previews, as Facebook asks for them."""
JPEG_QUALITY = 85
_READABLE = ("JPEG", "PNG", "WEBP")
_UNREADABLE = "The picture cannot be read. Use a JPEG or PNG file."
_TOO_LARGE = f"The picture is larger than {MAX_BYTES // 1_000_000} MB. Reduce it first."
_TOO_MANY = f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels. Reduce it first."


def store(session: Session, raw: bytes, *, now: datetime) -> Image:
    """Return the stored picture made of `raw`; the same picture is kept once. Raises UploadError."""
    return keep(session, prepare(raw, now=now))


def keep(session: Session, image: Image) -> Image:
    """Add a prepared picture, or return the one that has the same hash."""
    known = session.get(Image, image.hash)
    if known is not None:
        known.created_at = max(known.created_at, image.created_at)  # it is wanted anew, and must not be purged now
        return known
    try:
        with session.begin_nested():
            session.add(image)
    except IntegrityError:  # somebody stored the same picture at this moment
        return session.get_one(Image, image.hash)
    return image


def prepare(raw: bytes, *, now: datetime) -> Image:
    """Return the picture re-encoded, not yet stored: at most 1,200 pixels wide, without EXIF or place.

    PNG stays PNG (drawings, transparency); everything else becomes JPEG. Raises UploadError:
    `picture_unreadable` for what is no picture or damaged, `picture_large`, `picture_pixels`.
    """
    pixels, drawing = _decode(raw)
    pixels = _reduced(pixels)
    media_type, content = _encode(pixels, drawing=drawing)
    return Image(
        hash=hashlib.sha256(content).hexdigest(),
        media_type=media_type,
        width=pixels.width,
        height=pixels.height,
        content=content,
        created_at=now,
    )


def preview(content: bytes, focus: tuple[float, float] = (0.5, 0.5)) -> bytes:
    """Return a stored picture as link previews show it, a JPEG, cut so that its focus point stays in view.

    `focus` is told from top left, both from 0 to 1.
    """
    pixels = _on_white(Pixels.open(io.BytesIO(content)).convert("RGBA"))
    cut = ImageOps.fit(pixels, PREVIEW, method=Pixels.Resampling.BICUBIC, centering=focus)
    return _encode(cut, drawing=False)[1]


def _reduced(pixels: Pixels.Image) -> Pixels.Image:
    share = min(1.0, MAX_WIDTH / pixels.width, MAX_HEIGHT / pixels.height)
    return pixels if share == 1 else pixels.resize([max(1, round(side * share)) for side in pixels.size])


def _decode(raw: bytes) -> tuple[Pixels.Image, bool]:
    """Return the upright pixels in sRGB, and whether they are a drawing."""
    if len(raw) > MAX_BYTES:
        raise UploadError("picture_large", _TOO_LARGE)
    try:
        opened = Pixels.open(io.BytesIO(raw), formats=_READABLE)
        _refuse_bomb(opened)
        pixels = _in_srgb(ImageOps.exif_transpose(opened))
    except (Pixels.DecompressionBombError, Pixels.DecompressionBombWarning) as error:
        raise UploadError("picture_pixels", _TOO_MANY) from error
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's words for damaged files
        raise UploadError("picture_unreadable", _UNREADABLE) from error
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
