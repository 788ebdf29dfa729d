"""The office's logo: a file beside the settings, shown under an address that changes with it."""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from newsletter import urls
from newsletter.config import Settings

MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
MOST_BYTES = 1_000_000
TAG_LENGTH = 12


@dataclass(frozen=True)
class Logo:
    """The bytes of the file, and the part of their hash that stands in its address."""

    content: bytes
    media_type: str
    tag: str


def read(settings: Settings) -> Logo | None:
    """Return the logo; None where there is none, or its file cannot be read or is no picture of a logo's size."""
    path = settings.look.logo
    if path is None:
        return None
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        return None


def address(settings: Settings) -> str:
    """Return the logo's public address; empty where there is none."""
    logo = read(settings)
    return urls.logo(settings, logo.tag) if logo else ""


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Logo | None:
    content = path.read_bytes()
    if len(content) > MOST_BYTES or not content.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
        return None
    return Logo(content, MEDIA_TYPES[path.suffix.lower()], hashlib.sha256(content).hexdigest()[:TAG_LENGTH])
