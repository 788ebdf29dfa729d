"""PDF flyers: looked at, named by the hash of their bytes, kept once."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from newsletter.content import Flyer as Promised
from newsletter.errors import NotFoundError, UploadError
from newsletter.message.enclosures import Enclosure
from newsletter.models import Edition, Flyer
from subscribers import guarded

MAX_BYTES = 10_000_000
MAX_NAME = 100
"""Characters of a file's name that are kept; with `.pdf` every system takes it."""

_ENDING = b"%%EOF"
_ENDING_WITHIN = 2048
"""Some programs write a little after the end; what has none was cut off on its way."""
_ACTIVE = (b"/JavaScript", b"/Launch")
"""What lets a PDF do more than be read; long enough not to occur by chance in a compressed picture."""
_NOT_IN_A_NAME = re.compile(r"[^\w .,()+&'-]+")


def prepare(raw: bytes, name: str, *, now: datetime) -> Flyer:
    """Return the flyer, not yet stored; `name` is that of the file it came as.

    Raises UploadError: `flyer_large`, `flyer_no_pdf`, `flyer_cut` for half a file, `flyer_active`.
    """
    if len(raw) > MAX_BYTES:
        message = f"The PDF is larger than {MAX_BYTES // 1_000_000} MB. Save it with smaller pictures."
        raise UploadError("flyer_large", message)
    if not re.match(rb"%PDF-[12]\.\d", raw):
        raise UploadError("flyer_no_pdf", "That is not a PDF.")
    if _ENDING not in raw[-_ENDING_WITHIN:]:
        raise UploadError("flyer_cut", "The PDF ends too early. Save it once more.")
    if any(mark in raw for mark in _ACTIVE):
        raise UploadError("flyer_active", "The PDF holds a program. Print it as a PDF and use that one.")
    return Flyer(hash=hashlib.sha256(raw).hexdigest(), name=tidy(name), content=raw, created_at=now)


def keep(session: Session, flyer: Flyer) -> Flyer:
    """Add a prepared flyer, or return the one that has the same hash."""
    row = {"hash": flyer.hash, "name": flyer.name, "content": flyer.content, "created_at": flyer.created_at}
    if guarded.insert(session, Flyer, **row):
        return session.get_one(Flyer, flyer.hash)
    known = session.get_one(Flyer, flyer.hash)
    known.created_at = max(known.created_at, flyer.created_at)  # it is wanted anew, and must not be purged now
    return known


def get(session: Session, flyer_hash: str) -> Flyer:
    """Return the flyer; raise NotFoundError."""
    flyer = session.get(Flyer, flyer_hash)
    if flyer is None:
        raise NotFoundError
    return flyer


def enclosed(marked: Iterable[Promised], language: str) -> list[list[str]]:
    """Return hash and file name of what an edition sends along: flyers that editors marked so, each once."""
    found = {one.hash: one.title.get(language, "") for one in marked if one.attach}
    return [[kept, tidy(title)] for kept, title in found.items()]


def of_edition(session: Session, edition: Edition) -> list[Enclosure]:
    """Return what a frozen edition sends along."""
    return [Enclosure(f"{name}.pdf", get(session, kept).content) for kept, name in json.loads(edition.flyers)]


def tidy(name: str) -> str:
    """Return a file's name without folders, ending and characters that mean something to a system."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = _NOT_IN_A_NAME.sub(" ", re.sub(r"\.pdf$", "", last, flags=re.IGNORECASE))
    return " ".join(plain.split())[:MAX_NAME].strip(" .") or "flyer"
