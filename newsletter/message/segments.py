"""An edition encoded once and cut at its fields; a message is a join (DESIGN 6)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import escape

from newsletter import urls
from newsletter.config import Settings
from newsletter.message import enclosures, encoding, fields, headers
from newsletter.message.enclosures import Enclosure
from newsletter.message.encoding import Base64Body, QuotedBody
from newsletter.models import Edition, Issue
from subscribers import languages, tokens

SENDER_ID_LENGTH = 12
"""Gmail wants 5 to 15 characters that never change (Feedback-ID)."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of one edition."""

    subscription_id: int
    delivery_id: int
    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Segments:
    """What every reader of an edition gets alike, and the recipe for the rest."""

    settings: Settings
    keys: Sequence[bytes]
    slug: str
    language: str
    before: bytes  # From to Date
    after: bytes  # List-Id to the first part's header
    text: QuotedBody | Base64Body
    between: bytes
    html: QuotedBody | Base64Body
    end: bytes

    def build(self, recipient: Recipient) -> bytes:
        """Return the whole message: CRLF line ends, no line that begins with a dot, none longer than 998 octets.

        The same recipient always gets the same bytes, so that a second try is the same message.
        Raises ValueError for an address that `headers.is_mailable` refuses.
        """
        token = tokens.unsubscribe_token(self.keys, recipient.subscription_id)
        page = urls.unsubscribe(self.settings, token)
        address = urls.tagged(_unsubscribe_address(self.settings), token)
        name = headers.one_line(recipient.name)
        values = {
            "name": fields.called(name, self.language).encode("utf-8", "replace"),
            "unsubscribe_url": page.encode("ascii"),
            "topics_url": urls.topics(self.settings, token).encode("ascii"),
            "unsubscribe_address": address.encode("ascii"),
        }
        escaped = {field: str(escape(value.decode())).encode() for field, value in values.items()}
        own = (
            headers.mailbox("To", name, recipient.email),
            headers.exact("Message-ID", f"<{self.slug}.{recipient.subscription_id}@{_domain(self.settings)}>"),
            headers.exact("List-Unsubscribe", f"<{page}>, <mailto:{address}>"),
        )
        return b"".join(
            (
                self.before,
                *own,
                self.after,
                *self.text.fill(values),
                self.between,
                *self.html.fill(escaped),
                self.end,
            )
        )

    def envelope_sender(self, recipient: Recipient) -> str:
        """Return the address to which an undeliverable copy returns: it names the subscription (VERP)."""
        tag = tokens.bounce_token(self.keys, recipient.subscription_id)
        return urls.tagged(self.settings.publication.bounce_address, tag)


def compile(  # noqa: A001 - the word for it; called as segments.compile
    edition: Edition,
    settings: Settings,
    issue: Issue,
    *,
    keys: Sequence[bytes],
    date: datetime,
    enclosed: Sequence[Enclosure] = (),
) -> Segments:
    """Return an edition ready for any number of readers.

    `keys` sign the readers' tokens; `date` is when the edition was released, the same for every try;
    `enclosed` travels with every copy.
    """
    placeholders = json.loads(edition.fields)
    text = encoding.body(encoding.cut(edition.text, placeholders))
    html = encoding.body(encoding.cut(edition.html, placeholders))
    boundary = f"=_{edition.hash[:32]}"  # "=_" occurs neither in quoted-printable nor in base64
    alternative = headers.exact("Content-Type", f'multipart/alternative; boundary="{boundary}"')
    limit = f"--{boundary}"
    opening, ending = enclosures.around(enclosed, f"{boundary}m")
    return Segments(
        settings=settings,
        keys=keys,
        slug=issue.slug,
        language=_leading(edition),
        before=_common(edition, settings, date),
        after=b"".join(
            (
                *_list_fields(edition, settings, issue),
                opening,
                alternative,
                b"\r\n",
                limit.encode(),
                part("plain", text),
            )
        ),
        text=text,
        between=f"\r\n{limit}".encode() + part("html", html),
        html=html,
        end=f"\r\n{limit}--\r\n".encode() + ending,
    )


def part(kind: str, body: QuotedBody | Base64Body) -> bytes:
    """Return the header of a body part, from the end of its boundary line to its empty line."""
    return (
        b"\r\n"
        + headers.exact("Content-Type", f"text/{kind}; charset=utf-8")
        + headers.exact("Content-Transfer-Encoding", body.name)
        + b"\r\n"
    )


def _common(edition: Edition, settings: Settings, date: datetime) -> bytes:
    language = _leading(edition)
    return b"".join(
        (
            headers.mailbox("From", settings.publication.title[language], settings.publication.from_address),
            headers.mailbox("Reply-To", settings.office.name[language], settings.office.address),
            headers.text("Subject", edition.subject),
            headers.date(date),
        )
    )


def _list_fields(edition: Edition, settings: Settings, issue: Issue) -> list[bytes]:
    publication, office = settings.publication, settings.office
    sender_id = hashlib.sha256(publication.list_id.encode()).hexdigest()[:SENDER_ID_LENGTH]
    return [
        headers.exact("List-Id", f"<{publication.list_id}>"),
        headers.exact("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        headers.exact("List-Archive", f"<{urls.home(settings, _leading(edition))}>"),
        headers.exact("List-Owner", f"<mailto:{office.address}>"),
        headers.exact("List-Help", f"<mailto:{office.address}?subject=help>"),
        headers.exact("Feedback-ID", f"{issue.number}:{publication.key}:newsletter:{sender_id}"),
        headers.exact("Precedence", "bulk"),
        headers.exact("Auto-Submitted", "auto-generated"),
        headers.exact("X-Auto-Response-Suppress", "All"),
        headers.exact("Content-Language", ", ".join(languages.of(edition.language))),  # RFC 3282 2
        headers.exact("MIME-Version", "1.0"),
    ]


def _leading(edition: Edition) -> str:
    return languages.of(edition.language)[0]


def _unsubscribe_address(settings: Settings) -> str:
    return f"unsubscribe@{settings.office.address.rsplit('@', 1)[1]}"


def _domain(settings: Settings) -> str:
    return settings.publication.from_address.rsplit("@", 1)[1]
