"""One reader's copy, built by the code that sends it, so that a preview shows exactly what arrives."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from sqlalchemy.orm import Session

from newsletter import flyers
from newsletter.config import Settings
from newsletter.message import segments
from newsletter.message.segments import Recipient
from newsletter.models import Edition, Issue
from newsletter.previews.readers import Reader
from subscribers import languages

KEY = b"preview of a copy; signs nothing"
"""Signs the links of a preview in the place of the real keys: they look like a reader's and open nothing."""


@dataclass(frozen=True)
class Copy:
    """A message as it is sent, and what mail programs make of it."""

    language: str  # "en", or "en+ja"
    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...]  # readable
    enclosed: tuple[tuple[str, int], ...]  # name and bytes of each PDF that travels with it
    raw: bytes

    @property
    def leading(self) -> str:
        """Return the language it begins with."""
        return languages.of(self.language)[0]


def copy(
    session: Session, settings: Settings, issue: Issue, edition: Edition, reader: Reader, *, now: datetime
) -> Copy:
    """Return a reader's copy of an edition, dated `now`. No link in it can change that reader's subscription.

    Raises NotFoundError for a flyer that is not there.
    """
    enclosed = flyers.of_edition(session, edition)
    compiled = segments.compile(edition, settings, issue, keys=[KEY], date=now, enclosed=enclosed)
    raw = compiled.build(
        Recipient(
            subscription_id=reader.subscription_id,
            delivery_id=0,
            email=reader.email,
            name=reader.name,
            language=languages.of(edition.language)[0],
        )
    )
    message = message_from_bytes(raw)
    bodies = {part.get_content_type(): _decoded(part) for part in message.walk() if _is_text(part)}
    return Copy(
        language=edition.language,
        subject=edition.subject,
        html=bodies["text/html"],
        text=bodies["text/plain"],
        headers=tuple((name, _readable(value)) for name, value in message.items()),
        enclosed=tuple((one.name, len(one.content)) for one in enclosed),
        raw=raw,
    )


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text"


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)  # noqa: S101 - what decode=True returns for a part that is not multipart
    return content.decode("utf-8").replace("\r\n", "\n")


def _readable(value: str) -> str:
    return " ".join(str(make_header(decode_header(value))).split())
